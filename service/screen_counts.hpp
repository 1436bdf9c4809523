#pragma once

#include "core/clock.hpp"
#include "core/counter.hpp"
#include "sessions/state.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::service {

/// Where a screen is counted, the same in every shard and after every reload: first the dialogue's
/// own screens by their phase, then the menus' screens as they are met.
using screen_slot = std::uint16_t;
inline constexpr std::size_t screen_slots_max = 256;
inline constexpr std::size_t first_menu_slot = 32;
/// For screens beyond screen_slots_max, and what is known of none.
inline constexpr screen_slot other_screens = static_cast<screen_slot>(sessions::phase::menu);

/// One organisation's slots. Grows on the main thread (start, reload), read by any.
class screen_names {
public:
    screen_slot slot_of(std::string_view screen);
    /// By slot; empty where none is counted.
    std::vector<std::string> all() const;

private:
    mutable std::mutex mutex_;
    std::vector<std::string> menu_; ///< under mutex_
};

/// How often one organisation's screens were shown on one shard, and after which of them nothing
/// was typed any more. Whether a dialogue was dropped is known given_up_after its last screen: no
/// network tells it reliably. Written by the shard's thread, read by any; the shard waits for a
/// reader once a minute at most.
class screen_counts {
public:
    /// A key that comes later is not counted as an answer; no network keeps a session that long.
    static constexpr std::chrono::minutes given_up_after{5};

    explicit screen_counts(instant now);

    void shown(screen_slot slot, instant now) noexcept;
    /// A key was typed at a screen that was shown then, on whichever shard.
    void answered(screen_slot slot, instant shown_at, instant now) noexcept;

    std::uint64_t shown_total(screen_slot slot) const noexcept { return shown_[slot].value(); }
    /// Of this shard alone it may be negative: a screen of one shard is answered on another. The
    /// sum over all shards at one moment never falls.
    std::vector<std::int64_t> dropped_total(instant now) const;

private:
    /// One more minute than is looked back to, and room for readers a moment behind.
    static constexpr std::size_t minutes_kept = 8;
    using level = std::atomic<std::int32_t>;
    struct minute_counts {
        std::atomic<std::int64_t> minute{0};
        std::array<level, screen_slots_max> open{}; ///< shown, less answered
    };
    static std::int64_t minute_of(instant at) noexcept;
    minute_counts& of_minute(std::int64_t minute) noexcept;
    static void add(level& to, std::int32_t n) noexcept {
        to.store(to.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }

    std::int64_t since_; ///< what was shown in an earlier minute was counted by nobody
    std::array<counter, screen_slots_max> shown_;
    mutable std::mutex mutex_; ///< while a minute is settled
    std::array<minute_counts, minutes_kept> minutes_;
    std::array<std::int64_t, screen_slots_max> settled_{}; ///< under mutex_
};

} // namespace uthan::service
