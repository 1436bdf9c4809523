#include "core/calendar.hpp"

#include <fmt/format.h>

namespace uthan {
namespace {

std::optional<unsigned> digits(std::string_view text) noexcept {
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
}

} // namespace

std::optional<calendar_day> parse_day(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day || *year < 1900 || *year > 2199) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                           std::chrono::month{*month}, std::chrono::day{*day}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return calendar_day{date};
}

std::string to_iso(calendar_day day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string to_rfc3339(instant moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::hh_mm_ss time{
        std::chrono::duration_cast<std::chrono::seconds>(moment - day)};
    return fmt::format("{}T{:02}:{:02}:{:02}Z", to_iso(day), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

calendar_day add_months_clamped(calendar_day day, int months) noexcept {
    const std::chrono::year_month_day date{day};
    const auto month = date.year() / date.month() + std::chrono::months{months};
    const auto last = (month / std::chrono::last).day();
    return month / std::min(date.day(), last);
}

} // namespace uthan
