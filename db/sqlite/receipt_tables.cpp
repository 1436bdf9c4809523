#include "db/sqlite/receipt_tables.hpp"

#include "db/sqlite/outbox_operations.hpp"
#include "db/sqlite/times.hpp"
#include "sms/external_id.hpp"

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

/// Parts of one account that share a name; a channel that gives more gives none.
constexpr std::int64_t named_alike_max = 4;
/// Of one receipt.
constexpr std::size_t candidates_max = 16;

error_code delete_parked(prepared_connection& db, std::int64_t id) {
    const auto names = db.prepared("DELETE FROM parked_names WHERE receipt = ?1");
    const auto receipt = db.prepared("DELETE FROM parked_receipts WHERE id = ?1");
    if (!names || !receipt) {
        return errc::store_unavailable;
    }
    (*names)->bind(1, id);
    (*receipt)->bind(1, id);
    const auto failed = (*names)->run();
    return failed ? failed : (*receipt)->run();
}

/// The oldest goes when one more would be too many; ids grow by one, so their span is the count.
error_code make_room(prepared_connection& db) {
    const auto select = db.prepared("SELECT min(id) FROM parked_receipts "
                                    "HAVING max(id) - min(id) + 1 >= ?1");
    if (!select) {
        return select.error();
    }
    (*select)->bind(1, parked_receipts_max);
    const auto oldest = ids_of<std::int64_t>(**select);
    if (!oldest) {
        return oldest.error();
    }
    return oldest->empty() ? error_code{} : delete_parked(db, oldest->front());
}

error_code store_parked_name(prepared_connection& db, std::string_view account,
                             std::string_view name, std::int64_t receipt) {
    const auto insert = db.prepared("INSERT INTO parked_names (account, external_id, receipt) "
                                    "VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    if (!insert) {
        return insert.error();
    }
    (*insert)->bind_view(1, account);
    (*insert)->bind_view(2, name);
    (*insert)->bind(3, receipt);
    return (*insert)->run();
}

/// What the candidates come to, each once: most of them differ in case and padding alone.
std::vector<std::string> names_of(const sms::receipt& from) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(from.candidates.size(), candidates_max); ++i) {
        auto name = sms::normal_external_id(from.candidates[i]);
        if (std::ranges::find(names, name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

} // namespace

error_code store_name(prepared_connection& db, std::string_view account,
                      std::string_view external_id, named_part of) {
    const auto insert =
        db.prepared("INSERT INTO message_names (account, external_id, message, part) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
    if (!insert) {
        return insert.error();
    }
    const auto name = sms::normal_external_id(external_id);
    (*insert)->bind_view(1, account);
    (*insert)->bind_view(2, name);
    (*insert)->bind(3, static_cast<std::int64_t>(of.message));
    (*insert)->bind(4, of.part);
    return (*insert)->run();
}

error_code forget_names(prepared_connection& db, std::uint64_t message) {
    const auto forget = db.prepared("DELETE FROM message_names WHERE message = ?1");
    if (!forget) {
        return forget.error();
    }
    (*forget)->bind(1, static_cast<std::int64_t>(message));
    return (*forget)->run();
}

result<std::vector<named_part>> load_named(prepared_connection& db, const sms::receipt& from) {
    const auto select = db.prepared("SELECT message, part FROM message_names "
                                    "WHERE account = ?1 AND external_id = ?2 LIMIT ?3");
    if (!select) {
        return select.error();
    }
    std::vector<named_part> found;
    for (const auto& name : names_of(from)) {
        auto& row = **select;
        row.bind_view(1, from.account);
        row.bind_view(2, name);
        row.bind(3, named_alike_max);
        if (const auto failed = each_row(row, [&](const statement& named) {
                found.push_back({static_cast<std::uint64_t>(named.integer(0)),
                                 static_cast<std::uint8_t>(named.integer(1))});
            })) {
            return failed;
        }
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

error_code park(prepared_connection& db, const sms::receipt& one, instant now) {
    if (const auto failed = make_room(db)) {
        return failed;
    }
    const auto insert = db.prepared("INSERT INTO parked_receipts (number, state, error, at, "
                                    "parked_at) VALUES (?1, ?2, ?3, ?4, ?5)");
    if (!insert) {
        return insert.error();
    }
    auto& row = **insert;
    row.bind_view(1, one.number);
    row.bind(2, static_cast<std::int64_t>(one.state));
    row.bind(3, one.error);
    row.bind(4, stored(one.at));
    row.bind(5, stored(now));
    if (const auto failed = row.run()) {
        return failed;
    }
    const auto id = db.db().last_insert_rowid();
    for (const auto& name : names_of(one)) {
        if (const auto failed = store_parked_name(db, one.account, name, id)) {
            return failed;
        }
    }
    return {};
}

result<bool> has_parked(prepared_connection& db) {
    const auto select = db.prepared("SELECT id FROM parked_receipts LIMIT 1");
    if (!select) {
        return result<bool>{boost::system::in_place_error, select.error()};
    }
    const row_scope scope{**select};
    return (*select)->step();
}

result<std::vector<sms::receipt>> take_parked(prepared_connection& db, std::string_view account,
                                              std::string_view external_id,
                                              std::string_view number) {
    const auto select =
        db.prepared("SELECT id, number, state, error, at FROM parked_names JOIN parked_receipts "
                    "ON id = receipt WHERE account = ?1 AND external_id = ?2 ORDER BY id LIMIT 8");
    if (!select) {
        return select.error();
    }
    const auto name = sms::normal_external_id(external_id);
    auto& row = **select;
    std::vector<sms::receipt> taken;
    std::vector<std::int64_t> ids;
    row.bind_view(1, account);
    row.bind_view(2, name);
    const auto unread = each_row(row, [&](const statement& parked) {
        if (!parked.text(1).empty() && parked.text(1) != number) {
            return;
        }
        ids.push_back(parked.integer(0));
        sms::receipt one;
        one.account = account;
        one.number = parked.text(1);
        one.state = static_cast<sms::receipt_state>(parked.integer(2));
        one.error = static_cast<std::uint32_t>(parked.integer(3));
        one.at = moment_at(parked, 4);
        taken.push_back(std::move(one));
    });
    if (unread) {
        return unread;
    }
    for (const auto id : ids) {
        if (const auto failed = delete_parked(db, id)) {
            return failed;
        }
    }
    return taken;
}

result<std::size_t> drop_parked(prepared_connection& db, instant before, std::size_t rows) {
    // The oldest have the lowest ids.
    const auto select = db.prepared("SELECT id FROM (SELECT id, parked_at FROM parked_receipts "
                                    "ORDER BY id LIMIT ?2) WHERE parked_at < ?1");
    if (!select) {
        return select.error();
    }
    (*select)->bind(1, stored(before));
    (*select)->bind(2, static_cast<std::int64_t>(rows));
    const auto old = ids_of<std::int64_t>(**select);
    if (!old) {
        return old.error();
    }
    for (const auto id : *old) {
        if (const auto failed = delete_parked(db, id)) {
            return failed;
        }
    }
    return old->size();
}

} // namespace uthan::db::sqlite
