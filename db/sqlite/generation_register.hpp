#pragma once

#include "core/calendar.hpp"
#include "db/sqlite/connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Which generation files exist and which one is published: one table of the gateway database. What
// is current is decided by the commit of one row, never by what lies in the directory.
namespace uthan::db::sqlite {

/// Idempotent; a part of the gateway database's first migration.
inline constexpr const char* generations_schema = R"sql(
CREATE TABLE IF NOT EXISTS generations(
    organisation TEXT NOT NULL,
    number       INTEGER NOT NULL CHECK(number > 0),
    file         TEXT NOT NULL,    -- under the ledger's directory
    digest       TEXT NOT NULL,    -- of the delivery's manifest
    as_of        INTEGER NOT NULL, -- days since 1970-01-01, of the delivery as a whole
    offices      INTEGER NOT NULL, -- delivered, not carried over
    members      INTEGER NOT NULL, -- in the whole generation
    rows         INTEGER NOT NULL, -- of the delivery's files
    built_at     INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
    state        TEXT NOT NULL CHECK(state IN ('current', 'kept', 'deleted')),
    PRIMARY KEY(organisation, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS generations_current
    ON generations(organisation) WHERE state = 'current';
)sql";

/// How many files beside the current one stay, for readers and for the undo.
inline constexpr unsigned generations_kept = 2;

enum class generation_state : std::uint8_t { current, kept, deleted };

struct generation_record {
    std::uint32_t number = 0;
    std::string file;
    std::string digest;
    calendar_day as_of{};
    std::int64_t offices = 0;
    std::int64_t members = 0;
    std::int64_t rows = 0;
    instant built_at{};
    generation_state state = generation_state::current;
};

/// "kmss/12.db": the file of a generation under the ledger's directory.
std::string generation_file(std::string_view organisation, std::uint32_t number);

/// Newest first. Errors of all functions here: store_unavailable.
result<std::vector<generation_record>> list_generations(connection& gateway,
                                                        std::string_view organisation);

/// None when nothing is published.
result<std::optional<generation_record>> current_generation(connection& gateway,
                                                            std::string_view organisation);

/// The number that the next generation gets; never one that was used before.
result<std::uint32_t> next_generation_number(connection& gateway, std::string_view organisation);

/// Makes a built generation the current one, in one committed transaction. Returns the files that
/// nobody needs any more, relative to the ledger's directory; the caller deletes them.
result<std::vector<std::string>> publish_built(connection& gateway, std::string_view organisation,
                                               const generation_record& built);

/// The undo: makes a kept generation the current one again; payments that only later ones contain
/// wait again. not_found when there is no such file
/// any more; nothing changes when it is the current one.
error_code publish_again(connection& gateway, std::string_view organisation, std::uint32_t number);

} // namespace uthan::db::sqlite
