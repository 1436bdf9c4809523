#pragma once

#include "core/digest.hpp"
#include "sessions/history.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace uthan::adapters::smpp {

/// Knows a turn that a peer delivers again. A deliver_sm has no id of its own, and a repeated one
/// has another sequence number, perhaps on another connection. But a phone types nothing before it
/// has a screen, and a peer that has answered a screen had our answer to its turn before: so the
/// same turn before its screen was answered is a repetition, and after that a key pressed again.
///
/// Keeps keyed digests alone. Bounded in time and number; what is forgotten counts as new. Not
/// thread-safe.
class unanswered_turns {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Her digest, and her turn's.
    using turn_id = std::pair<digest128, digest128>;
    struct taken {
        turn_id id;
        bool repeats = false;
    };

    explicit unanswered_turns(const short_key& key) : key_(key) {}

    /// Gives a repetition the request id of the turn that it repeats. A begin that is none ends
    /// what was before it.
    taken take(sessions::inbound_turn& turn, time_point now);
    /// The peer has answered the turn's screen.
    void answered(const turn_id& turn) { turns_.erase(turn); }
    /// Her dialogue is over: what comes is new.
    void end(const address& subscriber);

    static constexpr std::size_t turns_max = 4096;
    /// A peer repeats what was not answered within its response timer, or after the next bind.
    static constexpr std::chrono::seconds known_for{120};

private:
    struct entry {
        std::string request_id;
        time_point since;
    };
    digest128 digest_of(const address& subscriber) const;
    void end(const digest128& subscriber);
    void forget(time_point now);

    short_key key_;
    std::map<turn_id, entry> turns_;
    std::deque<std::pair<turn_id, time_point>> order_; ///< oldest first; answered ones too
};

} // namespace uthan::adapters::smpp
