#include "members/request.hpp"

#include "members/days_off.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace uthan::members {
namespace {

using examples::day;
using examples::ladder_for;
using examples::member_of;
using examples::officer_of;
using std::chrono::days;

const calendar_day today = day("2026-11-22"); // a Sunday; Fridays are off

unsigned below(std::mt19937& random, std::size_t limit) {
    return static_cast<unsigned>(random() % limit);
}

request_form complaint(const char* category) {
    return {request_kind::complaint, category, reach_way::call_morning, {}};
}

opening opened_with(const request_form& form, const member_facts& facts,
                    const organisation_rules& rules, const std::vector<request>& hers = {},
                    calendar_day on = today) {
    return open_request(form, facts, rules, ladder_for(rules), hers, instant{on}, on);
}

request opened(const char* category, const organisation_rules& rules, std::uint64_t number = 1,
               calendar_day on = today) {
    request made =
        opened_with(complaint(category), member_of(officer_of("S1", "B1")), rules, {}, on).made;
    made.number = number;
    return made;
}

TEST(OpenRequest, StartsAtHerOfficeOrPastTheAccused) {
    struct row {
        const char* category;
        unsigned level;
        const char* desk;
        const char* accused;
        const char* deadline; // 3 working days at the branch, 5 at the area; Friday the 27th is off
    };
    const row rows[] = {
        {"deposit_missing", 0, "B1", "", "2026-11-25"},
        {"loan_late", 0, "B1", "", "2026-11-25"},
        {"other", 0, "B1", "", "2026-11-25"},
        {"asked_for_money", 1, "A1", "S1", "2026-11-28"},
        {"bad_behaviour", 1, "A1", "S1", "2026-11-28"},
    };
    const auto rules = examples::request_rules_of();
    for (const row& r : rows) {
        SCOPED_TRACE(r.category);
        const auto answer =
            opened_with(complaint(r.category), member_of(officer_of("S1", "B1")), rules);
        ASSERT_EQ(answer.kind, opening_kind::opened);
        EXPECT_EQ(answer.made.level, r.level);
        EXPECT_EQ(answer.made.first_level, r.level);
        EXPECT_EQ(answer.made.desk_office, r.desk);
        EXPECT_EQ(answer.made.accused_code, r.accused);
        EXPECT_EQ(answer.made.about_staff, r.level == 1);
        EXPECT_EQ(to_iso(answer.made.deadline_on), r.deadline);
        EXPECT_EQ(answer.made.category, r.category);
        EXPECT_EQ(answer.made.member_code, "M1");
        EXPECT_EQ(answer.made.group_code, "G1");
        EXPECT_EQ(answer.made.office_code, "B1");
        EXPECT_EQ(answer.made.opened_on, today);
        EXPECT_EQ(answer.made.state, request_state::open);
    }
}

TEST(OpenRequest, AnOrganisationMaySendFurtherCategoriesPastTheOfficer) {
    auto rules = examples::request_rules_of();
    rules.requests.categories[0].about_staff = true;
    EXPECT_EQ(opened("deposit_missing", rules).level, 1U);
}

TEST(OpenRequest, TheAccusedsOwnRungsAreAllPassed) {
    auto rules = examples::request_rules_of();
    // Branch manager at rung 1, area at rung 2, head office at rung 3.
    rules.requests.ladder = {{0, 3, {}, {}, {}},
                             {1, 3, {}, office_level::branch, {"manager"}},
                             {2, 5, {}, office_level::area, {}},
                             {3, 7, {}, office_level::head, {}}};
    struct row {
        const char* office;
        const char* role;
        unsigned level;
    };
    const row rows[] = {
        {"B1", "field_officer", 1}, {"B1", "manager", 2},       {"A1", "field_officer", 3},
        {"HO", "director", 3},      {"B9", "field_officer", 1}, {"", "", 1},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(std::string(r.office) + " " + r.role);
        staff officer = officer_of("S1", r.office);
        officer.role = r.role;
        const auto answer = opened_with(complaint("bad_behaviour"), member_of(officer), rules);
        EXPECT_EQ(answer.made.level, r.level);
        EXPECT_FALSE(may_see(answer.made, officer));
    }
}

TEST(OpenRequest, WithoutAKnownOfficerItGoesToAnotherOffice) {
    auto rules = examples::request_rules_of();
    rules.requests.ladder = {{0, 3, {}, {}, {}},
                             {1, 3, {}, office_level::branch, {}},
                             {2, 5, {}, office_level::area, {}}};
    const auto answer = opened_with(complaint("asked_for_money"), member_of(std::nullopt), rules);
    ASSERT_EQ(answer.kind, opening_kind::opened);
    EXPECT_EQ(answer.made.level, 2U);
    EXPECT_EQ(answer.made.accused_code, "");
    EXPECT_FALSE(may_see(answer.made, officer_of("S1", "B1"))) << "he may be the one";
    EXPECT_TRUE(may_see(answer.made, officer_of("S2", "A1")));
}

TEST(OpenRequest, WithNobodyAboveItStaysInTheOfficeOutOfTheAccusedsSight) {
    auto rules = examples::request_rules_of();
    rules.requests.ladder.clear();
    const auto answer =
        opened_with(complaint("bad_behaviour"), member_of(officer_of("S1", "B1")), rules);
    ASSERT_EQ(answer.kind, opening_kind::opened);
    EXPECT_EQ(answer.made.level, 0U);
    EXPECT_FALSE(may_see(answer.made, officer_of("S1", "B1")));
    EXPECT_TRUE(may_see(answer.made, officer_of("S2", "B1")));

    const auto none = open_request(complaint("other"), member_of(std::nullopt), rules, {}, {},
                                   instant{today}, today);
    ASSERT_EQ(none.kind, opening_kind::opened) << "an organisation that is not known yet";
    EXPECT_EQ(none.made.desk_office, "B1");
    EXPECT_GT(none.made.deadline_on, today);
}

TEST(OpenRequest, OnlyWhatIsConfiguredIsOffered) {
    const auto facts = member_of(officer_of("S1", "B1"));
    const auto rules = examples::request_rules_of();
    EXPECT_EQ(opened_with(complaint("other"), facts, organisation_rules{}).kind,
              opening_kind::not_offered);
    EXPECT_EQ(opened_with(complaint("weather"), facts, rules).kind, opening_kind::not_offered);
    EXPECT_EQ(opened_with(complaint(""), facts, rules).kind, opening_kind::not_offered);
    EXPECT_EQ(opened_with({request_kind::call_me, "other", reach_way::sms, {}}, facts, rules).kind,
              opening_kind::not_offered);
    EXPECT_EQ(opened_with({request_kind::call_me, "", reach_way::sms, {}}, facts, rules).kind,
              opening_kind::opened);
    auto without = rules;
    without.requests.offered.clear();
    for (const auto kind :
         {request_kind::call_me, request_kind::refund_emergency, request_kind::refund_exit}) {
        EXPECT_EQ(opened_with({kind, "", reach_way::sms, {}}, facts, without).kind,
                  opening_kind::not_offered);
    }
}

TEST(OpenRequest, NobodyIsMetWhereTheAccusedIs) {
    const auto facts = member_of(officer_of("S1", "B1"));
    const auto rules = examples::request_rules_of();
    request_form form = complaint("bad_behaviour");
    form.reach = reach_way::at_meeting;
    EXPECT_EQ(opened_with(form, facts, rules).kind, opening_kind::not_offered);
    form.reach = reach_way::none;
    EXPECT_EQ(opened_with(form, facts, rules).kind, opening_kind::opened);
    form = complaint("other");
    form.reach = reach_way::at_meeting;
    EXPECT_EQ(opened_with(form, facts, rules).kind, opening_kind::opened);
}

TEST(OpenRequest, ACallHasItsOwnDaysAndOnlyARefundItsAmount) {
    const auto facts = member_of(officer_of("S1", "B1"));
    const auto rules = examples::request_rules_of();
    const auto call = opened_with(
        {request_kind::call_me, "", reach_way::call_morning, money::taka(5)}, facts, rules);
    EXPECT_EQ(to_iso(call.made.deadline_on), "2026-11-23");
    EXPECT_FALSE(call.made.amount);
    const auto refund = opened_with(
        {request_kind::refund_emergency, "", reach_way::at_office, money::taka(500)}, facts, rules);
    EXPECT_EQ(to_iso(refund.made.deadline_on), "2026-11-25");
    EXPECT_EQ(refund.made.amount, money::taka(500));
}

TEST(OpenRequest, OnlyTheSavingsOfOneWhoLeftMayStillBeAskedFor) {
    const auto rules = examples::request_rules_of();
    struct row {
        member_status status;
        request_kind kind;
        opening_kind expected;
    };
    const row rows[] = {
        {member_status::active, request_kind::refund_exit, opening_kind::opened},
        {member_status::dropout, request_kind::refund_exit, opening_kind::opened},
        {member_status::dropout, request_kind::refund_emergency, opening_kind::not_member},
        {member_status::dropout, request_kind::call_me, opening_kind::not_member},
        {member_status::closed, request_kind::refund_exit, opening_kind::not_member},
        {member_status::closed, request_kind::call_me, opening_kind::not_member},
    };
    for (const row& r : rows) {
        auto facts = member_of(officer_of("S1", "B1"));
        facts.who.status = r.status;
        EXPECT_EQ(opened_with({r.kind, "", reach_way::sms, {}}, facts, rules).kind, r.expected);
    }
}

TEST(OpenRequest, OneThatSheHasIsShownInPlaceOfASecond) {
    const auto facts = member_of(officer_of("S1", "B1"));
    const auto rules = examples::request_rules_of();
    struct row {
        request_state state;
        int days_ago; // of its last change
        opening_kind expected;
    };
    const row rows[] = {
        {request_state::open, 0, opening_kind::already},
        {request_state::open, 400, opening_kind::already},
        {request_state::answered, 400, opening_kind::already},
        {request_state::closed, 0, opening_kind::already},
        {request_state::closed, 6, opening_kind::already},
        {request_state::closed, 7, opening_kind::opened},
        {request_state::withdrawn, 0, opening_kind::opened},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.days_ago);
        request before = opened("other", rules, 123, today - days{r.days_ago});
        before.state = r.state;
        before.state_on = today - days{r.days_ago};
        const auto again = opened_with(complaint("other"), facts, rules, {before});
        EXPECT_EQ(again.kind, r.expected);
        EXPECT_EQ(again.existing, r.expected == opening_kind::already ? 123U : 0U);
        const auto another = opened_with(complaint("loan_late"), facts, rules, {before});
        EXPECT_EQ(another.kind, opening_kind::opened);
    }
}

TEST(OpenRequest, ThreeUnfinishedOnesOrTenInAMonthAreEnough) {
    const auto facts = member_of(officer_of("S1", "B1"));
    const auto rules = examples::request_rules_of();
    std::vector<request> hers{opened("deposit_missing", rules, 7), opened("other", rules, 9)};
    EXPECT_EQ(opened_with(complaint("loan_late"), facts, rules, hers).kind, opening_kind::opened);
    hers.push_back(opened("bad_behaviour", rules, 8));
    const auto third = opened_with(complaint("loan_late"), facts, rules, hers);
    EXPECT_EQ(third.kind, opening_kind::too_many);
    EXPECT_EQ(third.existing, 9U);

    std::vector<request> withdrawn(10, opened("other", rules, 1, today - days{29}));
    for (request& one : withdrawn) {
        one.state = request_state::withdrawn;
    }
    EXPECT_EQ(opened_with(complaint("other"), facts, rules, withdrawn).kind,
              opening_kind::too_many);
    withdrawn.back().opened_on = today - days{30};
    EXPECT_EQ(opened_with(complaint("other"), facts, rules, withdrawn).kind, opening_kind::opened);
}

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

TEST(Acted, EachActionHasItsStates) {
    const auto rules = examples::request_rules_of();
    struct row {
        request_state from;
        request_action action;
        std::optional<request_state> to;
    };
    using s = request_state;
    using a = request_action;
    const row rows[] = {
        {s::open, a::answer, s::answered},    {s::open, a::close, s::closed},
        {s::open, a::withdraw, s::withdrawn}, {s::answered, a::answer, {}},
        {s::answered, a::close, s::closed},   {s::answered, a::withdraw, s::withdrawn},
        {s::closed, a::answer, {}},           {s::closed, a::close, {}},
        {s::closed, a::withdraw, {}},         {s::withdrawn, a::answer, {}},
        {s::withdrawn, a::close, {}},         {s::withdrawn, a::withdraw, {}},
    };
    for (const row& r : rows) {
        request one = opened("other", rules);
        one.state = r.from;
        const auto after = acted(one, r.action, today + days{3});
        ASSERT_EQ(after.has_value(), r.to.has_value());
        if (after) {
            EXPECT_EQ(after->state, *r.to);
            EXPECT_EQ(after->state_on, today + days{3});
            EXPECT_EQ(after->deadline_on, one.deadline_on);
        }
    }
}

TEST(MaySee, NeverTheAccusedHisColleaguesOrOneWhoLeft) {
    const auto rules = examples::request_rules_of();
    const request accusing = opened("asked_for_money", rules);
    const request ordinary = opened("other", rules);
    struct row {
        const char* code;
        const char* office;
        bool active;
        bool sees_accusing;
        bool sees_ordinary;
    };
    const row rows[] = {
        {"S1", "B1", true, false, true},   {"S1", "A1", true, false, true}, // transferred since
        {"S1", "HO", true, false, true},   {"S2", "B1", true, false, true},
        {"S2", "A1", true, true, true},    {"S2", "HO", true, true, true},
        {"S2", "A1", false, false, false},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(std::string(r.code) + " " + r.office);
        staff who = officer_of(r.code, r.office);
        who.active = r.active;
        EXPECT_EQ(may_see(accusing, who), r.sees_accusing);
        EXPECT_EQ(may_see(ordinary, who), r.sees_ordinary);
    }
}

TEST(WaitsFor, TheOfficeAndRoleOfTheRungWhoseTurnItIs) {
    auto rules = examples::request_rules_of();
    rules.requests.ladder[1].roles = {"area_manager", "deputy"};
    const auto ladder = ladder_for(rules);
    request one = opened("bad_behaviour", rules);
    staff manager = officer_of("S5", "A1");
    EXPECT_FALSE(waits_for(one, manager, ladder)) << "another role of that office";
    manager.role = "deputy";
    EXPECT_TRUE(waits_for(one, manager, ladder));
    manager.office_code = "HO";
    EXPECT_FALSE(waits_for(one, manager, ladder));
    manager.office_code = "A1";
    one.accused_code = "S5";
    EXPECT_FALSE(waits_for(one, manager, ladder));
    one.accused_code = "S1";
    one.state = request_state::answered;
    EXPECT_FALSE(waits_for(one, manager, ladder));

    const request ordinary = opened("other", rules);
    EXPECT_TRUE(waits_for(ordinary, officer_of("S1", "B1"), ladder));
    EXPECT_FALSE(waits_for(ordinary, officer_of("S1", "B1"), {}));
}

TEST(Responsible, ALadderThatChangedStillHasSomebody) {
    const auto rules = examples::request_rules_of();
    const auto ladder = ladder_for(rules);
    request one = opened("other", rules);
    one.level = 1;
    const std::vector<ladder_rung> without_middle{ladder[0], ladder[2]};
    const std::vector<ladder_rung> lowest{ladder[0]};
    EXPECT_EQ(responsible(one, ladder), &ladder[1]);
    EXPECT_EQ(responsible(one, without_middle)->level, 2U);
    EXPECT_EQ(responsible(one, lowest)->level, 0U);
    one.first_level = 1;
    EXPECT_EQ(responsible(one, lowest), nullptr) << "never back to the accused";
    EXPECT_EQ(responsible(one, {}), nullptr);
}

TEST(StatusOf, SaysWhoUntilWhenAndWhetherSheMayGoUp) {
    const auto rules = examples::request_rules_of();
    const auto ladder = ladder_for(rules);
    struct row {
        request_state state;
        unsigned level;
        int after_deadline;
        status_text text;
        bool may_escalate;
    };
    using s = request_state;
    using t = status_text;
    const row rows[] = {
        {s::open, 0, 0, t::waiting, false},
        {s::open, 0, 1, t::late, true},
        {s::open, 1, 9, t::late, true},
        {s::open, 2, 0, t::waiting, false},
        {s::open, 2, 1, t::late_at_top, false},
        {s::answered, 1, 0, t::answered, true},
        {s::answered, 2, 9, t::answered, false},
        {s::closed, 0, 9, t::closed, false},
        {s::withdrawn, 0, 9, t::withdrawn, false},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(static_cast<int>(r.text));
        request one = opened("other", rules, 4711);
        one.state = r.state;
        one.level = r.level;
        const auto said = status_of(one, rules, ladder, one.deadline_on + days{r.after_deadline});
        EXPECT_EQ(said.text, r.text);
        EXPECT_EQ(said.may_escalate, r.may_escalate);
        EXPECT_EQ(said.number, 4711U);
        EXPECT_EQ(said.level, r.level);
        EXPECT_EQ(said.office.en, ladder[r.level].name.en);
        EXPECT_EQ(said.phone, ladder[r.level].phone);
        EXPECT_EQ(said.deadline_on, one.deadline_on);
    }
    EXPECT_EQ(status_of(opened("other", rules), rules, {}, today).office.bn, "");
}

TEST(SortWorkList, OverdueFirstThenByDeadlineAndTheFinishedLast) {
    const auto rules = examples::request_rules_of();
    const auto at = [&](std::uint64_t number, int deadline, unsigned level, request_state state) {
        request made = opened("other", rules, number);
        made.deadline_on = today + days{deadline};
        made.level = level;
        made.state = state;
        made.state_on = today - days{static_cast<int>(number)};
        return made;
    };
    using s = request_state;
    std::vector<request> list{
        at(1, -9, 0, s::closed), at(2, 5, 0, s::open),     at(3, 0, 0, s::open),
        at(4, -1, 0, s::open),   at(5, -8, 0, s::open),    at(6, 0, 2, s::open),
        at(7, 0, 2, s::open),    at(8, 0, 0, s::answered),
    };
    const std::vector<std::uint64_t> expected{5, 4, 6, 7, 3, 2, 1, 8};
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        std::shuffle(list.begin(), list.end(), random);
        sort_work_list(list, today);
        std::vector<std::uint64_t> numbers;
        numbers.reserve(list.size());
        for (const request& one : list) {
            numbers.push_back(one.number);
        }
        ASSERT_EQ(numbers, expected);
    }
}

// A second, slow reading: a desk calendar that crosses out a day at a time.
class desk {
public:
    desk(std::set<calendar_day> holidays, std::vector<int> days_by_rung, bool climbs_itself)
        : holidays_(std::move(holidays)), days_by_rung_(std::move(days_by_rung)),
          climbs_itself_(climbs_itself) {}

    std::size_t rung = 0;
    int working_days_left = 0;
    bool has_moved_today = false;
    bool is_answered = false;

    void receive(std::size_t first) {
        rung = first;
        working_days_left = days_by_rung_[first];
        has_moved_today = true;
        is_answered = false;
    }

    /// The next morning. `is_late` is yesterday's count at zero with yesterday over.
    void begin(calendar_day on) {
        is_late_ = working_days_left == 0;
        has_moved_today = false;
        const bool is_friday = iso_weekday(on) == 5;
        if (working_days_left > 0 && !is_friday && holidays_.count(on) == 0) {
            --working_days_left;
        }
    }

    bool press() { return !has_moved_today && (is_late_ || is_answered) && move(); }
    bool tick() { return climbs_itself_ && !has_moved_today && is_late_ && !is_answered && move(); }

private:
    bool move() {
        if (rung + 1 == days_by_rung_.size()) {
            return false;
        }
        receive(rung + 1);
        is_late_ = false;
        return true;
    }

    std::set<calendar_day> holidays_;
    std::vector<int> days_by_rung_;
    bool climbs_itself_;
    bool is_late_ = false;
};

struct life {
    organisation_rules rules;
    office_calendar calendar;
    std::set<calendar_day> holidays;
    std::vector<int> days_by_rung;
    std::vector<ladder_rung> ladder;

    explicit life(std::mt19937& random) {
        rules = examples::request_rules_of(below(random, 2) == 0 ? escalation_way::by_itself
                                                                 : escalation_way::by_member);
        const unsigned off_percent = below(random, 60);
        for (calendar_day on = today - days{5}; on < today + days{900}; on += days{1}) {
            if (below(random, 100) < off_percent) {
                const bool is_worked =
                    below(random, 5) == 0; // a listed day that counts as any other
                calendar.holidays.push_back(examples::day_off(
                    on, is_worked ? std::optional{holiday_rule::none} : std::nullopt));
                if (!is_worked) {
                    holidays.insert(on);
                }
            }
        }
        const std::size_t rungs = 1 + below(random, 6);
        for (unsigned level = 0; level < rungs; ++level) {
            ladder_rung made;
            made.level = level * 2; // levels need not be next to each other
            made.answer_days = 1 + below(random, 15);
            made.office_code = "O" + std::to_string(level);
            days_by_rung.push_back(static_cast<int>(made.answer_days));
            ladder.push_back(made);
        }
        ladder[0].office_code = "B1";
    }
};

TEST(RequestModel, FourHundredDaysAgreeWithADeskCalendar) {
    std::mt19937 random(20261122);
    for (int round = 0; round < 200; ++round) {
        SCOPED_TRACE(round);
        const life at(random);
        const staff officer = officer_of("S1", "B1");
        const auto facts = member_of(officer, at.calendar);
        const bool accuses_him = below(random, 2) == 0;
        request one = open_request(complaint(accuses_him ? "bad_behaviour" : "other"), facts,
                                   at.rules, at.ladder, {}, instant{today}, today)
                          .made;
        desk slow(at.holidays, at.days_by_rung,
                  at.rules.requests.escalation == escalation_way::by_itself);
        slow.receive(accuses_him && at.ladder.size() > 1 ? 1 : 0);
        for (int passed = 0; passed < 400; ++passed) {
            const calendar_day on = today + days{passed};
            SCOPED_TRACE(to_iso(on));
            if (passed > 0) {
                slow.begin(on);
            }
            // On some days the clock is not run, she presses twice, or the office answers.
            const unsigned event = below(random, 40);
            if (event == 0 && one.state == request_state::open) {
                one = acted(one, request_action::answer, on).value();
                slow.is_answered = true;
            }
            const std::size_t presses = event < 6 ? event % 3 : 0;
            for (std::size_t i = 0; i < presses; ++i) {
                const climb up =
                    escalate(one, climber::member, at.rules, at.ladder, at.calendar, on);
                ASSERT_EQ(up.kind == climb_kind::moved, slow.press());
                one = up.after;
            }
            if (event != 10) {
                const climb up =
                    escalate(one, climber::clock, at.rules, at.ladder, at.calendar, on);
                ASSERT_EQ(up.kind == climb_kind::moved, slow.tick());
                one = up.after;
            }
            ASSERT_EQ(one.level, at.ladder[slow.rung].level);
            ASSERT_EQ(one.state == request_state::answered, slow.is_answered);
            ASSERT_EQ(on >= one.deadline_on, slow.working_days_left == 0);
        }
    }
}

TEST(RequestProperties, WhateverHappensTheAccusedSeesNothingAndNothingFalls) {
    std::mt19937 random(414);
    for (int round = 0; round < 2'000; ++round) {
        SCOPED_TRACE(round);
        const life at(random);
        staff officer = officer_of("S1", "B1");
        const bool is_known = below(random, 4) != 0;
        const auto facts = member_of(is_known ? std::optional{officer} : std::nullopt, at.calendar);
        const auto& categories = at.rules.requests.categories;
        const std::string category = categories[below(random, categories.size())].code;
        request one = open_request(complaint(category.c_str()), facts, at.rules, at.ladder, {},
                                   instant{today}, today)
                          .made;
        ASSERT_GT(one.deadline_on, one.opened_on);
        calendar_day on = today;
        while (on < today + days{400}) {
            const request before = one;
            const auto who = below(random, 2) == 0 ? climber::member : climber::clock;
            one = escalate(one, who, at.rules, at.ladder, at.calendar, on).after;
            if (below(random, 10) == 0) {
                const auto action = static_cast<request_action>(below(random, 3));
                one = acted(one, action, on).value_or(one);
            }
            ASSERT_GE(one.level, before.level);
            ASSERT_GE(one.level, one.first_level);
            // Only an early answer that did not satisfy her can bring the deadline forward.
            ASSERT_TRUE(one.deadline_on >= before.deadline_on ||
                        before.state == request_state::answered);
            ASSERT_GT(one.deadline_on, one.level_since);
            ASSERT_EQ(one.accused_code, before.accused_code);
            if (one.about_staff) {
                // Wherever he is posted by now, and whoever is left on the ladder.
                officer.office_code = "O" + std::to_string(below(random, 6));
                ASSERT_FALSE(is_known && may_see(one, officer));
                ASSERT_FALSE(is_known && waits_for(one, officer, at.ladder));
                officer.office_code = "B1";
                const bool is_elsewhere = one.desk_office != "B1";
                ASSERT_EQ(is_elsewhere, at.ladder.size() > 1);
                ASSERT_FALSE((is_known || is_elsewhere) && may_see(one, officer));
            }
            const auto said = status_of(one, at.rules, at.ladder, on);
            const auto press = escalate(one, climber::member, at.rules, at.ladder, at.calendar, on);
            ASSERT_EQ(said.may_escalate, press.kind == climb_kind::moved)
                << "the screen offers what will happen";
            on += days{below(random, 9)};
        }
    }
}

} // namespace
} // namespace uthan::members
