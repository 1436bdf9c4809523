#include "core/digest.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace uthan {
namespace {

secret_key counting_key() {
    secret_key key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<std::uint8_t>(i);
    }
    return key;
}

std::string hex256(std::string_view purpose, std::initializer_list<std::string_view> parts) {
    return to_hex(as_bytes(keyed_digest256(counting_key(), purpose, parts)));
}

// The expected bytes are Python's hashlib.blake2b(key=bytes(range(32)), digest_size=32 or 16) over
// the parts, each behind its length as eight little-endian bytes. They are stored in databases: a
// change of the construction locks every member out.
TEST(Digest, IsKeyedBlake2bOverLengthPrefixedParts) {
    EXPECT_EQ(hex256("pin", {"kmss-000001", "salt", "7294"}),
              "d4bfd61b3dd6ea9d545306ed344e91cd45fb9bde70e78e84eaf6a1fb8bd5ee40");
    EXPECT_EQ(to_hex(as_bytes(keyed_digest128(counting_key(), "session", {"8801712345678"}))),
              "f5c5c6e677bb78b0bb5bb7c9c299e621");
    EXPECT_EQ(hex256("", {}), "223b9a195adefb1f293d6c0971a8fdb3d95276881614005cc0773778f9fdd202");
}

TEST(Digest, SeparatesPurposesPartsAndKeys) {
    secret_key other = counting_key();
    other[31] ^= 1;
    const std::set<std::string> digests{
        hex256("pin", {"ab", "c"}),
        hex256("pin", {"a", "bc"}),
        hex256("pin", {"abc"}),
        hex256("pin", {"abc", ""}),
        hex256("pin", {"", "abc"}),
        hex256("pi", {"nabc"}),
        hex256("history", {"ab", "c"}),
        hex256("pin", {}),
        hex256("", {"pin"}),
        to_hex(as_bytes(keyed_digest256(other, "pin", {"ab", "c"}))),
    };
    EXPECT_EQ(digests.size(), 10U);
}

TEST(Digest, TheShortFormIsNotThePrefixOfTheLongOne) {
    const auto half = keyed_digest128(counting_key(), "pin", {"abc"});
    EXPECT_NE(hex256("pin", {"abc"}).substr(0, 32), to_hex(as_bytes(half)));
}

TEST(Digest, EqualComparesEveryByte) {
    const auto digest = keyed_digest256(counting_key(), "pin", {"abc"});
    EXPECT_TRUE(equal(digest, digest));
    for (std::size_t i = 0; i < digest.size(); ++i) {
        auto other = digest;
        other[i] ^= 0x80;
        EXPECT_FALSE(equal(digest, other)) << i;
    }
}

TEST(Digest, HexWritesEveryByte) {
    EXPECT_EQ(to_hex(""), "");
    EXPECT_EQ(to_hex(std::string_view{"\x00\x0f\xf0\xff", 4}), "000ff0ff");
}

} // namespace
} // namespace uthan
