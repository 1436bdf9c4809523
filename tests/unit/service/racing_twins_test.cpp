#include "db/redis/session_store.hpp"
#include "tests/support/dialogue_world.hpp"
#include "tests/support/redis_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include <array>
#include <csignal>

// Two callbacks of one dialogue reach two shards before either has answered: each shard with its
// own memory and its own connection to one real Redis, both over the same members and the same
// database.
namespace uthan::testing_world {
namespace {

using service::hop_result;
using ::testing::HasSubstr;

constexpr const char* rahima = "8801711000001";
constexpr const char* her = "K0100101";

/// No test depends on the machine's speed.
db::redis::connection_settings patient() {
    db::redis::connection_settings settings;
    settings.command_deadline = settings.connect_deadline = settings.silence_max =
        std::chrono::seconds(30);
    settings.backoff_min = settings.backoff_max = std::chrono::milliseconds(2);
    return settings;
}

class shard {
public:
    shard(asio::io_context& loop, const std::string& url, access::registry& registry,
          const clock& time, const secret_key& key)
        : link_(loop.get_executor(), db::redis::parse_endpoint(url).value(), patient(), jitter_),
          store_(link_), dialogues_(store_, registry, time, salts_, key, {}) {
        link_.start();
    }

    bool ready() const { return link_.ready(); }
    service::dialogues& dialogues() { return dialogues_; }

private:
    secure_random jitter_;
    sequential_random salts_;
    db::redis::connection link_;
    db::redis::session_store store_;
    service::dialogues dialogues_;
};

class RacingTwins : public ::testing::Test {
protected:
    RacingTwins() {
        std::signal(SIGPIPE, SIG_IGN);
        facts_.ledger.add(member_with_loan(her, rahima));
        facts_.registry.records[her].pin =
            access::make_verifier(secret_key{1, 2, 3}, {"kmss", her}, {9}, "4821");
        for (auto& one : shards_) {
            one = std::make_unique<shard>(loop_, redis_.url(), facts_.registry, facts_.time, key_);
        }
        run_until([this] { return shards_[0]->ready() && shards_[1]->ready(); });
    }

    template <class Predicate>
    void run_until(Predicate happened) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!happened()) {
            ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "it hangs";
            loop_.restart();
            loop_.run_one_for(std::chrono::milliseconds(20));
        }
    }

    task<void> hop(std::size_t at, sessions::inbound_turn turn, std::optional<hop_result>& out) {
        out = co_await shards_[at]->dialogues().hop(channel_, facts_.ledger, std::move(turn));
    }

    /// Both are under way before either sees an answer of Redis.
    std::array<std::string, 2> race(const sessions::inbound_turn& first,
                                    const sessions::inbound_turn& second) {
        std::array<std::optional<hop_result>, 2> out;
        asio::co_spawn(loop_, hop(0, first, out[0]), asio::detached);
        asio::co_spawn(loop_, hop(1, second, out[1]), asio::detached);
        run_until([&out] { return out[0] && out[1]; });
        return {out[0].value().screen.text, out[1].value().screen.text};
    }

    std::string send(std::size_t at, const sessions::inbound_turn& turn) {
        std::optional<hop_result> out;
        asio::co_spawn(loop_, hop(at, turn, out), asio::detached);
        run_until([&out] { return out.has_value(); });
        return out.value().screen.text;
    }

    sessions::inbound_turn history(const std::string& typed) const {
        return world::turn_of("session " + std::to_string(round_), rahima, typed);
    }

    /// Of a transport that sends each input alone.
    sessions::inbound_turn key(const std::string& typed, const std::string& request_id) const {
        auto turn = history({});
        turn.style = sessions::turn_style::input;
        turn.input = typed;
        turn.begins = typed.empty();
        turn.request_id = request_id;
        return turn;
    }

    const std::vector<members::request>& requests() const { return facts_.registry.all_requests; }

    void next_round() {
        ++round_;
        facts_.registry.all_requests.clear();
        facts_.time.advance(std::chrono::hours{1});
    }

    world facts_{policy_with_pin(), kmss_rules_with_requests()}; ///< members, registry and clock
    test::redis_server redis_;
    asio::io_context loop_{1};
    secret_key key_{1, 2, 3};
    service::channel_snapshots channel_{
        std::make_shared<const service::dialogue_channel>(service::dialogue_channel{
            "at-kmss",
            std::make_shared<const service::organisation>(service::organisation{
                "kmss", kmss_rules_with_requests(), policy_with_pin(), zone{"Asia/Dhaka"},
                shipped_menu(), shipped_texts(), shipped_shortcuts()}),
            {texts::rendering::bn, 160},
            facts_.time.now()})};
    std::array<std::unique_ptr<shard>, 2> shards_;
    int round_ = 0;
};

TEST_F(RacingTwins, TheSameCallbackTwiceIsOneEffectAndOneAnswer) {
    // Goal: whichever shard knows the dialogue, both, or none of them (its state is in Redis
    // alone).
    for (const std::size_t knows : {0U, 1U}) {
        next_round();
        for (const char* typed : {"", "7", "7*5", "7*5*1"}) {
            send(knows, history(typed));
        }
        const auto said = race(history("7*5*1*1"), history("7*5*1*1"));
        EXPECT_THAT(said[0], HasSubstr("নং ১"));
        EXPECT_EQ(said[1], said[0]);
        EXPECT_EQ(requests().size(), 1U);
        // Late copies too, at either.
        EXPECT_EQ(send(0, history("7*5*1*1")), said[0]);
        EXPECT_EQ(send(1, history("7*5*1*1")), said[0]);
        EXPECT_EQ(requests().size(), 1U);
    }
}

TEST_F(RacingTwins, TheSameBeginningTwiceIsOneDialogue) {
    for (int i = 0; i < 5; ++i) {
        next_round();
        const auto said = race(history(""), history(""));
        EXPECT_THAT(said[0], HasSubstr("1 কিস্তি"));
        EXPECT_EQ(said[1], said[0]);
        EXPECT_THAT(send(1, history("4")), HasSubstr("মিটিং"));
    }
}

TEST_F(RacingTwins, APinTypedOnceIsOneTry) {
    for (int i = 0; i < 5; ++i) {
        next_round();
        send(0, history(""));
        send(0, history("3"));
        const auto said = race(history("3*1111"), history("3*1111"));
        EXPECT_THAT(said[0], HasSubstr("আর ২ বার"));
        EXPECT_EQ(said[1], said[0]);
        EXPECT_EQ(facts_.registry.records[her].tries_used, 1U);
        facts_.registry.records[her].tries_used = 0;
    }
}

TEST_F(RacingTwins, TwoDifferentHistoriesAreEachAnsweredByTheirOwnKeys) {
    // Goal: of "send it" and "no" both are answered as they were typed, the request is made once,
    // and the dialogue goes on by whichever history the aggregator continues.
    for (int i = 0; i < 5; ++i) {
        next_round();
        for (const char* typed : {"", "7", "7*5", "7*5*1"}) {
            send(0, history(typed));
        }
        const auto said = race(history("7*5*1*1"), history("7*5*1*2"));
        EXPECT_THAT(said[0], HasSubstr("নং ১"));
        EXPECT_THAT(said[1], HasSubstr("1 কিস্তি"));
        EXPECT_EQ(requests().size(), 1U);
        EXPECT_THAT(send(1, history("7*5*1*1*0")), HasSubstr("1 কিস্তি"));
        EXPECT_EQ(requests().size(), 1U);
    }
}

TEST_F(RacingTwins, OfTwoDifferentKeysTheLaterOneIsTakenAtTheScreenOfTheFirst) {
    // Goal: a transport without history. One key wins at the question; the other one is a key of
    // the screen that followed, never a second answer to the question.
    for (int i = 0; i < 5; ++i) {
        next_round();
        send(0, key("", "begin"));
        send(0, key("7", "a"));
        send(0, key("5", "b"));
        EXPECT_THAT(send(0, key("1", "c")), HasSubstr("পাঠাব?"));
        const auto said = race(key("1", "yes"), key("2", "no"));
        const bool sent = said[0].find("নং ১") != std::string::npos &&
                          said[0].find("আবার দিন") == std::string::npos;
        if (sent) {
            EXPECT_EQ(requests().size(), 1U);
            EXPECT_EQ(said[1], "আবার দিন।\n" + said[0]) << "2 is no key of what was sent";
        } else {
            EXPECT_EQ(requests().size(), 0U);
            EXPECT_THAT(said[1], HasSubstr("1 কিস্তি")) << "no: the main menu";
            EXPECT_THAT(said[0], HasSubstr("পিন দিন")) << "1 is its first key";
        }
        // The same two once more change nothing.
        EXPECT_EQ(send(1, key("1", "yes")), send(0, key("2", "no")));
        EXPECT_LE(requests().size(), 1U);
    }
}

} // namespace
} // namespace uthan::testing_world
