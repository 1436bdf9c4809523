#include "core/zone.hpp"

#include <date/tz.h>

namespace uthan {

zone::zone(const std::string& name) : zone_(::date::locate_zone(name)) {}

zone::wall_time zone::at(instant moment) const {
    const auto local = zone_->to_local(moment).time_since_epoch();
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    return {calendar_day{midnight},
            std::chrono::duration_cast<std::chrono::minutes>(local - midnight)};
}

} // namespace uthan
