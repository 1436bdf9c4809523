#pragma once

#include "tests/tidy/source_text.hpp"

#include <cstddef>
#include <string>
#include <vector>

// The rules of the house that no compiler knows. Each check looks at one file and returns what
// breaks its rule.
namespace uthan::tidy {

struct violation {
    std::string path;
    std::size_t line = 0;
    std::string rule;
};

inline constexpr std::size_t file_lines_max = 600;
/// Tables of cases are long.
inline constexpr std::size_t test_file_lines_max = 800;
inline constexpr std::size_t function_lines_max = 70;

/// A room includes only what docs/architecture.md draws an arrow to.
std::vector<violation> check_include_graph(const source& file);
/// sqlite3.h, hiredis, Beast and the others stay in the rooms that they were chosen for.
std::vector<violation> check_third_party(const source& file);
/// Calls that are unsafe, hide state or belong to another room.
std::vector<violation> check_banned_calls(const source& file);
/// What must not stay behind: notes of unfinished work, skipped tests.
std::vector<violation> check_leftovers(const source& file);
/// #pragma once first in a header; a source includes its own header first, which proves that the
/// header stands alone.
std::vector<violation> check_header_habits(const source& file, bool has_own_header);
/// Lengths of the file and, outside the tests, of its functions; clang-format keeps the lines.
std::vector<violation> check_lengths(const source& file);
/// g++ 12 destroys the captures of a lambda inside a co_await expression or co_spawn's arguments
/// too early: such a lambda must be named first.
std::vector<violation> check_coroutine_lambdas(const source& file);

} // namespace uthan::tidy
