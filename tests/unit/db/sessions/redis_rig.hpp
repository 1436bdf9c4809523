#pragma once

#include "core/random.hpp"
#include "db/redis/session_store.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/unit/db/sessions/shard_loop.hpp"

#include <string>

namespace uthan::test {

inline digest128 digest_of(std::uint8_t n) {
    digest128 out{};
    out.fill(n);
    return out;
}

/// How the store names the key of a digest in Redis.
inline std::string key_in_redis(const digest128& digest) {
    return "uthan:s:" + to_hex(as_bytes(digest));
}

/// No test depends on the machine's speed: deadlines are far away and pauses between attempts are
/// short, unless a test is about them.
inline db::redis::connection_settings patient() {
    db::redis::connection_settings out;
    out.command_deadline = std::chrono::seconds(30);
    out.connect_deadline = std::chrono::seconds(30);
    out.silence_max = std::chrono::seconds(30);
    out.backoff_min = std::chrono::milliseconds(2);
    out.backoff_max = std::chrono::milliseconds(20);
    return out;
}

/// The store on a connection to any address.
class redis_client {
public:
    redis_client(const std::string& url, db::redis::connection_settings settings)
        : link(loop.get_executor(), db::redis::parse_endpoint(url).value(), settings, random),
          store(link) {
        std::signal(SIGPIPE, SIG_IGN);
    }

    [[nodiscard]] bool connect() {
        link.start();
        return run_until_ready();
    }
    [[nodiscard]] bool run_until_ready() {
        return loop.run_until([this] { return link.ready(); });
    }

    result<std::optional<sessions::stored_state>> load(const digest128& key) {
        return loop.await(store.load(key));
    }
    result<sessions::save_result> save(const digest128& key, std::uint64_t expected,
                                       std::string bytes) {
        return loop.await(
            store.save(key, expected, {expected + 1, std::move(bytes)}, std::chrono::minutes(10)));
    }

    secure_random random;
    shard_loop loop;
    db::redis::connection link;
    db::redis::session_store store;
};

/// The same with a real server of its own.
class redis_rig : public redis_client {
public:
    explicit redis_rig(db::redis::connection_settings settings = patient())
        : redis_rig(std::make_unique<redis_server>(), settings) {}

    redis_server& server() { return *server_; }

    /// Every fault test ends with this: the same object works again, with old and new keys.
    void expect_recovery() {
        const auto key = digest_of(0xee);
        auto found = load(key);
        for (int i = 0; !found && i < 100; ++i) {
            ASSERT_TRUE(run_until_ready());
            found = load(key);
        }
        ASSERT_TRUE(found.has_value());
        const auto version = found.value() ? found.value()->version : 0;
        const auto saved = save(key, version, "recovered");
        ASSERT_TRUE(saved.has_value());
        EXPECT_TRUE(saved.value().saved());
        const auto again = load(key);
        ASSERT_TRUE(again.has_value());
        EXPECT_EQ(again.value(), (sessions::stored_state{version + 1, "recovered"}));
        EXPECT_TRUE(store.healthy());
        EXPECT_EQ(link.counters().in_flight.value(), 0);
    }

private:
    redis_rig(std::unique_ptr<redis_server> server, db::redis::connection_settings settings)
        : redis_client(server->url(), settings), server_(std::move(server)) {}

    std::unique_ptr<redis_server> server_;
};

} // namespace uthan::test
