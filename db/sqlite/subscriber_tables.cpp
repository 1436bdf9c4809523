#include "db/sqlite/subscriber_tables.hpp"

#include "db/sqlite/times.hpp"

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

/// Days of counts that are kept: a week, and one for clocks and zones.
constexpr std::chrono::days counts_kept_for{8};

struct known_operator {
    sms::served_by what;
    instant learned_at{};
};

result<std::optional<known_operator>> load_known(prepared_connection& db, std::string_view number) {
    const auto select =
        db.prepared("SELECT operator, denied, learned_at FROM number_operators WHERE number = ?1");
    if (!select) {
        return select.error();
    }
    auto& row = **select;
    const row_scope scope{row};
    row.bind_view(1, number);
    const auto there = row.step();
    if (!there) {
        return there.error();
    }
    if (!*there) {
        return std::optional<known_operator>{};
    }
    return std::optional{
        known_operator{{std::string{row.text(0)}, row.integer(1) != 0}, moment_at(row, 2)}};
}

/// The oldest go, so that there is room for one more.
error_code make_room_for_number(prepared_connection& db, std::int64_t most) {
    const auto trim =
        db.prepared("DELETE FROM number_operators WHERE number IN (SELECT number FROM "
                    "number_operators ORDER BY learned_at LIMIT (SELECT max(rows - ?1 + 1, 0) "
                    "FROM table_sizes WHERE name = 'number_operators'))");
    if (!trim) {
        return trim.error();
    }
    (*trim)->bind(1, most);
    return (*trim)->run();
}

error_code store_operator(prepared_connection& db, std::string_view number,
                          std::string_view network_operator, bool is_denied, instant now) {
    const auto stored_row =
        db.prepared("INSERT INTO number_operators (number, operator, denied, learned_at) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET operator = ?2, denied = ?3, "
                    "learned_at = ?4");
    if (!stored_row) {
        return stored_row.error();
    }
    auto& row = **stored_row;
    row.bind_view(1, number);
    row.bind_view(2, network_operator);
    row.bind(3, is_denied ? 1 : 0);
    row.bind(4, stored(now));
    return row.run();
}

std::string who_is(const sms::message_record& message) {
    if (!message.member_code.empty()) {
        return message.member_code;
    }
    return message.to.type() == address::kind::opaque
               ? message.to.channel() + ":" + message.to.reveal()
               : "+" + message.to.reveal();
}

result<std::size_t> delete_some(prepared_connection& db, std::string_view sql, std::int64_t before,
                                std::size_t rows) {
    const auto drop = db.prepared(sql);
    if (!drop) {
        return drop.error();
    }
    (*drop)->bind(1, before);
    (*drop)->bind(2, static_cast<std::int64_t>(rows));
    if (const auto failed = (*drop)->run()) {
        return failed;
    }
    return static_cast<std::size_t>(db.db().changes());
}

} // namespace

error_code learn_operator(prepared_connection& db, std::string_view number,
                          std::string_view network_operator, instant now, std::int64_t most) {
    const auto known = load_known(db, number);
    if (!known) {
        return known.error();
    }
    const sms::served_by learnt{std::string{network_operator}, false};
    if (*known && (*known)->what == learnt &&
        now - (*known)->learned_at < operator_refreshed_after) {
        return {};
    }
    if (!*known) {
        if (const auto failed = make_room_for_number(db, most)) {
            return failed;
        }
    }
    return store_operator(db, number, network_operator, false, now);
}

error_code deny_operator(prepared_connection& db, std::string_view number,
                         std::string_view network_operator, instant now) {
    const auto known = load_known(db, number);
    if (!known) {
        return known.error();
    }
    if (*known && !(*known)->what.is_denied &&
        (*known)->what.network_operator != network_operator) {
        return {};
    }
    if (!*known) {
        if (const auto failed = make_room_for_number(db, known_numbers_max)) {
            return failed;
        }
    }
    return store_operator(db, number, network_operator, true, now);
}

result<sms::served_by> load_operator(prepared_connection& db, std::string_view number,
                                     instant now) {
    auto known = load_known(db, number);
    if (!known) {
        return known.error();
    }
    const bool holds = *known && now - (*known)->learned_at < operator_known_for;
    return holds ? std::move((*known)->what) : sms::served_by{};
}

result<sms::sent_counts> load_sent(prepared_connection& db, const sms::message_record& message,
                                   calendar_day day) {
    const auto select = db.prepared(
        "SELECT total(sent) FILTER (WHERE day = ?4), total(sent) FROM message_counts "
        "WHERE organisation = ?1 AND who = ?2 AND class = ?3 AND day BETWEEN ?4 - 6 AND ?4");
    if (!select) {
        return select.error();
    }
    const auto who = who_is(message);
    auto& row = **select;
    const row_scope scope{row};
    row.bind_view(1, message.organisation);
    row.bind_view(2, who);
    row.bind(3, static_cast<std::int64_t>(message.of));
    row.bind(4, stored(day));
    const auto there = row.step();
    if (!there) {
        return there.error();
    }
    return sms::sent_counts{static_cast<std::uint32_t>(row.integer(0)),
                            static_cast<std::uint32_t>(row.integer(1))};
}

error_code count_sent(prepared_connection& db, const sms::message_record& message,
                      calendar_day day) {
    const auto upsert =
        db.prepared("INSERT INTO message_counts (organisation, who, class, day, sent) "
                    "VALUES (?1, ?2, ?3, ?4, 1) ON CONFLICT DO UPDATE SET sent = sent + 1");
    if (!upsert) {
        return upsert.error();
    }
    const auto who = who_is(message);
    auto& row = **upsert;
    row.bind_view(1, message.organisation);
    row.bind_view(2, who);
    row.bind(3, static_cast<std::int64_t>(message.of));
    row.bind(4, stored(day));
    return row.run();
}

result<std::size_t> drop_old_knowledge(prepared_connection& db, instant now, std::size_t rows) {
    const auto numbers =
        delete_some(db,
                    "DELETE FROM number_operators WHERE number IN (SELECT number FROM "
                    "number_operators WHERE learned_at < ?1 ORDER BY learned_at LIMIT ?2)",
                    stored(now - operator_known_for), rows);
    if (!numbers) {
        return numbers.error();
    }
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const auto counts =
        delete_some(db,
                    "DELETE FROM message_counts WHERE (organisation, who, class, day) IN (SELECT "
                    "organisation, who, class, day FROM message_counts WHERE day < ?1 "
                    "ORDER BY day LIMIT ?2)",
                    stored(calendar_day{today - counts_kept_for}), rows);
    if (!counts) {
        return counts.error();
    }
    return std::max(*numbers, *counts);
}

} // namespace uthan::db::sqlite
