#include "sms/route.hpp"

#include <optional>

namespace uthan::sms {
namespace {

bool reaches(const channel_terms& channel, const routed_text& message) {
    if (!message.bound_to.empty()) {
        return channel.name == message.bound_to;
    }
    if (message.to.type() == address::kind::opaque && message.to.channel() != channel.name) {
        return false;
    }
    if (channel.network_operator.empty()) {
        return true;
    }
    return message.network_operator.empty() ? channel.network_operator != message.not_served_by
                                            : channel.network_operator == message.network_operator;
}

route choose_among(std::span<const channel_terms> channels, std::span<const health> healths,
                   const routed_text& message) {
    route best{.kind = route_kind::never, .why = reason::no_route};
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (!reaches(channels[i], message)) {
            continue;
        }
        const auto plan = texts::plan_sms(message.text, channels[i].form);
        if (!plan || plan->parts > parts_per_message_max) {
            if (best.kind == route_kind::never && (plan || plan.error() == errc::too_large)) {
                best.why = reason::too_many_parts;
            }
            continue;
        }
        if (plan->in == texts::sms_alphabet::ucs2 && !channels[i].carries_ucs2) {
            continue;
        }
        if (healths[i] == health::up) {
            return {route_kind::chosen, i, *plan, reason::none};
        }
        if (healths[i] == health::degraded && best.kind != route_kind::chosen) {
            best = {route_kind::chosen, i, *plan, reason::none};
        } else if (best.kind == route_kind::never) {
            best = {route_kind::waits, i, {}, reason::waits_for_route};
        }
    }
    return best;
}

} // namespace

route choose_route(std::span<const channel_terms> channels, std::span<const health> healths,
                   const routed_text& message) {
    const bool has_hint = message.network_operator.empty() && !message.by_prefix.empty() &&
                          message.by_prefix != message.not_served_by;
    if (has_hint) {
        auto hinted = message;
        hinted.network_operator = message.by_prefix;
        const auto best = choose_among(channels, healths, hinted);
        if (best.kind != route_kind::never) {
            return best;
        }
    }
    return choose_among(channels, healths, message);
}

} // namespace uthan::sms
