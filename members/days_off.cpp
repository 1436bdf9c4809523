#include "members/days_off.hpp"

#include <algorithm>

namespace uthan::members {
namespace {

bool is_weekly_holiday(const std::vector<unsigned>& weekly_holidays, calendar_day day) noexcept {
    return std::find(weekly_holidays.begin(), weekly_holidays.end(), iso_weekday(day)) !=
           weekly_holidays.end();
}

bool is_working_day(const office_calendar& calendar, const std::vector<unsigned>& weekly_holidays,
                    calendar_day day) noexcept {
    if (is_weekly_holiday(weekly_holidays, day)) {
        return false;
    }
    // Any fallback but `none` makes a row without its own rule a day off.
    const auto rule = holiday_rule_on(calendar, day, holiday_rule::carry_to_next);
    return !rule || *rule == holiday_rule::none;
}

} // namespace

std::optional<holiday_rule> holiday_rule_on(const office_calendar& calendar, calendar_day day,
                                            holiday_rule fallback) noexcept {
    auto row = std::lower_bound(calendar.holidays.begin(), calendar.holidays.end(), day,
                                [](const holiday& h, calendar_day d) { return h.day < d; });
    if (row == calendar.holidays.end() || row->day != day) {
        return std::nullopt;
    }
    for (; row != calendar.holidays.end() && row->day == day; ++row) {
        if (row->rule) {
            return row->rule;
        }
    }
    return fallback;
}

open_days days_without_holiday(const office_calendar& calendar, calendar_day day) noexcept {
    const auto after = std::lower_bound(calendar.holidays.begin(), calendar.holidays.end(), day,
                                        [](const holiday& h, calendar_day d) { return h.day < d; });
    open_days around{calendar_day::min(), calendar_day::max()};
    if (after != calendar.holidays.begin()) {
        around.after = std::prev(after)->day;
    }
    if (after != calendar.holidays.end()) {
        around.before = after->day;
    }
    return around;
}

calendar_day next_working_day(const office_calendar& calendar,
                              const std::vector<unsigned>& weekly_holidays,
                              calendar_day day) noexcept {
    for (int ahead = 1; ahead <= days_off_max; ++ahead) {
        const calendar_day candidate = day + std::chrono::days{ahead};
        if (is_working_day(calendar, weekly_holidays, candidate)) {
            return candidate;
        }
    }
    return day + std::chrono::days{1};
}

calendar_day working_days_after(const office_calendar& calendar,
                                const std::vector<unsigned>& weekly_holidays, calendar_day day,
                                unsigned count) noexcept {
    for (unsigned i = 0; i < count; ++i) {
        day = next_working_day(calendar, weekly_holidays, day);
    }
    return day;
}

std::optional<calendar_day> paused_until(const office_calendar& calendar,
                                         calendar_day day) noexcept {
    std::optional<calendar_day> until;
    for (const moratorium& pause : calendar.moratoria) {
        if (pause.from <= day && day <= pause.to && (!until || pause.to > *until)) {
            until = pause.to;
        }
    }
    return until;
}

} // namespace uthan::members
