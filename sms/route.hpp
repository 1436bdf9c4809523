#pragma once

#include "core/money.hpp"
#include "sms/channel_health.hpp"
#include "texts/segments.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace uthan::sms {

enum class channel_receipts : std::uint8_t { full, submit_only, none };

/// What a channel can do and costs, as its contract says.
struct channel_terms {
    std::string name;
    std::string network_operator = {}; ///< whose subscribers it reaches; empty: everybody's
    texts::sms_form form = {};
    bool carries_ucs2 = true;
    channel_receipts receipts = channel_receipts::full;
    bool two_way = false;
    money price_per_segment{};
    std::uint32_t tps = 50; ///< segments per second
};

/// What decides about a message, beside its channels.
struct routed_text {
    std::string_view text;
    const address& to;
    std::string_view network_operator;   ///< the subscriber's, as learnt; empty: not known
    std::string_view bound_to;           ///< sms::bound_channel
    std::string_view not_served_by = {}; ///< an operator that said that she is not its
    std::string_view by_prefix = {}; ///< whose number it was once; asked where nothing is learnt
};

enum class route_kind : std::uint8_t {
    chosen,
    waits, ///< those that carry it are down or stopped
    never  ///< none carries it: `why` says no_route or too_many_parts
};
struct route {
    route_kind kind = route_kind::never;
    std::size_t channel = 0;   ///< of chosen: its place in the order
    texts::sms_plan plan = {}; ///< of chosen: what is claimed, billed and sent
    reason why = reason::none;
};

/// The first channel in order that carries the message and is `up`; without one the first that is
/// `degraded`. Not the next one because the first is busy: the order is the price's and the
/// contract's. What was learnt of the subscriber's operator decides; where nothing was, her
/// number's prefix is a hint: the channels that would carry it if it were true come first, and only
/// where there is none, any other. `healths` has each channel's health, in the same order.
route choose_route(std::span<const channel_terms> channels, std::span<const health> healths,
                   const routed_text& message);

} // namespace uthan::sms
