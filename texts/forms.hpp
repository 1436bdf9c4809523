#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "texts/rendering.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// Numbers and dates as members read them. Bangla digits in bn, ASCII in bn-Latn and en. Keys and
// menu numbers are never formatted here: they are ASCII in every rendering.
namespace uthan::texts {

/// Lakh grouping ("1,25,000", "১,২৫,০০০"), a sign when negative, poisha only when not zero.
std::string money_form(money amount, rendering in);
/// Without grouping: counts, instalment numbers.
std::string count_form(std::int64_t value, rendering in);
/// Day and month: "২৭/১১", "27/11".
std::string date_form(calendar_day day, rendering in);
/// "মঙ্গল", "Mongol", "Tue"; ISO weekday 1–7.
std::string weekday_form(unsigned iso_weekday, rendering in);
/// "সকাল ১০:৩০", "Shokal 10:30", "10:30 am".
std::string time_form(std::chrono::minutes since_midnight, rendering in);
/// A phone number as people dial it ("01712345678"), digits of the rendering's language.
std::string phone_form(std::string_view written, rendering in);
/// ASCII digits for Bangla ones, everything else unchanged.
std::string with_ascii_digits(std::string_view utf8);
/// The other way.
std::string with_bangla_digits(std::string_view utf8);

} // namespace uthan::texts
