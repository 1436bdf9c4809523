#include "texts/forms.hpp"

#include "texts/weight.hpp"

#include <gtest/gtest.h>
#include <unicode/decimfmt.h>
#include <unicode/numfmt.h>

#include <array>
#include <limits>
#include <memory>
#include <random>
#include <string>

namespace uthan::texts {
namespace {

using namespace std::chrono_literals;

constexpr auto int64_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int64_max = std::numeric_limits<std::int64_t>::max();

calendar_day day_of(int year, unsigned month, unsigned day) {
    return std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                                 static_cast<int>(day)};
}

/// Values of every size, both signs.
std::int64_t any_size(std::mt19937_64& random) {
    const auto value = static_cast<std::int64_t>(random() >> (random() % 64));
    return random() % 2 == 0 ? value : -value;
}

TEST(Forms, MoneyIsGroupedInLakhAndCrore) {
    struct case_ {
        std::int64_t poisha;
        std::string_view en;
        std::string_view bn;
    };
    const std::array cases{
        case_{0, "0", "০"},
        case_{1, "0.01", "০.০১"},
        case_{-1, "-0.01", "-০.০১"},
        case_{99, "0.99", "০.৯৯"},
        case_{100, "1", "১"},
        case_{24'457, "244.57", "২৪৪.৫৭"},
        case_{99'900, "999", "৯৯৯"},
        case_{100'000, "1,000", "১,০০০"},
        case_{-100'050, "-1,000.50", "-১,০০০.৫০"},
        case_{9'999'900, "99,999", "৯৯,৯৯৯"},
        case_{10'000'000, "1,00,000", "১,০০,০০০"},
        case_{12'500'000, "1,25,000", "১,২৫,০০০"},
        case_{999'999'900, "99,99,999", "৯৯,৯৯,৯৯৯"},
        case_{1'000'000'000, "1,00,00,000", "১,০০,০০,০০০"},
        case_{9'999'999'900, "9,99,99,999", "৯,৯৯,৯৯,৯৯৯"},
        case_{99'999'999'900, "99,99,99,999", "৯৯,৯৯,৯৯,৯৯৯"},
        case_{-1'234'567'890'123, "-12,34,56,78,901.23", "-১২,৩৪,৫৬,৭৮,৯০১.২৩"},
        case_{money_max.poisha, "1,00,00,00,00,000", "১,০০,০০,০০,০০,০০০"},
        case_{int64_max, "92,23,37,20,36,85,47,758.07", "৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫৮.০৭"},
        case_{int64_min, "-92,23,37,20,36,85,47,758.08", "-৯২,২৩,৩৭,২০,৩৬,৮৫,৪৭,৭৫৮.০৮"},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(c.en);
        EXPECT_EQ(money_form({c.poisha}, rendering::en), c.en);
        EXPECT_EQ(money_form({c.poisha}, rendering::bn_latn), c.en);
        EXPECT_EQ(money_form({c.poisha}, rendering::bn), c.bn);
    }
}

TEST(Forms, MoneyAgreesWithIcuInBangla) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::NumberFormat> peer{
        icu::NumberFormat::createInstance(icu::Locale{"bn_BD"}, UNUM_DECIMAL, status)};
    ASSERT_TRUE(U_SUCCESS(status));
    std::mt19937_64 random{20261121};
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t taka = any_size(random) / 100;
        icu::UnicodeString formatted;
        std::string expected;
        peer->format(taka, formatted).toUTF8String(expected);
        ASSERT_EQ(money_form(money::taka(taka), rendering::bn), expected);
    }
}

TEST(Forms, CountsAreNotGrouped) {
    EXPECT_EQ(count_form(0, rendering::bn), "০");
    EXPECT_EQ(count_form(46, rendering::bn), "৪৬");
    EXPECT_EQ(count_form(-1'250'000, rendering::en), "-1250000");
    EXPECT_EQ(count_form(int64_min, rendering::en), "-9223372036854775808");
    EXPECT_EQ(count_form(int64_max, rendering::bn), "৯২২৩৩৭২০৩৬৮৫৪৭৭৫৮০৭");
}

TEST(Forms, AsciiDigitsOfTheBanglaFormAreTheEnglishForm) {
    std::mt19937_64 random{7};
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t value = any_size(random);
        ASSERT_EQ(with_ascii_digits(count_form(value, rendering::bn)),
                  count_form(value, rendering::en));
        ASSERT_EQ(with_ascii_digits(money_form({value}, rendering::bn)),
                  money_form({value}, rendering::en));
    }
}

TEST(Forms, OnlyBanglaDigitsBecomeAscii) {
    EXPECT_EQ(with_ascii_digits("০১২৩৪৫৬৭৮৯"), "0123456789");
    EXPECT_EQ(with_ascii_digits("কিস্তি ২৩৪.৫০ টাকা, 7"), "কিস্তি 234.50 টাকা, 7");
    EXPECT_EQ(with_ascii_digits("ৎ৥ৰ৳ য় ড়"), "ৎ৥ৰ৳ য় ড়");
    EXPECT_EQ(with_ascii_digits("٣३"), "٣३");
    EXPECT_EQ(with_ascii_digits("\xE0\xA7"), "\xE0\xA7");
    EXPECT_EQ(with_ascii_digits(""), "");
}

TEST(Forms, DatesAreDayAndMonth) {
    EXPECT_EQ(date_form(day_of(2026, 11, 27), rendering::bn), "২৭/১১");
    EXPECT_EQ(date_form(day_of(2026, 11, 27), rendering::en), "27/11");
    EXPECT_EQ(date_form(day_of(2028, 2, 29), rendering::bn_latn), "29/2");
    EXPECT_EQ(date_form(day_of(2027, 1, 5), rendering::bn), "৫/১");
}

TEST(Forms, WeekdaysAreIso) {
    const std::array<std::string_view, 7> bn{"সোম", "মঙ্গল", "বুধ", "বৃহঃ", "শুক্র", "শনি", "রবি"};
    for (unsigned weekday = 1; weekday <= 7; ++weekday) {
        EXPECT_EQ(weekday_form(weekday, rendering::bn), bn[weekday - 1]);
        EXPECT_EQ(ussd_weight(weekday_form(weekday, rendering::bn_latn)).in, alphabet::gsm7);
    }
    EXPECT_EQ(weekday_form(2, rendering::en), "Tue");
    EXPECT_EQ(weekday_form(7, rendering::en), "Sun");
    EXPECT_EQ(weekday_form(5, rendering::bn_latn), "Shukro");
}

TEST(Forms, TimesHaveTheirPartOfTheDay) {
    struct case_ {
        std::chrono::minutes at;
        std::string_view bn;
        std::string_view latin;
        std::string_view en;
    };
    const std::array cases{
        case_{0min, "রাত ১২:০০", "Rat 12:00", "12:00 am"},
        case_{4h + 59min, "রাত ৪:৫৯", "Rat 4:59", "4:59 am"},
        case_{5h, "সকাল ৫:০০", "Shokal 5:00", "5:00 am"},
        case_{10h + 30min, "সকাল ১০:৩০", "Shokal 10:30", "10:30 am"},
        case_{11h + 59min, "সকাল ১১:৫৯", "Shokal 11:59", "11:59 am"},
        case_{12h, "দুপুর ১২:০০", "Dupur 12:00", "12:00 pm"},
        case_{14h + 59min, "দুপুর ২:৫৯", "Dupur 2:59", "2:59 pm"},
        case_{15h + 5min, "বিকাল ৩:০৫", "Bikal 3:05", "3:05 pm"},
        case_{19h, "রাত ৭:০০", "Rat 7:00", "7:00 pm"},
        case_{23h + 59min, "রাত ১১:৫৯", "Rat 11:59", "11:59 pm"},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(c.en);
        EXPECT_EQ(time_form(c.at, rendering::bn), c.bn);
        EXPECT_EQ(time_form(c.at, rendering::bn_latn), c.latin);
        EXPECT_EQ(time_form(c.at, rendering::en), c.en);
    }
}

TEST(Forms, PhonesAreAsPeopleDialThem) {
    struct case_ {
        std::string_view written;
        std::string_view en;
    };
    const std::array cases{
        case_{"01712345678", "01712345678"},
        case_{"8801712345678", "01712345678"},
        case_{"+880 1712-345678", "01712345678"},
        case_{"008801712345678", "01712345678"},
        case_{"০১৭১২৩৪৫৬৭৮", "01712345678"},
        case_{"+৮৮০১৭১২৩৪৫৬৭৮", "01712345678"},
        case_{"+880-2-9876543", "029876543"},
        case_{"(02) 9876543", "029876543"},
        case_{"16123", "16123"},
        case_{"88012", "88012"},
        case_{"+91 98765 43210", "+919876543210"},
        case_{"", ""},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(c.written);
        EXPECT_EQ(phone_form(c.written, rendering::en), c.en);
        EXPECT_EQ(with_ascii_digits(phone_form(c.written, rendering::bn)), c.en);
    }
    EXPECT_EQ(phone_form("8801712345678", rendering::bn), "০১৭১২৩৪৫৬৭৮");
}

} // namespace
} // namespace uthan::texts
