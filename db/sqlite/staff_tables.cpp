#include "db/sqlite/staff_tables.hpp"

#include "access/requests.hpp"
#include "core/assert.hpp"
#include "db/sqlite/member_tables.hpp"
#include "db/sqlite/request_tables.hpp"
#include "db/sqlite/times.hpp"

namespace uthan::db::sqlite {
namespace {

using access::outcome;
using access::outcome_kind;
using members::meeting_change;
using members::meeting_word;

/// Longer than any meeting's period: older words are about no coming meeting.
constexpr std::chrono::days words_read_for{60};

constexpr std::string_view select_changes = R"(
SELECT regular_on, word, new_on FROM meeting_changes
WHERE organisation = ?1 AND group_code = ?2 AND regular_on >= ?3 ORDER BY regular_on)";

constexpr std::string_view upsert_change = R"(
INSERT INTO meeting_changes (organisation, group_code, regular_on, word, new_on, staff_code, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT DO UPDATE SET word = ?4, new_on = ?5, staff_code = ?6, at = ?7)";

constexpr std::string_view append_action = R"(
INSERT INTO staff_actions (organisation, staff_code, action, subject, regular_on, new_on, at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))";

constexpr std::string_view count_resets = R"(
SELECT count(*) FROM staff_actions
WHERE organisation = ?1 AND staff_code = ?2 AND at > ?3 AND action = ?4)";

constexpr std::string_view select_actions = R"(
SELECT id, staff_code, action, subject, regular_on, new_on, at FROM staff_actions
WHERE organisation = ?1 AND id > ?2 AND (?3 = '' OR staff_code = ?3) ORDER BY id LIMIT ?4)";

std::optional<calendar_day> day_or_none_at(const statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{day_at(row, column)};
}

staff_action action_of(meeting_word word) noexcept {
    switch (word) {
    case meeting_word::moved:
        return staff_action::moved_meeting;
    case meeting_word::cancelled:
        return staff_action::cancelled_meeting;
    case meeting_word::as_planned:
        break;
    }
    return staff_action::restored_meeting;
}

/// `change` is null for an action that is about no meeting.
error_code append(prepared_connection& db, std::string_view organisation,
                  std::string_view staff_code, staff_action did, std::string_view subject,
                  const meeting_change* change, instant now) {
    const auto prepared = db.prepared(append_action);
    if (!prepared) {
        return prepared.error();
    }
    statement& row = **prepared;
    row.bind_view(1, organisation);
    row.bind_view(2, staff_code);
    row.bind(3, static_cast<std::int64_t>(did));
    row.bind_view(4, subject);
    row.bind_optional(5, change ? std::optional{stored(change->regular_on)} : std::nullopt);
    row.bind_optional(6, change ? std::optional{stored(change->new_on)} : std::nullopt);
    row.bind(7, stored(now));
    return row.run();
}

result<outcome> change_meeting(prepared_connection& db, const access::member_ref& by,
                               const meeting_change& what, instant now) {
    const auto prepared = db.prepared(upsert_change);
    if (!prepared) {
        return prepared.error();
    }
    const auto staff_code = access::staff_code_of(by.member_code);
    statement& row = **prepared;
    row.bind_view(1, by.organisation);
    row.bind_view(2, what.group_code);
    row.bind(3, stored(what.regular_on));
    row.bind(4, static_cast<std::int64_t>(what.word));
    row.bind(5, stored(what.new_on));
    row.bind_view(6, staff_code);
    row.bind(7, stored(now));
    if (const auto failed = row.run()) {
        return failed;
    }
    if (const auto failed = append(db, by.organisation, staff_code, action_of(what.word),
                                   what.group_code, &what, now)) {
        return failed;
    }
    return outcome{};
}

result<std::int64_t> resets_today(prepared_connection& db, std::string_view organisation,
                                  std::string_view staff_code, instant now) {
    const auto prepared = db.prepared(count_resets);
    if (!prepared) {
        return prepared.error();
    }
    statement& row = **prepared;
    const row_scope scope{row};
    row.bind_view(1, organisation);
    row.bind_view(2, staff_code);
    row.bind(3, stored(now - std::chrono::hours{24}));
    row.bind(4, static_cast<std::int64_t>(staff_action::reset_pin));
    const auto found = row.step();
    if (!found) {
        return found.error();
    }
    return row.integer(0);
}

result<outcome> reset_by_staff(prepared_connection& db, const access::member_ref& who,
                               const access::reset_by_staff& what, const access::pin_policy& policy,
                               instant now) {
    const auto resets = resets_today(db, who.organisation, what.staff_code, now);
    if (!resets) {
        return resets.error();
    }
    if (*resets >= std::int64_t{access::resets_per_day_max}) {
        return outcome{.kind = outcome_kind::limited};
    }
    const auto before = load_record(db, who);
    if (!before) {
        return before.error();
    }
    const auto decided = access::decide(*before, access::reset_pin{what.one_time}, {}, policy, now);
    if (const auto failed = store_record(db, who, decided.record)) {
        return failed;
    }
    if (const auto failed = append(db, who.organisation, what.staff_code, staff_action::reset_pin,
                                   who.member_code, nullptr, now)) {
        return failed;
    }
    return decided.result;
}

/// Its turn was looked at outside of the commit; whether it is still open, here.
result<outcome> answer_request(prepared_connection& db, const access::member_ref& by,
                               const access::answer_by_staff& what, instant now) {
    const auto before = load_request(db, by.organisation, what.number);
    if (!before && before.error() != errc::not_found) {
        return before.error();
    }
    const auto after = before ? access::answered(what, *before) : std::nullopt;
    if (!after) {
        return outcome{.kind = outcome_kind::refused};
    }
    const auto stored =
        store_request(db, by.organisation, *after, request_step::answered, what.by->code, now);
    if (!stored) {
        return stored.error();
    }
    if (const auto failed =
            append(db, by.organisation, what.by->code, staff_action::answered_request,
                   std::to_string(what.number), nullptr, now)) {
        return failed;
    }
    return outcome{.request = what.number};
}

} // namespace

result<std::vector<listed_action>> load_staff_actions(prepared_connection& db,
                                                      std::string_view organisation,
                                                      std::string_view staff_code,
                                                      std::int64_t after, std::size_t count) {
    const auto rows = db.prepared(select_actions);
    if (!rows) {
        return rows.error();
    }
    (*rows)->bind_view(1, organisation);
    (*rows)->bind(2, after);
    (*rows)->bind_view(3, staff_code);
    (*rows)->bind(4, static_cast<std::int64_t>(count));
    std::vector<listed_action> found;
    if (const auto failed = each_row(**rows, [&](const statement& row) {
            const auto did = row.integer(2);
            if (did < 0 || did > static_cast<std::int64_t>(staff_action::answered_request)) {
                return make_error_code(errc::corrupt);
            }
            found.push_back({row.integer(0), std::string{row.text(1)},
                             static_cast<staff_action>(did), std::string{row.text(3)},
                             day_or_none_at(row, 4), day_or_none_at(row, 5), moment_at(row, 6)});
            return error_code{};
        })) {
        return failed;
    }
    return found;
}

result<std::vector<meeting_change>> load_meeting_changes(prepared_connection& db,
                                                         std::string_view organisation,
                                                         std::string_view group_code,
                                                         calendar_day today) {
    const auto prepared = db.prepared(select_changes);
    if (!prepared) {
        return prepared.error();
    }
    (*prepared)->bind_view(1, organisation);
    (*prepared)->bind_view(2, group_code);
    (*prepared)->bind(3, stored(today - words_read_for));
    std::vector<meeting_change> found;
    if (const auto failed = each_row(**prepared, [&](const statement& row) {
            const auto word = row.integer(1);
            if (word < 0 || word > static_cast<std::int64_t>(meeting_word::as_planned)) {
                return make_error_code(errc::corrupt);
            }
            found.push_back({std::string{group_code}, day_at(row, 0),
                             static_cast<meeting_word>(word), day_at(row, 2)});
            return error_code{};
        })) {
        return failed;
    }
    return found;
}

result<outcome> make_staff_change(prepared_connection& db, const access::member_ref& who,
                                  const access::change& what, const access::pin_policy& policy,
                                  instant now) {
    UTHAN_ASSERT(access::is_by_staff(what));
    if (const auto* meeting = std::get_if<access::change_meeting>(&what)) {
        return change_meeting(db, who, meeting->what, now);
    }
    if (const auto* answer = std::get_if<access::answer_by_staff>(&what)) {
        return answer_request(db, who, *answer, now);
    }
    return reset_by_staff(db, who, std::get<access::reset_by_staff>(what), policy, now);
}

} // namespace uthan::db::sqlite
