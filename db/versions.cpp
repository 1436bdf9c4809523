#include "db/versions.hpp"

#include <fmt/format.h>
#include <hiredis/hiredis.h>
#include <sqlite3.h>

namespace uthan::db {

std::string library_versions() {
    return fmt::format("SQLite {}\nhiredis {}.{}.{}\n", sqlite3_libversion(), HIREDIS_MAJOR,
                       HIREDIS_MINOR, HIREDIS_PATCH);
}

} // namespace uthan::db
