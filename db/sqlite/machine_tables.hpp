#pragma once

#include "access/audit.hpp"
#include "access/machine_key.hpp"
#include "db/sqlite/connection.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

// Machine keys and the audit, inside whatever transaction the caller has, and the operator's
// commands about them, each in a short transaction beside a running server. Errors of every
// function: store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

/// A part of the sixth migration. The audit only grows: its triggers refuse everything else.
inline constexpr const char* machines_schema = R"sql(
CREATE TABLE machine_keys (
    key_id       TEXT    NOT NULL PRIMARY KEY,
    organisation TEXT    NOT NULL,
    login        TEXT    NOT NULL,
    office_code  TEXT    NOT NULL,
    digest       BLOB    NOT NULL,
    added_at     INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX machine_keys_in_force ON machine_keys (organisation, login)
    WHERE revoked_at IS NULL;

CREATE TABLE audit (
    organisation TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor        TEXT    NOT NULL,
    action       TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    link         BLOB    NOT NULL,
    PRIMARY KEY (organisation, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
)sql";

/// None when there is no such key.
result<std::optional<access::machine_account>> load_machine(prepared_connection& db,
                                                            std::string_view key_id);

/// Appends an entry; its number and link are the next ones. `entry.number` is not read.
error_code append_audit(prepared_connection& db, const secret_key& key,
                        std::string_view organisation, access::audit_entry entry);

/// Adds a key and says so in the audit. errc::stale_version when a key of this login is in force.
error_code add_machine_beside(connection gateway, const secret_key& key,
                              const access::machine_account& account);
/// Revokes the key of this login that is in force, and says so in the audit. errc::not_found when
/// none is.
error_code revoke_machine_beside(connection gateway, const secret_key& key,
                                 std::string_view organisation, std::string_view login,
                                 instant now);
/// By login, those in force first; at most machines_listed_max.
result<std::vector<access::machine_account>> list_machines_beside(connection gateway,
                                                                  std::string_view organisation);
inline constexpr std::size_t machines_listed_max = 1000;

/// Each entry, oldest first, with whether the chain is whole up to and including it.
error_code each_audit_entry(connection gateway, const secret_key& key,
                            std::string_view organisation,
                            const std::function<void(const access::audit_entry&, bool)>& take);

} // namespace uthan::db::sqlite
