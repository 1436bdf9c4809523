#include "db/sqlite/payment_tables.hpp"

#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/times.hpp"

namespace uthan::db::sqlite {
namespace {

using members::payment;
using members::transaction_kind;
using service::posting_kind;

/// In one transaction of the retirement.
constexpr std::size_t retired_at_once = 256;
/// Old rows that one posting removes: more than it adds.
constexpr int forgotten_at_once = 8;

constexpr std::string_view select_waiting =
    "SELECT txn_id, account_no, kind, amount, txn_on, balance_after, receipt_no, channel, "
    "reverses_txn_id, takes_back, posted_at, posted_in FROM payments "
    "WHERE organisation = ?1 AND member_code = ?2 AND retired_in IS NULL UNION ALL "
    "SELECT txn_id, account_no, kind, amount, txn_on, balance_after, receipt_no, channel, "
    "reverses_txn_id, takes_back, posted_at, posted_in FROM payments "
    "WHERE organisation = ?1 AND member_code = ?2 AND retired_in > ?3";
constexpr std::string_view select_any =
    "SELECT 1 FROM payments WHERE organisation = ?1 AND retired_in IS NULL LIMIT 1";
constexpr std::string_view select_known =
    "SELECT body, member_code, account_no, kind, amount, txn_on, takes_back, message "
    "FROM payments WHERE organisation = ?1 AND txn_id = ?2";
constexpr std::string_view select_reversal =
    "SELECT 1 FROM payments WHERE organisation = ?1 AND reverses_txn_id = ?2 AND "
    "reverses_txn_id <> ''";
constexpr std::string_view count_waiting =
    "SELECT count(*) FROM payments WHERE organisation = ?1 AND member_code = ?2 AND "
    "retired_in IS NULL";
constexpr std::string_view insert_row =
    "INSERT INTO payments (organisation, txn_id, member_code, office_code, account_no, kind, "
    "amount, txn_on, balance_after, receipt_no, channel, reverses_txn_id, takes_back, posted_at, "
    "posted_in, accepted_at, key_id, body, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
    "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
constexpr std::string_view forget_old =
    "DELETE FROM payments WHERE (organisation, txn_id) IN (SELECT organisation, txn_id FROM "
    "payments WHERE retired_in IS NOT NULL AND accepted_at < ?1 ORDER BY accepted_at LIMIT ?2)";
constexpr std::string_view select_to_retire =
    "SELECT txn_id, member_code, txn_on, posted_in FROM payments WHERE organisation = ?1 AND "
    "retired_in IS NULL AND txn_id > ?2 ORDER BY txn_id LIMIT ?3";
constexpr std::string_view mark_retired =
    "UPDATE payments SET retired_in = ?3 WHERE organisation = ?1 AND txn_id = ?2";
constexpr std::string_view mark_waiting =
    "UPDATE payments SET retired_in = NULL WHERE organisation = ?1 AND retired_in > ?2";

std::int64_t days(calendar_day day) {
    return day.time_since_epoch().count();
}

payment payment_at(const statement& row) {
    payment read;
    auto& what = read.what;
    what.txn_id = row.text(0);
    what.account_no = row.text(1);
    what.kind = static_cast<transaction_kind>(row.integer(2));
    what.amount = money{row.integer(3)};
    what.txn_on = day_at(row, 4);
    if (const auto after = row.optional_integer(5)) {
        what.balance_after = money{*after};
    }
    what.receipt_no = row.text(6);
    what.channel = static_cast<members::payment_channel>(row.integer(7));
    what.reverses_txn_id = row.text(8);
    if (const auto kind = row.optional_integer(9)) {
        read.takes_back = static_cast<transaction_kind>(*kind);
    }
    what.posted_at = row.text(10);
    read.posted_in = static_cast<std::uint32_t>(row.integer(11));
    return read;
}

/// A row that is known under its txn_id.
struct known_payment {
    std::string body;
    std::uint64_t message = 0;
    std::string member_code;
    members::transaction what;
    bool is_reversal = false;
};

result<std::optional<known_payment>>
load_known(prepared_connection& db, std::string_view organisation, std::string_view txn_id) {
    const auto select = db.prepared(select_known);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    const row_scope scope{row};
    row.bind_view(1, organisation);
    row.bind_view(2, txn_id);
    const auto found = row.step();
    if (!found) {
        return found.error();
    }
    if (!*found) {
        return std::optional<known_payment>{};
    }
    known_payment known;
    known.body = row.blob(0);
    known.message = static_cast<std::uint64_t>(row.integer(7));
    known.member_code = row.text(1);
    known.what.txn_id = txn_id;
    known.what.account_no = row.text(2);
    known.what.kind = static_cast<transaction_kind>(row.integer(3));
    known.what.amount = money{row.integer(4)};
    known.what.txn_on = day_at(row, 5);
    known.is_reversal = !row.is_null(6);
    return std::optional{std::move(known)};
}

/// The first column of the first row of a statement with these texts bound; none without a row.
template <class... Texts>
result<std::optional<std::int64_t>> look_up(prepared_connection& db, std::string_view sql,
                                            Texts... texts) {
    const auto select = db.prepared(sql);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    const row_scope scope{row};
    int index = 0;
    (row.bind_view(++index, texts), ...);
    const auto found = row.step();
    if (!found) {
        return found.error();
    }
    return *found ? std::optional{row.integer(0)} : std::optional<std::int64_t>{};
}

/// What a reversal reverses, if it was posted here; what came with a delivery the caller has found.
result<posting_kind> check_reversal(prepared_connection& db, service::payment_posting& posting) {
    auto& what = posting.what.what;
    const auto other = look_up(db, select_reversal, std::string_view{posting.organisation},
                               std::string_view{what.reverses_txn_id});
    if (!other) {
        return other.error();
    }
    if (*other) {
        return posting_kind::reversed_already;
    }
    const auto original = load_known(db, posting.organisation, what.reverses_txn_id);
    if (!original) {
        return original.error();
    }
    if (*original) {
        const auto& reversed = **original;
        if (reversed.is_reversal) {
            return posting_kind::unknown_reversed;
        }
        if (reversed.member_code != posting.member_code ||
            reversed.what.account_no != what.account_no || reversed.what.amount != what.amount) {
            return posting_kind::differs_from_reversed;
        }
        posting.what.takes_back = reversed.what.kind;
    }
    return posting.what.takes_back ? posting_kind::posted : posting_kind::unknown_reversed;
}

error_code forget_some(prepared_connection& db, instant now) {
    const auto forget = db.prepared(forget_old);
    if (!forget) {
        return forget.error();
    }
    (*forget)->bind(1, (now - payments_kept_for).time_since_epoch().count());
    (*forget)->bind(2, forgotten_at_once);
    return (*forget)->run();
}

/// A waiting row, as the retirement looks at it.
struct waiting_row {
    std::string member_code;
    payment what;
};

result<std::vector<waiting_row>> rows_behind(connection& gateway, std::string_view organisation,
                                             std::string_view txn_id) {
    auto select = gateway.prepare(select_to_retire);
    if (!select) {
        return select.error();
    }
    select->bind_view(1, organisation);
    select->bind_view(2, txn_id);
    select->bind(3, static_cast<std::int64_t>(retired_at_once));
    std::vector<waiting_row> rows;
    const auto failed = each_row(*select, [&](const statement& row) {
        waiting_row read;
        read.what.what.txn_id = row.text(0);
        read.member_code = row.text(1);
        read.what.what.txn_on = day_at(row, 2);
        read.what.posted_in = static_cast<std::uint32_t>(row.integer(3));
        rows.push_back(std::move(read));
    });
    if (failed) {
        return failed;
    }
    return rows;
}

/// A member whom a later generation does not have any more has no figures to change.
result<bool> holds(ledger_reader& generation, const waiting_row& row) {
    const auto facts = generation.facts(row.member_code);
    if (!facts) {
        if (facts.error() != errc::not_found) {
            return {boost::system::in_place_error, facts.error()};
        }
        return generation.number() > row.what.posted_in;
    }
    const auto named = generation.transaction_ids(row.member_code, row.what.what.txn_on);
    if (!named) {
        return {boost::system::in_place_error, named.error()};
    }
    return members::is_contained(row.what, {generation.number(), (*facts)->as_of(), *named});
}

error_code mark(connection& gateway, std::string_view organisation, std::uint32_t number,
                const std::vector<std::string>& txn_ids) {
    auto begun = transaction::begin(gateway);
    if (!begun) {
        return begun.error();
    }
    auto update = gateway.prepare(mark_retired);
    if (!update) {
        return update.error();
    }
    for (const auto& txn_id : txn_ids) {
        update->bind_view(1, organisation);
        update->bind_view(2, txn_id);
        update->bind(3, number);
        if (const auto failed = update->run()) {
            return failed;
        }
    }
    return begun->commit();
}

} // namespace

result<std::vector<payment>> load_payments(prepared_connection& db, std::string_view organisation,
                                           std::string_view member_code, std::uint32_t generation) {
    const auto select = db.prepared(select_waiting);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    row.bind_view(1, organisation);
    row.bind_view(2, member_code);
    row.bind(3, generation);
    std::vector<payment> hers;
    if (const auto failed =
            each_row(row, [&](const statement& one) { hers.push_back(payment_at(one)); })) {
        return failed;
    }
    return hers;
}

result<bool> any_payments(prepared_connection& db, std::string_view organisation) {
    const auto found = look_up(db, select_any, organisation);
    if (!found) {
        return {boost::system::in_place_error, found.error()};
    }
    return found->has_value();
}

result<std::optional<members::transaction>>
load_posted(prepared_connection& db, std::string_view organisation, std::string_view txn_id) {
    auto known = load_known(db, organisation, txn_id);
    if (!known) {
        return known.error();
    }
    return *known ? std::optional{std::move((*known)->what)}
                  : std::optional<members::transaction>{};
}

result<service::posting_outcome> check_posting(prepared_connection& db,
                                               service::payment_posting& posting) {
    const auto& what = posting.what.what;
    const auto known = load_known(db, posting.organisation, what.txn_id);
    if (!known) {
        return known.error();
    }
    if (*known) {
        const bool same = (*known)->body == as_bytes(posting.body);
        return service::posting_outcome{same ? posting_kind::same : posting_kind::conflict,
                                        same ? (*known)->message : 0};
    }
    const auto waiting = look_up(db, count_waiting, std::string_view{posting.organisation},
                                 std::string_view{posting.member_code});
    const auto published = load_generation(db, posting.organisation);
    if (!waiting || !published) {
        return errc::store_unavailable;
    }
    if (waiting->value_or(0) >= static_cast<std::int64_t>(members::payments_per_member_max)) {
        return service::posting_outcome{posting_kind::too_many};
    }
    posting.what.posted_in = *published;
    if (what.kind == transaction_kind::reversal) {
        const auto kind = check_reversal(db, posting);
        if (!kind) {
            return kind.error();
        }
        return service::posting_outcome{*kind};
    }
    return service::posting_outcome{};
}

error_code insert_payment(prepared_connection& db, const service::payment_posting& posting,
                          std::uint64_t message) {
    const auto insert = db.prepared(insert_row);
    if (!insert) {
        return insert.error();
    }
    auto& row = **insert;
    const auto& what = posting.what.what;
    row.bind_view(1, posting.organisation);
    row.bind_view(2, what.txn_id);
    row.bind_view(3, posting.member_code);
    row.bind_view(4, posting.office_code);
    row.bind_view(5, what.account_no);
    row.bind(6, static_cast<std::int64_t>(what.kind));
    row.bind(7, what.amount.poisha);
    row.bind(8, days(what.txn_on));
    row.bind_optional(9, what.balance_after ? std::optional{what.balance_after->poisha}
                                            : std::optional<std::int64_t>{});
    row.bind_view(10, what.receipt_no);
    row.bind(11, static_cast<std::int64_t>(what.channel));
    row.bind_view(12, what.reverses_txn_id);
    row.bind_optional(13, posting.what.takes_back
                              ? std::optional{static_cast<std::int64_t>(*posting.what.takes_back)}
                              : std::optional<std::int64_t>{});
    row.bind_view(14, what.posted_at);
    row.bind(15, posting.what.posted_in);
    row.bind(16, posting.at.time_since_epoch().count());
    row.bind_view(17, posting.key_id);
    row.bind_blob(18, as_bytes(posting.body));
    row.bind(19, static_cast<std::int64_t>(message));
    if (const auto failed = row.run()) {
        return failed;
    }
    return forget_some(db, posting.at);
}

result<std::size_t> retire_contained(connection& gateway, std::string_view organisation,
                                     const std::string& generation_path, std::uint32_t number) {
    auto generation = ledger_reader::open(generation_path, number);
    if (!generation) {
        return generation.error();
    }
    std::size_t retired = 0;
    std::string last;
    for (;;) {
        const auto rows = rows_behind(gateway, organisation, last);
        if (!rows) {
            return rows.error();
        }
        if (rows->empty()) {
            return retired;
        }
        last = rows->back().what.what.txn_id;
        std::vector<std::string> contained;
        for (const auto& row : *rows) {
            const auto held = holds(**generation, row);
            if (!held) {
                return held.error();
            }
            if (*held) {
                contained.push_back(row.what.what.txn_id);
            }
        }
        if (const auto failed = mark(gateway, organisation, number, contained)) {
            return failed;
        }
        retired += contained.size();
    }
}

error_code revive_retired(connection& gateway, std::string_view organisation,
                          std::uint32_t number) {
    auto update = gateway.prepare(mark_waiting);
    if (!update) {
        return update.error();
    }
    update->bind_view(1, organisation);
    update->bind(2, number);
    return update->run();
}

} // namespace uthan::db::sqlite
