#pragma once

#include "core/zone.hpp"
#include "sms/message.hpp"

#include <chrono>
#include <optional>

namespace uthan::sms {

/// When members are left in peace, in the organisation's zone; times are since midnight.
struct quiet_rules {
    std::chrono::minutes evening{std::chrono::hours{20}};
    std::chrono::minutes receipts_evening{std::chrono::hours{21}};
    std::chrono::minutes morning{std::chrono::hours{8}};
    /// Friday's prayer.
    std::chrono::minutes friday_from{std::chrono::hours{12}};
    std::chrono::minutes friday_to{std::chrono::hours{14} + std::chrono::minutes{30}};
};

/// Until when a message of this class must wait; nullopt: it may go. Security messages and answers
/// to what she just asked always go; receipts go until `receipts_evening`, on Fridays at any time
/// of the day. Where the end falls into a change of the clock, it is asked again at that time.
std::optional<instant> quiet_until(message_class of, instant now, const zone& local,
                                   const quiet_rules& rules);

} // namespace uthan::sms
