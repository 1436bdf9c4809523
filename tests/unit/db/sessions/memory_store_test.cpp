#include "db/memory/session_store.hpp"
#include "tests/unit/db/sessions/shard_loop.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

// What only the memory store does; what it shares with Redis is in store_conformance_test.cpp.
namespace uthan::test {

namespace {

using std::chrono::seconds;

digest128 key_of(std::uint32_t n) {
    digest128 out{};
    out[0] = static_cast<std::uint8_t>(n);
    out[9] = static_cast<std::uint8_t>(n >> 8U);
    return out;
}

class MemoryStore : public testing::Test {
protected:
    bool save(std::uint32_t n, std::uint64_t expected = 0, seconds time_to_live = seconds(600)) {
        return loop_.await(store_.save(key_of(n), expected, {expected + 1, "x"}, time_to_live))
            .value()
            .saved();
    }
    bool has(std::uint32_t n) { return loop_.await(store_.load(key_of(n))).value().has_value(); }

    manual_clock clock_{instant{std::chrono::milliseconds(1'800'000'000'000)}};
    shard_loop loop_;
    db::memory::session_store store_{clock_, 3};
};

} // namespace

TEST_F(MemoryStore, EvictsWhatWasUsedLongestAgo) {
    ASSERT_TRUE(save(1) && save(2) && save(3));
    ASSERT_TRUE(has(1));     // A load is a use,
    ASSERT_TRUE(save(2, 1)); // and so is a save.
    ASSERT_TRUE(save(4));
    EXPECT_FALSE(has(3));
    EXPECT_TRUE(has(1) && has(2) && has(4));
    EXPECT_EQ(store_.counters().evicted.value(), 1U);
    EXPECT_EQ(store_.counters().entries.value(), 3);
}

TEST_F(MemoryStore, NeverHoldsMoreThanItsLimit) {
    for (std::uint32_t n = 0; n < 2000; ++n) {
        ASSERT_TRUE(save(n));
        ASSERT_LE(store_.counters().entries.value(), 3);
    }
    EXPECT_EQ(store_.counters().evicted.value(), 1997U);
    EXPECT_TRUE(has(1997) && has(1998) && has(1999));
}

TEST_F(MemoryStore, DropsTheExpiredBeforeTheLiving) {
    ASSERT_TRUE(save(1, 0, seconds(10)) && save(2, 0, seconds(10)) && save(3));
    clock_.advance(seconds(10));
    ASSERT_TRUE(save(4));
    EXPECT_EQ(store_.counters().evicted.value(), 0U);
    EXPECT_EQ(store_.counters().expired.value(), 2U);
    EXPECT_EQ(store_.counters().entries.value(), 2);
    EXPECT_TRUE(has(3) && has(4));
}

TEST_F(MemoryStore, IsAlwaysHealthy) {
    EXPECT_TRUE(store_.healthy());
}

// The store serves all shards: each of its threads raises one number, and none is lost.
TEST_F(MemoryStore, ServesManyThreads) {
    constexpr std::uint64_t raises = 500;
    auto raise = [this] {
        shard_loop loop;
        std::uint64_t version = 0;
        for (std::uint64_t done = 0; done < raises;) {
            const auto outcome =
                loop.await(store_.save(key_of(1), version, {version + 1, "x"}, seconds(600)))
                    .value();
            version = outcome.saved() ? version + 1 : outcome.conflict->version;
            done += outcome.saved() ? 1 : 0;
        }
    };
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back(raise);
    }
    for (auto& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(loop_.await(store_.load(key_of(1))).value()->version, 4 * raises);
}

} // namespace uthan::test
