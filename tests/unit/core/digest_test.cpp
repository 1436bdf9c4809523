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

// The expected bytes are Python's hashlib.blake2b(key=bytes(range(32)), digest_size=32) over
// the parts, each behind its length as eight little-endian bytes. They are stored in databases: a
// change of the construction locks every member out.
TEST(Digest, IsKeyedBlake2bOverLengthPrefixedParts) {
    EXPECT_EQ(hex256("pin", {"kmss-000001", "salt", "7294"}),
              "d4bfd61b3dd6ea9d545306ed344e91cd45fb9bde70e78e84eaf6a1fb8bd5ee40");
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

short_key counting_short_key() {
    short_key key{};
    for (std::size_t i = 0; i < key.size(); ++i) {
        key[i] = static_cast<std::uint8_t>(i);
    }
    return key;
}

// The expected bytes are of an independent SipHash-2-4-128, checked against its authors' vectors.
TEST(Digest, TheShortOneIsSipHashOverLengthPrefixedParts) {
    EXPECT_EQ(to_hex(as_bytes(short_digest(counting_short_key(), "", {}))),
              "c293ab68efe6f296bd92a49d6257801d");
    EXPECT_EQ(to_hex(as_bytes(short_digest(counting_short_key(), "session", {"8801712345678"}))),
              "a7405e620e11eee9c07928ff5daa0737");
    // Longer than what fits beside the stack.
    EXPECT_EQ(
        to_hex(as_bytes(short_digest(counting_short_key(), "history", {std::string(1000, '1')}))),
        "19875a9d9d994fd14827b801a65fb1d5");
}

TEST(Digest, TheShortOneSeparatesPurposesPartsAndKeys) {
    auto other = counting_short_key();
    other[15] ^= 1;
    const std::set<digest128> digests{
        short_digest(counting_short_key(), "history", {"ab", "c"}),
        short_digest(counting_short_key(), "history", {"a", "bc"}),
        short_digest(counting_short_key(), "history", {"abc"}),
        short_digest(counting_short_key(), "history", {"abc", ""}),
        short_digest(counting_short_key(), "histor", {"yabc"}),
        short_digest(counting_short_key(), "session", {"ab", "c"}),
        short_digest(other, "history", {"ab", "c"}),
    };
    EXPECT_EQ(digests.size(), 7U);
}

TEST(Digest, TheShortKeyDependsOnTheWholeSecret) {
    auto other = counting_key();
    other[31] ^= 1;
    EXPECT_NE(short_key_of(counting_key()), short_key_of(other));
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
