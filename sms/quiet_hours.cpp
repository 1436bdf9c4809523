#include "sms/quiet_hours.hpp"

namespace uthan::sms {

std::optional<instant> quiet_until(message_class of, instant now, const zone& local,
                                   const quiet_rules& rules) {
    if (of == message_class::security || of == message_class::answer) {
        return std::nullopt;
    }
    const auto wall = local.at(now);
    const bool is_receipt = of == message_class::receipt;
    const auto evening = is_receipt ? rules.receipts_evening : rules.evening;
    const auto until = [&](std::chrono::minutes end) -> instant {
        return std::chrono::floor<std::chrono::minutes>(now) + (end - wall.since_midnight);
    };
    if (wall.since_midnight < rules.morning) {
        return until(rules.morning);
    }
    if (wall.since_midnight >= evening) {
        return until(rules.morning + std::chrono::hours{24});
    }
    constexpr unsigned friday = 5;
    if (!is_receipt && iso_weekday(wall.day) == friday &&
        wall.since_midnight >= rules.friday_from && wall.since_midnight < rules.friday_to) {
        return until(rules.friday_to);
    }
    return std::nullopt;
}

} // namespace uthan::sms
