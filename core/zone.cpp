#include "core/zone.hpp"

#include <date/tz.h>

namespace uthan {

zone::zone(const std::string& name) : zone_(::date::locate_zone(name)) {}

calendar_day zone::day_of(instant moment) const {
    const auto local = zone_->to_local(moment).time_since_epoch();
    return calendar_day{std::chrono::floor<std::chrono::days>(local)};
}

std::chrono::minutes zone::time_of_day(instant moment) const {
    const auto local = zone_->to_local(moment).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::minutes>(
        local - std::chrono::floor<std::chrono::days>(local));
}

} // namespace uthan
