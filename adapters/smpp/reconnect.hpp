#pragma once

#include "adapters/smpp/session.hpp"
#include "core/random.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

// When to connect again.
namespace uthan::adapters::smpp {

enum class refusal_kind : std::uint8_t {
    transient, ///< as after a lost link
    old_bind,  ///< the peer still holds our last connection (0x05): no alarm for minutes
    limited,   ///< 0x0D: a minute at least
    stop       ///< password or system_id (0x0E, 0x0F): an operator must act; tries lock the account
};
refusal_kind kind_of_refusal(std::uint32_t status) noexcept;

/// 1, 2, 4 … 60 s, of which each wait is a random part (full jitter); from 1 s again once a bind
/// has held a minute. A refused bind has a least wait: old_bind 15 s, limited 60 s, stop 5 min.
class reconnect_backoff {
public:
    void on_bound(time_point now) noexcept { bound_at_ = now; }
    /// The connection, or the try to make one, has ended; `refused`: the bind's status, if it was.
    std::chrono::milliseconds wait_after(std::optional<std::uint32_t> refused, time_point now,
                                         random_source& random);

private:
    std::optional<time_point> bound_at_;
    unsigned tries_ = 0;
};

} // namespace uthan::adapters::smpp
