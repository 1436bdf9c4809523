#pragma once

#include "core/error.hpp"
#include "gateway/http/types.hpp"
#include "service/refusal.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Every error that the API answers with, in one place: RFC 9457, with a stable `type`. None says
// anything of a member.
namespace uthan::gateway::api {

inline constexpr std::string_view problem_json = "application/problem+json";

/// What is wrong with a request before it means anything.
enum class request_fault : std::uint8_t {
    unauthorised,
    unknown_path,
    wrong_method,
    not_json, ///< another Content-Type
    too_large,
    malformed, ///< no JSON object
    unknown_key,
    missing_key,
    wrong_value, ///< a key's value is not in its form
    rate_limited
};

/// A fault of the request's form. `detail` is a sentence; names of keys in it are clipped.
http_response problem(request_fault fault, std::string_view detail);
/// What a use case refused.
http_response problem(const service::refused& no);
/// What could not be done now: the writer's queue is full, a database does not answer.
http_response problem(const error_code& failed);

/// The stable types, for the documents' test.
std::string_view type_of(request_fault fault) noexcept;
std::string_view type_of(service::refusal why) noexcept;

} // namespace uthan::gateway::api
