#include "core/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace uthan {
namespace {

TEST(SecureRandom, StaysBelowItsBound) {
    secure_random random;
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1'000; ++i) {
        const auto n = random.below(10);
        ASSERT_LT(n, 10U);
        seen.insert(n);
    }
    EXPECT_EQ(seen.size(), 10U);
    EXPECT_EQ(random.below(1), 0U);
}

TEST(SecureRandom, FillsEveryByteAndNeverTheSameTwice) {
    secure_random random;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        std::array<std::byte, 16> bytes{};
        random.fill(bytes);
        seen.insert({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    EXPECT_EQ(seen.size(), 100U);
}

} // namespace
} // namespace uthan
