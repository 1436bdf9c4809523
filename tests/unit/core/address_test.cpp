#include "core/address.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

namespace uthan {
namespace {

TEST(Numbering, EveryWrittenFormOfANumberIsTheSameSubscriber) {
    for (const std::string_view written :
         {"8801712345678", "+8801712345678", "008801712345678", "01712345678", "1712345678",
          "tel:8801712345678", "tel:+8801712345678", "+880 1712-345678", "(017) 12 34 56 78",
          " 01712345678 ", "০১৭১২৩৪৫৬৭৮", "+৮৮০১৭১২৩৪৫৬৭৮", "০1৭1২3৪5৬7৮"}) {
        SCOPED_TRACE(written);
        const auto parsed = numbering{}.parse(written);
        ASSERT_TRUE(parsed.has_value());
        EXPECT_EQ(parsed->type(), address::kind::msisdn);
        EXPECT_EQ(parsed->reveal(), "8801712345678");
        EXPECT_TRUE(parsed->channel().empty());
    }
}

TEST(Numbering, RefusesWhatIsNotABangladeshiMobileNumber) {
    for (const std::string_view written : {"",
                                           "+",
                                           "tel:",
                                           "0",
                                           "017123456789",
                                           "0171234567",
                                           "01212345678",
                                           "01112345678",
                                           "01012345678",
                                           "0212345678",
                                           "8801212345678",
                                           "880171234567",
                                           "88017123456789",
                                           "+1712345678",
                                           "+01712345678",
                                           "+008801712345678",
                                           "+447700900123",
                                           "254711000111",
                                           "01712E45678",
                                           "0171234567a",
                                           "++8801712345678",
                                           "01712345678;",
                                           "0171234\t5678",
                                           "8808801712345678",
                                           "00000000000000000000001712345678",
                                           "tel:tel:01712345678",
                                           "\xE0\xA7",
                                           "\xE0\xA7\xB0",
                                           "\xE0\xA5\xA6",
                                           "০১৭১২৩৪৫৬৭"}) {
        SCOPED_TRACE(written);
        const auto parsed = numbering{}.parse(written);
        ASSERT_FALSE(parsed.has_value());
        EXPECT_EQ(parsed.error(), errc::invalid_msisdn);
    }
}

TEST(Numbering, AcceptsEveryOperatorsLead) {
    for (const char second : {'3', '4', '5', '6', '7', '8', '9'}) {
        const auto written = fmt::format("01{}12345678", second);
        const auto parsed = numbering{}.parse(written);
        ASSERT_TRUE(parsed.has_value()) << written;
        EXPECT_EQ(parsed->reveal(), fmt::format("8801{}12345678", second));
    }
}

TEST(Numbering, IsConfiguration) {
    numbering kenya;
    kenya.country_code = "254";
    kenya.national_digits = 9;
    kenya.mobile_lead = "7";
    kenya.mobile_second = "0123456789";
    EXPECT_EQ(kenya.parse("0711000111")->reveal(), "254711000111");
    EXPECT_FALSE(kenya.parse("01712345678").has_value());
}

TEST(Address, FormatsMaskedWithoutItsMiddle) {
    const auto number = *numbering{}.parse("01712345678");
    EXPECT_EQ(fmt::format("{}", number), "88017****78");
    EXPECT_EQ(number.masked(), "88017****78");
}

// The six digits between lead and tail tell one member from another; no formatting shows them.
TEST(Address, NoFormattingShowsTheMiddleOfAnyNumber) {
    std::mt19937 random{20'261'121};
    std::uniform_int_distribution<unsigned> digits{0, 99'999'999};
    for (int i = 0; i < 2'000; ++i) {
        const auto number = *numbering{}.parse(fmt::format("017{:08}", digits(random)));
        const auto middle = number.reveal().substr(5, 6);
        const auto shown = fmt::format("{}", number);
        EXPECT_EQ(shown.size(), 11U);
        EXPECT_EQ(shown.substr(5, 4), "****");
        EXPECT_EQ(shown.find(middle), std::string::npos);
    }
}

TEST(Address, AnOpaqueTokenIsNeverShownAndBelongsToItsChannel) {
    const auto token = address::opaque("bdapps-kmss", "AZ110a9bcd0123456789");
    EXPECT_EQ(token.type(), address::kind::opaque);
    EXPECT_EQ(token.channel(), "bdapps-kmss");
    EXPECT_EQ(token.reveal(), "AZ110a9bcd0123456789");
    EXPECT_EQ(fmt::format("{}", token), "****");
    EXPECT_NE(token, address::opaque("bdapps-mss", "AZ110a9bcd0123456789"));
    EXPECT_EQ(token, address::opaque("bdapps-kmss", "AZ110a9bcd0123456789"));
}

TEST(Address, ATokenThatLooksLikeANumberIsNotThatNumber) {
    const auto number = *numbering{}.parse("8801712345678");
    EXPECT_NE(address::opaque("bdapps-kmss", "8801712345678"), number);
    EXPECT_EQ(address::opaque("bdapps-kmss", "8801712345678").masked(), "****");
}

} // namespace
} // namespace uthan
