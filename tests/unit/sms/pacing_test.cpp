#include "sms/pacing.hpp"

#include <gtest/gtest.h>

namespace uthan::sms {
namespace {

using namespace std::chrono_literals;
using time_point = pacer::time_point;

constexpr time_point start{1h};

TEST(Pacing, CountsSegmentsAndAllowsABurstAfterARest) {
    pacer it{10, 5, start};
    EXPECT_TRUE(it.take(3, start));
    EXPECT_FALSE(it.take(3, start));
    EXPECT_TRUE(it.take(2, start));
    EXPECT_EQ(it.ready_at(1, start), start + 100ms);
    EXPECT_FALSE(it.take(1, start + 99ms));
    EXPECT_TRUE(it.take(1, start + 100ms));
    EXPECT_TRUE(it.take(5, start + 1h));
    EXPECT_FALSE(it.take(1, start + 1h));
}

TEST(Pacing, AMessageLargerThanTheBurstIsPaidForAfterwards) {
    pacer it{10, 2, start};
    EXPECT_TRUE(it.take(6, start));
    EXPECT_EQ(it.ready_at(1, start), start + 500ms);
    EXPECT_TRUE(it.take(1, it.ready_at(1, start)));
}

TEST(Pacing, KeepsTheContractsRateOverAMinute) {
    pacer it{10, 1, start};
    int sent = 0;
    for (auto now = start; now < start + 60s;) {
        ASSERT_TRUE(it.take(1, now));
        ++sent;
        const auto next = it.ready_at(1, now);
        ASSERT_GT(next, now);
        now = next;
    }
    EXPECT_EQ(sent, 600);
}

TEST(Pacing, AThrottledChannelRestsLongerEachTimeAndGoesOnAtHalfTheRate) {
    pacer it{32, 32, start};
    auto now = start;
    double rate = 32;
    for (const auto pause : {1s, 2s, 4s}) {
        it.throttled(now);
        it.throttled(now + 1ms); // answers of the same burst
        EXPECT_FALSE(it.take(1, now + pause - 1ms));
        now += pause;
        rate /= 2;
        EXPECT_EQ(it.ready_at(1, now), now);
        EXPECT_DOUBLE_EQ(it.segments_per_second(now), rate);
    }
    for (int i = 0; i < 20; ++i) {
        it.throttled(now);
        now += 60s;
    }
    EXPECT_GE(it.segments_per_second(now), 0.5);
}

TEST(Pacing, TheRateGrowsBackByASixtiethASecond) {
    pacer it{60, 60, start};
    it.throttled(start);
    const auto on = start + 1s;
    EXPECT_DOUBLE_EQ(it.segments_per_second(on), 30);
    EXPECT_NEAR(it.segments_per_second(on + 10s), 40, 1e-6);
    EXPECT_DOUBLE_EQ(it.segments_per_second(on + 40s), 60);
    it.throttled(on + 40s); // recovered: from the shortest pause again
    EXPECT_FALSE(it.take(1, on + 41s - 1ms));
    EXPECT_TRUE(it.take(1, on + 41s));
}

} // namespace
} // namespace uthan::sms
