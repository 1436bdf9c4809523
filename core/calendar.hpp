#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uthan {

/// A day of the proleptic Gregorian calendar in the organisation's zone.
using calendar_day = std::chrono::sys_days;
/// A moment, UTC.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// "2026-11-21" only; a day that does not exist (2026-02-30) or a year outside 1900–2199 is none.
std::optional<calendar_day> parse_day(std::string_view text) noexcept;
std::string to_iso(calendar_day day);

/// RFC 3339 in UTC with seconds ("2026-11-21T10:15:30Z").
std::string to_rfc3339(instant moment);

/// ISO 8601: 1 = Monday … 7 = Sunday.
inline unsigned iso_weekday(calendar_day day) noexcept {
    return std::chrono::weekday{day}.iso_encoding();
}

/// Adds calendar months and keeps the day of month, clamped to the month's end
/// (31 January + 1 = 28 or 29 February).
calendar_day add_months_clamped(calendar_day day, int months) noexcept;

} // namespace uthan
