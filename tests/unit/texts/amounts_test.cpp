#include "texts/amounts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace uthan::texts {
namespace {

TEST(Amounts, InDigitsAndWordsOfBothScripts) {
    struct case_ {
        std::string_view written;
        std::int64_t taka; ///< 0: none
    };
    constexpr case_ cases[] = {
        {"1200", 1200},
        {"১২০০", 1200},
        {"20,000", 20'000},
        {"১,২৫,০০০ টাকা", 125'000},
        {"20k", 20'000},
        {"5 hazar", 5'000},
        {"5 হাজার", 5'000},
        {"৫হাজার", 5'000},
        {"1.5 lakh", 150'000},
        {"tk 500/-", 500},
        {"৳৫০০", 500},
        {"পাঁচশ", 500},
        {"পাঁচশো টাকা", 500},
        {"পাচ শত", 500},
        {"দুইশ পঞ্চাশ", 250},
        {"এক হাজার দুইশ", 1200},
        {"বারো শ", 1200},
        {"বারশো", 1200},
        {"দেড় হাজার", 1500},
        {"আড়াই লাখ", 250'000},
        {"সাড়ে তিন হাজার", 3500},
        {"পৌনে দুই হাজার", 1750},
        {"সোয়া লাখ", 125'000},
        {"পঁচিশ হাজার", 25'000},
        {"নিরানব্বই", 99},
        {"এক কোটি", 10'000'000},
        {"one thousand two hundred", 1200},
        {"One Thousand and Two Hundred only", 1200},
        {"twelve hundred", 1200},
        {"two hundred thirty five", 235},
        {"forty five thousand", 45'000},
        {"dui hajar pachsho", 2500},
        {"der hajar", 1500},
        {"sare tin hazar taka", 3500},
        {"ek lakh bish hajar", 120'000},
        {"2 lakh 50 hazar", 250'000},
        {"hundred", 100},
        {"20000.50", 0},
        {"12.345 lakh", 0},
        {"", 0},
        {"0", 0},
        {"taka", 0},
        {"bal", 0},
        {"20000 please", 0},
        {"20 30", 0},
        {"20000 fifty", 0},
        {"thousand lakh", 0},
        {"hundred hundred", 0},
        {"ten two", 0},
        {"two hundred five thirty", 0},
        {"সাড়ে", 0},
        {"সাড়ে সাড়ে তিন হাজার", 0},
        {"9999999999", 0},
        {"1000000 lakh", 0},
        {"999999999 crore 999 lakh", 0},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(amount_of(c.written).value_or(money{}), money::taka(c.taka)) << c.written;
    }
}

std::string english(std::int64_t n) {
    constexpr std::array small{"",        "one",     "two",       "three",    "four",
                               "five",    "six",     "seven",     "eight",    "nine",
                               "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                               "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    constexpr std::array tens{"",      "",      "twenty",  "thirty", "forty",
                              "fifty", "sixty", "seventy", "eighty", "ninety"};
    const auto with = [](std::string high, const char* unit, const std::string& low) {
        return high + " " + unit + (low.empty() ? "" : " " + low);
    };
    if (n >= 100'000) {
        return with(english(n / 100'000), "lakh", english(n % 100'000));
    }
    if (n >= 1'000) {
        return with(english(n / 1'000), "thousand", english(n % 1'000));
    }
    if (n >= 100) {
        return with(english(n / 100), "hundred", english(n % 100));
    }
    if (n >= 20) {
        const std::string high = tens[static_cast<std::size_t>(n / 10)];
        return n % 10 == 0 ? high : high + " " + small[static_cast<std::size_t>(n % 10)];
    }
    return small[static_cast<std::size_t>(n)];
}

TEST(Amounts, ReadBackEveryEnglishNumberThatIsSpelled) {
    std::mt19937_64 random{20261127};
    for (int i = 0; i < 20'000; ++i) {
        const auto n = i < 2'000 ? i + 1 : static_cast<std::int64_t>(random() % 9'999'999 + 1);
        ASSERT_EQ(amount_of(english(n)).value_or(money{}), money::taka(n)) << english(n);
    }
}

TEST(Amounts, NeverExceedTheLimitWhateverIsWritten) {
    constexpr std::array words{"9",    "99",   "999999999", "hundred", "হাজার", "লাখ", "কোটি",
                               "সাড়ে", "পৌনে", "এক",        "নব্বই",    "tk",    "1.5", "দেড়"};
    std::mt19937_64 random{7};
    for (int i = 0; i < 100'000; ++i) {
        std::string text;
        for (auto left = random() % 8; left > 0; --left) {
            text += words[random() % words.size()];
            text += ' ';
        }
        const auto read = amount_of(text);
        ASSERT_TRUE(!read || (*read > money{} && *read <= money::taka(100'000'000))) << text;
    }
}

} // namespace
} // namespace uthan::texts
