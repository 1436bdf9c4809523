#include "texts/utf8.hpp"

#include "texts/weight.hpp"

#include <gtest/gtest.h>

namespace uthan::texts {
namespace {

TEST(Utf8, EveryCodePointIsReadBackAsWritten) {
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;
        }
        std::string octets;
        append_utf8(octets, c);
        std::size_t at = 0;
        ASSERT_EQ(next_code_point(octets, at), c);
        ASSERT_EQ(at, octets.size());
        ASSERT_TRUE(is_valid_utf8(octets));
        ASSERT_EQ(utf16_units(octets), utf16_length(c));
    }
}

TEST(Utf8, ACutCharacterIsNotReadPastTheEnd) {
    for (const std::string_view whole : {"é", "ক", "😀"}) {
        for (std::size_t size = 1; size < whole.size(); ++size) {
            const std::string cut{whole.substr(0, size)};
            std::size_t at = 0;
            EXPECT_EQ(next_code_point(cut, at), char32_t{0xFFFD});
            EXPECT_EQ(at, cut.size());
        }
    }
}

TEST(Utf8, IsReadBackwardsAsForwards) {
    const std::string text = "aé\u0995\U0001F600z\U0010FFFF\u07FF";
    std::u32string forwards;
    for (std::size_t at = 0; at < text.size();) {
        forwards.push_back(next_code_point(text, at));
    }
    std::u32string backwards;
    for (std::size_t at = text.size(); at > 0;) {
        backwards.push_back(previous_code_point(text, at));
    }
    EXPECT_EQ(std::u32string(backwards.rbegin(), backwards.rend()), forwards);
}

} // namespace
} // namespace uthan::texts
