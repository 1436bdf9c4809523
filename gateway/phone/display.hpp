#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::gateway {

/// Columns that a terminal gives to the text: marks and format characters take none, wide ones two
/// (as wcwidth does).
std::size_t display_width(std::string_view utf8);

/// Lines of at most `columns`, broken at spaces where there are any and never inside a grapheme.
std::vector<std::string> wrap(std::string_view utf8, std::size_t columns);

/// Columns inside the phone's frame: a small feature phone's line.
inline constexpr std::size_t phone_columns = 22;

/// The screen in a frame. `title` stands in the upper edge.
std::string draw_phone(std::string_view title, std::string_view text);

} // namespace uthan::gateway
