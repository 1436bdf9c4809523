#include "menus/paging.hpp"

#include "menus/amount.hpp"
#include "texts/weight.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::menus {
namespace {

constexpr navigation english{"0 Back", "9 More"};

TEST(Paging, OneScreenOffersNoMore) {
    const auto p = make_page({"a", "b"}, english, 160, 0);
    EXPECT_EQ(p.text, "a\nb\n0 Back");
    EXPECT_FALSE(p.has_more);
}

TEST(Paging, EmptyLinesAreLeftOut) {
    EXPECT_EQ(make_page({"a", "", "b"}, english, 160, 0).text, "a\nb\n0 Back");
}

TEST(Paging, ALastScreenHasNoNavigation) {
    EXPECT_EQ(make_page({"Thank you."}, {"", "9 More"}, 160, 0).text, "Thank you.");
}

TEST(Paging, LinesMaxBoundsAPage) {
    const std::vector<std::string> lines(20, "x");
    const auto p = make_page(lines, english, 160, 0, 8);
    EXPECT_EQ(p.last - p.first, 8u);
    EXPECT_TRUE(p.has_more);
}

TEST(Paging, PagesPutTogetherAreTheLinesForAnyLines) {
    // Goal: property over random lists, both alphabets: nothing lost, nothing doubled, every page
    // fits, "9" exactly when there is more.
    std::mt19937 random{20261121};
    for (int round = 0; round < 2000; ++round) {
        const bool bangla = random() % 2 == 0;
        const navigation nav = bangla ? navigation{"0 ফিরুন", "9 আরও"} : english;
        std::vector<std::string> lines;
        for (auto n = 1 + random() % 40; n > 0; --n) {
            std::string line;
            for (auto k = 1 + random() % 40; k > 0; --k) {
                line += bangla ? "ক" : "k";
            }
            lines.push_back(line);
        }
        std::size_t next = 0;
        for (std::size_t number = 0;; ++number) {
            const auto p = make_page(lines, nav, 160, number);
            ASSERT_EQ(p.first, next);
            ASSERT_GT(p.last, p.first);
            ASSERT_LE(texts::ussd_weight(p.text).octets, 160u);
            ASSERT_EQ(p.has_more, p.last < lines.size());
            ASSERT_EQ(p.text.find(std::string{nav.more}) != std::string::npos, p.has_more);
            next = p.last;
            if (!p.has_more) {
                ASSERT_EQ(make_page(lines, nav, 160, number + 1).text, p.text);
                break;
            }
        }
        ASSERT_EQ(next, lines.size());
    }
}

TEST(Amount, ReadsWhatMembersType) {
    struct case_ {
        std::string_view typed;
        std::int64_t taka; ///< 0: refused
    };
    constexpr case_ cases[] = {
        {"20000", 20'000},
        {"20,000", 20'000},
        {"২০০০০", 20'000},
        {"20k", 20'000},
        {"২০ হাজার", 20'000},
        {"20 hazar", 20'000},
        {"1 lakh", 100'000},
        {"১ লাখ", 100'000},
        {"5000 tk", 5'000},
        {"1,00,000", 100'000},
        {"", 0},
        {"0", 0},
        {"-5", 0},
        {"20000.50", 0},
        {"abc", 0},
        {"9999999999", 0},
        {"1000000 lakh", 0},
        {"20 thousand", 0},
        {"k", 0},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.typed);
        const auto parsed = parse_amount(c.typed);
        EXPECT_EQ(parsed.value_or(money{}).poisha, c.taka * 100);
    }
}

} // namespace
} // namespace uthan::menus
