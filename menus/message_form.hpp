#pragma once

#include "menus/answers.hpp"

#include <string>

namespace uthan::menus {

/// An answer as a text message says it: its lines without the keys that a screen offers ("1 Other
/// sum"). Of an answer that asks which one is meant, the first choices_told of them are answered.
std::string message_form(answer_name name, const question& about);

inline constexpr std::size_t choices_told = 3;

} // namespace uthan::menus
