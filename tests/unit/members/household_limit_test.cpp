#include "members/household_limit.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace uthan::members {
namespace {

using examples::day;

const calendar_day today = day("2026-11-22");

product_rules product(const char* code, bool per_household, const char* from = "2020-01-01") {
    product_rules made;
    made.code = code;
    made.effective_from = day(from);
    made.principal_min = money::taka(5'000);
    made.principal_max = money::taka(50'000);
    made.per_household = per_household;
    return made;
}

organisation_rules rss_rules() {
    organisation_rules rules;
    rules.products = {product("RSS-10", true), product("RSS-1", true), product("OWN", false)};
    rules.eligibility_product = "RSS-10";
    return rules;
}

household_loan lent(const char* member, std::int64_t taka, const char* code = "RSS-10",
                    loan_status status = loan_status::active) {
    return {member, code, money::taka(taka), status, std::nullopt};
}

TEST(HouseholdRoom, AllLoansOfTheHouseholdCountTogether) {
    struct row {
        std::vector<household_loan> loans;
        household_kind kind;
        std::int64_t used;
        std::int64_t left;
    };
    const row rows[] = {
        {{}, household_kind::room, 0, 50'000},
        {{lent("M1", 20'000)}, household_kind::room, 20'000, 30'000},
        {{lent("M1", 20'000), lent("M2", 25'000, "RSS-1")}, household_kind::room, 45'000, 5'000},
        {{lent("M1", 20'000), lent("M2", 25'001)}, household_kind::full, 45'001, 4'999},
        {{lent("M1", 50'000)}, household_kind::full, 50'000, 0},
        {{lent("M1", 50'000), lent("M2", 50'000)}, household_kind::full, 100'000, 0},
        {{lent("M1", 50'000, "RSS-10", loan_status::closed)}, household_kind::room, 0, 50'000},
        {{lent("M1", 9'000, "RSS-10", loan_status::written_off)},
         household_kind::room,
         9'000,
         41'000},
        {{lent("M1", 40'000, "OWN")}, household_kind::room, 0, 50'000},
        {{lent("M1", 40'000, "OLD-3")}, household_kind::room, 40'000, 10'000}, // not in the rules
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.left);
        const auto room = household_room_of(r.loans, rss_rules(), today);
        EXPECT_EQ(room.kind, r.kind);
        EXPECT_EQ(room.limit, money::taka(50'000));
        EXPECT_EQ(room.used, money::taka(r.used));
        EXPECT_EQ(room.left, money::taka(r.left));
    }
}

TEST(HouseholdRoom, TheSmallestImportedLimitLowersIt) {
    std::vector<household_loan> loans{lent("M1", 10'000),
                                      lent("M2", 5'000, "RSS-10", loan_status::closed)};
    loans[0].household_limit = money::taka(40'000);
    loans[1].household_limit = money::taka(30'000);
    const auto room = household_room_of(loans, rss_rules(), today);
    EXPECT_EQ(room.limit, money::taka(30'000));
    EXPECT_EQ(room.left, money::taka(20'000));
    loans[1].household_limit = money::taka(90'000);
    EXPECT_EQ(household_room_of(loans, rss_rules(), today).limit, money::taka(40'000));
}

TEST(HouseholdRoom, APersonsLimitOrAnUnknownProductLimitsNoHousehold) {
    const std::vector<household_loan> loans{lent("M1", 50'000)};
    auto rules = rss_rules();
    rules.eligibility_product = "OWN";
    EXPECT_EQ(household_room_of(loans, rules, today).kind, household_kind::not_limited);
    rules.eligibility_product = "";
    EXPECT_EQ(household_room_of(loans, rules, today).kind, household_kind::not_limited);
    EXPECT_EQ(household_room_of(loans, rss_rules(), day("2019-12-31")).kind,
              household_kind::not_limited);
    rules = rss_rules();
    rules.products[0].principal_max = {};
    EXPECT_EQ(household_room_of(loans, rules, today).kind, household_kind::not_limited);
}

TEST(HouseholdRoom, TheLimitInForceOnTheDayCounts) {
    auto rules = rss_rules();
    auto raised = product("RSS-10", true, "2026-12-01");
    raised.principal_max = money::taka(80'000);
    rules.products.push_back(raised);
    const std::vector<household_loan> loans{lent("M1", 50'000)};
    EXPECT_EQ(household_room_of(loans, rules, today).left, money{});
    EXPECT_EQ(household_room_of(loans, rules, day("2026-12-01")).left, money::taka(30'000));
}

TEST(WithinHousehold, HerAnswerIsLoweredToTheRoom) {
    const auto rules = rss_rules();
    const auto room_of = [&](std::int64_t taka) {
        const std::vector<household_loan> loans{lent("M2", taka)};
        return household_room_of(loans, rules, today);
    };
    const auto facts = examples::facts_of(day("2026-11-21"), {});
    const auto how_much = eligibility_of(facts, rules, today);
    ASSERT_EQ(how_much.kind, eligibility_kind::limit);

    const auto some = within_household(how_much, room_of(20'000));
    EXPECT_EQ(some.kind, eligibility_kind::limit);
    EXPECT_EQ(some.limit, money::taka(30'000));
    EXPECT_EQ(some.max, money::taka(30'000));
    const auto none = within_household(how_much, room_of(46'000));
    EXPECT_EQ(none.kind, eligibility_kind::unknown_rules);
    EXPECT_EQ(none.limit, money{});

    const auto asked = eligibility_for(facts, rules, today, money::taka(30'000));
    ASSERT_EQ(asked.kind, eligibility_kind::possible);
    EXPECT_EQ(within_household(asked, room_of(20'000)).kind, eligibility_kind::possible);
    EXPECT_EQ(within_household(asked, room_of(20'001)).kind, eligibility_kind::above_max);
    EXPECT_EQ(within_household(asked, {}).kind, eligibility_kind::possible);
}

TEST(WithinHousehold, WhatWasNoStaysNo) {
    const auto rules = rss_rules();
    const std::vector<household_loan> loans{lent("M2", 50'000)};
    const auto full = household_room_of(loans, rules, today);
    for (const auto kind :
         {eligibility_kind::running, eligibility_kind::class_excluded, eligibility_kind::below_min,
          eligibility_kind::above_max, eligibility_kind::unknown_rules}) {
        eligibility answer;
        answer.kind = kind;
        EXPECT_EQ(within_household(answer, full).kind, kind);
    }
}

TEST(WithinHousehold, OneThatIsNotKnownIsTheOfficesAnswer) {
    const auto rules = rss_rules();
    const auto facts = examples::facts_of(day("2026-11-21"), {});
    household many{{lent("M2", 10'000)}, true};
    const auto room = household_room_of(many, rules, today);
    EXPECT_EQ(room.kind, household_kind::unknown);
    const auto how_much = within_household(eligibility_of(facts, rules, today), room);
    EXPECT_EQ(how_much.kind, eligibility_kind::unknown_rules);
    EXPECT_EQ(how_much.max, money::taka(50'000));

    many.too_many = false;
    EXPECT_EQ(household_room_of(many, rules, today).left, money::taka(40'000));
    auto persons = rules;
    persons.eligibility_product = "OWN";
    many.too_many = true;
    EXPECT_EQ(household_room_of(many, persons, today).kind, household_kind::not_limited);
}

TEST(SharesLimit, WhereTheProductSaysSoAndAHouseholdIsNamed) {
    auto rules = rss_rules();
    auto facts = examples::facts_of(day("2026-11-21"), {});
    EXPECT_FALSE(shares_limit(facts, rules, today));
    facts.who.household_id = "H1";
    EXPECT_TRUE(shares_limit(facts, rules, today));
    EXPECT_FALSE(shares_limit(facts, rules, day("2019-12-31")));
    rules.eligibility_product = "OWN";
    EXPECT_FALSE(shares_limit(facts, rules, today));
}

TEST(HouseholdRoom, NoOrderOfLoansAndNoClosedLoanChangesIt) {
    std::mt19937 random(50);
    const char* codes[] = {"RSS-10", "RSS-1", "OWN", "OLD"};
    for (int round = 0; round < 2'000; ++round) {
        std::vector<household_loan> loans;
        std::int64_t counted = 0;
        for (auto i = random() % 8; i > 0; --i) {
            const auto* code = codes[random() % 4];
            const auto status = static_cast<loan_status>(random() % 3);
            const std::int64_t taka = 1'000 + static_cast<std::int64_t>(random() % 20'000);
            loans.push_back(lent("M", taka, code, status));
            const bool counts = status != loan_status::closed && code != codes[2];
            counted += counts ? taka : 0;
        }
        const auto room = household_room_of(loans, rss_rules(), today);
        std::shuffle(loans.begin(), loans.end(), random);
        const auto again = household_room_of(loans, rss_rules(), today);
        ASSERT_EQ(room.left, again.left);
        ASSERT_EQ(room.used, money::taka(counted));
        ASSERT_EQ(room.left, money::taka(std::max<std::int64_t>(50'000 - counted, 0)));
        ASSERT_EQ(room.kind == household_kind::full, room.left < money::taka(5'000));
    }
}

} // namespace
} // namespace uthan::members
