#include "db/sqlite/migrations.hpp"

#include "core/assert.hpp"
#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/inbound_desk.hpp"
#include "db/sqlite/machine_tables.hpp"
#include "db/sqlite/message_schema.hpp"
#include "db/sqlite/payment_tables.hpp"
#include "db/sqlite/subscriber_schema.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace uthan::db::sqlite {
namespace {

// Moments are milliseconds since 1970 UTC; enumerations are stored by number (access/record.hpp).
// A migration that was released is never edited: the next one changes what it made.
constexpr const char* members_and_effects = R"(
-- Secrets that the database's digests depend on, as digests: which key file belongs to it.
CREATE TABLE installation (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member_records (
    organisation        TEXT NOT NULL,
    member_code         TEXT NOT NULL,
    pin_salt            BLOB,
    pin_digest          BLOB,
    pin_set_at          INTEGER,
    one_time_salt       BLOB,
    one_time_digest     BLOB,
    one_time_expires_at INTEGER,
    tries_used          INTEGER NOT NULL CHECK (tries_used >= 0),
    locked_until        INTEGER,
    language            INTEGER,
    sms                 INTEGER NOT NULL,
    sms_chosen_at       INTEGER,
    PRIMARY KEY (organisation, member_code),
    CHECK ((pin_salt IS NULL) = (pin_digest IS NULL)),
    CHECK ((one_time_salt IS NULL) = (one_time_digest IS NULL))
) STRICT, WITHOUT ROWID;

-- The outcome of every change that a dialogue made, for whoever asks again under the same key.
CREATE TABLE effects (
    id            INTEGER PRIMARY KEY,
    channel       TEXT NOT NULL,
    session       BLOB NOT NULL,
    step          INTEGER NOT NULL,
    part          INTEGER NOT NULL,
    organisation  TEXT NOT NULL,
    member_code   TEXT NOT NULL,
    change        INTEGER NOT NULL,
    outcome       INTEGER NOT NULL,
    tries_left    INTEGER NOT NULL,
    locked_until  INTEGER,
    one_time      INTEGER NOT NULL,
    compared_salt BLOB,
    at            INTEGER NOT NULL,
    UNIQUE (channel, session, step, part)
) STRICT;
CREATE INDEX effects_by_age ON effects (at);

-- PIN tries over all members; kind 0: of a number (its keyed digest), 1: of a channel (its name).
-- A bucket is five minutes.
CREATE TABLE pin_tries (
    kind   INTEGER NOT NULL,
    source BLOB NOT NULL,
    bucket INTEGER NOT NULL,
    tries  INTEGER NOT NULL,
    PRIMARY KEY (kind, source, bucket)
) STRICT, WITHOUT ROWID;
CREATE INDEX pin_tries_by_age ON pin_tries (bucket);
)";

constexpr const char* requests_of_members = R"(
-- What members ask for; enumerations as in members/request.hpp, days since 1970-01-01, amount in
-- poisha. A number is the organisation's own and is never given twice.
CREATE TABLE requests (
    organisation TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number > 0),
    kind         INTEGER NOT NULL,
    category     TEXT    NOT NULL,
    reach        INTEGER NOT NULL,
    member_code  TEXT    NOT NULL,
    office_code  TEXT    NOT NULL,
    group_code   TEXT    NOT NULL,
    about_staff  INTEGER NOT NULL,
    accused_code TEXT    NOT NULL,
    amount       INTEGER,
    opened_at    INTEGER NOT NULL,
    opened_on    INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    state_on     INTEGER NOT NULL,
    first_level  INTEGER NOT NULL,
    level        INTEGER NOT NULL,
    level_since  INTEGER NOT NULL,
    deadline_on  INTEGER NOT NULL,
    desk_office  TEXT    NOT NULL,
    PRIMARY KEY (organisation, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_of_member ON requests (organisation, member_code);
CREATE INDEX requests_unfinished ON requests (organisation, deadline_on) WHERE state <= 1;

CREATE TABLE request_counters (
    organisation TEXT    NOT NULL PRIMARY KEY,
    last         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each step of a request: what was done (request_step), and who did it; empty = the member.
CREATE TABLE request_steps (
    organisation TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    did          INTEGER NOT NULL,
    done_by      TEXT    NOT NULL,
    level        INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (organisation, number, step)
) STRICT, WITHOUT ROWID;

ALTER TABLE effects ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
)";

constexpr const char* work_of_staff = R"(
-- What staff said of a meeting: members/meeting.hpp, the newest word for each regular day. Days
-- since 1970-01-01.
CREATE TABLE meeting_changes (
    organisation TEXT    NOT NULL,
    group_code   TEXT    NOT NULL,
    regular_on   INTEGER NOT NULL,
    word         INTEGER NOT NULL,
    new_on       INTEGER NOT NULL,
    staff_code   TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (organisation, group_code, regular_on)
) STRICT, WITHOUT ROWID;

-- What staff did from their phones (staff_action); subject: a group's code or a member's. Only
-- appended to.
CREATE TABLE staff_actions (
    id           INTEGER PRIMARY KEY,
    organisation TEXT    NOT NULL,
    staff_code   TEXT    NOT NULL,
    action       INTEGER NOT NULL,
    subject      TEXT    NOT NULL,
    regular_on   INTEGER,
    new_on       INTEGER,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_actions_of ON staff_actions (organisation, staff_code, at);
)";

/// A rename is durable when the directory is.
error_code sync_directory_of(const std::string& path) {
    const auto parent = std::filesystem::absolute(path).parent_path();
    const int directory = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        return errc::store_unavailable;
    }
    const bool synced = ::fsync(directory) == 0;
    ::close(directory);
    return synced ? error_code{} : make_error_code(errc::store_unavailable);
}

error_code back_up(connection& from, connection& to) {
    auto* copying = sqlite3_backup_init(to.native(), "main", from.native(), "main");
    if (copying == nullptr) {
        return errc::store_unavailable;
    }
    const int stepped = sqlite3_backup_step(copying, -1);
    const int finished = sqlite3_backup_finish(copying);
    return stepped == SQLITE_DONE && finished == SQLITE_OK
               ? error_code{}
               : make_error_code(errc::store_unavailable);
}

/// A whole copy or none: made under another name first.
error_code copy_database(const std::string& path, const std::string& copy) {
    const std::string draft = copy + ".part";
    std::error_code ignored;
    std::filesystem::remove(draft, ignored);
    {
        // A connection of its own: the one that migrates has begun to write.
        auto from = connection::open(path, open_mode::read_only);
        auto to = connection::open(draft, open_mode::read_write_create);
        if (!from || !to || back_up(*from, *to)) {
            std::filesystem::remove(draft, ignored);
            return errc::store_unavailable;
        }
    }
    if (std::rename(draft.c_str(), copy.c_str()) != 0) {
        return errc::store_unavailable;
    }
    return sync_directory_of(copy);
}

/// Inside the transaction: the copy, the steps, the new version.
result<migrated> apply_steps(connection& db, const std::string& path,
                             std::span<const migration> steps) {
    const auto version = db.scalar("PRAGMA user_version");
    const auto tables = db.scalar("SELECT count(*) FROM sqlite_schema");
    if (!version || !tables) {
        return errc::store_unavailable;
    }
    if (*version == 0 && *tables > 0) {
        return errc::corrupt;
    }
    migrated done{*version, steps.back().to, std::nullopt};
    if (done.from >= done.to) {
        return done;
    }
    if (done.from > 0) {
        done.copy = fmt::format("{}.before-{}", path, done.to);
        if (const auto failed = copy_database(path, *done.copy)) {
            return failed;
        }
    }
    for (const auto& step : steps) {
        if (step.to <= done.from) {
            continue;
        }
        if (const auto failed = db.execute(step.sql.c_str())) {
            return failed;
        }
    }
    const auto named = fmt::format("PRAGMA user_version = {}", done.to);
    if (const auto failed = db.execute(named.c_str())) {
        return failed;
    }
    return done;
}

} // namespace

std::vector<migration> gateway_migrations() {
    return {{1, std::string{members_and_effects} + std::string{generations_schema}},
            {2, requests_of_members},
            {3, work_of_staff},
            {4, bindings_schema},
            {5, messages_schema},
            {6, std::string{machines_schema} + std::string{payments_schema}},
            {7, subscribers_schema},
            {8, inbound_schema},
            {9, shared_links_schema}};
}

result<std::int64_t> schema_version(const std::string& path) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(path, missing);
    if (missing == std::errc::no_such_file_or_directory || (!missing && size == 0)) {
        return 0;
    }
    // Read-only, because the last writer to close a database changes its file.
    auto db = connection::open(path, open_mode::read_only);
    if (!db) {
        return db.error();
    }
    return db->scalar("PRAGMA user_version");
}

result<migrated> migrate(const std::string& path, std::span<const migration> steps) {
    UTHAN_ASSERT(!steps.empty());
    const auto version = schema_version(path);
    if (!version) {
        return version.error();
    }
    if (*version > steps.back().to) {
        return errc::newer_database;
    }
    if (*version == steps.back().to) {
        return migrated{*version, *version, std::nullopt};
    }
    auto db = connection::open(path, open_mode::read_write_create);
    if (!db) {
        return db.error();
    }
    if (const auto failed = db->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")) {
        return failed;
    }
    auto begun = transaction::begin(*db);
    if (!begun) {
        return begun.error();
    }
    auto done = apply_steps(*db, path, steps);
    if (!done) {
        return done.error();
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return done;
}

} // namespace uthan::db::sqlite
