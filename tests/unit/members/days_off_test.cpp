#include "members/days_off.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using examples::day;
using examples::day_off;

TEST(DaysOff, TheFirstRowThatNamesARuleDecides) {
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-12-15")), day_off(day("2026-12-16")),
                         day_off(day("2026-12-16"), holiday_rule::shift_all),
                         day_off(day("2026-12-16"), holiday_rule::none)};
    const auto fallback = holiday_rule::next_working_day;
    EXPECT_EQ(holiday_rule_on(calendar, day("2026-12-15"), fallback), fallback);
    EXPECT_EQ(holiday_rule_on(calendar, day("2026-12-16"), fallback), holiday_rule::shift_all);
    EXPECT_FALSE(holiday_rule_on(calendar, day("2026-12-14"), fallback));
    EXPECT_FALSE(holiday_rule_on(calendar, day("2026-12-17"), fallback));
    EXPECT_FALSE(holiday_rule_on({}, day("2026-12-17"), fallback));
}

TEST(DaysOff, TheNextWorkingDayIsNeitherWeeklyNorListedHoliday) {
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-12-16")), day_off(day("2026-12-17")),
                         day_off(day("2026-12-19"), holiday_rule::none)};
    // Wednesday 16 and Thursday 17 are off, Friday is the weekly holiday, Saturday 19 counts.
    EXPECT_EQ(next_working_day(calendar, {5}, day("2026-12-15")), day("2026-12-19"));
    EXPECT_EQ(next_working_day(calendar, {5, 6}, day("2026-12-15")), day("2026-12-20"));
    EXPECT_EQ(next_working_day(calendar, {}, day("2026-12-20")), day("2026-12-21"));
    // Where no day is a working day, the search ends all the same.
    EXPECT_EQ(next_working_day({}, {1, 2, 3, 4, 5, 6, 7}, day("2026-12-20")), day("2026-12-21"));
}

TEST(DaysOff, WorkingDaysAreCountedFromTheDayAfter) {
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-12-16"))};
    struct row {
        unsigned count;
        const char* expected;
    };
    const row rows[] = {{0, "2026-12-15"}, {1, "2026-12-17"}, {2, "2026-12-19"},
                        {3, "2026-12-20"}, {8, "2026-12-26"}, {365, "2028-02-15"}};
    for (const row& r : rows) {
        EXPECT_EQ(to_iso(working_days_after(calendar, {5}, day("2026-12-15"), r.count)), r.expected)
            << r.count;
    }
}

TEST(DaysOff, OverlappingMoratoriaEndWithTheLatest) {
    office_calendar calendar;
    calendar.moratoria = {{"", day("2026-06-01"), day("2026-06-30"), "flood"},
                          {"", day("2026-06-10"), day("2026-07-31"), "flood"},
                          {"", day("2026-06-15"), day("2026-06-20"), "flood"}};
    EXPECT_EQ(paused_until(calendar, day("2026-06-01")), day("2026-06-30"));
    EXPECT_EQ(paused_until(calendar, day("2026-06-16")), day("2026-07-31"));
    EXPECT_EQ(paused_until(calendar, day("2026-07-31")), day("2026-07-31"));
    EXPECT_FALSE(paused_until(calendar, day("2026-05-31")));
    EXPECT_FALSE(paused_until(calendar, day("2026-08-01")));
}

} // namespace
} // namespace uthan::members
