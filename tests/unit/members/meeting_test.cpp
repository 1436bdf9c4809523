#include "members/meeting.hpp"

#include "members/days_off.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::members {
namespace {

using examples::day;
using examples::day_off;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

const std::vector<unsigned> friday{5};

meeting_rule mondays_at_ten() {
    meeting_rule rule;
    rule.weekday = 1;
    rule.time_of_day = hours{10};
    rule.place = {"রহিমার উঠান", "Rahima's yard"};
    return rule;
}

TEST(Meeting, TodaysMeetingCountsUntilItBegins) {
    const auto monday = day("2026-11-23");
    const auto at = [&](minutes now) {
        return next_meeting_of(mondays_at_ten(), {}, friday, monday, now)->on;
    };
    EXPECT_EQ(at(hours{8}), monday);
    EXPECT_EQ(at(hours{10}), monday);
    EXPECT_EQ(at(hours{10} + minutes{1}), monday + days{7});

    auto untimed = mondays_at_ten();
    untimed.time_of_day.reset();
    const auto late = next_meeting_of(untimed, {}, friday, monday, hours{23});
    ASSERT_TRUE(late);
    EXPECT_EQ(late->on, monday);
    EXPECT_FALSE(late->time_of_day);
}

TEST(Meeting, CarriesTimeAndPlace) {
    const auto next = next_meeting_of(mondays_at_ten(), {}, friday, day("2026-11-21"), hours{12});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->on, day("2026-11-23"));
    EXPECT_EQ(next->time_of_day, hours{10});
    EXPECT_EQ(next->place.en, "Rahima's yard");
    EXPECT_FALSE(next->cancelled_by_holiday);
}

TEST(Meeting, AHolidayCancelsAndTheNextRegularDayIsSaid) {
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-23")), day_off(day("2026-11-30"))};
    const auto next =
        next_meeting_of(mondays_at_ten(), calendar, friday, day("2026-11-20"), hours{9});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->on, day("2026-12-07"));
    EXPECT_EQ(next->cancelled_by_holiday, day("2026-11-23"));

    // A holiday behind us is not worth a word.
    const auto after =
        next_meeting_of(mondays_at_ten(), calendar, friday, day("2026-12-01"), hours{9});
    EXPECT_EQ(after->on, day("2026-12-07"));
    EXPECT_FALSE(after->cancelled_by_holiday);
}

TEST(Meeting, AHolidayRowsOwnRuleIsHeeded) {
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-23"), holiday_rule::none)};
    EXPECT_EQ(next_meeting_of(mondays_at_ten(), calendar, friday, day("2026-11-21"), hours{9})->on,
              day("2026-11-23"));

    // Wednesday 25 is off with the rule "next working day", Thursday off too, Friday the weekly
    // holiday: Saturday.
    auto wednesdays = mondays_at_ten();
    wednesdays.weekday = 3;
    calendar.holidays = {day_off(day("2026-11-25"), holiday_rule::next_working_day),
                         day_off(day("2026-11-26"))};
    const auto moved = next_meeting_of(wednesdays, calendar, friday, day("2026-11-25"), hours{18});
    EXPECT_EQ(moved->on, day("2026-11-28"));
    EXPECT_EQ(moved->cancelled_by_holiday, day("2026-11-25"));
    // Asked on the day between, the moved meeting is still ahead.
    const auto between =
        next_meeting_of(wednesdays, calendar, friday, day("2026-11-27"), hours{18});
    EXPECT_EQ(between->on, day("2026-11-28"));
    EXPECT_FALSE(between->cancelled_by_holiday);
    EXPECT_EQ(next_meeting_of(wednesdays, calendar, friday, day("2026-11-28"), hours{18})->on,
              day("2026-12-02"));
}

TEST(Meeting, AMeetingThatWouldMoveBehindTheNextOneIsLeftOut) {
    office_calendar eid;
    for (int i = 0; i < 9; ++i) {
        eid.holidays.push_back(day_off(day("2026-11-23") + days{i}));
    }
    eid.holidays[0].rule = holiday_rule::next_working_day;
    const auto next = next_meeting_of(mondays_at_ten(), eid, friday, day("2026-11-22"), hours{9});
    EXPECT_EQ(next->on, day("2026-12-07"));
    EXPECT_EQ(next->cancelled_by_holiday, day("2026-11-23"));
}

TEST(Meeting, FortnightlyGroupsKeepTheirRhythm) {
    auto rule = mondays_at_ten();
    rule.frequency = meeting_frequency::fortnightly;
    // The week of Monday 5 January 1970 is one of theirs: so is that of 23 November 2026, 2,968
    // weeks later.
    EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-11-17"), hours{9})->on,
              day("2026-11-23"));
    EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-11-24"), hours{9})->on,
              day("2026-12-07"));
    // Anchored the other way, also when the anchor lies ahead or far behind.
    for (const char* anchor : {"2026-11-30", "2031-12-22", "2020-12-07"}) {
        EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-11-17"), hours{9}, day(anchor))->on,
                  day("2026-11-30"))
            << anchor;
    }
    // An anchor on another weekday says nothing.
    EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-11-17"), hours{9}, day("2026-12-01"))->on,
              day("2026-11-23"));
}

TEST(Meeting, MonthlyGroupsMeetOnTheFirstSuchWeekday) {
    auto rule = mondays_at_ten();
    rule.frequency = meeting_frequency::monthly;
    EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-11-01"), hours{9})->on,
              day("2026-11-02"));
    EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-11-03"), hours{9})->on,
              day("2026-12-07"));
    EXPECT_EQ(next_meeting_of(rule, {}, friday, day("2026-12-31"), hours{9})->on,
              day("2027-01-04"));
}

TEST(Meeting, NothingIsSaidWhereNothingIsKnown) {
    auto rule = mondays_at_ten();
    rule.weekday = 0;
    EXPECT_FALSE(next_meeting_of(rule, {}, friday, day("2026-11-21"), hours{9}));
    rule.weekday = 8;
    EXPECT_FALSE(next_meeting_of(rule, {}, friday, day("2026-11-21"), hours{9}));

    office_calendar closed;
    for (int i = 0; i < 500; ++i) {
        closed.holidays.push_back(day_off(day("2026-11-01") + days{i}));
    }
    EXPECT_FALSE(next_meeting_of(mondays_at_ten(), closed, friday, day("2026-11-21"), hours{9}));

    auto facts = examples::facts_of(day("2026-11-20"), {});
    EXPECT_FALSE(next_meeting_of(facts, {}, day("2026-11-21"), hours{9}));
    facts.group_of.emplace();
    EXPECT_FALSE(next_meeting_of(facts, {}, day("2026-11-21"), hours{9}));
    facts.group_of->meeting = mondays_at_ten();
    EXPECT_EQ(next_meeting_of(facts, {}, day("2026-11-21"), hours{9})->on, day("2026-11-23"));
}

TEST(Meeting, AFortnightlyLoanAnchorsItsGroup) {
    auto fortnightly = examples::weekly_loan(day("2026-11-02"), 10, money::taka(100));
    fortnightly.period = repayment_period::fortnightly;
    auto facts = examples::facts_of(day("2026-11-20"), {fortnightly});
    facts.group_of.emplace().meeting = mondays_at_ten();
    facts.group_of->meeting->frequency = meeting_frequency::fortnightly;
    EXPECT_EQ(next_meeting_of(facts, {}, day("2026-11-21"), hours{9})->on, day("2026-11-30"));
}

TEST(Meeting, IsNeverPastNeverOnAHolidayAndNeverSkipsAFreeDay) {
    std::mt19937_64 random(1'971);
    for (int round = 0; round < 4'000; ++round) {
        meeting_rule rule;
        rule.weekday = 1 + static_cast<unsigned>(random() % 7);
        rule.frequency = static_cast<meeting_frequency>(random() % 3);
        if (random() % 3 != 0) {
            rule.time_of_day = minutes{random() % 1'440};
        }
        const calendar_day today = day("2026-01-01") + days{random() % 800};
        const minutes now{random() % 1'440};
        office_calendar calendar;
        calendar_day holiday_on = today - days{60};
        while (holiday_on < today + days{120}) {
            calendar.holidays.push_back(
                day_off(holiday_on, random() % 4 == 0
                                        ? std::optional{static_cast<holiday_rule>(random() % 4)}
                                        : std::nullopt));
            holiday_on += days{random() % 6};
        }
        const auto next = next_meeting_of(rule, calendar, friday, today, now);
        ASSERT_TRUE(next);
        ASSERT_GE(next->on, today);
        if (next->on == today && rule.time_of_day) {
            ASSERT_LE(now, *rule.time_of_day);
        }
        const auto off = holiday_rule_on(calendar, next->on, holiday_rule::carry_to_next);
        ASSERT_TRUE(!off || *off == holiday_rule::none);
        if (next->cancelled_by_holiday) {
            ASSERT_GE(*next->cancelled_by_holiday, today);
            ASSERT_LT(*next->cancelled_by_holiday, next->on);
            ASSERT_EQ(iso_weekday(*next->cancelled_by_holiday), rule.weekday);
        } else if (rule.frequency == meeting_frequency::weekly) {
            ASSERT_LE(next->on, today + days{7});
        }
    }
}

} // namespace
} // namespace uthan::members
