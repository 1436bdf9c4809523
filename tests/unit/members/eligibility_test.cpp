#include "members/eligibility.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::members {
namespace {

using examples::day;

const calendar_day today = day("2026-11-21");

organisation_rules kmss_rules() {
    organisation_rules rules;
    product_rules product;
    product.code = "KMSS-46";
    product.effective_from = day("2020-01-01");
    product.principal_min = money::taka(10'000);
    product.principal_max = money::taka(500'000);
    product.savings_first_bp = 1'000;
    product.charge_bp = 1'250;
    rules.products.push_back(product);
    rules.eligibility_product = "KMSS-46";
    return rules;
}

organisation_rules rss_rules() {
    organisation_rules rules;
    product_rules product;
    product.code = "RSS-10";
    product.effective_from = day("2020-01-01");
    product.principal_min = money::taka(5'000);
    product.principal_max = money::taka(50'000);
    product.charge_bp = 500;
    product.per_household = true;
    product.income_classes = {income_class::ka, income_class::kha};
    rules.products.push_back(product);
    rules.eligibility_product = "RSS-10";
    rules.income_bands.push_back({day("2019-01-01"), money::taka(50'000), money::taka(60'000)});
    return rules;
}

savings_account account(savings_product product, money balance) {
    savings_account made;
    made.product = product;
    made.balance = balance;
    made.available = balance;
    return made;
}

member_facts saver(money balance) {
    auto facts = examples::facts_of(day("2026-11-20"), {});
    facts.savings.push_back(account(savings_product::general, balance));
    return facts;
}

TEST(Eligibility, KmssLimitIsTenTimesTheSavingsWithinTheProduct) {
    struct row {
        std::int64_t savings_poisha;
        eligibility_kind kind;
        std::int64_t limit_taka;
        std::int64_t gap_poisha;
    };
    const row rows[] = {
        {0, eligibility_kind::gap, 0, 100'000},
        {99'999, eligibility_kind::gap, 0, 1},
        {100'000, eligibility_kind::limit, 10'000, 0},
        {123'456, eligibility_kind::limit, 12'345, 0},
        {4'999'999, eligibility_kind::limit, 499'999, 0},
        {5'000'000, eligibility_kind::limit, 500'000, 0},
        {900'000'000, eligibility_kind::limit, 500'000, 0},
        {-5'000, eligibility_kind::gap, 0, 105'000},
        {money_max.poisha, eligibility_kind::limit, 500'000, 0},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.savings_poisha);
        const auto answer = eligibility_of(saver(money{r.savings_poisha}), kmss_rules(), today);
        EXPECT_EQ(answer.kind, r.kind);
        EXPECT_EQ(answer.savings, money{r.savings_poisha});
        EXPECT_EQ(answer.limit, money::taka(r.limit_taka));
        EXPECT_EQ(answer.gap, money{r.gap_poisha});
        EXPECT_EQ(answer.goal, money::taka(r.gap_poisha > 0 ? 10'000 : 0));
        EXPECT_EQ(answer.charge_per_thousand, money::taka(125));
    }
}

TEST(Eligibility, AnAskedAmountIsAnsweredForItself) {
    struct row {
        std::int64_t asked;
        eligibility_kind kind;
        std::int64_t gap;
    };
    const row rows[] = {
        {9'999, eligibility_kind::below_min, 0},   {10'000, eligibility_kind::possible, 0},
        {20'000, eligibility_kind::possible, 0},   {20'010, eligibility_kind::gap, 1},
        {500'000, eligibility_kind::gap, 48'000},  {500'001, eligibility_kind::above_max, 0},
        {-20'000, eligibility_kind::below_min, 0},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.asked);
        const auto answer =
            eligibility_for(saver(money::taka(2'000)), kmss_rules(), today, money::taka(r.asked));
        EXPECT_EQ(answer.kind, r.kind);
        EXPECT_EQ(answer.gap, money::taka(r.gap));
        EXPECT_EQ(answer.goal, money::taka(r.asked));
        EXPECT_EQ(answer.limit, money::taka(20'000));
        EXPECT_EQ(answer.min, money::taka(10'000));
        EXPECT_EQ(answer.max, money::taka(500'000));
    }
}

TEST(Eligibility, TermDepositsAndClosedAccountsDoNotCount) {
    auto facts = saver(money::taka(700));
    facts.savings.push_back(account(savings_product::voluntary, money::taka(200)));
    facts.savings.push_back(account(savings_product::group_share, money::taka(100)));
    facts.savings.push_back(account(savings_product::term, money::taka(9'000)));
    facts.savings.push_back(account(savings_product::general, money::taka(9'000)));
    facts.savings.back().status = account_status::closed;
    EXPECT_EQ(eligibility_of(facts, kmss_rules(), today).savings, money::taka(1'000));
    EXPECT_EQ(eligibility_of(facts, kmss_rules(), today).limit, money::taka(10'000));
}

TEST(Eligibility, ARunningLoanComesFirst) {
    auto facts = saver(money::taka(5'000));
    facts.loans.push_back(examples::weekly_loan(day("2026-11-01"), 46, money::taka(245), 3));
    const auto answer = eligibility_of(facts, kmss_rules(), today);
    EXPECT_EQ(answer.kind, eligibility_kind::running);
    EXPECT_EQ(answer.left, money::taka(43 * 245));
    EXPECT_EQ(eligibility_for(facts, kmss_rules(), today, money::taka(20'000)).kind,
              eligibility_kind::running);

    auto beside = kmss_rules();
    beside.products[0].while_running = true;
    EXPECT_EQ(eligibility_of(facts, beside, today).kind, eligibility_kind::limit);

    facts.loans[0].status = loan_status::written_off;
    EXPECT_EQ(eligibility_of(facts, kmss_rules(), today).kind, eligibility_kind::running);
    facts.loans[0].status = loan_status::closed;
    EXPECT_EQ(eligibility_of(facts, kmss_rules(), today).kind, eligibility_kind::limit);
    // Paid to the last instalment, not yet closed.
    facts.loans[0] = examples::weekly_loan(day("2026-01-01"), 46, money::taka(245), 46);
    EXPECT_EQ(eligibility_of(facts, kmss_rules(), today).kind, eligibility_kind::limit);
}

TEST(Eligibility, RssIsForClassesKaAndKha) {
    auto facts = examples::facts_of(day("2026-11-20"), {});
    const std::pair<income_class, eligibility_kind> cases[] = {
        {income_class::ka, eligibility_kind::limit},
        {income_class::kha, eligibility_kind::limit},
        {income_class::ga, eligibility_kind::class_excluded},
        {income_class::none, eligibility_kind::unknown_rules},
    };
    for (const auto& [hers, kind] : cases) {
        facts.who.income = hers;
        const auto answer = eligibility_of(facts, rss_rules(), today);
        EXPECT_EQ(answer.kind, kind);
        EXPECT_EQ(answer.charge_per_thousand, money::taka(50));
    }
    facts.who.income = income_class::ka;
    const auto answer = eligibility_of(facts, rss_rules(), today);
    EXPECT_EQ(answer.limit, money::taka(50'000));
    EXPECT_EQ(answer.min, money::taka(5'000));

    // Without a class in the file the family's income says it; with one, the file does.
    facts.who.annual_family_income = money::taka(60'001);
    EXPECT_EQ(eligibility_of(facts, rss_rules(), today).kind, eligibility_kind::limit);
    facts.who.income = income_class::none;
    EXPECT_EQ(eligibility_of(facts, rss_rules(), today).kind, eligibility_kind::class_excluded);
    facts.who.annual_family_income = money::taka(60'000);
    EXPECT_EQ(eligibility_of(facts, rss_rules(), today).kind, eligibility_kind::limit);
}

TEST(Eligibility, AHouseholdLimitLowersTheMaximum) {
    auto facts = examples::facts_of(day("2026-11-20"), {});
    facts.who.income = income_class::ka;
    loan old;
    old.status = loan_status::closed;
    old.household_limit = money::taka(20'000);
    facts.loans = {old};
    EXPECT_EQ(eligibility_of(facts, rss_rules(), today).limit, money::taka(20'000));
    EXPECT_EQ(eligibility_of(facts, rss_rules(), today).max, money::taka(20'000));
    EXPECT_EQ(eligibility_for(facts, rss_rules(), today, money::taka(20'001)).kind,
              eligibility_kind::above_max);
    facts.loans[0].household_limit = money::taka(4'999);
    EXPECT_EQ(eligibility_of(facts, rss_rules(), today).kind, eligibility_kind::unknown_rules);
}

TEST(Eligibility, WithoutPublishedRulesNothingIsSaid) {
    const auto facts = saver(money::taka(5'000));
    EXPECT_EQ(eligibility_of(facts, {}, today).kind, eligibility_kind::unknown_rules);
    EXPECT_EQ(eligibility_of(facts, kmss_rules(), day("2019-12-31")).kind,
              eligibility_kind::unknown_rules);
    auto unpublished = kmss_rules();
    unpublished.products[0].principal_max = {};
    EXPECT_EQ(eligibility_of(facts, unpublished, today).kind, eligibility_kind::unknown_rules);
    auto left = facts;
    left.who.status = member_status::dropout;
    EXPECT_EQ(eligibility_of(left, kmss_rules(), today).kind, eligibility_kind::unknown_rules);
    EXPECT_EQ(eligibility_of(left, kmss_rules(), today).savings, money::taka(5'000));
}

TEST(Eligibility, TheLimitIsTheLargestWholeTakaAmountThatIsPossible) {
    std::mt19937_64 random(1'000);
    for (int round = 0; round < 5'000; ++round) {
        auto rules = kmss_rules();
        rules.products[0].savings_first_bp = static_cast<unsigned>(random() % 3'000);
        const auto facts = saver(money{static_cast<std::int64_t>(random() % 8'000'000)});
        const auto answer = eligibility_of(facts, rules, today);
        const auto ask = [&](money amount) {
            return eligibility_for(facts, rules, today, amount).kind;
        };
        if (answer.kind == eligibility_kind::limit) {
            ASSERT_EQ(ask(answer.limit), eligibility_kind::possible);
            ASSERT_NE(ask(answer.limit + money::taka(1)), eligibility_kind::possible);
        } else {
            ASSERT_EQ(answer.kind, eligibility_kind::gap);
            ASSERT_EQ(ask(answer.goal), eligibility_kind::gap);
            const auto richer = saver(answer.savings + answer.gap);
            const auto poorer = saver(answer.savings + answer.gap - money{1});
            ASSERT_EQ(eligibility_of(richer, rules, today).kind, eligibility_kind::limit);
            ASSERT_EQ(eligibility_of(poorer, rules, today).kind, eligibility_kind::gap);
        }
    }
}

} // namespace
} // namespace uthan::members
