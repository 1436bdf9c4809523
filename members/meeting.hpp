#pragma once

#include "core/calendar.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace uthan::members {

/// The next time that a group meets.
struct next_meeting {
    calendar_day on{};
    /// The regular day before it, today or later, on which there is no meeting because of a
    /// holiday.
    std::optional<calendar_day> cancelled_by_holiday;
    std::optional<std::chrono::minutes> time_of_day;
    label place;
};

/// The next meeting that has not begun at (today, now); a meeting without a known time counts for
/// its whole day. Regular days:
/// - weekly: every such weekday;
/// - fortnightly: every second one, counted from `anchor` when it is given and on that weekday,
///   else from the week of Monday 5 January 1970 (the same for every member, without a seam at the
///   turn of the year);
/// - monthly: the first such weekday of the month.
/// A regular day that is a listed holiday is left out, unless the holiday's own rule is `none` (the
/// meeting is held) or `next_working_day` (it is held then, if that is before the next regular
/// day). Weekly holidays leave nothing out: the group chose its day. Moratoria suspend collection,
/// not meetings. None when the rule's weekday is not 1 … 7 or no day is free within a year.
std::optional<next_meeting> next_meeting_of(const meeting_rule& rule,
                                            const office_calendar& calendar,
                                            const std::vector<unsigned>& weekly_holidays,
                                            calendar_day today, std::chrono::minutes now,
                                            std::optional<calendar_day> anchor = std::nullopt);

/// Her group's; none when she has no group or it has no meeting day. A fortnightly group is
/// anchored by her own fortnightly loan's first instalment, if that is on the meeting day.
std::optional<next_meeting> next_meeting_of(const member_facts& facts,
                                            const organisation_rules& rules, calendar_day today,
                                            std::chrono::minutes now);

} // namespace uthan::members
