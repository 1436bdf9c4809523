#pragma once

#include "sms/budget.hpp"
#include "sms/caps.hpp"
#include "sms/quiet_hours.hpp"
#include "sms/route.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace uthan::sms {

/// What an organisation wants of its messages.
struct dispatch_policy {
    zone local;
    quiet_rules quiet = {};
    budget limit = {};
    class_caps most = {};
    std::vector<operator_prefix> prefixes = {};
};

/// What is so when a message is looked at. The spans are of one order of channels.
struct dispatch_view {
    instant now{};
    std::span<const channel_terms> channels;
    std::span<const health> healths;
    std::span<const spending> spent; ///< of this month
    sent_counts sent = {};           ///< to her, of the message's class
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

/// What becomes of a due message: it is over, or held by the hour, her cap, the route or the money,
/// or goes. Pure. The rest of a message that has gone in part asks neither the hour nor the money;
/// one that was claimed before is counted already. A capped message that would be over before the
/// next day ends at once.
verdict judge(const message_record& message, const served_by& served, const dispatch_policy& policy,
              const dispatch_view& at);

} // namespace uthan::sms
