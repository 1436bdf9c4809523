#include "members/request.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace uthan::members {
namespace {

using examples::ladder_for;
using examples::officer_of;
using examples::opened;
using examples::today;
using std::chrono::days;

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

} // namespace
} // namespace uthan::members
