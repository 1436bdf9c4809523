#include "db/sqlite/request_tables.hpp"
#include "db/sqlite/times.hpp"

namespace uthan::db::sqlite {
namespace {

using members::request;

constexpr std::string_view select_of_member = R"(
SELECT number, kind, category, reach, member_code, office_code, group_code, about_staff,
    accused_code, amount, opened_at, opened_on, state, state_on, first_level, level, level_since,
    deadline_on, desk_office
FROM requests WHERE organisation = ?1 AND member_code = ?2
ORDER BY state > 1, number DESC LIMIT ?3)";

constexpr std::string_view select_one = R"(
SELECT number, kind, category, reach, member_code, office_code, group_code, about_staff,
    accused_code, amount, opened_at, opened_on, state, state_on, first_level, level, level_since,
    deadline_on, desk_office
FROM requests WHERE organisation = ?1 AND number = ?2)";

constexpr std::string_view select_many = R"(
SELECT number, kind, category, reach, member_code, office_code, group_code, about_staff,
    accused_code, amount, opened_at, opened_on, state, state_on, first_level, level, level_since,
    deadline_on, desk_office
FROM requests WHERE organisation = ?1 AND number > ?2 AND (state <= 1 OR NOT ?3)
ORDER BY number LIMIT ?4)";

constexpr std::string_view select_waiting = R"(
SELECT number, kind, category, reach, member_code, office_code, group_code, about_staff,
    accused_code, amount, opened_at, opened_on, state, state_on, first_level, level, level_since,
    deadline_on, desk_office
FROM requests WHERE organisation = ?1 AND desk_office = ?2 AND state <= 1 AND state = 0
ORDER BY deadline_on LIMIT ?3)";

// `state <= 1` lets the index of unfinished ones be used.
constexpr std::string_view select_overdue = R"(
SELECT number, kind, category, reach, member_code, office_code, group_code, about_staff,
    accused_code, amount, opened_at, opened_on, state, state_on, first_level, level, level_since,
    deadline_on, desk_office
FROM requests WHERE organisation = ?1 AND state <= 1 AND state = 0 AND deadline_on < ?2
    AND (deadline_on, number) > (?3, ?4)
ORDER BY deadline_on, number LIMIT ?5)";

constexpr std::string_view tally_overdue = R"(
SELECT count(*) FROM requests
WHERE organisation = ?1 AND state <= 1 AND state = 0 AND deadline_on < ?2)";

constexpr std::string_view upsert = R"(
INSERT INTO requests (number, kind, category, reach, member_code, office_code, group_code,
    about_staff, accused_code, amount, opened_at, opened_on, state, state_on, first_level, level,
    level_since, deadline_on, desk_office, organisation)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
ON CONFLICT DO UPDATE SET state = ?13, state_on = ?14, level = ?16, level_since = ?17,
    deadline_on = ?18, desk_office = ?19)";

constexpr std::string_view count_up = R"(
INSERT INTO request_counters (organisation, last) VALUES (?1, 1)
ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last)";

constexpr std::string_view append_step = R"(
INSERT INTO request_steps (organisation, number, step, did, done_by, level, at)
SELECT ?1, ?2, coalesce(max(step), 0) + 1, ?3, ?4, ?5, ?6 FROM request_steps
WHERE organisation = ?1 AND number = ?2)";

template <class Enum>
bool read_enum(const statement& row, int column, Enum last, Enum& out) {
    const auto value = row.integer(column);
    if (value < 0 || value > static_cast<std::int64_t>(last)) {
        return false;
    }
    out = static_cast<Enum>(value);
    return true;
}

result<request> request_at(const statement& row) {
    request one;
    one.number = static_cast<std::uint64_t>(row.integer(0));
    if (!read_enum(row, 1, members::last_request_kind, one.kind) ||
        !read_enum(row, 3, members::reach_way::none, one.reach) ||
        !read_enum(row, 12, members::request_state::withdrawn, one.state)) {
        return errc::corrupt;
    }
    one.category = row.text(2);
    one.member_code = row.text(4);
    one.office_code = row.text(5);
    one.group_code = row.text(6);
    one.about_staff = row.integer(7) != 0;
    one.accused_code = row.text(8);
    if (const auto amount = row.optional_integer(9)) {
        one.amount = money{*amount};
    }
    one.opened_at = instant{std::chrono::milliseconds{row.integer(10)}};
    one.opened_on = day_at(row, 11);
    one.state_on = day_at(row, 13);
    one.first_level = static_cast<unsigned>(row.integer(14));
    one.level = static_cast<unsigned>(row.integer(15));
    one.level_since = day_at(row, 16);
    one.deadline_on = day_at(row, 17);
    one.desk_office = row.text(18);
    return one;
}

/// All rows of a bound statement.
result<std::vector<request>> read_all(statement& rows) {
    std::vector<request> found;
    if (const auto failed = each_row(rows, [&](const statement& row) {
            auto one = request_at(row);
            if (one) {
                found.push_back(std::move(*one));
            }
            return one ? error_code{} : one.error();
        })) {
        return failed;
    }
    return found;
}

result<std::uint64_t> next_number(prepared_connection& db, std::string_view organisation) {
    const auto prepared = db.prepared(count_up);
    if (!prepared) {
        return prepared.error();
    }
    statement& row = **prepared;
    const row_scope scope{row};
    row.bind_view(1, organisation);
    const auto stepped = row.step();
    if (!stepped) {
        return stepped.error();
    }
    const auto number = static_cast<std::uint64_t>(row.integer(0));
    // RETURNING gives its row before the statement is done.
    const auto ended = row.step();
    if (!ended) {
        return ended.error();
    }
    return number;
}

error_code write(prepared_connection& db, std::string_view organisation, const request& one,
                 std::uint64_t number) {
    const auto prepared = db.prepared(upsert);
    if (!prepared) {
        return prepared.error();
    }
    statement& row = **prepared;
    row.bind(1, static_cast<std::int64_t>(number));
    row.bind(2, static_cast<std::int64_t>(one.kind));
    row.bind_view(3, one.category);
    row.bind(4, static_cast<std::int64_t>(one.reach));
    row.bind_view(5, one.member_code);
    row.bind_view(6, one.office_code);
    row.bind_view(7, one.group_code);
    row.bind(8, std::int64_t{one.about_staff});
    row.bind_view(9, one.accused_code);
    row.bind_optional(10, one.amount ? std::optional{one.amount->poisha} : std::nullopt);
    row.bind(11, std::int64_t{one.opened_at.time_since_epoch().count()});
    row.bind(12, stored(one.opened_on));
    row.bind(13, static_cast<std::int64_t>(one.state));
    row.bind(14, stored(one.state_on));
    row.bind(15, std::int64_t{one.first_level});
    row.bind(16, std::int64_t{one.level});
    row.bind(17, stored(one.level_since));
    row.bind(18, stored(one.deadline_on));
    row.bind_view(19, one.desk_office);
    row.bind_view(20, organisation);
    return row.run();
}

} // namespace

result<std::vector<request>> load_requests_of(prepared_connection& db,
                                              const access::member_ref& who) {
    const auto row = db.prepared(select_of_member);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, who.organisation);
    (*row)->bind_view(2, who.member_code);
    (*row)->bind(3, std::int64_t{access::requests_per_member_max});
    return read_all(**row);
}

result<request> load_request(prepared_connection& db, std::string_view organisation,
                             std::uint64_t number) {
    const auto row = db.prepared(select_one);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind(2, static_cast<std::int64_t>(number));
    auto found = read_all(**row);
    if (!found) {
        return found.error();
    }
    if (found->empty()) {
        return errc::not_found;
    }
    return std::move(found->front());
}

result<std::vector<request>> load_requests(prepared_connection& db, std::string_view organisation,
                                           bool unfinished_only, std::uint64_t after,
                                           std::size_t count) {
    const auto row = db.prepared(select_many);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind(2, static_cast<std::int64_t>(after));
    (*row)->bind(3, std::int64_t{unfinished_only});
    (*row)->bind(4, static_cast<std::int64_t>(count));
    return read_all(**row);
}

result<std::vector<request>> load_waiting_requests(prepared_connection& db,
                                                   std::string_view organisation,
                                                   std::string_view office, std::size_t count) {
    const auto row = db.prepared(select_waiting);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind_view(2, office);
    (*row)->bind(3, static_cast<std::int64_t>(count));
    return read_all(**row);
}

result<std::vector<request>> load_overdue(prepared_connection& db, std::string_view organisation,
                                          calendar_day today, access::overdue_place after,
                                          std::size_t count) {
    const auto row = db.prepared(select_overdue);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind(2, stored(today));
    (*row)->bind(3, stored(after.deadline_on));
    (*row)->bind(4, static_cast<std::int64_t>(after.number));
    (*row)->bind(5, static_cast<std::int64_t>(count));
    return read_all(**row);
}

result<std::uint64_t> count_overdue(prepared_connection& db, std::string_view organisation,
                                    calendar_day today) {
    const auto row = db.prepared(tally_overdue);
    if (!row) {
        return row.error();
    }
    (*row)->bind_view(1, organisation);
    (*row)->bind(2, stored(today));
    const row_scope scope{**row};
    const auto stepped = (*row)->step();
    if (!stepped) {
        return stepped.error();
    }
    return static_cast<std::uint64_t>((*row)->integer(0));
}

result<std::uint64_t> store_request(prepared_connection& db, std::string_view organisation,
                                    const request& one, request_step did, std::string_view done_by,
                                    instant now) {
    std::uint64_t number = one.number;
    if (number == 0) {
        const auto next = next_number(db, organisation);
        if (!next) {
            return next.error();
        }
        number = *next;
    }
    if (const auto failed = write(db, organisation, one, number)) {
        return failed;
    }
    const auto prepared = db.prepared(append_step);
    if (!prepared) {
        return prepared.error();
    }
    statement& row = **prepared;
    row.bind_view(1, organisation);
    row.bind(2, static_cast<std::int64_t>(number));
    row.bind(3, static_cast<std::int64_t>(did));
    row.bind_view(4, done_by);
    row.bind(5, std::int64_t{one.level});
    row.bind(6, std::int64_t{now.time_since_epoch().count()});
    if (const auto failed = row.run()) {
        return failed;
    }
    return number;
}

} // namespace uthan::db::sqlite
