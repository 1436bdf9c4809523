#include "db/sqlite/machine_tables.hpp"

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

constexpr std::string_view select_machine =
    "SELECT key_id, organisation, login, office_code, digest, added_at, revoked_at "
    "FROM machine_keys WHERE key_id = ?1";
constexpr std::string_view select_machines =
    "SELECT key_id, organisation, login, office_code, digest, added_at, revoked_at "
    "FROM machine_keys WHERE organisation = ?1 ORDER BY revoked_at IS NOT NULL, login, added_at "
    "LIMIT ?2";
constexpr std::string_view insert_machine =
    "INSERT INTO machine_keys (key_id, organisation, login, office_code, digest, added_at) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
constexpr std::string_view revoke_machine =
    "UPDATE machine_keys SET revoked_at = ?3 WHERE organisation = ?1 AND login = ?2 AND "
    "revoked_at IS NULL";
constexpr std::string_view select_last_link =
    "SELECT number, link FROM audit WHERE organisation = ?1 ORDER BY number DESC LIMIT 1";
constexpr std::string_view insert_entry =
    "INSERT INTO audit (organisation, number, at, actor, action, subject, link) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
constexpr std::string_view select_entries =
    "SELECT number, at, actor, action, subject, link FROM audit WHERE organisation = ?1 "
    "ORDER BY number";

/// Whoever types commands on the gateway's machine.
constexpr std::string_view operator_name = "operator";

instant moment(std::int64_t milliseconds) {
    return instant{std::chrono::milliseconds{milliseconds}};
}

std::int64_t milliseconds(instant at) {
    return at.time_since_epoch().count();
}

bool read_digest(std::string_view bytes, digest256& out) {
    if (bytes.size() != out.size()) {
        return false;
    }
    std::ranges::copy(bytes, reinterpret_cast<char*>(out.data()));
    return true;
}

result<access::machine_account> machine_at(const statement& row) {
    access::machine_account read;
    read.key_id = row.text(0);
    read.organisation = row.text(1);
    read.login = row.text(2);
    read.office_code = row.text(3);
    if (!read_digest(row.blob(4), read.digest)) {
        return errc::corrupt;
    }
    read.added_at = moment(row.integer(5));
    if (const auto revoked = row.optional_integer(6)) {
        read.revoked_at = moment(*revoked);
    }
    return read;
}

struct chain_end {
    std::uint64_t number = 0;
    digest256 link{};
};

result<chain_end> last_link(prepared_connection& db, std::string_view organisation) {
    const auto select = db.prepared(select_last_link);
    if (!select) {
        return select.error();
    }
    const row_scope scope{**select};
    (*select)->bind_view(1, organisation);
    const auto row = (*select)->step();
    if (!row) {
        return row.error();
    }
    chain_end end;
    if (*row) {
        end.number = static_cast<std::uint64_t>((*select)->integer(0));
        if (!read_digest((*select)->blob(1), end.link)) {
            return errc::corrupt;
        }
    }
    return end;
}

/// One change of one login's key with its entry in the audit, in one commit.
template <class Change>
error_code change_beside(connection gateway, const secret_key& key, std::string_view organisation,
                         std::string_view login, std::string action, instant now, Change change) {
    prepared_connection rows{std::move(gateway)};
    auto begun = transaction::begin(rows.db());
    if (!begun) {
        return begun.error();
    }
    if (const error_code failed = change(rows)) {
        return failed;
    }
    access::audit_entry entry{0, now, std::string{operator_name}, std::move(action),
                              access::pseudonym_of(key, organisation, login)};
    if (const auto failed = append_audit(rows, key, organisation, std::move(entry))) {
        return failed;
    }
    return begun->commit();
}

/// errc::not_found when it changes no row.
error_code run_changing(prepared_connection& db, statement& change) {
    if (const auto failed = change.run()) {
        return failed;
    }
    return db.db().changes() == 1 ? error_code{} : make_error_code(errc::not_found);
}

} // namespace

result<std::optional<access::machine_account>> load_machine(prepared_connection& db,
                                                            std::string_view key_id) {
    const auto select = db.prepared(select_machine);
    if (!select) {
        return select.error();
    }
    const row_scope scope{**select};
    (*select)->bind_view(1, key_id);
    const auto row = (*select)->step();
    if (!row) {
        return row.error();
    }
    if (!*row) {
        return std::optional<access::machine_account>{};
    }
    auto read = machine_at(**select);
    if (!read) {
        return read.error();
    }
    return std::optional{std::move(*read)};
}

error_code append_audit(prepared_connection& db, const secret_key& key,
                        std::string_view organisation, access::audit_entry entry) {
    const auto last = last_link(db, organisation);
    if (!last) {
        return last.error();
    }
    const auto insert = db.prepared(insert_entry);
    if (!insert) {
        return insert.error();
    }
    entry.number = last->number + 1;
    const auto link = access::audit_link(key, organisation, last->link, entry);
    auto& row = **insert;
    row.bind_view(1, organisation);
    row.bind(2, static_cast<std::int64_t>(entry.number));
    row.bind(3, milliseconds(entry.at));
    row.bind_view(4, entry.actor);
    row.bind_view(5, entry.action);
    row.bind_view(6, entry.subject);
    row.bind_blob(7, as_bytes(link));
    return row.run();
}

error_code add_machine_beside(connection gateway, const secret_key& key,
                              const access::machine_account& account) {
    const auto add = [&](prepared_connection& db) -> error_code {
        const auto insert = db.prepared(insert_machine);
        if (!insert) {
            return insert.error();
        }
        auto& row = **insert;
        row.bind_view(1, account.key_id);
        row.bind_view(2, account.organisation);
        row.bind_view(3, account.login);
        row.bind_view(4, account.office_code);
        row.bind_blob(5, as_bytes(account.digest));
        row.bind(6, milliseconds(account.added_at));
        const auto failed = run_changing(db, row);
        return failed == errc::not_found ? make_error_code(errc::stale_version) : failed;
    };
    return change_beside(std::move(gateway), key, account.organisation, account.login, "key.add",
                         account.added_at, add);
}

error_code revoke_machine_beside(connection gateway, const secret_key& key,
                                 std::string_view organisation, std::string_view login,
                                 instant now) {
    const auto revoke = [&](prepared_connection& db) -> error_code {
        const auto update = db.prepared(revoke_machine);
        if (!update) {
            return update.error();
        }
        (*update)->bind_view(1, organisation);
        (*update)->bind_view(2, login);
        (*update)->bind(3, milliseconds(now));
        return run_changing(db, **update);
    };
    return change_beside(std::move(gateway), key, organisation, login, "key.revoke", now, revoke);
}

result<std::vector<access::machine_account>> list_machines_beside(connection gateway,
                                                                  std::string_view organisation) {
    auto rows = gateway.prepare(select_machines);
    if (!rows) {
        return rows.error();
    }
    rows->bind_view(1, organisation);
    rows->bind(2, static_cast<std::int64_t>(machines_listed_max));
    std::vector<access::machine_account> all;
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return all;
        }
        auto read = machine_at(*rows);
        if (!read) {
            return read.error();
        }
        all.push_back(std::move(*read));
    }
}

error_code each_audit_entry(connection gateway, const secret_key& key,
                            std::string_view organisation,
                            const std::function<void(const access::audit_entry&, bool)>& take) {
    auto rows = gateway.prepare(select_entries);
    if (!rows) {
        return rows.error();
    }
    rows->bind_view(1, organisation);
    chain_end end;
    bool whole = true;
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return {};
        }
        const access::audit_entry entry{static_cast<std::uint64_t>(rows->integer(0)),
                                        moment(rows->integer(1)), std::string{rows->text(2)},
                                        std::string{rows->text(3)}, std::string{rows->text(4)}};
        digest256 written{};
        const bool readable = read_digest(rows->blob(5), written);
        const auto expected = access::audit_link(key, organisation, end.link, entry);
        whole = whole && readable && entry.number == end.number + 1 && equal(written, expected);
        take(entry, whole);
        end = {entry.number, written};
    }
}

} // namespace uthan::db::sqlite
