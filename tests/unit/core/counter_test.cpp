#include "core/counter.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace uthan {
namespace {

TEST(Counter, CountsFromZero) {
    counter c;
    EXPECT_EQ(c.value(), 0U);
    c.add();
    c.add(41);
    EXPECT_EQ(c.value(), 42U);
}

// One thread writes, others read: a reader sees a value that never goes back.
TEST(Counter, AReaderSeesItGrow) {
    counter c;
    constexpr std::uint64_t total = 200'000;
    std::thread writer{[&c] {
        for (std::uint64_t i = 0; i < total; ++i) {
            c.add();
        }
    }};
    std::uint64_t seen = 0;
    bool grew = true;
    while (seen < total) {
        const auto now = c.value();
        grew = grew && now >= seen;
        seen = now;
    }
    writer.join();
    EXPECT_TRUE(grew);
    EXPECT_EQ(c.value(), total);
}

TEST(Gauge, HoldsTheLastLevel) {
    gauge g;
    g.set(7);
    g.set(-3);
    EXPECT_EQ(g.value(), -3);
}

TEST(LatencyHistogram, PutsADurationIntoTheFirstBucketThatIsNotBelowIt) {
    latency_histogram h;
    h.observe(0);
    h.observe(100);
    h.observe(101);
    h.observe(10'000);
    h.observe(10'001);
    h.observe(5'000'000);
    h.observe(5'000'001);
    const std::array<std::uint64_t, 13> expected{2, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(h.buckets[i].value(), expected[i]) << i;
    }
    EXPECT_EQ(h.sum_us.value(), 100U + 101 + 10'000 + 10'001 + 5'000'000 + 5'000'001);
}

} // namespace
} // namespace uthan
