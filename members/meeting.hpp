#pragma once

#include "core/calendar.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace uthan::members {

/// What her officer said of one meeting. Stored by number: never renumber.
enum class meeting_word : std::uint8_t {
    moved,
    cancelled,
    as_planned ///< an earlier word is taken back
};

struct meeting_change {
    std::string group_code;
    calendar_day regular_on{}; ///< the regular day of the meeting that is meant
    meeting_word word = meeting_word::moved;
    calendar_day new_on{}; ///< of a moved one; else regular_on
    bool operator==(const meeting_change&) const = default;
};

/// The next time that a group meets.
struct next_meeting {
    calendar_day on{};
    calendar_day regular_on{};   ///< the regular day that it stands for
    calendar_day following_on{}; ///< the regular day behind that one
    bool moved = false;          ///< by staff: `on` is not the planned day
    /// The first regular day before it, today or later, on which staff cancelled the meeting.
    std::optional<calendar_day> cancelled_by_staff;
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
/// not meetings. A change of staff wins over the plan of its regular day; `changes` are of this
/// group, one for a day. None when the rule's weekday is not 1 … 7 or no day is free within a year.
std::optional<next_meeting> next_meeting_of(const meeting_rule& rule,
                                            const office_calendar& calendar,
                                            const std::vector<unsigned>& weekly_holidays,
                                            calendar_day today, std::chrono::minutes now,
                                            std::optional<calendar_day> anchor = std::nullopt,
                                            std::span<const meeting_change> changes = {});

/// Her group's; none when she has no group or it has no meeting day. A fortnightly group is
/// anchored by her own fortnightly loan's first instalment, if that is on the meeting day.
std::optional<next_meeting> next_meeting_of(const member_facts& facts,
                                            const organisation_rules& rules, calendar_day today,
                                            std::chrono::minutes now,
                                            std::span<const meeting_change> changes = {});

inline constexpr std::size_t days_to_move_max = 8;

/// The days that a meeting may be moved to, the nearest first: from tomorrow to the day before the
/// following regular one, without the day it is on, weekly holidays and listed ones; at most
/// days_to_move_max.
std::vector<calendar_day> days_to_move(const next_meeting& meeting, const office_calendar& calendar,
                                       const std::vector<unsigned>& weekly_holidays,
                                       calendar_day today);

} // namespace uthan::members
