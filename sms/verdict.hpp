#pragma once

#include "sms/budget.hpp"
#include "sms/quiet_hours.hpp"
#include "sms/route.hpp"

#include <chrono>
#include <cstdint>
#include <span>

namespace uthan::sms {

/// What an organisation wants of its messages.
struct dispatch_policy {
    zone local;
    quiet_rules quiet = {};
    budget limit = {};
};

/// What is so when a message is looked at. The spans are of one order of channels.
struct dispatch_view {
    instant now{};
    std::span<const channel_terms> channels;
    std::span<const health> healths;
    std::span<const spending> spent; ///< of this month
};

enum class verdict_kind : std::uint8_t {
    send, ///< `by` says how; its fence is still to be asked
    hold, ///< not before `until`
    end   ///< never: as what it ends
};
struct verdict {
    verdict_kind kind = verdict_kind::hold;
    route by = {};
    instant until{};
    reason why = reason::none;
    message_state as = message_state::expired;
};

/// How long a message waits for a channel that carries it, and for money.
inline constexpr std::chrono::seconds route_wait{30};
inline constexpr std::chrono::hours budget_wait{1};

/// What becomes of a due message: it is over, or held by the hour, the route or the money, or goes.
/// Pure. The rest of a message that has gone in part asks neither the hour nor the money.
verdict judge(const message_record& message, const dispatch_policy& policy,
              const dispatch_view& at);

} // namespace uthan::sms
