#pragma once

#include "gateway/api/problem.hpp"
#include "members/exchange/rows.hpp"
#include "service/messages.hpp"

#include <string_view>
#include <variant>

// A request's body → what a use case takes. Every key is known, every value in its form, or a
// problem says which is not. Pure.
namespace uthan::gateway::api {

/// Larger bodies are refused before they are read.
inline constexpr std::size_t body_bytes_max = 16 * 1024;

template <class T>
using read_result = std::variant<T, http_response>;

/// {member | to, template + values | text, class, idempotency_key}.
read_result<service::message_request> read_message(std::string_view body);

/// The columns of transactions.csv (members/exchange/columns.cpp); values are strings.
/// `organisation`: what the key of that name must say, if it is there.
read_result<members::exchange::transaction_row> read_payment(std::string_view body,
                                                             std::string_view organisation);

} // namespace uthan::gateway::api
