#pragma once

#include "access/record.hpp"
#include "menus/answers.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The screens of requests: what she asks for, how it is sent, what became of it.
namespace uthan::menus {

/// A form on its way from screen to screen: "kind/category/way/poisha", numbers for enumerations.
std::string written(const members::request_form& form);
/// None for anything else.
std::optional<members::request_form> parse_form(std::string_view text);

/// What became of a request's action, as the answer request_result takes it.
std::string result_of(action done, const access::outcome& outcome);

/// `name` is one of requests, refunds and applications.
answer make_request_answer(answer_name name, const question& q);

} // namespace uthan::menus
