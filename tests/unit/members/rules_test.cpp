#include "members/rules.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using examples::day;

TEST(Rules, TheNewestVersionInForceIsFoundInAnyOrder) {
    organisation_rules rules;
    const char* from[] = {"2020-01-01", "2024-07-01", "2022-01-01"};
    for (unsigned i = 0; i < 3; ++i) {
        product_rules version;
        version.code = "general";
        version.effective_from = day(from[i]);
        version.instalments = i;
        rules.products.push_back(version);
    }
    const std::pair<const char*, unsigned> cases[] = {{"2020-01-01", 0}, {"2021-12-31", 0},
                                                      {"2022-01-01", 2}, {"2024-06-30", 2},
                                                      {"2024-07-01", 1}, {"2099-01-01", 1}};
    for (const auto& [on, version] : cases) {
        const auto* found = product_on(rules, "general", day(on));
        ASSERT_NE(found, nullptr) << on;
        EXPECT_EQ(found->instalments, version) << on;
    }
    EXPECT_EQ(product_on(rules, "general", day("2019-12-31")), nullptr);
    EXPECT_EQ(product_on(rules, "other", day("2024-01-01")), nullptr);
}

TEST(Rules, IncomeClassFollowsTheBandOfTheDay) {
    organisation_rules rules;
    EXPECT_EQ(income_class_on(rules, money::taka(1), day("2026-01-01")), income_class::none);
    rules.income_bands.push_back({day("2019-01-01"), money::taka(50'000), money::taka(60'000)});
    rules.income_bands.push_back({day("2010-01-01"), money::taka(20'000), money::taka(25'000)});
    const auto today = day("2026-01-01");
    EXPECT_EQ(income_class_on(rules, money::taka(50'000), today), income_class::ka);
    EXPECT_EQ(income_class_on(rules, money{5'000'001}, today), income_class::kha);
    EXPECT_EQ(income_class_on(rules, money::taka(60'000), today), income_class::kha);
    EXPECT_EQ(income_class_on(rules, money::taka(60'001), today), income_class::ga);
    EXPECT_EQ(income_class_on(rules, money::taka(50'000), day("2018-12-31")), income_class::ga);
    EXPECT_EQ(income_class_on(rules, money::taka(50'000), day("2009-12-31")), income_class::none);
}

} // namespace
} // namespace uthan::members
