#pragma once

#include "core/calendar.hpp"

#include <string>

namespace date {
class time_zone;
}

namespace uthan {

/// A time zone of the system's tzdata ("Asia/Dhaka"). Immutable; any thread.
class zone {
public:
    /// Throws std::runtime_error when the system knows no such zone (start-up only).
    explicit zone(const std::string& name);

    /// What a clock on the wall shows.
    struct wall_time {
        calendar_day day;
        std::chrono::minutes since_midnight;
    };
    wall_time at(instant moment) const;
    calendar_day day_of(instant moment) const { return at(moment).day; }

private:
    const ::date::time_zone* zone_;
};

} // namespace uthan
