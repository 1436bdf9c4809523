#pragma once

#include "texts/catalog.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::texts {

/// Throws std::runtime_error.
[[noreturn]] void refuse_toml();

} // namespace uthan::texts

// toml++ 3.3 asserts that a table's name begins like one, and a file in which it does not ("[=")
// would end the process. So its assertions throw; read_toml catches them.
#define TOML_ASSERT(condition)                                                                     \
    (static_cast<bool>(condition) ? static_cast<void>(0) : ::uthan::texts::refuse_toml())
#include <toml++/toml.h>

namespace uthan::texts {

/// A file that an operator edits. None, and one problem with its place, when it cannot be read or
/// is not TOML.
std::optional<toml::table> read_toml(const std::filesystem::path& file,
                                     std::vector<problem>& problems);
/// The same of what was read already; `name` is the file's.
std::optional<toml::table> parse_toml(std::string_view content, const std::string& name,
                                      std::vector<problem>& problems);

/// Where a value stands.
position position_of_source(const std::string& file, const toml::source_region& source);

} // namespace uthan::texts
