#pragma once

#include "sms/outbox.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace uthan::sms {

/// A month's money for an organisation, and for each of its offices; nullopt: no limit.
struct budget {
    std::optional<money> organisation = {};
    std::optional<money> office = {};
};

/// The share of a budget, in percent, from which a class stops: broadcasts at 70, reminders at 85,
/// meetings at 95, answers at 100; nullopt: never, for security messages and receipts.
std::optional<unsigned> stops_at_percent(message_class of) noexcept;

/// Whether a message of this class and office may still be paid for, after what was spent.
bool is_affordable(message_class of, std::string_view office_code, money price,
                   std::span<const spending> spent, const budget& limit) noexcept;

} // namespace uthan::sms
