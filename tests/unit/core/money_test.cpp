#include "core/money.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace uthan {
namespace {

struct amount_case {
    std::string_view text;
    std::int64_t poisha;
};

TEST(Money, ReadsTakaWithUpToTwoDecimals) {
    constexpr std::array<amount_case, 12> cases{{
        {"0", 0},
        {"1", 100},
        {"1250", 125'000},
        {"1250.5", 125'050},
        {"1250.05", 125'005},
        {"1250.50", 125'050},
        {"-1250.50", -125'050},
        {"-0", 0},
        {"007", 700},
        {"0.01", 1},
        {"99999999", 9'999'999'900},
        {"100000000000", money_max.poisha},
    }};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto amount = parse_money(c.text);
        ASSERT_TRUE(amount.has_value());
        EXPECT_EQ(amount->poisha, c.poisha);
    }
}

TEST(Money, RefusesWhatIsNotAnAmount) {
    for (const std::string_view text : {"",
                                        "-",
                                        ".",
                                        "1.",
                                        ".5",
                                        "1.234",
                                        "1,250",
                                        " 1",
                                        "1 ",
                                        "+1",
                                        "--1",
                                        "1-",
                                        "1.-5",
                                        "1e3",
                                        "0x10",
                                        "১২",
                                        "Tk 5",
                                        "1.5.0",
                                        "1250,50",
                                        "100000000000.01",
                                        "100000000001",
                                        "9999999999999",
                                        "99999999999999999999999999",
                                        "-100000000000.01"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(parse_money(text).has_value());
    }
}

TEST(Money, WritesTwoDecimalsAlways) {
    EXPECT_EQ(to_decimal(money{}), "0.00");
    EXPECT_EQ(to_decimal(money{1}), "0.01");
    EXPECT_EQ(to_decimal(money{-1}), "-0.01");
    EXPECT_EQ(to_decimal(money{125'050}), "1250.50");
    EXPECT_EQ(to_decimal(money{-125'005}), "-1250.05");
    EXPECT_EQ(to_decimal(money_max), "100000000000.00");
}

TEST(Money, WritesTheSmallestIntegerWithoutOverflow) {
    EXPECT_EQ(to_decimal(money{std::numeric_limits<std::int64_t>::min()}), "-92233720368547758.08");
}

TEST(Money, ReadsBackWhatItWrites) {
    std::mt19937_64 random{20'261'121};
    std::uniform_int_distribution<std::int64_t> amounts{-money_max.poisha, money_max.poisha};
    for (int i = 0; i < 10'000; ++i) {
        const money amount{amounts(random)};
        ASSERT_EQ(parse_money(to_decimal(amount)), amount) << to_decimal(amount);
    }
}

TEST(Money, AddsAndOrdersAsIntegers) {
    money sum = money::taka(10) + money{5};
    sum += money::taka(1);
    sum -= money{10};
    EXPECT_EQ(sum, money{1095});
    EXPECT_EQ(-sum, money{-1095});
    EXPECT_EQ(money::taka(245) * 45, money::taka(11'025));
    EXPECT_LT(money{-1}, money{});
    EXPECT_GT(money::taka(1), money{99});
}

} // namespace
} // namespace uthan
