#pragma once

#include "core/error.hpp"
#include "db/sqlite/connection.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace uthan::db::sqlite {

/// One step of the schema: the SQL that leads from version `to - 1` to `to`.
struct migration {
    std::int64_t to;
    std::string sql;
};

/// The gateway database's, by number from 1.
std::vector<migration> gateway_migrations();

struct migrated {
    std::int64_t from = 0;
    std::int64_t to = 0;
    /// Of the state before, when there was one: `<path>.before-<to>`.
    std::optional<std::string> copy;
};

/// The version of a database file, without changing it. 0 for a file that does not exist or is
/// empty. Errors: store_unavailable (also when it is no SQLite file).
result<std::int64_t> schema_version(const std::string& path);

/// Brings the file to the newest of `steps` in one transaction, after a consistent copy when there
/// was something to copy; all or nothing. The file is made when it does not exist, and put in WAL
/// mode. Start-up only; the caller sees to it that no server uses the file. Errors: newer_database
/// (the file is left as it was), corrupt (a database that is not ours: tables, but no version),
/// store_unavailable.
result<migrated> migrate(const std::string& path, std::span<const migration> steps);

} // namespace uthan::db::sqlite
