#include "service/screen_counts.hpp"

#include "tests/support/dialogue_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan::service {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr instant start{std::chrono::hours{100}};

TEST(ScreenNames, KeepTheirSlotsAndAreBounded) {
    screen_names names;
    const auto due = names.slot_of("due");
    EXPECT_EQ(due, first_menu_slot);
    EXPECT_EQ(names.slot_of("loan"), first_menu_slot + 1);
    EXPECT_EQ(names.slot_of("due"), due);
    for (int i = 0; i < 1000; ++i) {
        names.slot_of("screen" + std::to_string(i));
    }
    EXPECT_EQ(names.slot_of("one more"), other_screens);
    EXPECT_EQ(names.slot_of("due"), due);
    const auto all = names.all();
    EXPECT_EQ(all.size(), screen_slots_max);
    EXPECT_EQ(all[due], "due");
    EXPECT_EQ(all[static_cast<std::size_t>(sessions::phase::ask_pin)], "dialogue.pin");
    EXPECT_EQ(all[other_screens], "dialogue.other");
}

TEST(ScreenCounts, AScreenWithoutAKeyIsDroppedOnceItIsTooLate) {
    screen_counts counts{start};
    counts.shown(40, start);
    counts.shown(41, start);
    counts.answered(41, start, start + seconds{20});
    EXPECT_EQ(counts.dropped_total(start + minutes{3})[40], 0);
    const auto later = start + screen_counts::given_up_after + minutes{1};
    EXPECT_EQ(counts.dropped_total(later)[40], 1);
    EXPECT_EQ(counts.dropped_total(later)[41], 0);
    EXPECT_EQ(counts.shown_total(40), 1u);
    counts.answered(40, start, later);
    EXPECT_EQ(counts.dropped_total(later)[40], 1) << "too late for an answer";
}

TEST(ScreenCounts, OfAllShardsTogetherNeverFallAndFindEveryDrop) {
    // Goal: screens shown on one shard and answered on another, with a fixed seed, over an hour.
    screen_counts shards[2]{screen_counts{start}, screen_counts{start}};
    std::uint32_t seed = 7;
    const auto random = [&seed](std::uint32_t below) {
        seed = seed * 1664525 + 1013904223;
        return (seed >> 8) % below;
    };
    std::int64_t expected = 0;
    std::int64_t before = 0;
    instant now = start;
    const auto total = [&] {
        return shards[0].dropped_total(now)[50] + shards[1].dropped_total(now)[50];
    };
    for (int i = 0; i < 2000; ++i) {
        now += seconds{random(4)};
        shards[random(2)].shown(50, now);
        if (random(3) == 0) {
            ++expected;
        } else {
            const auto shown_at = now;
            now += seconds{random(3)};
            shards[random(2)].answered(50, shown_at, now);
        }
        const auto dropped = total();
        EXPECT_GE(dropped, before);
        before = dropped;
    }
    now += minutes{10};
    EXPECT_EQ(total(), expected);
}

TEST(ScreenCounts, WhatAnEarlierProcessShowedIsNotAnsweredHere) {
    screen_counts counts{start};
    counts.answered(40, start - minutes{1}, start);
    EXPECT_EQ(counts.dropped_total(start + minutes{10})[40], 0);
}

} // namespace
} // namespace uthan::service
