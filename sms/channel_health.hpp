#pragma once

#include "sms/link.hpp"

#include <chrono>
#include <cstdint>

namespace uthan::sms {

/// Whether a channel is the right one to use. `degraded`: its link is up, but it failed lately:
/// used only where no channel that is `up` carries the message. `stopped`: credentials are refused
/// or its money is used up; only an operator changes that.
enum class health : std::uint8_t { up, degraded, down, stopped };

struct health_rules {
    /// Failures in a row after which a channel is degraded.
    unsigned failures_max = 5;
    /// How long it must hold without one before it is `up` again.
    std::chrono::minutes good_for{5};
};

/// One channel's health from what its link says and how its hand-overs end. Fails over at once and
/// returns slowly: whatever the link does, it becomes `up` again at most once in `good_for`. A link
/// that is up for the first time is `up`.
class channel_health {
public:
    explicit channel_health(health_rules rules = {}) noexcept : rules_(rules) {}

    void linked(link_state state, instant now) noexcept;
    /// The channel answered; a number that it refuses is not its failure.
    void answered() noexcept { failures_ = 0; }
    /// It refused for a reason of its own, or did not answer.
    void failed(instant now) noexcept;

    health at(instant now) const noexcept;

private:
    health_rules rules_;
    link_state link_ = link_state::down;
    bool was_up_ = false;
    unsigned failures_ = 0;
    instant good_from_{}; ///< `up` from then on, if nothing happens
};

} // namespace uthan::sms
