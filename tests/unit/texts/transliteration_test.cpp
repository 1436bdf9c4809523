#include "texts/graphemes.hpp"
#include "texts/weight.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace uthan::texts {
namespace {

TEST(Transliteration, NamesReadAsPeopleWriteThem) {
    struct case_ {
        std::string_view bangla;
        std::string_view latin;
    };
    const std::array cases{
        case_{"রহিমা", "Rohima"},
        case_{"করিমা বেগম", "Korima Begom"},
        case_{"ফাতেমা খাতুন", "Fatema Khatun"},
        case_{"সুফিয়া", "Sufiya"},
        case_{"আয়েশা", "Ayesha"},
        case_{"আনোয়ারা", "Anowara"},
        case_{"পারভীন আক্তার", "Parvin Aktar"},
        case_{"নাসরিন সুলতানা", "Nasrin Sultana"},
        case_{"রোকেয়া", "Rokeya"},
        case_{"মরিয়ম", "Moriyom"},
        case_{"শাহনাজ", "Shahnaj"},
        case_{"ইসলাম", "Islam"},
        case_{"লক্ষ্মী রানী", "Lokkhi Rani"},
        case_{"বিশ্বাস", "Bishwas"},
        case_{"মোছাঃ রাবেয়া", "Mst. Rabeya"},
        case_{"মোঃ আব্দুল করিম", "Md. Abdul Korim"},
        case_{"চাঁদপুর", "Chandpur"},
        case_{"ময়মনসিংহ", "Moymonsingh"},
        case_{"বাংলাদেশ", "Bangladesh"},
        case_{"নরসিংদী", "Norsingdi"},
        case_{"কিশোরগঞ্জ", "Kishorgonj"},
        case_{"নোয়াখালী", "Nowakhali"},
        case_{"দক্ষিণ পাড়া", "Dokkhin Para"},
        case_{"বড় বাজার", "Boro Bajar"},
        case_{"চৌধুরী", "Choudhuri"},
        case_{"ঋণ", "Rin"},
    };
    for (const case_& c : cases) {
        EXPECT_EQ(transliterate(c.bangla), c.latin) << c.bangla;
    }
}

TEST(Transliteration, TheFormOfTheLettersDoesNotMatter) {
    EXPECT_EQ(transliterate("সুফি\u09AF\u09BCা"), "Sufiya");
    EXPECT_EQ(transliterate("সুফি\u09DFা"), "Sufiya");
    EXPECT_EQ(transliterate("করিমা\u200C"), "Korima");
    EXPECT_EQ(transliterate("র\u200D\u09CDযাব"), "Ryab");
}

TEST(Transliteration, WhatIsNotBanglaStays) {
    for (const std::string_view text : {"", "Karima Begum", "MSS-2 [a] é", "“quoted” – ü"}) {
        EXPECT_EQ(transliterate(text), text);
    }
    EXPECT_EQ(transliterate("শাখা-২ (KMSS)"), "Shakha-2 (KMSS)");
    EXPECT_EQ(transliterate("১২৩"), "123");
    EXPECT_EQ(transliterate("“করিমা”।"), "Korima.");
    EXPECT_EQ(transliterate("৳৫০০"), "Tk500");
}

TEST(Transliteration, IsAlwaysGsm7AndRepeatable) {
    std::mt19937 random{5};
    for (int i = 0; i < 5'000; ++i) {
        std::string text;
        for (std::size_t length = 1 + random() % 15; length > 0; --length) {
            const auto code_point = 0x0980 + random() % 0x80;
            text.push_back(static_cast<char>(0xE0));
            text.push_back(static_cast<char>(0x80 | code_point >> 6));
            text.push_back(static_cast<char>(0x80 | (code_point & 0x3F)));
        }
        const std::string latin = transliterate(text);
        ASSERT_EQ(ussd_weight(latin).in, alphabet::gsm7) << text << " -> " << latin;
        ASSERT_EQ(transliterate(text), latin);
    }
}

} // namespace
} // namespace uthan::texts
