#pragma once

#include "sms/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// The port to one channel that carries texts to subscribers: an SMPP account, an aggregator's API.
namespace uthan::sms {

/// One part of a claimed message, to be handed over now.
struct outgoing_part {
    std::uint64_t id = 0;
    std::uint8_t part = 0; ///< 0…parts - 1
    std::uint8_t parts = 1;
    message_class of = message_class::answer;
    address to;
    std::string text; ///< of the whole message; the link splits it as `plan_sms` counted it
    std::uint16_t reference = 0;
    instant valid_until{};
};

enum class link_state : std::uint8_t {
    down, ///< not bound; it tries again by itself
    up,
    stopped ///< credentials refused or no money left: an operator must act
};

/// What comes of parts, and what changes a link. On the dispatcher's thread, never from inside a
/// call of the dispatcher's to the link.
class link_events {
public:
    virtual ~link_events() = default;
    virtual void reported(report what) = 0;
    /// The link asks for a pause: nothing is handed to it meanwhile.
    virtual void throttled() = 0;
    /// Its state or its free slots changed.
    virtual void changed() = 0;
};

/// On the dispatcher's thread. Every part that was handed over is reported exactly once; a late
/// answer may follow a part_unconfirmed as part_submitted or part_refused.
class link {
public:
    virtual ~link() = default;
    virtual link_state state() const noexcept = 0;
    /// Parts that it takes now: its window less what is under way. 0 unless up.
    virtual std::size_t free_slots() const noexcept = 0;
    /// Parts that were handed over and are not reported.
    virtual std::size_t in_flight() const noexcept = 0;
    /// At most free_slots() of them, or one message alone when nothing is in flight; the parts of
    /// one message in order.
    virtual void submit(std::vector<outgoing_part> parts) = 0;
};

} // namespace uthan::sms
