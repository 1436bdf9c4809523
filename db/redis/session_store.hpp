#pragma once

#include "core/counter.hpp"
#include "db/redis/connection.hpp"
#include "db/redis/save_batch.hpp"
#include "sessions/store.hpp"

#include <array>

namespace uthan::db::redis {

/// Written by the shard's thread, read by any.
struct store_counters {
    counter loads_found;
    counter loads_absent;
    counter saves;
    counter conflicts;
    counter unavailable;  ///< loads and saves that ended with session_store_unavailable
    counter corrupt;      ///< values under our keys that we did not write
    counter scripts_sent; ///< the script had to be sent again (a restarted or flushed Redis)
};

/// Dialogues in Redis: key "uthan:s:" + the digest in hex; value: the version in eight bytes,
/// little-endian, then the state. A save is one crossing that compares the version and sets value
/// and time to live together; those of one loop turn share it. A conflict may lengthen the winner's
/// time to live to the loser's.
///
/// A value that we cannot have written (shorter than a version, version 0, longer than a state may
/// be, not a string) is counted as corrupt and is treated as absent: `load` finds nothing, `save`
/// overwrites it. Somebody else's rubbish must not lock a subscriber out for good.
///
/// Used on the connection's shard. A save that fails with session_store_unavailable may have been
/// stored: the next compare-and-set finds out. The same error when the server answers with an error
/// of its own (loading, out of memory) or with what no Redis answers. errc::too_large for a state
/// above state_bytes_max. Needs Redis 6.2 or newer (SET with GET).
class session_store final : public sessions::store {
public:
    /// `link` must outlive the store and the tasks that it gave.
    explicit session_store(connection& link);

    task<result<std::optional<sessions::stored_state>>> load(digest128 key) override;
    task<result<sessions::save_result>> save(digest128 key, std::uint64_t expected,
                                             sessions::stored_state next,
                                             std::chrono::seconds time_to_live) override;
    bool healthy() const noexcept override;

    const store_counters& counters() const noexcept { return counters_; }

private:
    using version_text = std::array<char, 8>;
    static task<result<sessions::save_result>> refuse();
    task<result<sessions::save_result>> save_next(digest128 key, version_text expected,
                                                  std::string value, std::string seconds);

    connection& link_;
    store_counters counters_;
    save_batch batch_;
};

} // namespace uthan::db::redis
