#include "texts/clusters.hpp"

#include "texts/normalise.hpp"
#include "texts/utf8.hpp"

#include <gtest/gtest.h>
#include <unicode/brkiter.h>
#include <unicode/unistr.h>

#include <array>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>

namespace uthan::texts {
namespace {

/// The text with a bar at each boundary inside it.
std::string barred(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (at > 0 && is_cluster_boundary(text, at)) {
            out.push_back('|');
        }
        append_utf8(out, next_code_point(text, at));
    }
    return out;
}

TEST(Clusters, KeepALetterAndItsSignsAndAConjunctTogether) {
    EXPECT_EQ(barred("abc"), "a|b|c");
    EXPECT_EQ(barred("ক্ষুদ্র"), "ক্ষু|দ্র");
    EXPECT_EQ(barred("কিস্তি দিন।"), "কি|স্তি| |দি|ন|।");
    EXPECT_EQ(barred("জ্যৈষ্ঠ"), "জ্যৈ|ষ্ঠ");
    EXPECT_EQ(barred("স্ত্রী"), "স্ত্রী");
    EXPECT_EQ(barred("র\u200D\u09CDযাব"), "র\u200D\u09CDযা|ব");
    EXPECT_EQ(barred("ক\u09CD\u200Cষ"), "ক\u09CD\u200Cষ");
    EXPECT_EQ(barred("বাঃ চাঁদ"), "বাঃ| |চাঁ|দ");
    EXPECT_EQ(barred("e\u0301x"), "e\u0301|x");
    EXPECT_EQ(barred("a👩\u200D👧b"), "a|👩\u200D👧|b");
    EXPECT_EQ(barred("👍🏽👍"), "👍🏽|👍");
    EXPECT_EQ(barred("🇧🇩🇮🇳x"), "🇧🇩|🇮🇳|x");
    EXPECT_EQ(barred("❤\uFE0Fa"), "❤\uFE0F|a");
}

TEST(Clusters, EndsOfATextAreBoundaries) {
    EXPECT_TRUE(is_cluster_boundary("", 0));
    EXPECT_TRUE(is_cluster_boundary("া", 0));
    EXPECT_TRUE(is_cluster_boundary("ক", 3));
}

std::string any_text(std::mt19937& random, std::span<const char32_t> pieces) {
    std::string text;
    for (std::size_t length = 1 + random() % 14; length > 0; --length) {
        append_utf8(text, pieces[random() % pieces.size()]);
    }
    return text;
}

/// ICU's boundaries inside the text, as octets of it.
std::set<std::size_t> boundaries_of_icu(icu::BreakIterator& iterator, const std::string& text) {
    const auto utf16 = icu::UnicodeString::fromUTF8(text);
    iterator.setText(utf16);
    std::set<std::size_t> all;
    for (std::int32_t at = iterator.next(); at != icu::BreakIterator::DONE; at = iterator.next()) {
        std::string before;
        utf16.tempSubString(0, at).toUTF8String(before);
        all.insert(before.size());
    }
    all.erase(text.size());
    return all;
}

std::set<std::size_t> own_boundaries(const std::string& text) {
    std::set<std::size_t> all;
    for (std::size_t at = 0; at < text.size(); next_code_point(text, at)) {
        if (at > 0 && is_cluster_boundary(text, at)) {
            all.insert(at);
        }
    }
    return all;
}

class ClustersAgainstIcu : public testing::Test {
protected:
    void SetUp() override {
        UErrorCode status = U_ZERO_ERROR;
        iterator_.reset(
            icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
        ASSERT_TRUE(U_SUCCESS(status));
    }
    std::unique_ptr<icu::BreakIterator> iterator_;
};

TEST_F(ClustersAgainstIcu, BanglaIsCutInTheSamePlaces) {
    // Bangla as it is written: no sign without its letter, no joiner.
    constexpr std::array<std::string_view, 22> syllables{
        "ক",  "কা", "কি",  "কো", "ক্ষ", "ক্ষ্ম", "স্ত্রী", "ন্দ্ব", "র্য", "য়া", "ড়ি",
        "ঙ্গ", "চাঁ", "বাঃ", "রং", "ৎ",  "আ",   "৫",    "।",   " ",  "a",  "ত্"};
    std::mt19937 random{21};
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (std::size_t length = 1 + random() % 10; length > 0; --length) {
            text.append(syllables[random() % syllables.size()]);
        }
        ASSERT_EQ(own_boundaries(text), boundaries_of_icu(*iterator_, text)) << text;
    }
}

TEST_F(ClustersAgainstIcu, NothingThatIcuKeepsTogetherIsParted) {
    constexpr std::array<char32_t, 30> pieces{
        U'ক',    U'ষ',    U'র',    U'য',    0x09DF,  0x09CD, 0x09CD, 0x09BE, 0x09BF, 0x09C7,
        0x09D7,  0x09BC,  0x0981,  0x0983,  0x200D,  0x200C, 0x0301, U'e',   U' ',   U'a',
        0x1F469, 0x1F467, 0x1F3FD, 0x1F1E7, 0x1F1E9, 0x0964, 0x09E8, 0x2764, 0xFE0F, 0x20E3};
    std::mt19937 random{22};
    for (int i = 0; i < 40'000; ++i) {
        const std::string text = message_form(any_text(random, pieces));
        const auto icu = boundaries_of_icu(*iterator_, text);
        for (const std::size_t at : own_boundaries(text)) {
            ASSERT_TRUE(icu.contains(at)) << text << " at " << at;
        }
    }
}

} // namespace
} // namespace uthan::texts
