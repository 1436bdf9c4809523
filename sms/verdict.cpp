#include "sms/verdict.hpp"

#include "sms/life.hpp"

#include <string>

namespace uthan::sms {
namespace {

verdict held(instant until, reason why) {
    return {.kind = verdict_kind::hold, .until = until, .why = why};
}

verdict ended(message_state as, reason why) {
    return {.kind = verdict_kind::end, .why = why, .as = as};
}

routed_text routed(const message_record& message, const served_by& served, std::string_view text,
                   std::string_view bound, std::span<const operator_prefix> prefixes) {
    const std::string_view learnt = served.network_operator;
    return {text,
            message.to,
            served.is_denied ? std::string_view{} : learnt,
            bound,
            served.is_denied ? learnt : std::string_view{},
            operator_by_prefix(message.to, prefixes)};
}

} // namespace

verdict judge(const message_record& message, const served_by& served, const dispatch_policy& policy,
              const dispatch_view& at) {
    const auto bound = bound_channel(message);
    if (at.now >= message.valid_until) {
        return ended(message_state::expired,
                     bound.empty() ? reason::validity_over : reason::partly_sent);
    }
    const auto quiet = quiet_until(message.of, at.now, policy.local, policy.quiet);
    if (bound.empty() && quiet) {
        return held(*quiet, reason::waits_for_time);
    }
    const auto& most = policy.most[static_cast<std::size_t>(message.of)];
    if (message.channel.empty() && is_capped(most, at.sent)) {
        const auto until = capped_until(at.now, policy.local);
        return until < message.valid_until ? held(until, reason::cap_reached)
                                           : ended(message_state::cancelled, reason::cap_reached);
    }
    const auto text = text_to_send(message);
    const auto by = choose_route(at.channels, at.healths,
                                 routed(message, served, text, bound, policy.prefixes));
    if (by.kind == route_kind::never) {
        return ended(message_state::failed, by.why);
    }
    if (by.kind == route_kind::waits) {
        return held(at.now + route_wait, reason::waits_for_route);
    }
    const auto price = at.channels[by.channel].price_per_segment * by.plan.parts;
    if (bound.empty() &&
        !is_affordable(message.of, message.office_code, price, at.spent, policy.limit)) {
        return held(at.now + budget_wait, reason::waits_for_budget);
    }
    return {.kind = verdict_kind::send, .by = by};
}

} // namespace uthan::sms
