#include "members/request.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using examples::complaint;
using examples::member_of;
using examples::officer_of;
using examples::opened;
using examples::opened_with;
using examples::today;
using std::chrono::days;

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

TEST(NumberChange, StartsPastHerWholeOfficeAndAboveTheAccused) {
    struct row {
        const char* works_in; // empty: nobody knows him any more
        unsigned level;
        const char* desk;
    };
    const row rows[] = {{"", 1, "A1"}, {"B1", 1, "A1"}, {"A1", 2, "HO"}, {"B7", 1, "A1"}};
    const auto rules = examples::request_rules_of();
    const auto facts = member_of(officer_of("S1", "B1"));
    for (const row& r : rows) {
        SCOPED_TRACE(r.works_in);
        const auto accused = officer_of("S9", r.works_in);
        const auto made =
            open_number_change(facts, rules, examples::ladder_for(rules, &accused), "S9",
                               *r.works_in == 0 ? nullptr : &accused, {}, instant{today}, today);
        ASSERT_EQ(made.kind, opening_kind::opened);
        EXPECT_EQ(made.made.kind, request_kind::number_change);
        EXPECT_EQ(made.made.level, r.level);
        EXPECT_EQ(made.made.desk_office, r.desk);
        EXPECT_EQ(made.made.accused_code, "S9");
        EXPECT_TRUE(made.made.about_staff);
        EXPECT_FALSE(may_see(made.made, officer_of("S9", "HO")));
        EXPECT_FALSE(may_see(made.made, officer_of("S2", "B1"))) << "a colleague of her office";
    }
}

TEST(NumberChange, IsOneAtATimeWhateverElseIsOpen) {
    const auto rules = examples::request_rules_of();
    const auto facts = member_of(officer_of("S1", "B1"));
    std::vector<request> hers;
    for (std::uint64_t number = 1; number <= 20; ++number) {
        hers.push_back(opened("other", rules, number));
    }
    const auto open = [&] {
        return open_number_change(facts, rules, examples::ladder_for(rules), "S1", nullptr, hers,
                                  instant{today}, today);
    };
    auto first = open();
    ASSERT_EQ(first.kind, opening_kind::opened) << "no limit of the organisation holds it back";
    first.made.number = 21;
    hers.push_back(first.made);
    EXPECT_EQ(open().kind, opening_kind::already);
    EXPECT_EQ(open().existing, 21U);
    hers.back().state = request_state::closed;
    hers.back().state_on = today;
    EXPECT_EQ(open().kind, opening_kind::opened);
}

TEST(NumberChange, WithoutAnyHigherOfficeStaysOnTheTopRung) {
    auto rules = examples::request_rules_of();
    const auto facts = member_of(officer_of("S1", "B1"));
    const std::vector<office> chain{facts.office_of};
    rules.requests.ladder = {{0, 3, {}, {}, {}}};
    const auto ladder = ladder_of(rules.requests, {}, chain, nullptr);
    EXPECT_EQ(open_number_change(facts, rules, ladder, "S1", nullptr, {}, instant{today}, today)
                  .made.desk_office,
              "B1");
    EXPECT_EQ(
        open_number_change(facts, rules, {}, "S1", nullptr, {}, instant{today}, today).made.level,
        0U);
}

} // namespace
} // namespace uthan::members
