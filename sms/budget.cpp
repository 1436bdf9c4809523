#include "sms/budget.hpp"

namespace uthan::sms {
namespace {

bool fits(money after, const std::optional<money>& limit, unsigned percent) noexcept {
    return !limit || after * 100 <= *limit * percent;
}

} // namespace

std::optional<unsigned> stops_at_percent(message_class of) noexcept {
    switch (of) {
    case message_class::broadcast:
        return 70;
    case message_class::reminder:
        return 85;
    case message_class::meeting:
        return 95;
    case message_class::answer:
        return 100;
    case message_class::security:
    case message_class::receipt:
        break;
    }
    return std::nullopt;
}

bool is_affordable(message_class of, std::string_view office_code, money price,
                   std::span<const spending> spent, const budget& limit) noexcept {
    const auto percent = stops_at_percent(of);
    if (!percent) {
        return true;
    }
    money all = price;
    money by_office = price;
    for (const auto& one : spent) {
        all += one.price;
        if (one.office_code == office_code) {
            by_office += one.price;
        }
    }
    return fits(all, limit.organisation, *percent) &&
           (office_code.empty() || fits(by_office, limit.office, *percent));
}

} // namespace uthan::sms
