#pragma once

#include "access/machine_key.hpp"
#include "core/token_bucket.hpp"
#include "db/sqlite/machine_tables.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>

namespace uthan::gateway::api {

struct rate_limits {
    /// Of one key on one shard; 0: any number.
    double requests_per_second = 0;
    double burst = 1;
};

/// The machine keys as one shard knows them: looked up once a second each, so that a revoked key
/// ends within a second and none costs a read for each request. A shard's thread.
class key_ring {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds trusted_for{1000};
    /// More keys than any installation has; then all are looked up again.
    static constexpr std::size_t known_max = 1024;

    key_ring(db::sqlite::connection reader, const secret_key& key, rate_limits limits)
        : reader_(std::move(reader)), key_(key), limits_(limits) {}

    enum class verdict : std::uint8_t { admitted, unknown, limited };
    struct admission {
        verdict is = verdict::unknown;
        const access::machine_account* by = nullptr; ///< admitted; until the next call
    };

    /// What an Authorization field says. Errors: store_unavailable.
    result<admission> admit(std::string_view authorization, time_point now);

private:
    struct entry {
        access::machine_account account;
        token_bucket bucket;
        time_point read_at;
    };

    result<entry*> known(const access::machine_key& presented, time_point now);

    db::sqlite::prepared_connection reader_;
    const secret_key& key_;
    rate_limits limits_;
    std::unordered_map<std::string, entry> by_id_;
};

} // namespace uthan::gateway::api
