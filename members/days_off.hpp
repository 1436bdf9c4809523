#pragma once

#include "core/calendar.hpp"
#include "members/facts.hpp"

#include <optional>
#include <vector>

// Days on which an office does not collect. All functions take the calendar with its holidays
// sorted by day, as the ledger delivers it, and cost one binary search or one short scan.
namespace uthan::members {

/// What a holiday on `day` does to an instalment or a meeting; none when the day is no holiday.
/// The rule that a holiday row names itself wins over `fallback`; where several rows share the day
/// (an office's own and its head office's), the first that names one.
std::optional<holiday_rule> holiday_rule_on(const office_calendar& calendar, calendar_day day,
                                            holiday_rule fallback) noexcept;

/// The days between two, both excluded; as made, none.
struct open_days {
    calendar_day after{};
    calendar_day before{};
};

/// Around a day that is no holiday: from the holiday before it to the one after it.
open_days days_without_holiday(const office_calendar& calendar, calendar_day day) noexcept;

/// The first day after `day` that is neither a weekly holiday (ISO weekdays) nor a listed one. A
/// listed holiday whose own rule is `none` counts as a working day. At most days_off_max days are
/// searched; where all of them are off, the day after `day`.
calendar_day next_working_day(const office_calendar& calendar,
                              const std::vector<unsigned>& weekly_holidays,
                              calendar_day day) noexcept;

/// The `count`-th working day after `day`, by next_working_day; `day` itself for 0.
calendar_day working_days_after(const office_calendar& calendar,
                                const std::vector<unsigned>& weekly_holidays, calendar_day day,
                                unsigned count) noexcept;

/// The last day of the moratorium that covers `day`; of several, the latest end.
std::optional<calendar_day> paused_until(const office_calendar& calendar,
                                         calendar_day day) noexcept;

inline constexpr int days_off_max = 400;

} // namespace uthan::members
