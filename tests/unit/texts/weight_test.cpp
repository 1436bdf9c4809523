#include "texts/weight.hpp"

#include "texts/gsm7.hpp"
#include "texts/utf8.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

namespace uthan::texts {
namespace {

/// 3GPP TS 23.038 6.2.1, by septet 0x00 … 0x7F; 0x1B is the escape and no character.
constexpr std::array<char32_t, 128> default_alphabet{
    0x0040, 0x00A3, 0x0024, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC, 0x00F2, 0x00C7, 0x000A, 0x00D8,
    0x00F8, 0x000D, 0x00C5, 0x00E5, 0x0394, 0x005F, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8,
    0x03A3, 0x0398, 0x039E, 0x0000, 0x00C6, 0x00E6, 0x00DF, 0x00C9, 0x0020, 0x0021, 0x0022, 0x0023,
    0x00A4, 0x0025, 0x0026, 0x0027, 0x0028, 0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F,
    0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003A, 0x003B,
    0x003C, 0x003D, 0x003E, 0x003F, 0x00A1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
    0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F, 0x0050, 0x0051, 0x0052, 0x0053,
    0x0054, 0x0055, 0x0056, 0x0057, 0x0058, 0x0059, 0x005A, 0x00C4, 0x00D6, 0x00D1, 0x00DC, 0x00A7,
    0x00BF, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067, 0x0068, 0x0069, 0x006A, 0x006B,
    0x006C, 0x006D, 0x006E, 0x006F, 0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
    0x0078, 0x0079, 0x007A, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0};
/// 3GPP TS 23.038 6.2.1.1: the characters behind the escape.
constexpr std::array<char32_t, 10> extension{0x0C, '^', '{', '}', '\\', '[', '~', ']', '|', 0x20AC};

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all.append(text);
    }
    return all;
}

TEST(Weight, EveryCodePointHasTheSeptetsOfTheStandard) {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        const bool is_default =
            c != 0 && std::ranges::find(default_alphabet, c) != default_alphabet.end();
        const bool is_extension = std::ranges::find(extension, c) != extension.end();
        ASSERT_EQ(gsm7_septets(c), is_default     ? 1U
                                   : is_extension ? 2U
                                                  : 0U)
            << static_cast<unsigned>(c);
    }
}

TEST(Weight, TheWholeDefaultAlphabetWeighsASeptetEach) {
    std::string all;
    for (const char32_t c : default_alphabet) {
        if (c != 0) {
            append_utf8(all, c);
        }
    }
    EXPECT_EQ(ussd_weight(all), (weight{alphabet::gsm7, 127, 112}));
}

TEST(Weight, LimitsOfAUssdStringAre182SeptetsAnd80Units) {
    EXPECT_EQ(ussd_weight(repeated("a", 182)), (weight{alphabet::gsm7, 182, 160}));
    EXPECT_EQ(ussd_weight(repeated("a", 183)).octets, 161U);
    EXPECT_EQ(ussd_weight(repeated("ক", 80)), (weight{alphabet::ucs2, 80, 160}));
    EXPECT_EQ(ussd_weight(repeated("ক", 81)).octets, 162U);
    EXPECT_LE(ussd_weight(repeated("[", 91)).octets, ussd_octets_max);
    EXPECT_GT(ussd_weight(repeated("[", 92)).octets, ussd_octets_max);
}

TEST(Weight, TextsWeighWhatTheyFill) {
    struct case_ {
        std::string_view text;
        weight expected;
    };
    const std::array cases{
        case_{"", {alphabet::gsm7, 0, 0}},
        case_{"a", {alphabet::gsm7, 1, 1}},
        case_{"1234567", {alphabet::gsm7, 7, 7}},
        case_{"12345678", {alphabet::gsm7, 8, 7}},
        case_{"123456789", {alphabet::gsm7, 9, 8}},
        case_{"0 Back\n9 More", {alphabet::gsm7, 13, 12}},
        case_{"{€}", {alphabet::gsm7, 6, 6}},
        case_{"`", {alphabet::ucs2, 1, 2}},
        case_{"ç", {alphabet::ucs2, 1, 2}},
        case_{"Ç", {alphabet::gsm7, 1, 1}},
        case_{"Tk 1,25,000 –", {alphabet::ucs2, 13, 26}},
        case_{"কিস্তি", {alphabet::ucs2, 6, 12}},
        case_{"সঞ্চয়", {alphabet::ucs2, 5, 10}},
        case_{"a😀", {alphabet::ucs2, 3, 6}},
        case_{"{ক}", {alphabet::ucs2, 3, 6}},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(c.text);
        EXPECT_EQ(ussd_weight(c.text), c.expected);
    }
}

TEST(Weight, UnitsAreCountedAtEveryPlaceAndLength) {
    constexpr std::array<std::string_view, 4> characters{"a", "é", "ক", "😀"};
    std::mt19937 random{6};
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        std::size_t expected = 0;
        for (std::size_t length = random() % 30; length > 0; --length) {
            const std::size_t which = random() % characters.size();
            text.append(characters[which]);
            expected += which == 3 ? 2 : 1;
        }
        ASSERT_EQ(utf16_units(text), expected) << text;
    }
}

TEST(Weight, InvalidUtf8IsRefusedWhereverItStands) {
    const std::array<std::string_view, 17> bad{"\x80",
                                               "\xBF",
                                               "\xC0\x80",
                                               "\xC1\xBF",
                                               "\xC3",
                                               "\xE0\x9F\xBF",
                                               "\xE0\xA7",
                                               "\xED\xA0\x80",
                                               "\xED\xBF\xBF",
                                               "\xF0\x8F\xBF\xBF",
                                               "\xF4\x90\x80\x80",
                                               "\xF5\x80\x80\x80",
                                               "\xFF",
                                               "\xFE",
                                               "\xE0\xA7\x41",
                                               "\xF0\x9F\x98",
                                               "\xC3\x28"};
    for (const std::string_view octets : bad) {
        for (std::size_t before = 0; before < 10; ++before) {
            const std::string text = repeated("x", before).append(octets);
            EXPECT_FALSE(is_valid_utf8(text)) << before;
            EXPECT_FALSE(is_valid_utf8(text + "12345678")) << before;
        }
    }
}

TEST(Weight, ValidUtf8IsAcceptedUpToItsEdges) {
    for (const std::string_view text :
         {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "12345678কিস্তি 12345678"}) {
        EXPECT_TRUE(is_valid_utf8(text)) << text;
    }
    EXPECT_TRUE(is_valid_utf8(std::string_view{"\0", 1}));
}

} // namespace
} // namespace uthan::texts
