#include "texts/gsm7.hpp"

#include "texts/utf8.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace uthan::texts {
namespace {

using printed_table = std::array<std::array<char32_t, 8>, 16>;

/// 3GPP TS 23.038 A.3.4 as it is printed: a row is the low half of the septet, a column the high
/// half. 0 is unassigned (or, in 1B, the escape).
constexpr printed_table bengali_locking{{
    {0x0981, 0x0990, 0x0020, 0x0030, 0x09AC, 0x09BE, 0x09CE, 0x0070},
    {0x0982, 0, 0x0021, 0x0031, 0x09AD, 0x09BF, 0x0061, 0x0071},
    {0x0983, 0, 0x099F, 0x0032, 0x09AE, 0x09C0, 0x0062, 0x0072},
    {0x0985, 0x0993, 0x09A0, 0x0033, 0x09AF, 0x09C1, 0x0063, 0x0073},
    {0x0986, 0x0994, 0x09A1, 0x0034, 0x09B0, 0x09C2, 0x0064, 0x0074},
    {0x0987, 0x0995, 0x09A2, 0x0035, 0, 0x09C3, 0x0065, 0x0075},
    {0x0988, 0x0996, 0x09A3, 0x0036, 0x09B2, 0x09C4, 0x0066, 0x0076},
    {0x0989, 0x0997, 0x09A4, 0x0037, 0, 0, 0x0067, 0x0077},
    {0x098A, 0x0998, 0x0029, 0x0038, 0, 0, 0x0068, 0x0078},
    {0x098B, 0x0999, 0x0028, 0x0039, 0, 0x09C7, 0x0069, 0x0079},
    {0x000A, 0x099A, 0x09A5, 0x003A, 0x09B6, 0x09C8, 0x006A, 0x007A},
    {0x098C, 0, 0x09A6, 0x003B, 0x09B7, 0, 0x006B, 0x09D7},
    {0, 0x099B, 0x002C, 0, 0x09B8, 0, 0x006C, 0x09DC},
    {0x000D, 0x099C, 0x09A7, 0x09AA, 0x09B9, 0x09CB, 0x006D, 0x09DD},
    {0, 0x099D, 0x002E, 0x09AB, 0x09BC, 0x09CC, 0x006E, 0x09F0},
    {0x098F, 0x099E, 0x09A8, 0x003F, 0x09BD, 0x09CD, 0x006F, 0x09F1},
}};

/// A.2.4, printed in the same way.
constexpr printed_table bengali_single{{
    {0x0040, 0x003C, 0x09EC, 0x09F6, 0x007C, 0x0050, 0, 0},
    {0x00A3, 0x003D, 0x09ED, 0x09F7, 0x0041, 0x0051, 0, 0},
    {0x0024, 0x003E, 0x09EE, 0x09F8, 0x0042, 0x0052, 0, 0},
    {0x00A5, 0x00A1, 0x09EF, 0x09F9, 0x0043, 0x0053, 0, 0},
    {0x00BF, 0x005E, 0x09DF, 0x09FA, 0x0044, 0x0054, 0, 0},
    {0x0022, 0x00A1, 0x09E0, 0, 0x0045, 0x0055, 0x20AC, 0},
    {0x00A4, 0x005F, 0x09E1, 0, 0x0046, 0x0056, 0, 0},
    {0x0025, 0x0023, 0x09E2, 0, 0x0047, 0x0057, 0, 0},
    {0x0026, 0x002A, 0x007B, 0, 0x0048, 0x0058, 0, 0},
    {0x0027, 0x09E6, 0x007D, 0, 0x0049, 0x0059, 0, 0},
    {0x000C, 0x09E7, 0x09E3, 0, 0x004A, 0x005A, 0, 0},
    {0x002A, 0, 0x09F2, 0, 0x004B, 0, 0, 0},
    {0x002B, 0x09E8, 0x09F3, 0x005B, 0x004C, 0, 0, 0},
    {0, 0x09E9, 0x09F4, 0x007E, 0x004D, 0, 0, 0},
    {0x002D, 0x09EA, 0x09F5, 0x005D, 0x004E, 0, 0, 0},
    {0x002F, 0x09EB, 0x005C, 0, 0x004F, 0, 0, 0},
}};

/// 6.2.1 in the order of its septets, without the escape at 1B.
constexpr std::u32string_view default_alphabet =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

constexpr gsm7_shift both{.locking = true, .single = true};

char32_t in(const printed_table& table, unsigned septet) {
    return table.at(septet & 0xF).at(septet >> 4);
}

std::string utf8_of(char32_t c) {
    std::string out;
    append_utf8(out, c);
    return out;
}

std::string octets(std::initializer_list<int> all) {
    std::string out;
    for (const int octet : all) {
        out.push_back(static_cast<char>(octet));
    }
    return out;
}

char32_t default_character(unsigned septet) {
    return septet < gsm7_escape ? default_alphabet[septet] : default_alphabet[septet - 1];
}

TEST(Gsm7, EverySeptetIsTheCharacterOfTheDefaultAlphabet) {
    ASSERT_EQ(default_alphabet.size(), 127U);
    for (unsigned septet = 0; septet < 128; ++septet) {
        if (septet == gsm7_escape) {
            continue;
        }
        const char32_t c = default_character(septet);
        EXPECT_EQ(decode_gsm7(octets({static_cast<int>(septet)})), utf8_of(c)) << septet;
        EXPECT_EQ(code_in_gsm7(c), (gsm7_code{1, static_cast<std::uint8_t>(septet)})) << septet;
    }
}

TEST(Gsm7, EveryExtensionIsReadAndTheRestBehindAnEscapeIsThePlainCharacter) {
    constexpr std::u32string_view extension = U"\f^{}\\[~]|€";
    constexpr std::array<unsigned, 10> septets{0x0A, 0x14, 0x28, 0x29, 0x2F,
                                               0x3C, 0x3D, 0x3E, 0x40, 0x65};
    for (unsigned septet = 0; septet < 128; ++septet) {
        const auto* found = std::find(septets.begin(), septets.end(), septet);
        const char32_t expected =
            septet == gsm7_escape    ? U' '
            : found == septets.end() ? default_character(septet)
                                     : extension[static_cast<std::size_t>(found - septets.begin())];
        EXPECT_EQ(decode_gsm7(octets({0x1B, static_cast<int>(septet)})), utf8_of(expected))
            << septet;
        if (found != septets.end()) {
            EXPECT_EQ(code_in_gsm7(expected), (gsm7_code{2, static_cast<std::uint8_t>(septet)}));
        }
    }
}

TEST(Gsm7, ReceiverRulesHoldForWhatNobodyShouldSend) {
    struct case_ {
        std::string septets;
        std::string_view shown;
    };
    const std::array cases{
        case_{"", ""},
        case_{octets({0x1B}), " "},
        case_{octets({'a', 0x1B}), "a "},
        case_{octets({0x1B, 0x1B, 0x65}), " e"},
        case_{octets({0x1B, 0x1B, 0x1B, 0x65}), " €"},
        case_{octets({0x80}), "\uFFFD"},
        case_{octets({0x1B, 0xFF, 0x65}), "\uFFFDe"},
        case_{octets({0x1B, 'a'}), "a"},
        case_{octets({0x1B, 0x0D}), "\r"},
    };
    for (const case_& c : cases) {
        EXPECT_EQ(decode_gsm7(c.septets), c.shown);
    }
}

TEST(BengaliTables, EveryCellOfTheLockingTableIsReadAndWritten) {
    unsigned assigned = 0;
    for (unsigned septet = 0; septet < 128; ++septet) {
        const char32_t c = in(bengali_locking, septet);
        const std::string shown =
            decode_gsm7(octets({static_cast<int>(septet)}), {.locking = true});
        EXPECT_EQ(shown, c != 0 ? utf8_of(c) : " ") << septet;
        if (c != 0) {
            ++assigned;
            EXPECT_EQ(code_in_bengali(c), (gsm7_code{1, static_cast<std::uint8_t>(septet)}));
        }
    }
    EXPECT_EQ(assigned, 114U);
}

TEST(BengaliTables, EveryCellOfTheSingleTableIsReadAndWritten) {
    unsigned assigned = 0;
    for (unsigned septet = 0; septet < 128; ++septet) {
        const char32_t c = in(bengali_single, septet);
        const char32_t locked = in(bengali_locking, septet);
        const char32_t expected = c != 0 ? c : locked != 0 ? locked : U' ';
        const std::string escaped = octets({0x1B, static_cast<int>(septet)});
        EXPECT_EQ(decode_gsm7(escaped, both), utf8_of(expected)) << septet;
        if (c == 0) {
            continue;
        }
        ++assigned;
        // The two that stand there twice are written by their first place.
        if (septet != 0x18 && septet != 0x15) {
            EXPECT_EQ(code_in_bengali(c), (gsm7_code{2, static_cast<std::uint8_t>(septet)}));
        }
    }
    EXPECT_EQ(assigned, 82U);
    EXPECT_EQ(code_in_bengali(U'*'), (gsm7_code{2, 0x0B}));
    EXPECT_EQ(code_in_bengali(U'¡'), (gsm7_code{2, 0x13}));
}

TEST(BengaliTables, EachShiftStandsByItself) {
    // The single table over the default alphabet: what it lacks is a default letter.
    EXPECT_EQ(decode_gsm7(octets({0x1B, 0x19, 'e', 0x1B, 0x65, 0x1B, 0x60}), {.single = true}),
              "০e€¿");
    // The locking table with the default extension.
    EXPECT_EQ(decode_gsm7(octets({0x15, 0x1B, 0x28, 0x1B, 0x15}), {.locking = true}), "ক{ক");
}

TEST(BengaliTables, NothingElseCanBeWritten) {
    unsigned written = 0;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        written += code_in_bengali(c).septets != 0 ? 1 : 0;
    }
    // 114 and 82, less * and ¡ that stand in the single table twice.
    EXPECT_EQ(written, 194U);
    for (const char32_t c : {U'।', char32_t{0x0965}, char32_t{0x200C}, char32_t{0x200D}, U'`'}) {
        EXPECT_EQ(code_in_bengali(c).septets, 0U);
    }
}

TEST(BengaliTables, WhatIsWrittenIsRead) {
    for (char32_t c = 1; c <= 0xFFFF; ++c) {
        std::string plain;
        append_septets(plain, code_in_gsm7(c));
        EXPECT_TRUE(plain.empty() || decode_gsm7(plain) == utf8_of(c));
        std::string shifted;
        append_septets(shifted, code_in_bengali(c));
        EXPECT_TRUE(shifted.empty() || decode_gsm7(shifted, both) == utf8_of(c));
    }
}

TEST(Gsm7, AnyOctetsAreReadAsUtf8) {
    std::mt19937 random{7};
    for (int i = 0; i < 20'000; ++i) {
        std::string some;
        for (std::size_t length = random() % 20; length > 0; --length) {
            some.push_back(static_cast<char>(random() % 3 == 0 ? gsm7_escape : random() % 256));
        }
        const gsm7_shift shift{random() % 2 == 0, random() % 2 == 0};
        const std::string shown = decode_gsm7(some, shift);
        std::size_t characters = 0;
        for (std::size_t at = 0; at < shown.size(); ++characters) {
            ASSERT_NE(next_code_point(shown, at), 0U);
        }
        ASSERT_LE(characters, some.size());
    }
}

} // namespace
} // namespace uthan::texts
