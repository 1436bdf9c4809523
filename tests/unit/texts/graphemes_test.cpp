#include "texts/graphemes.hpp"

#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace uthan::texts {
namespace {

/// One grapheme each, of one to six units: conjuncts with signs, two consonants and more.
constexpr std::array clusters = std::to_array<std::string_view>(
    {"ম", "ং", "a", "কি", "হুঁ", "জ্ঞা", "ক্ষ্ম", "ত্ত্ব", //
     "ন্ত্রী", "ৎ", "আ", "é", "য়া", "ক্স", "শ্চি", "র্য্য", "ন্দ্ব", "স্ত্রী"});

std::string any_text(std::mt19937& random, std::size_t graphemes) {
    std::string text;
    for (std::size_t i = 0; i < graphemes; ++i) {
        text.append(random() % 6 == 0 ? std::string_view{" "}
                                      : clusters[random() % clusters.size()]);
    }
    return text;
}

char32_t last_code_point(std::string_view text) {
    char32_t last = 0;
    for (std::size_t at = 0; at < text.size();) {
        last = next_code_point(text, at);
    }
    return last;
}

/// Vowel signs, nukta, hasanta and the nasal and breath signs: none begins a grapheme.
bool is_bangla_sign(char32_t c) {
    return (c >= 0x0981 && c <= 0x0983) || c == 0x09BC || (c >= 0x09BE && c <= 0x09CD) ||
           c == 0x09D7;
}

TEST(Truncate, CutsAtGraphemes) {
    struct case_ {
        std::string_view text;
        std::size_t units;
        std::string_view expected;
    };
    const std::array cases{
        case_{"করিমা", 5, "করিমা"},
        case_{"করিমা", 4, "করি"},
        case_{"করিমা", 2, "ক"},
        case_{"কিস্তি", 5, "কি"},
        case_{"কিস্তি", 1, ""},
        case_{"ক্ষ্মা", 5, ""},
        case_{"স্ত্রী স্ত্রী", 9, "স্ত্রী"},
        case_{"স্ত্রী স্ত্রী", 13, "স্ত্রী স্ত্রী"},
        case_{"করিমা বেগম", 6, "করিমা"},
        case_{"করিমা  ", 20, "করিমা"},
        case_{"Karima Begum", 7, "Karima"},
        case_{"", 0, ""},
        case_{"abc", 0, ""},
        case_{"a😀b", 2, "a"},
        case_{"a😀b", 3, "a😀"},
        case_{"e\u0301x", 1, ""},
        case_{"   ", 2, ""},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(std::string{c.text} + " to " + std::to_string(c.units));
        EXPECT_EQ(truncate(c.text, c.units), c.expected);
    }
}

TEST(Truncate, NeverExceedsIsAPrefixAndIdempotent) {
    std::mt19937 random{1};
    for (int i = 0; i < 4'000; ++i) {
        const std::string text = any_text(random, 1 + random() % 60);
        const std::size_t units = random() % 90;
        const std::string cut = truncate(text, units);
        ASSERT_LE(utf16_units(cut), units);
        ASSERT_TRUE(text.starts_with(cut));
        ASSERT_TRUE(is_valid_utf8(cut));
        ASSERT_EQ(truncate(cut, units), cut);
        ASSERT_FALSE(cut.ends_with(' '));
    }
}

TEST(Truncate, NeverPartsALetterFromItsSigns) {
    std::mt19937 random{2};
    for (int i = 0; i < 4'000; ++i) {
        const std::string text = any_text(random, 60);
        for (const std::size_t units : {std::size_t{8}, std::size_t{14}, 1 + random() % 200}) {
            const std::string cut = truncate(text, units);
            ASSERT_NE(last_code_point(cut), char32_t{0x09CD}) << text << " to " << units;
            std::size_t at = cut.size();
            if (at < text.size()) {
                ASSERT_FALSE(is_bangla_sign(next_code_point(text, at))) << text;
            }
        }
    }
}

TEST(Truncate, IsTheLongestPrefixOfWholeGraphemes) {
    std::mt19937 random{3};
    for (int i = 0; i < 1'000; ++i) {
        std::vector<std::string_view> parts(60);
        std::string text;
        for (std::string_view& part : parts) {
            // ং would join the letter before it.
            do {
                part = clusters[random() % clusters.size()];
            } while (part == "ং");
            text.append(part);
        }
        const std::size_t units = random() % 120;
        std::string expected;
        for (const std::string_view part : parts) {
            if (utf16_units(expected) + utf16_units(part) > units) {
                break;
            }
            expected.append(part);
        }
        ASSERT_EQ(truncate(text, units), expected);
    }
}

TEST(Truncate, ManyThreadsCutAtOnce) {
    std::vector<std::thread> threads;
    std::array<bool, 4> right{};
    threads.reserve(right.size());
    for (bool& all_right : right) {
        threads.emplace_back([&all_right] {
            bool good = true;
            for (int i = 0; i < 2'000; ++i) {
                good = good && truncate("করিমা বেগম স্ত্রী", 7) == "করিমা";
            }
            all_right = good;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_TRUE(std::ranges::all_of(right, [](bool r) { return r; }));
}

TEST(Graphemes, AreCountedAsPeopleCount) {
    EXPECT_EQ(grapheme_count(""), 0U);
    EXPECT_EQ(grapheme_count("abc"), 3U);
    EXPECT_EQ(grapheme_count("কিস্তি"), 2U);
    EXPECT_EQ(grapheme_count("ক্ষ্ম"), 1U);
    EXPECT_EQ(grapheme_count("করিমা বেগম"), 7U);
    EXPECT_EQ(grapheme_count("স্ত্রী"), 1U);
    for (const std::string_view cluster : clusters) {
        EXPECT_EQ(grapheme_count(cluster), 1U) << cluster;
    }
}

TEST(ShortestForm, IsOneUnitPerLetterAndNothingUnseen) {
    struct case_ {
        std::string_view text;
        std::u32string_view expected;
    };
    const std::array cases{
        case_{"", U""},
        case_{"Tk 500", U"Tk 500"},
        case_{"\u09AF\u09BC\u09A1\u09BC\u09A2\u09BC", U"\u09DF\u09DC\u09DD"},
        case_{"\u09DF\u09DC\u09DD", U"\u09DF\u09DC\u09DD"},
        case_{"\u0995\u09C7\u09BE", U"\u0995\u09CB"},
        case_{"\u0995\u09C7\u09D7", U"\u0995\u09CC"},
        case_{"\u0995\u09C7\u200C\u09BE", U"\u0995\u09CB"},
        case_{"\uFEFFক\u200Bখ", U"ক\u200Bখ"},
        case_{"ক\u200Cখ\u200D", U"কখ"},
        // Shown: an explicit hasanta, and a ya-phala instead of a reph.
        case_{"ক\u09CD\u200Cষ", U"ক\u09CD\u200Cষ"},
        case_{"র\u200D\u09CDয", U"র\u200D\u09CDয"},
        case_{"র\u200D\u200D\u09CDয", U"র\u200D\u09CDয"},
        case_{"ক\u09CD\u200C ", U"ক\u09CD "},
        // ৎ as older keyboards write it.
        case_{"উত\u09CD\u200Dসব", U"উ\u09CEসব"},
        case_{"e\u0301", U"é"},
        case_{"\u09BC", U"\u09BC"},
    };
    for (const case_& c : cases) {
        std::string expected;
        for (const char32_t code_point : c.expected) {
            append_utf8(expected, code_point);
        }
        SCOPED_TRACE(expected);
        EXPECT_EQ(shortest_form(c.text), expected);
        EXPECT_EQ(shortest_form(expected), expected);
    }
}

TEST(ShortestForm, IsIdempotentAndNeverLonger) {
    constexpr std::array<char32_t, 14> pieces{U'ক',   U'ত',   U'র',   U'য',   U'ড',
                                              0x09CD, 0x09BC, 0x09C7, 0x09BE, 0x200C,
                                              0x200D, 0xFEFF, U' ',   U'a'};
    std::mt19937 random{4};
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (std::size_t length = random() % 12; length > 0; --length) {
            append_utf8(text, pieces[random() % pieces.size()]);
        }
        const std::string once = shortest_form(text);
        ASSERT_TRUE(is_valid_utf8(once));
        ASSERT_LE(utf16_units(once), utf16_units(text));
        ASSERT_EQ(shortest_form(once), once) << text;
    }
}

TEST(FirstName, IsTheFirstWord) {
    EXPECT_EQ(first_name("করিমা বেগম"), "করিমা");
    EXPECT_EQ(first_name("  রহিমা"), "রহিমা");
    EXPECT_EQ(first_name("Sufiya\tKhatun"), "Sufiya");
    EXPECT_EQ(first_name("আয়েশা"), "আয়েশা");
    EXPECT_EQ(first_name(""), "");
    EXPECT_EQ(first_name("  "), "");
}

} // namespace
} // namespace uthan::texts
