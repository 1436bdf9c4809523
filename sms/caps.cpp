#include "sms/caps.hpp"

namespace uthan::sms {

class_caps default_caps() noexcept {
    class_caps most;
    most[static_cast<std::size_t>(message_class::meeting)].per_day = 4;
    most[static_cast<std::size_t>(message_class::reminder)] = {.per_day = 2, .per_week = 6};
    most[static_cast<std::size_t>(message_class::broadcast)] = {.per_day = 1, .per_week = 3};
    return most;
}

bool is_capped(const class_cap& most, const sent_counts& sent) noexcept {
    return (most.per_day && sent.today >= *most.per_day) ||
           (most.per_week && sent.this_week >= *most.per_week);
}

instant capped_until(instant now, const zone& local) {
    return std::chrono::floor<std::chrono::minutes>(now) +
           (std::chrono::hours{24} - local.at(now).since_midnight);
}

} // namespace uthan::sms
