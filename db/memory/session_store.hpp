#pragma once

#include "core/clock.hpp"
#include "core/counter.hpp"
#include "sessions/store.hpp"

#include <list>
#include <mutex>
#include <unordered_map>

namespace uthan::db::memory {

/// Written under the store's lock, read by any thread.
struct store_counters {
    counter saves;
    counter conflicts;
    counter evicted; ///< live states that had to make room
    counter expired;
    gauge entries;
};

/// Dialogues in the memory of this process, for trials, tests and as the fall-back while Redis is
/// away. At most `entries_max` states of state_bytes_max; at the limit the one that was used
/// longest ago goes. Any thread: one store serves all shards, because the requests of one dialogue
/// may arrive on different ones. Never fails but for errc::too_large; answers without waiting.
class session_store final : public sessions::store {
public:
    /// `time` must outlive the store and be safe on every thread that uses it. entries_max > 0.
    session_store(const clock& time, std::size_t entries_max);

    task<result<std::optional<sessions::stored_state>>> load(digest128 key) override;
    task<result<sessions::save_result>> save(digest128 key, std::uint64_t expected,
                                             sessions::stored_state next,
                                             std::chrono::seconds time_to_live) override;
    bool healthy() const noexcept override { return true; }

    const store_counters& counters() const noexcept { return counters_; }

private:
    struct entry {
        digest128 key;
        sessions::stored_state state;
        instant expires;
    };
    using order = std::list<entry>; // most recently used first
    struct first_bytes {
        std::size_t operator()(const digest128& key) const noexcept;
    };

    order::iterator find_live(const digest128& key, instant now);
    void forget(order::iterator position);
    void make_room(instant now);

    const clock& time_;
    const std::size_t entries_max_;
    std::mutex mutex_;
    order entries_;
    std::unordered_map<digest128, order::iterator, first_bytes> places_;
    store_counters counters_;
};

} // namespace uthan::db::memory
