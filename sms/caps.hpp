#pragma once

#include "core/calendar.hpp"
#include "core/zone.hpp"
#include "sms/message.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace uthan::sms {

/// How many messages of one class a member gets; nullopt: any number. A message counts on the day
/// of its first claim; a week is that day and the six before it, in the organisation's zone.
struct class_cap {
    std::optional<std::uint32_t> per_day = {};
    std::optional<std::uint32_t> per_week = {};
    bool operator==(const class_cap&) const = default;
};
/// By class. Security messages and receipts have none.
using class_caps = std::array<class_cap, message_classes>;

/// What an organisation that says nothing gets: two reminders a day and six a week, one broadcast a
/// day and three a week, four notices of meetings a day.
class_caps default_caps() noexcept;

/// Of one class, to one member or number.
struct sent_counts {
    std::uint32_t today = 0;
    std::uint32_t this_week = 0; ///< today included
    bool operator==(const sent_counts&) const = default;
};

/// Whether one more would be too many. Pure; asked when a message is looked at, and again in the
/// commit that claims it.
bool is_capped(const class_cap& most, const sent_counts& sent) noexcept;

/// When it is asked again: as the next day begins.
instant capped_until(instant now, const zone& local);

} // namespace uthan::sms
