#include "sms/command.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::sms {
namespace {

const texts::keyword_table& keyword_words() {
    static const texts::keyword_table table = [] {
        std::vector<texts::problem> problems;
        return texts::keyword_table::load(UTHAN_SOURCE_DIR "/config/keywords.toml", problems);
    }();
    return table;
}

command read(std::string_view written) {
    return read_command(keyword_words(), written);
}

TEST(Command, IsTheFirstWordWithWhatStandsBehindIt) {
    struct case_ {
        std::string_view written;
        command_kind is;
    };
    constexpr case_ cases[] = {
        {"BAL", command_kind::balance},
        {" বকেয়া ? ", command_kind::due},
        {"meeting kobe", command_kind::meeting},
        {"ঋণ", command_kind::loan},
        {"হিসাব দেন", command_kind::statement},
        {"koto rin", command_kind::eligibility},
        {"কত ঋণ", command_kind::eligibility},
        {"Call me", command_kind::call},
        {"amar kisti koto", command_kind::due},
        {"please balance", command_kind::balance},
        {"সমস্যা আছে", command_kind::complaint},
        {"", command_kind::help},
        {"?", command_kind::help},
        {" \U0001F64F ", command_kind::help},
        {"help me", command_kind::help},
        {"LANG BN", command_kind::language_bn},
        {"lang en", command_kind::language_en},
        {"ভাষা ইংরেজি", command_kind::language_en},
        {"Bangla", command_kind::language_bn},
        {"English please", command_kind::language_en},
        {"lang", command_kind::languages},
        {"PIN", command_kind::pin},
        {"hello", command_kind::unknown},
        {"taka dibo kal", command_kind::unknown},
        {"please", command_kind::unknown},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(read(c.written).kind, c.is) << c.written;
    }
}

TEST(Command, StopIsWhatSaysNothingElse) {
    for (const std::string_view written :
         {"STOP", "stop.", "Stop!!!", "stop sms", "sms stop", "please stop", "stop all", "বন্ধ",
          "বন্ধ করুন", "এসএমএস বন্ধ করে দেন", "bondho korun", "sms bondho kore den"}) {
        EXPECT_EQ(read(written).kind, command_kind::stop) << written;
    }
    for (const std::string_view written :
         {"off day kobe", "kal ki bondho", "bondho kobe", "বন্ধ কবে", "অফিস বন্ধ", "stop bal",
          "don't stop", "stop start", "on", "stopp", "stpo", "i will stop paying"}) {
        EXPECT_NE(read(written).kind, command_kind::stop) << written;
    }
    EXPECT_EQ(read("chalu korun").kind, command_kind::start);
    EXPECT_EQ(read("on the way").kind, command_kind::unknown);
    std::string endless = "stop";
    for (int i = 0; i < 40; ++i) {
        endless += " please";
    }
    EXPECT_NE(read(endless).kind, command_kind::stop);
}

TEST(Command, TakesAmountsAndNumbersBehindIt) {
    EXPECT_EQ(read("ELIG 20000").amount, money::taka(20'000));
    EXPECT_EQ(read("কত ২০০০০").amount, money::taka(20'000));
    EXPECT_EQ(read("কত২০ হাজার টাকা").amount, money::taka(20'000));
    EXPECT_EQ(read("koto rin 5000").amount, money::taka(5'000));
    EXPECT_EQ(read("koto panch hazar").amount, money::taka(5'000));
    EXPECT_FALSE(read("koto taka pabo").amount);
    EXPECT_EQ(read("BALANCE 12345").number, "12345");
    EXPECT_EQ(read("meet ১২৩৪৫৬").number, "123456");
    EXPECT_EQ(read("3").kind, command_kind::menu_number);
    EXPECT_EQ(read("৩").menu, '3');
    EXPECT_EQ(read("9").kind, command_kind::unknown);
}

TEST(Command, APinIsSeenAndNeverTaken) {
    for (const std::string_view written :
         {"1234", "১২৩৪", " 1234. ", "BAL 1234", "bal1234", "pin 7391", "my pin is 7391",
          "kisti 4821", "1 2 3 4", "1-2-3-4", "12 34 5 7391", "ELIG 7391", "কত ৭৩৯১", "lang 7391",
          "stop 7391", "****", "bal ****"}) {
        EXPECT_EQ(read(written).kind, command_kind::pin) << written;
    }
    for (const std::string_view written : {"12345", "ELIG 5000", "ELIG 20000", "5000 taka",
                                           "joma 1200 taka", "৳1200", "tk 1200", "12 34", "bal"}) {
        EXPECT_FALSE(may_hold_pin(keyword_words(), written)) << written;
    }
}

TEST(Command, APinIsSeenFarBehindInALongText) {
    std::string text;
    for (int i = 0; i < 400; ++i) {
        text += "কথা ";
    }
    EXPECT_FALSE(may_hold_pin(keyword_words(), text));
    EXPECT_TRUE(may_hold_pin(keyword_words(), text + "7391"));
}

TEST(Command, ReadsAnythingWithoutHarm) {
    std::mt19937_64 random{99};
    for (int i = 0; i < 20'000; ++i) {
        std::string octets;
        for (auto left = random() % 60; left > 0; --left) {
            octets.push_back(static_cast<char>(random() % 128));
        }
        const auto one = read(octets);
        ASSERT_TRUE(one.kind != command_kind::menu_number || (one.menu >= '1' && one.menu <= '8'));
    }
}

} // namespace
} // namespace uthan::sms
