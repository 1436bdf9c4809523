#include "db/sqlite/message_tables.hpp"

#include "core/assert.hpp"
#include "db/sqlite/message_codec.hpp"
#include "db/sqlite/subscriber_tables.hpp"
#include "db/sqlite/times.hpp"
#include "sms/life.hpp"

namespace uthan::db::sqlite {
namespace {

using sms::message_record;

constexpr std::string_view insert = R"(
INSERT INTO messages (organisation, key, body, class, member_code, office_code, to_channel,
    to_value, text, fence, fence_loan, fence_day, fence_amount, accepted_at, due_at, valid_until,
    state, attempts, marked, channel, reference, segments, unit_price, taken, price, parts, history)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
    0, 0, 0, '', 0, 0, 0, 0, 0, x'', ?17)
ON CONFLICT (organisation, key) DO NOTHING)";

constexpr std::string_view select_by_key =
    "SELECT id, body FROM messages WHERE organisation = ?1 AND key = ?2";

constexpr std::string_view select_one = R"(
SELECT id, organisation, class, member_code, office_code, to_channel, to_value, text, fence,
    fence_loan, fence_day, fence_amount, accepted_at, due_at, valid_until, state, attempts, marked,
    channel, reference, segments, unit_price, taken, price, parts, history
FROM messages WHERE id = ?1)";

constexpr std::string_view select_due = R"(
SELECT id, organisation, class, member_code, office_code, to_channel, to_value, text, fence,
    fence_loan, fence_day, fence_amount, accepted_at, due_at, valid_until, state, attempts, marked,
    channel, reference, segments, unit_price, taken, price, parts, history
FROM messages
WHERE organisation = ?1 AND class = ?2 AND state = 0 AND due_at <= ?3
    AND (due_at, id) > (?4, ?5)
ORDER BY due_at, id LIMIT ?6)";

constexpr std::string_view update_life = R"(
UPDATE messages SET due_at = ?2, state = ?3, attempts = ?4, marked = ?5, channel = ?6,
    reference = ?7, segments = ?8, unit_price = ?9, taken = ?10, price = ?11, parts = ?12,
    history = ?13
WHERE id = ?1)";

address address_at(const statement& row, int column) {
    const auto channel = row.text(column);
    const auto value = row.text(column + 1);
    if (!channel.empty()) {
        return address::opaque(std::string{channel}, std::string{value});
    }
    const auto number = address::e164("+" + std::string{value});
    return number ? *number : address::opaque({}, std::string{value});
}

void bind_fence(statement& row, int index, const sms::fence_condition& fence) {
    row.bind(index, static_cast<std::int64_t>(fence.kind));
    if (fence.kind == sms::fence_kind::none) {
        for (int i = 1; i <= 3; ++i) {
            row.bind_null(index + i);
        }
        return;
    }
    row.bind_view(index + 1, fence.loan_no);
    row.bind(index + 2, fence.due_on.time_since_epoch().count());
    row.bind(index + 3, fence.amount.poisha);
}

sms::fence_condition fence_at(const statement& row, int column) {
    sms::fence_condition fence;
    fence.kind = static_cast<sms::fence_kind>(row.integer(column));
    if (fence.kind != sms::fence_kind::none) {
        fence.loan_no = row.text(column + 1);
        fence.due_on = calendar_day{std::chrono::days{row.integer(column + 2)}};
        fence.amount = money{row.integer(column + 3)};
    }
    return fence;
}

bool are_known(const statement& row) {
    const auto within = [&row](int column, auto last) {
        return row.integer(column) >= 0 && row.integer(column) <= static_cast<std::int64_t>(last);
    };
    return within(2, sms::message_class::broadcast) &&
           within(8, sms::fence_kind::instalment_open) &&
           within(15, sms::message_state::unconfirmed);
}

/// Of the columns of select_one.
result<message_record> message_at(const statement& row) {
    auto parts = unpack_parts(row.blob(24));
    auto history = unpack_history(row.blob(25));
    if (!are_known(row) || !parts || !history || history->empty()) {
        return errc::corrupt;
    }
    message_record read;
    read.id = static_cast<std::uint64_t>(row.integer(0));
    read.organisation = row.text(1);
    read.of = static_cast<sms::message_class>(row.integer(2));
    read.member_code = row.text(3);
    read.to = address_at(row, 5);
    read.office_code = row.text(4);
    read.text = row.text(7);
    read.fence = fence_at(row, 8);
    read.accepted_at = moment_at(row, 12);
    read.due_at = moment_at(row, 13);
    read.valid_until = moment_at(row, 14);
    read.state = static_cast<sms::message_state>(row.integer(15));
    read.attempts = static_cast<std::uint16_t>(row.integer(16));
    read.marked = row.integer(17) != 0;
    read.channel = row.text(18);
    read.reference = static_cast<std::uint16_t>(row.integer(19));
    read.segments = static_cast<std::uint32_t>(row.integer(20));
    read.price_per_segment = money{row.integer(21)};
    read.taken = static_cast<std::uint32_t>(row.integer(22));
    read.price = money{row.integer(23)};
    read.parts = std::move(*parts);
    read.history = std::move(*history);
    return read;
}

result<sms::accept_outcome> known_as(prepared_connection& db, const sms::new_message& one) {
    const auto select = db.prepared(select_by_key);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    const row_scope scope{row};
    row.bind_view(1, one.organisation);
    row.bind_view(2, one.idempotency_key);
    const auto there = row.step();
    if (!there) {
        return there.error();
    }
    if (!*there) {
        return errc::corrupt;
    }
    const bool same = row.blob(1) == as_bytes(one.body);
    return sms::accept_outcome{same ? sms::accept_kind::same : sms::accept_kind::conflict,
                               static_cast<std::uint64_t>(row.integer(0))};
}

/// The one value of a statement that is bound; `otherwise` where there is no row.
result<std::int64_t> value_of(statement& row, std::int64_t otherwise) {
    const row_scope scope{row};
    const auto there = row.step();
    if (!there) {
        return there.error();
    }
    return *there ? row.integer(0) : otherwise;
}

} // namespace

result<sms::accept_outcome> accept_message(prepared_connection& db, const sms::new_message& one,
                                           instant now) {
    const auto prepared = db.prepared(insert);
    if (!prepared) {
        return prepared.error();
    }
    const auto history = pack_history({{now, sms::message_state::accepted, sms::reason::none, 0}});
    auto& row = **prepared;
    row.bind_view(1, one.organisation);
    row.bind_view(2, one.idempotency_key);
    row.bind_blob(3, as_bytes(one.body));
    row.bind(4, static_cast<std::int64_t>(one.of));
    row.bind_view(5, one.member_code);
    row.bind_view(6, one.office_code);
    row.bind_view(7, one.to.channel());
    row.bind_view(8, one.to.reveal());
    row.bind_view(9, one.text);
    bind_fence(row, 10, one.fence);
    row.bind(14, stored(now));
    row.bind(15, stored(one.due_at));
    row.bind(16, stored(one.valid_until));
    row.bind_blob(17, history);
    if (const auto failed = row.run()) {
        return failed;
    }
    if (db.db().changes() == 0) {
        return known_as(db, one);
    }
    return sms::accept_outcome{sms::accept_kind::created,
                               static_cast<std::uint64_t>(db.db().last_insert_rowid())};
}

result<std::uint64_t> load_facts_version(prepared_connection& db, std::string_view organisation,
                                         std::string_view member_code) {
    const auto select = db.prepared(
        "SELECT version FROM facts_versions WHERE organisation = ?1 AND member_code = ?2");
    if (!select) {
        return select.error();
    }
    (*select)->bind_view(1, organisation);
    (*select)->bind_view(2, member_code);
    const auto value = value_of(**select, 0);
    return value ? result<std::uint64_t>{static_cast<std::uint64_t>(*value)} : value.error();
}

error_code bump_facts_version(prepared_connection& db, std::string_view organisation,
                              std::string_view member_code) {
    const auto upsert = db.prepared(
        "INSERT INTO facts_versions (organisation, member_code, version) VALUES (?1, ?2, 1) "
        "ON CONFLICT DO UPDATE SET version = version + 1");
    if (!upsert) {
        return upsert.error();
    }
    (*upsert)->bind_view(1, organisation);
    (*upsert)->bind_view(2, member_code);
    return (*upsert)->run();
}

result<message_record> load_message(prepared_connection& db, std::uint64_t id) {
    const auto select = db.prepared(select_one);
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    const row_scope scope{row};
    row.bind(1, static_cast<std::int64_t>(id));
    const auto there = row.step();
    if (!there) {
        return there.error();
    }
    return *there ? message_at(row) : errc::not_found;
}

error_code store_life(prepared_connection& db, const message_record& message) {
    const auto update = db.prepared(update_life);
    if (!update) {
        return update.error();
    }
    const auto parts = pack_parts(message.parts);
    const auto history = pack_history(message.history);
    auto& row = **update;
    row.bind(1, static_cast<std::int64_t>(message.id));
    row.bind(2, stored(message.due_at));
    row.bind(3, static_cast<std::int64_t>(message.state));
    row.bind(4, message.attempts);
    row.bind(5, message.marked ? 1 : 0);
    row.bind_view(6, message.channel);
    row.bind(7, message.reference);
    row.bind(8, message.segments);
    row.bind(9, message.price_per_segment.poisha);
    row.bind(10, message.taken);
    row.bind(11, message.price.poisha);
    row.bind_blob(12, parts);
    row.bind_blob(13, history);
    return row.run();
}

result<std::vector<sms::due_message>> load_due(prepared_connection& db,
                                               std::string_view organisation, sms::message_class of,
                                               sms::due_place after, instant now,
                                               std::size_t limit) {
    const auto select = db.prepared(select_due);
    const auto generation = load_generation(db, organisation);
    if (!select || !generation) {
        return errc::store_unavailable;
    }
    auto& row = **select;
    row.bind_view(1, organisation);
    row.bind(2, static_cast<std::int64_t>(of));
    row.bind(3, stored(now));
    row.bind(4, stored(after.due_at));
    row.bind(5, static_cast<std::int64_t>(after.id));
    row.bind(6, static_cast<std::int64_t>(limit));
    std::vector<sms::due_message> found;
    const auto failed = each_row(row, [&](const statement&) -> error_code {
        auto message = message_at(row);
        if (!message) {
            return message.error();
        }
        sms::due_message one{std::move(*message), {0, *generation}};
        const bool asks_about_her =
            one.message.fence.kind != sms::fence_kind::none || sms::rules_of(of).is_optional;
        if (asks_about_her) {
            const auto version = load_facts_version(db, organisation, one.message.member_code);
            if (!version) {
                return version.error();
            }
            one.read_on.facts_version = *version;
        }
        if (one.message.to.type() == address::kind::msisdn) {
            auto served = load_operator(db, one.message.to.reveal(), now);
            if (!served) {
                return served.error();
            }
            one.served = std::move(*served);
        }
        found.push_back(std::move(one));
        return {};
    });
    if (failed) {
        return failed;
    }
    return found;
}

result<std::optional<instant>> load_next_due(prepared_connection& db,
                                             std::string_view organisation) {
    // One short look into the index for each class.
    const auto select = db.prepared("SELECT min(due_at) FROM messages "
                                    "WHERE organisation = ?1 AND class = ?2 AND state = 0");
    if (!select) {
        return select.error();
    }
    std::optional<instant> next;
    for (std::size_t of = 0; of < sms::message_classes; ++of) {
        auto& row = **select;
        const row_scope scope{row};
        row.bind_view(1, organisation);
        row.bind(2, static_cast<std::int64_t>(of));
        const auto there = row.step();
        if (!there) {
            return there.error();
        }
        if (*there && !row.is_null(0)) {
            const auto at = moment_at(row, 0);
            next = next ? std::min(*next, at) : at;
        }
    }
    return next;
}

result<std::vector<std::uint64_t>> load_submitting(prepared_connection& db, std::uint64_t after,
                                                   std::size_t limit) {
    const auto select =
        db.prepared("SELECT id FROM messages WHERE state = 1 AND id > ?1 ORDER BY id LIMIT ?2");
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    row.bind(1, static_cast<std::int64_t>(after));
    row.bind(2, static_cast<std::int64_t>(limit));
    return ids_of<std::uint64_t>(row);
}

result<std::vector<std::uint64_t>> load_overdue(prepared_connection& db, instant now,
                                                std::size_t limit) {
    const auto select = db.prepared("SELECT id FROM messages WHERE state = 0 AND valid_until <= ?1 "
                                    "ORDER BY valid_until LIMIT ?2");
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    row.bind(1, stored(now));
    row.bind(2, static_cast<std::int64_t>(limit));
    return ids_of<std::uint64_t>(row);
}

result<std::uint32_t> load_generation(prepared_connection& db, std::string_view organisation) {
    const auto select =
        db.prepared("SELECT number FROM generations WHERE organisation = ?1 AND state = 'current'");
    if (!select) {
        return select.error();
    }
    (*select)->bind_view(1, organisation);
    const auto value = value_of(**select, 0);
    return value ? result<std::uint32_t>{static_cast<std::uint32_t>(*value)} : value.error();
}

result<std::uint16_t> next_reference(prepared_connection& db, std::string_view number) {
    const auto upsert =
        db.prepared("INSERT INTO concatenations (number, last) VALUES (?1, 1) "
                    "ON CONFLICT DO UPDATE SET last = (last + 1) % 65536 RETURNING last");
    if (!upsert) {
        return upsert.error();
    }
    (*upsert)->bind_view(1, number);
    const auto value = value_of(**upsert, 0);
    return value ? result<std::uint16_t>{static_cast<std::uint16_t>(*value)} : value.error();
}

result<std::vector<message_total>> load_totals(prepared_connection& db) {
    const auto select = db.prepared("SELECT organisation, state, messages FROM message_totals");
    if (!select) {
        return select.error();
    }
    std::vector<message_total> found;
    const auto failed = each_row(**select, [&](const statement& row) {
        found.push_back({std::string{row.text(0)}, static_cast<sms::message_state>(row.integer(1)),
                         static_cast<std::uint64_t>(row.integer(2))});
    });
    if (failed) {
        return failed;
    }
    return found;
}

result<sms::queue_depths> load_depths(prepared_connection& db, std::string_view organisation) {
    const auto waiting = db.prepared("SELECT count(*) FROM messages "
                                     "WHERE organisation = ?1 AND class = ?2 AND state = 0");
    const auto submitting = db.prepared("SELECT count(*) FROM messages WHERE state = 1");
    if (!waiting || !submitting) {
        return errc::store_unavailable;
    }
    sms::queue_depths depths;
    for (std::size_t of = 0; of < sms::message_classes; ++of) {
        (*waiting)->bind_view(1, organisation);
        (*waiting)->bind(2, static_cast<std::int64_t>(of));
        const auto count = value_of(**waiting, 0);
        if (!count) {
            return count.error();
        }
        depths.waiting[of] = static_cast<std::uint64_t>(*count);
    }
    const auto count = value_of(**submitting, 0);
    if (!count) {
        return count.error();
    }
    depths.submitting = static_cast<std::uint64_t>(*count);
    return depths;
}

result<std::vector<sms::spending>>
load_spending(prepared_connection& db, std::string_view organisation, calendar_day month) {
    const auto select = db.prepared("SELECT class, office_code, segments, price "
                                    "FROM message_spending WHERE organisation = ?1 AND month = ?2");
    if (!select) {
        return select.error();
    }
    auto& rows = **select;
    rows.bind_view(1, organisation);
    rows.bind(2, month.time_since_epoch().count());
    std::vector<sms::spending> found;
    const auto failed = each_row(rows, [&](const statement& row) {
        found.push_back({static_cast<sms::message_class>(row.integer(0)), std::string{row.text(1)},
                         static_cast<std::uint64_t>(row.integer(2)), money{row.integer(3)}});
    });
    if (failed) {
        return failed;
    }
    return found;
}

void spending_notes::note(const message_record& message, std::uint32_t segments, money price,
                          instant now) {
    if (segments == 0) {
        return;
    }
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(now)};
    const calendar_day month{day.year() / day.month() / 1};
    auto& total = sums_[{message.organisation, month.time_since_epoch().count(),
                         static_cast<std::int64_t>(message.of), message.office_code}];
    total.segments += segments;
    total.price += price.poisha;
}

error_code spending_notes::store(prepared_connection& db) const {
    const auto upsert = db.prepared(
        "INSERT INTO message_spending (organisation, month, class, office_code, segments, price) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
        "ON CONFLICT DO UPDATE SET segments = segments + ?5, price = price + ?6");
    if (!upsert) {
        return upsert.error();
    }
    for (const auto& [where, total] : sums_) {
        auto& row = **upsert;
        row.bind_view(1, std::get<0>(where));
        row.bind(2, std::get<1>(where));
        row.bind(3, std::get<2>(where));
        row.bind_view(4, std::get<3>(where));
        row.bind(5, total.segments);
        row.bind(6, total.price);
        if (const auto failed = row.run()) {
            return failed;
        }
    }
    return {};
}

} // namespace uthan::db::sqlite
