#include "members/collection.hpp"
#include "members/meeting.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using std::chrono::days;

calendar_day day(const char* iso) {
    return parse_day(iso).value();
}

/// Tuesdays; 24 November 2026 is one, and `today` is the Saturday before.
class MeetingChanges : public testing::Test {
protected:
    std::optional<next_meeting> next(const std::vector<meeting_change>& changes,
                                     calendar_day on = day("2026-11-21")) const {
        return next_meeting_of(rule_, calendar_, {5}, on, std::chrono::minutes{720}, {}, changes);
    }
    static meeting_change word(meeting_word said, const char* to) {
        return {"G1", day("2026-11-24"), said, day(to)};
    }

    meeting_rule rule_{2, std::chrono::minutes{600}, {}, meeting_frequency::weekly};
    office_calendar calendar_;
};

TEST_F(MeetingChanges, AWordWinsOverThePlanOfItsDayAlone) {
    struct case_ {
        const char* label;
        std::vector<meeting_change> said;
        const char* today;
        const char* on;
        bool moved;
        bool cancelled;
    };
    const case_ cases[]{
        {"as planned", {}, "2026-11-21", "2026-11-24", false, false},
        {"later",
         {word(meeting_word::moved, "2026-11-25")},
         "2026-11-21",
         "2026-11-25",
         true,
         false},
        {"earlier",
         {word(meeting_word::moved, "2026-11-22")},
         "2026-11-21",
         "2026-11-22",
         true,
         false},
        {"earlier and over",
         {word(meeting_word::moved, "2026-11-22")},
         "2026-11-23",
         "2026-12-01",
         false,
         false},
        {"later, and the plan's day is over",
         {word(meeting_word::moved, "2026-11-26")},
         "2026-11-25",
         "2026-11-26",
         true,
         false},
        {"cancelled",
         {word(meeting_word::cancelled, "2026-11-24")},
         "2026-11-21",
         "2026-12-01",
         false,
         true},
        {"cancelled and past",
         {word(meeting_word::cancelled, "2026-11-24")},
         "2026-11-25",
         "2026-12-01",
         false,
         false},
        {"taken back",
         {word(meeting_word::as_planned, "2026-11-24")},
         "2026-11-21",
         "2026-11-24",
         false,
         false},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        const auto found = next(c.said, day(c.today));
        ASSERT_TRUE(found.has_value());
        EXPECT_EQ(found->on, day(c.on));
        EXPECT_EQ(found->moved, c.moved);
        EXPECT_EQ(found->cancelled_by_staff.has_value(), c.cancelled);
    }
}

TEST_F(MeetingChanges, AMovedMeetingIsHeldOnAHolidayOfItsPlan) {
    calendar_.holidays.push_back({"", day("2026-11-24"), {}, std::nullopt});
    EXPECT_EQ(next({})->on, day("2026-12-01"));
    const auto found = next({word(meeting_word::moved, "2026-11-23")});
    EXPECT_EQ(found->on, day("2026-11-23"));
    EXPECT_FALSE(found->cancelled_by_holiday.has_value());
}

TEST_F(MeetingChanges, ItMayMoveToWorkingDaysBeforeTheFollowingOne) {
    calendar_.holidays.push_back({"", day("2026-11-25"), {}, std::nullopt});
    const auto found = days_to_move(*next({}), calendar_, {5}, day("2026-11-21"));
    const std::vector<calendar_day> expected{day("2026-11-22"), day("2026-11-23"),
                                             day("2026-11-26"), day("2026-11-28"),
                                             day("2026-11-29"), day("2026-11-30")};
    EXPECT_EQ(found, expected);
}

TEST_F(MeetingChanges, AMonthlyMeetingHasABoundedChoice) {
    rule_.frequency = meeting_frequency::monthly;
    EXPECT_EQ(days_to_move(*next({}), calendar_, {5}, day("2026-11-21")).size(), days_to_move_max);
}

TEST(Collection, CountsWhatIsOpenOnTheDayAndWhatIsCarriedToIt) {
    auto facts = std::make_shared<member_facts>();
    auto calendar = std::make_shared<office_calendar>();
    calendar->holidays.push_back({"", day("2026-11-17"), {}, std::nullopt});
    facts->calendar = calendar;
    facts->who.code = "M1";
    loan one;
    one.principal = money::taka(300);
    for (unsigned i = 0; i < 3; ++i) {
        instalment row;
        row.seq = i + 1;
        row.due_on = day("2026-11-17") + days{7 * i};
        row.total_due = money::taka(100);
        row.paid = i == 1 ? money::taka(40) : money{};
        one.schedule.push_back(row);
    }
    facts->loans.push_back(one);
    const organisation_rules rules;
    EXPECT_EQ(due_on(*facts, rules, day("2026-11-17")), money{});
    EXPECT_EQ(due_on(*facts, rules, day("2026-11-24")), money::taka(160));
    EXPECT_EQ(due_on(*facts, rules, day("2026-11-25")), money{});
    const auto all =
        collection_of({}, {}, {facts, facts}, rules, day("2026-11-24"), day("2026-11-23"));
    EXPECT_EQ(all.rows.size(), 2U);
    EXPECT_EQ(all.total, money::taka(320));
    facts->loans.front().status = loan_status::closed;
    EXPECT_EQ(due_on(*facts, rules, day("2026-11-24")), money{});
}

} // namespace
} // namespace uthan::members
