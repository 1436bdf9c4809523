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

    calendar_day day_of(instant moment) const;
    /// Since local midnight.
    std::chrono::minutes time_of_day(instant moment) const;

private:
    const ::date::time_zone* zone_;
};

} // namespace uthan
