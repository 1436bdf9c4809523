#pragma once

#include "menus/answers.hpp"
#include "texts/rendering.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Programmes and services of the organisation: a list of titles, and the text behind each.
namespace uthan::menus {

/// UTF-16 units of a line of such a text.
std::size_t service_line_max(texts::rendering in) noexcept;

/// A text in lines of at most `units_max` UTF-16 units, broken at spaces. A word that is longer
/// stands alone; the settings refuse it.
std::vector<std::string> wrapped(std::string_view text, std::size_t units_max);

/// The titles; of a chosen one, or of the only one, its text.
answer make_service_answer(const question& q);

} // namespace uthan::menus
