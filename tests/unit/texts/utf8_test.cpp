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

} // namespace
} // namespace uthan::texts
