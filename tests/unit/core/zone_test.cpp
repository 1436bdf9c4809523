#include "core/zone.hpp"

#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace uthan {
namespace {

using namespace std::chrono_literals;

instant at(std::string_view iso_day, std::chrono::milliseconds since_midnight_utc) {
    return *parse_day(iso_day) + since_midnight_utc;
}

TEST(Zone, DhakaIsSixHoursAheadOfUtc) {
    const zone dhaka{"Asia/Dhaka"};
    EXPECT_EQ(to_iso(dhaka.day_of(at("2026-11-21", 17h + 59min + 59s))), "2026-11-21");
    EXPECT_EQ(to_iso(dhaka.day_of(at("2026-11-21", 18h))), "2026-11-22");
    EXPECT_EQ(dhaka.at(at("2026-11-21", 18h)).since_midnight, 0min);
    EXPECT_EQ(dhaka.at(at("2026-11-21", 2h + 30min + 59s)).since_midnight, 8h + 30min);
}

// Bangladesh had daylight saving time from 19 June to 31 December 2009.
TEST(Zone, TakesItsOffsetsFromTheSystemsTables) {
    const zone dhaka{"Asia/Dhaka"};
    EXPECT_EQ(dhaka.at(at("2009-08-01", 0h)).since_midnight, 7h);
    EXPECT_EQ(dhaka.at(at("2010-08-01", 0h)).since_midnight, 6h);
}

TEST(Zone, WestOfGreenwichTheDayIsYesterday) {
    const zone new_york{"America/New_York"};
    EXPECT_EQ(to_iso(new_york.day_of(at("2026-01-01", 4h + 59min))), "2025-12-31");
    EXPECT_EQ(to_iso(new_york.day_of(at("2026-01-01", 5h))), "2026-01-01");
}

TEST(Zone, AnUnknownNameIsAnErrorAtStart) {
    EXPECT_THROW(zone{"Asia/Khulna"}, std::runtime_error);
    EXPECT_THROW(zone{""}, std::runtime_error);
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
    manual_clock clock{at("2026-11-21", 0h)};
    EXPECT_EQ(clock.now(), at("2026-11-21", 0h));
    clock.advance(90s);
    EXPECT_EQ(clock.now(), at("2026-11-21", 90s));
    clock.set(at("2026-11-20", 0h));
    EXPECT_EQ(to_rfc3339(clock.now()), "2026-11-20T00:00:00Z");
}

} // namespace
} // namespace uthan
