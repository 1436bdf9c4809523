#include "texts/normalise.hpp"

#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <array>
#include <random>
#include <string>

namespace uthan::texts {
namespace {

struct case_ {
    std::string_view text;
    std::string_view expected;
};

TEST(MessageForm, IsOneSpellingWithJoinersKept) {
    const std::array cases{
        case_{"", ""},
        case_{"Tk 500\r\nThanks\rBye\r\n", "Tk 500\nThanks\nBye\n"},
        case_{"ক\r\nখ", "ক\nখ"},
        case_{"\u09AF\u09BC\u09A1\u09BC\u09A2\u09BC", "\u09DF\u09DC\u09DD"},
        case_{"\u09DF\u09DC\u09DD", "\u09DF\u09DC\u09DD"},
        case_{"\u0995\u09C7\u09BE", "\u0995\u09CB"},
        case_{"\u0995\u09C7\u09D7", "\u0995\u09CC"},
        case_{"e\u0301", "é"},
        case_{"\u2126", "Ω"},
        // Ya-phala behind ra, an explicit hasanta, an old khanda ta, a family: all shown
        // differently without their joiners.
        case_{"র\u200D\u09CDয", "র\u200D\u09CDয"},
        case_{"ক\u09CD\u200Cষ", "ক\u09CD\u200Cষ"},
        case_{"ত\u09CD\u200D", "ত\u09CD\u200D"},
        case_{"👩\u200D👧", "👩\u200D👧"},
        case_{"`“—…”`", "`“—…”`"},
    };
    for (const case_& c : cases) {
        EXPECT_EQ(message_form(c.text), c.expected) << c.text;
        EXPECT_EQ(message_form(c.expected), c.expected);
    }
}

TEST(MessageForm, IsCanonicallyTheSameTextAsBefore) {
    constexpr std::array<char32_t, 18> pieces{U'ক',   U'য',   U'ড',   U'ঢ',   0x09CD, 0x09BC,
                                              0x09C7, 0x09BE, 0x09D7, 0x09DF, 0x200D, 0x200C,
                                              0x0301, U'e',   U' ',   0x212B, 0xAC00, 0x1F600};
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
    ASSERT_TRUE(U_SUCCESS(status));
    std::mt19937 random{11};
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (std::size_t length = random() % 12; length > 0; --length) {
            append_utf8(text, pieces[random() % pieces.size()]);
        }
        const std::string form = message_form(text);
        ASSERT_LE(utf16_units(form), utf16_units(text));
        ASSERT_EQ(message_form(form), form);
        ASSERT_EQ(nfd->normalize(icu::UnicodeString::fromUTF8(form), status),
                  nfd->normalize(icu::UnicodeString::fromUTF8(text), status));
    }
}

TEST(SmartReplacement, PutsAsciiForWhatTypingProgramsPutIn) {
    const std::array cases{
        case_{"", ""},
        case_{"“Tk 500” – don’t wait…", "\"Tk 500\" - don't wait..."},
        case_{"«a» ‹b› „c‟ ‚d‛ `e´", "\"a\" 'b' \"c\" 'd' 'e'"},
        case_{"a\tb\u00A0c\u2009d\u202Fe\u3000f", "a b c d e f"},
        case_{"a\u200Bb\uFEFFc\u00ADd\u2060e", "abcde"},
        case_{"1⁄2 ∕ −3 ‐ ‑ ‒ — ―", "1/2 / -3 - - - - -"},
        case_{"2½ kg, ½ kg, ২¼, ⅓⅔¾", "2 1/2 kg, 1/2 kg, ২ 1/4, 1/3 2/3 3/4"},
        case_{"Ｔｋ　５００！", "Tk 500!"},
        case_{"ﬁ ﬂ ﬀ ﬃ ﬄ ﬆ", "fi fl ff ffi ffl st"},
        case_{"কিস্তি দিন।", "কিস্তি দিন."},
        case_{"a\u2028b", "a\nb"},
    };
    for (const case_& c : cases) {
        EXPECT_EQ(smart_replacement(c.text), c.expected) << c.text;
        EXPECT_EQ(smart_replacement(c.expected), c.expected);
    }
}

TEST(SmartReplacement, LeavesLettersAndJoiners) {
    for (const std::string_view text :
         {"র\u200D\u09CDয", "ক\u09CD\u200Cষ", "৳ ৫০০", "Zoë ñ", "👩\u200D👧", "a\nb"}) {
        EXPECT_EQ(smart_replacement(text), text);
    }
}

} // namespace
} // namespace uthan::texts
