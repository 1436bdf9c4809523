#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::tidy {

/// A source file as the checks see it.
struct source {
    std::string path; ///< from the root: "core/money.cpp"
    std::string text;
    std::string code; ///< the text with comments and literals blanked, lines kept
};

source make_source(std::string path, std::string text);

/// All .hpp and .cpp files of the rooms, tests and bench, by path.
std::vector<source> sources_below(const std::string& root);

/// "core" of "core/money.cpp".
std::string_view room_of(std::string_view path);

/// Counted from 1.
std::size_t line_at(std::string_view text, std::size_t offset);

/// Without comments, and with nothing inside string and character literals; every newline stays.
/// Preprocessor lines stay as they are.
std::string blanked(std::string_view text);

std::vector<std::string_view> lines_of(std::string_view text);

} // namespace uthan::tidy
