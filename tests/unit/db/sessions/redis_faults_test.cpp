#include "tests/unit/db/sessions/redis_rig.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

// What happens to a real Redis, and to whoever waits for it meanwhile. Every test ends with the
// same object at work again.
namespace uthan::test {

namespace {

using sessions::save_result;
using sessions::stored_state;
using std::chrono::milliseconds;
using std::chrono::seconds;
using loaded = result<std::optional<stored_state>>;

class RedisFaults : public testing::Test {
protected:
    void begin(db::redis::connection_settings settings = patient()) {
        rig_ = std::make_unique<redis_rig>(settings);
        ASSERT_TRUE(rig_->connect());
    }
    const db::redis::connection_counters& counters() const { return rig_->link.counters(); }

    void start(std::vector<std::optional<loaded>>& loads) {
        for (auto& each : loads) {
            rig_->loop.start(rig_->store.load(digest_of(1)), each);
        }
    }
    [[nodiscard]] bool run_until_done(const std::vector<std::optional<loaded>>& loads) {
        return rig_->loop.run_until([&loads] {
            return std::all_of(loads.begin(), loads.end(),
                               [](const auto& each) { return each.has_value(); });
        });
    }
    static std::ptrdiff_t unavailable(const std::vector<std::optional<loaded>>& loads) {
        return std::count_if(loads.begin(), loads.end(), [](const auto& each) {
            return each->has_error() && each->error() == errc::session_store_unavailable;
        });
    }

    std::unique_ptr<redis_rig> rig_;
};

} // namespace

TEST_F(RedisFaults, KilledServerFailsWhatIsInFlightAtOnceAndThenEverything) {
    begin();
    std::vector<std::optional<loaded>> loads(50);
    rig_->server().stop();
    start(loads);
    ASSERT_TRUE(rig_->loop.run_until([this] { return counters().in_flight.value() == 50; }));
    rig_->server().kill();
    // The deadline is half a minute away: they fail because the connection went.
    ASSERT_TRUE(run_until_done(loads));
    EXPECT_EQ(unavailable(loads), 50);
    EXPECT_EQ(counters().lost.value(), 50U);
    EXPECT_EQ(counters().timed_out.value(), 0U);
    EXPECT_EQ(counters().disconnects.value(), 1U);
    EXPECT_FALSE(rig_->store.healthy());

    EXPECT_EQ(rig_->load(digest_of(1)).error(), errc::session_store_unavailable);
    EXPECT_EQ(rig_->save(digest_of(1), 0, "x").error(), errc::session_store_unavailable);
    EXPECT_EQ(counters().refused.value(), 2U);
    ASSERT_TRUE(rig_->loop.run_until([this] { return counters().failures.value() >= 3; }));

    rig_->server().start();
    rig_->expect_recovery();
    EXPECT_EQ(counters().connects.value(), 2U);
}

TEST_F(RedisFaults, RestartedServerHasLostTheScriptAndGetsItAgain) {
    begin();
    ASSERT_TRUE(rig_->save(digest_of(1), 0, "a").value().saved());
    ASSERT_TRUE(rig_->save(digest_of(1), 1, "b").value().saved());
    EXPECT_EQ(rig_->store.counters().scripts_sent.value(), 1U);
    rig_->server().restart();
    ASSERT_TRUE(rig_->loop.run_until([this] { return counters().connects.value() == 2; }));
    // The dialogue's key is gone with the server: its next save makes it again.
    ASSERT_TRUE(rig_->save(digest_of(1), 2, "c").value().saved());
    EXPECT_EQ(rig_->load(digest_of(1)).value(), (stored_state{3, "c"}));
    EXPECT_EQ(rig_->store.counters().scripts_sent.value(), 2U);
    rig_->expect_recovery();
}

TEST_F(RedisFaults, FlushedScriptsAreSentOnceAgain) {
    begin();
    std::uint64_t version = 0;
    for (std::uint64_t round = 1; round <= 3; ++round) {
        for (int i = 0; i < 5; ++i) {
            ASSERT_TRUE(rig_->save(digest_of(1), version, "x").value().saved());
            ++version;
        }
        EXPECT_EQ(rig_->store.counters().scripts_sent.value(), round);
        rig_->server().command({"SCRIPT", "FLUSH"});
    }
    rig_->expect_recovery();
}

TEST_F(RedisFaults, WipedServerIsFilledAgainBySaves) {
    begin();
    ASSERT_TRUE(rig_->save(digest_of(1), 0, "a").value().saved());
    ASSERT_TRUE(rig_->save(digest_of(1), 1, "b").value().saved());
    rig_->server().command({"FLUSHALL"});
    EXPECT_EQ(rig_->load(digest_of(1)).value(), std::nullopt);
    EXPECT_TRUE(rig_->save(digest_of(1), 2, "c").value().saved());
    EXPECT_EQ(rig_->load(digest_of(1)).value(), (stored_state{3, "c"}));
    rig_->expect_recovery();
}

TEST_F(RedisFaults, LateAnswerNeverReachesAnotherWaiter) {
    auto settings = patient();
    settings.command_deadline = seconds(1);
    begin(settings);
    ASSERT_TRUE(rig_->save(digest_of(1), 0, "of the first").value().saved());
    ASSERT_TRUE(rig_->save(digest_of(2), 0, "of the second").value().saved());
    rig_->server().stop();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(rig_->load(digest_of(1)).error(), errc::session_store_unavailable);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, seconds(1));
    EXPECT_EQ(counters().timed_out.value(), 1U);
    EXPECT_FALSE(rig_->store.healthy());
    EXPECT_TRUE(rig_->link.ready());

    std::optional<loaded> second;
    rig_->loop.start(rig_->store.load(digest_of(2)), second);
    rig_->server().cont();
    ASSERT_TRUE(rig_->loop.run_until([&second] { return second.has_value(); }));
    EXPECT_EQ(second->value(), (stored_state{1, "of the second"}));
    EXPECT_EQ(counters().late.value(), 1U);
    EXPECT_EQ(counters().connects.value(), 1U);
    rig_->expect_recovery();
}

TEST_F(RedisFaults, LateSaveIsFoundByTheNextCompare) {
    auto settings = patient();
    settings.command_deadline = seconds(1);
    begin(settings);
    ASSERT_TRUE(rig_->save(digest_of(1), 0, "first").value().saved());
    ASSERT_TRUE(rig_->save(digest_of(1), 1, "second").value().saved());
    rig_->server().stop();
    EXPECT_EQ(rig_->save(digest_of(1), 2, "late").error(), errc::session_store_unavailable);
    rig_->server().cont();
    ASSERT_TRUE(rig_->loop.run_until([this] { return counters().late.value() == 1; }));
    // It was done after its caller had given up: trying again does not do it twice.
    const auto again = rig_->save(digest_of(1), 2, "again");
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again.value().conflict, (stored_state{3, "late"}));
    rig_->expect_recovery();
}

TEST_F(RedisFaults, HangingServerIsGivenUpSoThatCallersFailAtOnce) {
    auto settings = patient();
    settings.command_deadline = milliseconds(300);
    settings.silence_max = milliseconds(100);
    begin(settings);
    rig_->server().stop();
    EXPECT_EQ(rig_->load(digest_of(1)).error(), errc::session_store_unavailable);
    ASSERT_TRUE(rig_->loop.run_until([this] { return !rig_->link.ready(); }));
    EXPECT_EQ(counters().drops.value(), 1U);
    // A stopped process still accepts connections; only the greeting's answer proves a Redis.
    EXPECT_EQ(rig_->load(digest_of(1)).error(), errc::session_store_unavailable);
    EXPECT_EQ(counters().refused.value(), 1U);
    rig_->server().cont();
    rig_->expect_recovery();
}

TEST_F(RedisFaults, TooManyAbandonedCommandsEndTheConnection) {
    auto settings = patient();
    settings.command_deadline = milliseconds(300);
    settings.abandoned_max = 3;
    begin(settings);
    rig_->server().stop();
    std::vector<std::optional<loaded>> loads(5);
    start(loads);
    ASSERT_TRUE(run_until_done(loads));
    EXPECT_EQ(unavailable(loads), 5);
    EXPECT_EQ(counters().timed_out.value(), 5U);
    EXPECT_EQ(counters().drops.value(), 1U);
    EXPECT_EQ(counters().in_flight.value(), 0);
    rig_->server().cont();
    rig_->expect_recovery();
}

TEST_F(RedisFaults, CommandsInFlightAreBounded) {
    auto settings = patient();
    settings.in_flight_max = 10;
    begin(settings);
    rig_->server().stop();
    std::vector<std::optional<loaded>> loads(15);
    start(loads);
    ASSERT_TRUE(rig_->loop.run_until([this] { return counters().refused.value() == 5; }));
    EXPECT_EQ(counters().in_flight.value(), 10);
    rig_->server().cont();
    ASSERT_TRUE(run_until_done(loads));
    EXPECT_EQ(unavailable(loads), 5);
    EXPECT_EQ(counters().answered.value(), 10U);
    rig_->expect_recovery();
}

TEST_F(RedisFaults, BeginsWithoutAServer) {
    rig_ = std::make_unique<redis_rig>(patient());
    rig_->server().kill();
    rig_->link.start();
    EXPECT_EQ(rig_->load(digest_of(1)).error(), errc::session_store_unavailable);
    EXPECT_FALSE(rig_->store.healthy());
    ASSERT_TRUE(rig_->loop.run_until([this] { return counters().failures.value() >= 3; }));
    rig_->server().start();
    rig_->expect_recovery();
    EXPECT_EQ(counters().connects.value(), 1U);
}

TEST_F(RedisFaults, ClosedConnectionsAreMadeAgain) {
    begin();
    for (std::uint64_t round = 2; round < 5; ++round) {
        rig_->server().command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        ASSERT_TRUE(rig_->loop.run_until([&] { return counters().connects.value() == round; }));
    }
    rig_->expect_recovery();
}

TEST_F(RedisFaults, FullServerIsUnavailableUntilThereIsRoom) {
    begin();
    ASSERT_TRUE(rig_->save(digest_of(1), 0, "a").value().saved());
    ASSERT_TRUE(rig_->save(digest_of(1), 1, "b").value().saved());
    rig_->server().command({"CONFIG", "SET", "maxmemory", "1"});
    EXPECT_EQ(rig_->save(digest_of(2), 0, "x").error(), errc::session_store_unavailable);
    EXPECT_EQ(rig_->save(digest_of(1), 2, "c").error(), errc::session_store_unavailable);
    EXPECT_EQ(rig_->load(digest_of(1)).value(), (stored_state{2, "b"}));
    EXPECT_GE(counters().errors.value(), 2U);
    rig_->server().command({"CONFIG", "SET", "maxmemory", "0"});
    rig_->expect_recovery();
}

TEST_F(RedisFaults, ValuesThatWeDidNotWriteCountAsAbsent) {
    begin();
    struct case_ {
        std::string_view label;
        std::vector<std::string> command; ///< after the key's name, which follows the first word
        std::string_view verb;
    };
    const std::string version_zero = std::string(8, '\0') + "state";
    const std::string too_large = "\x05" + std::string(7 + sessions::state_bytes_max + 1, '\0');
    const std::array<case_, 6> cases{{
        {"empty", {""}, "SET"},
        {"too short for a version", {"1234567"}, "SET"},
        {"version 0", {version_zero}, "SET"},
        {"larger than a state", {too_large}, "SET"},
        {"a hash", {"field", "value"}, "HSET"},
        {"a list", {"value"}, "LPUSH"},
    }};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        // Found by a load, by a first save, and by a save in the middle of a dialogue.
        for (const std::uint64_t expected : {0U, 5U}) {
            const auto key = digest_of(1);
            rig_->server().command({"DEL", key_in_redis(key)});
            std::vector<std::string> command{std::string(c.verb), key_in_redis(key)};
            command.insert(command.end(), c.command.begin(), c.command.end());
            rig_->server().command(command);
            const auto before = rig_->store.counters().corrupt.value();
            const auto found = rig_->load(key);
            ASSERT_TRUE(found.has_value());
            EXPECT_EQ(found.value(), std::nullopt);
            EXPECT_EQ(rig_->store.counters().corrupt.value(), before + 1);
            const auto saved = rig_->save(key, expected, "ours");
            ASSERT_TRUE(saved.has_value());
            EXPECT_TRUE(saved.value().saved());
            EXPECT_EQ(rig_->load(key).value(), (stored_state{expected + 1, "ours"}));
            EXPECT_NE(rig_->server().command({"TTL", key_in_redis(key)}), "-1");
        }
    }
    rig_->expect_recovery();
}

} // namespace uthan::test
