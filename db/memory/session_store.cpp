#include "db/memory/session_store.hpp"

#include "core/assert.hpp"

#include <cstring>
#include <utility>

namespace uthan::db::memory {

using sessions::save_result;
using sessions::stored_state;

namespace {

// A save looks at this many entries at the cold end. States have much the same time to live, so the
// expired ones gather there and are gone before a live one must be evicted.
constexpr int expired_per_save_max = 4;

} // namespace

// A keyed digest is already spread evenly.
std::size_t session_store::first_bytes::operator()(const digest128& key) const noexcept {
    std::size_t out = 0;
    std::memcpy(&out, key.data(), sizeof(out));
    return out;
}

session_store::session_store(const clock& time, std::size_t entries_max)
    : time_(time), entries_max_(entries_max) {
    UTHAN_ASSERT(entries_max > 0);
}

task<result<std::optional<stored_state>>> session_store::load(digest128 key) {
    const std::scoped_lock lock(mutex_);
    const auto found = find_live(key, time_.now());
    if (found == entries_.end()) {
        co_return std::nullopt;
    }
    co_return found->state;
}

task<result<save_result>> session_store::save(digest128 key, std::uint64_t expected,
                                              stored_state next,
                                              std::chrono::seconds time_to_live) {
    UTHAN_ASSERT(next.version == expected + 1 && time_to_live.count() > 0);
    if (next.bytes.size() > sessions::state_bytes_max) {
        co_return errc::too_large;
    }
    const std::scoped_lock lock(mutex_);
    const auto now = time_.now();
    const auto found = find_live(key, now);
    if (found == entries_.end()) {
        make_room(now);
        entries_.push_front({key, std::move(next), now + time_to_live});
        places_.emplace(key, entries_.begin());
    } else if (found->state.version == expected) {
        found->state = std::move(next);
        found->expires = now + time_to_live;
    } else {
        counters_.conflicts.add();
        co_return save_result{found->state};
    }
    counters_.saves.add();
    counters_.entries.set(static_cast<std::int64_t>(entries_.size()));
    co_return save_result{};
}

// Moves what it finds to the warm end.
session_store::order::iterator session_store::find_live(const digest128& key, instant now) {
    const auto place = places_.find(key);
    if (place == places_.end()) {
        return entries_.end();
    }
    const auto found = place->second;
    if (found->expires <= now) {
        counters_.expired.add();
        forget(found);
        return entries_.end();
    }
    entries_.splice(entries_.begin(), entries_, found);
    return found;
}

void session_store::forget(order::iterator position) {
    places_.erase(position->key);
    entries_.erase(position);
    counters_.entries.set(static_cast<std::int64_t>(entries_.size()));
}

void session_store::make_room(instant now) {
    for (int i = 0; i < expired_per_save_max && !entries_.empty(); ++i) {
        if (entries_.back().expires > now) {
            break;
        }
        counters_.expired.add();
        forget(std::prev(entries_.end()));
    }
    if (entries_.size() >= entries_max_) {
        counters_.evicted.add();
        forget(std::prev(entries_.end()));
    }
}

} // namespace uthan::db::memory
