#include "sms/served_by.hpp"

namespace uthan::sms {

std::string_view operator_by_prefix(const address& to, std::span<const operator_prefix> prefixes) {
    if (to.type() != address::kind::msisdn) {
        return {};
    }
    const operator_prefix* best = nullptr;
    for (const auto& one : prefixes) {
        const bool is_longer = best == nullptr || one.digits.size() > best->digits.size();
        if (is_longer && to.reveal().starts_with(one.digits)) {
            best = &one;
        }
    }
    return best == nullptr ? std::string_view{} : std::string_view{best->network_operator};
}

} // namespace uthan::sms
