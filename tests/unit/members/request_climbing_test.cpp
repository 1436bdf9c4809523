#include "members/request.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using examples::day;
using examples::ladder_for;
using examples::opened;
using examples::today;

struct climbing {
    organisation_rules rules;
    std::vector<ladder_rung> ladder;
    office_calendar calendar;

    explicit climbing(escalation_way way = escalation_way::by_member)
        : rules(examples::request_rules_of(way)), ladder(ladder_for(rules)) {}

    climb on(const request& one, climber who, const char* iso) const {
        return escalate(one, who, rules, ladder, calendar, day(iso));
    }
};

TEST(Escalate, SheMayTheDayAfterTheDeadlineRungByRungToTheTop) {
    const climbing at;
    const request one = opened("other", at.rules); // until 25 November
    EXPECT_EQ(at.on(one, climber::member, "2026-11-22").kind, climb_kind::not_yet);
    EXPECT_EQ(at.on(one, climber::member, "2026-11-25").kind, climb_kind::not_yet);
    const climb first = at.on(one, climber::member, "2026-11-26");
    ASSERT_EQ(first.kind, climb_kind::moved);
    EXPECT_EQ(first.after.level, 1U);
    EXPECT_EQ(first.after.desk_office, "A1");
    EXPECT_EQ(to_iso(first.after.level_since), "2026-11-26");
    EXPECT_EQ(to_iso(first.after.deadline_on), "2026-12-02") << "five working days, a Friday off";
    EXPECT_EQ(first.after.first_level, 0U);
    EXPECT_EQ(first.after.opened_on, today);
    EXPECT_EQ(at.on(first.after, climber::member, "2026-11-26").kind, climb_kind::not_yet);
    const climb second = at.on(first.after, climber::member, "2026-12-03");
    ASSERT_EQ(second.kind, climb_kind::moved);
    EXPECT_EQ(second.after.level, 2U);
    const climb top = at.on(second.after, climber::member, "2027-12-03");
    EXPECT_EQ(top.kind, climb_kind::at_top);
    EXPECT_EQ(top.after.deadline_on, second.after.deadline_on);
}

TEST(Escalate, TheClockMovesOnlyWhereTheOrganisationSaysSo) {
    const climbing waits(escalation_way::by_member);
    const climbing moves(escalation_way::by_itself);
    const request one = opened("other", waits.rules);
    EXPECT_EQ(waits.on(one, climber::clock, "2026-11-26").kind, climb_kind::not_yet);
    EXPECT_EQ(moves.on(one, climber::clock, "2026-11-25").kind, climb_kind::not_yet);
    EXPECT_EQ(moves.on(one, climber::clock, "2026-11-26").kind, climb_kind::moved);
    EXPECT_EQ(moves.on(one, climber::member, "2026-11-26").kind, climb_kind::moved);
}

TEST(Escalate, AnAnswerThatDoesNotSatisfyOpensItOneRungUp) {
    const climbing at(escalation_way::by_itself);
    const request one = acted(opened("other", at.rules), request_action::answer, today).value();
    EXPECT_EQ(at.on(one, climber::member, "2026-11-22").kind, climb_kind::not_yet)
        << "not on the day on which it came to this rung";
    EXPECT_EQ(at.on(one, climber::clock, "2027-11-22").kind, climb_kind::finished);
    const climb up = at.on(one, climber::member, "2026-11-23");
    ASSERT_EQ(up.kind, climb_kind::moved);
    EXPECT_EQ(up.after.state, request_state::open);
    EXPECT_EQ(up.after.level, 1U);
    EXPECT_EQ(to_iso(up.after.state_on), "2026-11-23");
}

TEST(Escalate, WhatIsOverStays) {
    const climbing at(escalation_way::by_itself);
    for (const auto action : {request_action::close, request_action::withdraw}) {
        const request one = acted(opened("other", at.rules), action, today).value();
        EXPECT_EQ(at.on(one, climber::member, "2027-11-22").kind, climb_kind::finished);
        EXPECT_EQ(at.on(one, climber::clock, "2027-11-22").kind, climb_kind::finished);
    }
}

} // namespace
} // namespace uthan::members
