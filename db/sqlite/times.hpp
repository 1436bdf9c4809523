#pragma once

#include "core/calendar.hpp"
#include "core/clock.hpp"
#include "db/sqlite/connection.hpp"

#include <chrono>
#include <cstdint>

namespace uthan::db::sqlite {

/// Times as the tables hold them: milliseconds or days since 1970.
inline std::int64_t stored(instant moment) {
    return moment.time_since_epoch().count();
}

inline std::int64_t stored(calendar_day day) {
    return day.time_since_epoch().count();
}

inline instant moment_at(const statement& row, int column) {
    return instant{std::chrono::milliseconds{row.integer(column)}};
}

inline calendar_day day_at(const statement& row, int column) {
    return calendar_day{std::chrono::days{row.integer(column)}};
}

} // namespace uthan::db::sqlite
