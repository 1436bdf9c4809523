#pragma once

#include <string>

namespace uthan::db {

/// The libraries that only this folder includes, one a line, with their versions: SQLite's as it is
/// linked, hiredis's as it was compiled with (it does not tell at run time).
std::string library_versions();

} // namespace uthan::db
