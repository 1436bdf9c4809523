#pragma once

#include "core/digest.hpp"
#include "core/error.hpp"
#include "core/task.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace uthan::sessions {

/// A dialogue's state as bytes with the version that compare-and-set compares.
struct stored_state {
    std::uint64_t version = 0; ///< > 0
    std::string bytes;         ///< opaque; at most state_bytes_max
    bool operator==(const stored_state&) const = default;
};

inline constexpr std::size_t state_bytes_max = 4096;

/// `saved`: ours is stored. Otherwise somebody else's newer or other state, unchanged, to start
/// over from; `conflict` never comes from an absent key (expired or wiped: the save recreates it).
struct save_result {
    std::optional<stored_state> conflict;
    bool saved() const noexcept { return !conflict.has_value(); }
};

/// The port to where dialogues are kept between hops: one key per subscriber and service code (a
/// keyed digest, so that the store holds no number). Used on a shard's thread. Always with a time
/// to live. Errors: session_store_unavailable (also when the deadline of the store passes).
class store {
public:
    virtual ~store() = default;

    virtual task<result<std::optional<stored_state>>> load(digest128 key) = 0;

    /// Compare-and-set: stores `next` (next.version = expected + 1) when the key is absent or holds
    /// version `expected`; 0 expects absence. One crossing.
    virtual task<result<save_result>> save(digest128 key, std::uint64_t expected, stored_state next,
                                           std::chrono::seconds time_to_live) = 0;

    /// Whether the last command was answered. Cheap: no I/O.
    virtual bool healthy() const noexcept = 0;
};

} // namespace uthan::sessions
