#include "texts/tokens.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace uthan::texts {
namespace {

/// Tokens separated by spaces; a number as #12, ৳ as $.
std::string shown_tokens(std::string_view utf8) {
    std::string out;
    for (const auto& one : tokens_of(utf8).tokens) {
        out += out.empty() ? "" : " ";
        out += one.kind == token_kind::number       ? "#" + one.text
               : one.kind == token_kind::money_mark ? "$"
                                                    : one.text;
    }
    return out;
}

TEST(Tokens, AreTheWordsAndNumbersWhateverStandsBetween) {
    struct case_ {
        std::string_view written;
        std::string_view tokens;
    };
    constexpr case_ cases[] = {
        {"", ""},
        {"  ?!  ", ""},
        {"Bal", "bal"},
        {"  BAL. ", "bal"},
        {"ＢＡＬ", "bal"},
        {"b\u200da\u200cl", "bal"},
        {"\ufeff\"bal\"", "bal"},
        {"bal\U0001F64F\ufe0f", "bal"},
        {"হিসাব।", "হিসাব"},
        // Decomposed and precomposed য় are one.
        {"সঞ্চয\u09bc", "সঞ্চ\u09df"},
        {"সঞ্চ\u09df", "সঞ্চ\u09df"},
        {"ব্যাল\u09c7\u09a8্স", "ব্যালেন্স"},
        // Assamese letters of some keyboards.
        {"কৰ", "কর"},
        {"20k", "#20 k"},
        {"কত২০০০০", "কত #20000"},
        {"1,25,000 tk", "#125000 tk"},
        {"Tk.500/-", "tk #500"},
        {"৳৫০০", "$ #500"},
        {"1.5 lakh", "#1.5 lakh"},
        {"1.2.3", "#1.2 #3"},
        {"500, 600", "#500 #600"},
        {"500.", "#500"},
        {"1203-45", "#120345"},
        {"১২৩৪", "#1234"},
        {"১2৩4", "#1234"},
        {"don't", "don t"},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(shown_tokens(c.written), c.tokens) << c.written;
    }
}

TEST(Tokens, OfALongTextTheFirstOnesAndThatThereWereMore) {
    std::string text;
    for (int i = 0; i < 30; ++i) {
        text += "word ";
    }
    const auto many = tokens_of(text);
    EXPECT_EQ(many.tokens.size(), token_limits{}.tokens);
    EXPECT_TRUE(many.is_cut);
    std::string bangla;
    while (bangla.size() < 2 * token_limits{}.octets) {
        bangla += "ক";
    }
    const auto one = tokens_of(bangla);
    EXPECT_TRUE(one.is_cut);
    ASSERT_EQ(one.tokens.size(), 1U);
    EXPECT_EQ(one.tokens.front().text.size() % 3, 0U);
    EXPECT_FALSE(tokens_of("bal").is_cut);
}

TEST(Sound, IsOneForWhatIsWrittenForOneAnother) {
    struct pair_ {
        std::string_view a;
        std::string_view b;
    };
    constexpr pair_ alike[] = {
        {"sanchay", "shonchoy"}, {"bhasha", "vasa"},    {"hazar", "hajar"},   {"phone", "fone"},
        {"reen", "rin"},         {"mitting", "miting"}, {"কিস্তি", "কিশ্তী"},   {"সঞ্চয়", "সন্চজ"},
        {"পাঁচ", "পাচ"},          {"ঊনিশ", "উনিষ"},      {"lakkho", "lokkho"},
    };
    for (const auto& [a, b] : alike) {
        EXPECT_EQ(sound_of(a), sound_of(b)) << a << ' ' << b;
    }
    EXPECT_NE(sound_of("lone"), sound_of("lon"));
    EXPECT_NE(sound_of("কত"), sound_of("কল"));
}

} // namespace
} // namespace uthan::texts
