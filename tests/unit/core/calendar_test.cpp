#include "core/calendar.hpp"

#include <gtest/gtest.h>

#include <array>

namespace uthan {
namespace {

using namespace std::chrono_literals;

calendar_day day(std::string_view iso) {
    const auto parsed = parse_day(iso);
    EXPECT_TRUE(parsed.has_value()) << iso;
    return parsed.value_or(calendar_day{});
}

TEST(Calendar, ReadsIsoDaysOnly) {
    EXPECT_EQ(day("2026-11-21"), calendar_day{std::chrono::year{2026} / 11 / 21});
    EXPECT_EQ(day("1900-01-01"), calendar_day{std::chrono::year{1900} / 1 / 1});
    EXPECT_EQ(day("2199-12-31"), calendar_day{std::chrono::year{2199} / 12 / 31});
    EXPECT_EQ(day("2028-02-29"), calendar_day{std::chrono::year{2028} / 2 / 29});
}

TEST(Calendar, RefusesDaysThatDoNotExistOrAreWrittenOtherwise) {
    for (const std::string_view text :
         {"", "2026-02-30", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
          "2026-1-1", "21-11-2026", "2026/11/21", "20261121", "2026-11-21 ", " 2026-11-21",
          "1899-12-31", "2200-01-01", "2026-11-2a", "২০২৬-১১", "-026-11-21", "2026-11-21T00:00"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(parse_day(text).has_value());
    }
}

TEST(Calendar, EveryDayOfThreeCenturiesReadsBackAsItWasWritten) {
    const auto last = day("2199-12-31");
    for (auto d = day("1900-01-01"); d <= last; d += std::chrono::days{1}) {
        ASSERT_EQ(parse_day(to_iso(d)), d) << to_iso(d);
    }
}

TEST(Calendar, CountsWeekdaysFromMonday) {
    EXPECT_EQ(iso_weekday(day("2026-11-16")), 1U);
    EXPECT_EQ(iso_weekday(day("2026-11-21")), 6U);
    EXPECT_EQ(iso_weekday(day("2026-11-22")), 7U);
}

TEST(Calendar, AddsMonthsAndStopsAtTheMonthsEnd) {
    struct months_case {
        std::string_view from;
        int months;
        std::string_view to;
    };
    constexpr std::array<months_case, 11> cases{{
        {"2026-01-31", 1, "2026-02-28"},
        {"2028-01-31", 1, "2028-02-29"},
        {"2026-01-31", 2, "2026-03-31"},
        {"2026-01-31", 3, "2026-04-30"},
        {"2026-11-15", 2, "2027-01-15"},
        {"2026-12-31", 2, "2027-02-28"},
        {"2026-03-31", -1, "2026-02-28"},
        {"2026-01-15", -1, "2025-12-15"},
        {"2028-02-29", 12, "2029-02-28"},
        {"2028-02-29", 48, "2032-02-29"},
        {"2026-05-05", 0, "2026-05-05"},
    }};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.from);
        EXPECT_EQ(to_iso(add_months_clamped(day(c.from), c.months)), c.to);
    }
}

TEST(Calendar, WritesMomentsInUtcWithWholeSeconds) {
    const instant moment = day("2026-11-21") + 10h + 15min + 30s + 999ms;
    EXPECT_EQ(to_rfc3339(moment), "2026-11-21T10:15:30Z");
    EXPECT_EQ(to_rfc3339(instant{}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_rfc3339(instant{-1s}), "1969-12-31T23:59:59Z");
}

} // namespace
} // namespace uthan
