#include "tests/integration/aggregator.hpp"
#include "tests/integration/fault_world.hpp"

#include <boost/json/parse.hpp>

#include <thread>

// Redis behind a bad link: Africa's Talking goes on by its history, pushed links by the memory of
// the process, and everything comes back without a restart.
namespace uthan::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* channels = R"(
[[channels]]
name = "bd"
adapter = "bdapps"
organisation = "kmss"
service_codes = ["*213*77#"]
ussd_rendering = "en"
url = "http://127.0.0.1:{port}"
application_id = "APP_012345"
password = "do-not-tell"

[[channels]]
name = "plain"
adapter = "ussd_http"
organisation = "kmss"
service_codes = ["*384*2#"]
ussd_rendering = "en"
session_from = "session"
number_from = "msisdn"
input_from = "text"
kind_from = "kind"
begin_values = ["start"]
reply = '{{{{state}}}} {{{{text}}}}'
reply_format = "text"
continue_value = "CON"
end_value = "END"
)";

class FaultySessions : public testing::Test {
protected:
    FaultySessions()
        : link(redis.socket()),
          at(120, fmt::format("tcp://127.0.0.1:{}", link.port()),
             fmt::format(fmt::runtime(channels), fmt::arg("port", provider.port()))) {
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        gateway = std::make_unique<gateway_process>(at);
        EXPECT_THAT(history_dialogue("enrol").press_all(*gateway, first_keys()),
                    HasSubstr(main_menu));
    }
    void TearDown() override { expect_clean(at); }

    void expect_degraded() {
        EXPECT_TRUE(eventually([&] {
            return gateway->admin("/readyz") == "{\"ready\":true,\"degraded\":[\"sessions\"]}\n";
        })) << gateway->admin("/readyz");
        EXPECT_GE(gateway->metric("uthan_sessions_degraded"), 1);
    }
    void expect_recovery() {
        EXPECT_TRUE(eventually([&] {
            return gateway->admin("/readyz") == "{\"ready\":true,\"degraded\":[]}\n";
        })) << gateway->admin("/readyz");
        EXPECT_EQ(gateway->metric("uthan_sessions_degraded"), 0);
    }
    /// A dialogue from its beginning to figures and to its end, whatever the link does.
    void expect_a_whole_dialogue(const std::string& session) {
        history_dialogue her(session);
        her.press(*gateway, "");
        EXPECT_THAT(her.press(*gateway, "00"), HasSubstr(main_menu));
        her.press(*gateway, "1");
        const auto figures = her.press(*gateway, "4821");
        EXPECT_THAT(figures, HasSubstr("২০/১১"));
        EXPECT_EQ(her.again(*gateway), figures);
        EXPECT_THAT(her.press(*gateway, "0"), HasSubstr(main_menu));
        EXPECT_THAT(her.press(*gateway, "0"), StartsWith("END "));
    }
    /// A turn of the link whose state is in the store alone.
    std::string plain_turn(const std::string& kind, const std::string& typed) const {
        return gateway->post(
            "/channels/plain/ussd",
            fmt::format(R"({{"session":"p","msisdn":"8801810000001","text":"{}","kind":"{}"}})",
                        typed, kind));
    }

    redis_server redis;
    fault_proxy link;
    aggregator provider;
    deployment at;
    std::unique_ptr<gateway_process> gateway;
};

TEST_F(FaultySessions, RedisRefusedInTheMiddleOfADialogueIsNotSeen) {
    history_dialogue her("s");
    her.press_all(*gateway, {"", "00"});
    link.refuse();
    EXPECT_THAT(her.press(*gateway, "4"), StartsWith("CON "));
    expect_degraded();
    EXPECT_THAT(her.press(*gateway, "0"), HasSubstr(main_menu));
    expect_a_whole_dialogue("t");
    EXPECT_GE(gateway->metric("uthan_ussd_hops_total{channel=\"at-kmss\",outcome=\"degraded\"}"),
              2);
    link.pass();
    expect_recovery();
    EXPECT_THAT(history_dialogue("u").press_all(*gateway, {"", "00"}), HasSubstr(main_menu));
}

TEST_F(FaultySessions, RedisThatAcceptsAndNeverAnswersCostsDeadlinesOnly) {
    history_dialogue her("s");
    her.press_all(*gateway, {"", "00"});
    link.half_open();
    EXPECT_THAT(her.press(*gateway, "4"), StartsWith("CON "));
    expect_degraded();
    EXPECT_THAT(her.press(*gateway, "0"), HasSubstr(main_menu));
    expect_a_whole_dialogue("t");
    link.pass();
    expect_recovery();
    EXPECT_THAT(her.press(*gateway, "4"), StartsWith("CON "));
}

TEST_F(FaultySessions, RedisSlowerThanItsDeadlineCostsTheDeadlineOnly) {
    link.slow(700ms);
    expect_a_whole_dialogue("s");
    expect_degraded();
    EXPECT_GE(gateway->metric("uthan_redis_commands_total{outcome=\"timed_out\"}"), 1);
    link.pass();
    expect_recovery();
    expect_a_whole_dialogue("t");
}

TEST_F(FaultySessions, RedisSlowWithinItsDeadlineIsOnlySlow) {
    const std::string degraded = "uthan_ussd_hops_total{channel=\"at-kmss\",outcome=\"degraded\"}";
    // Far from its deadline, however busy the machine.
    gateway->kill();
    configure(at, "sessions", "redis_deadline_ms = 5000\n");
    gateway = std::make_unique<gateway_process>(at);
    expect_recovery();
    const auto before = gateway->metric(degraded);
    link.slow(20ms);
    expect_a_whole_dialogue("s");
    EXPECT_EQ(gateway->metric("uthan_sessions_degraded"), 0);
    EXPECT_EQ(gateway->metric(degraded), before);
}

TEST_F(FaultySessions, AnswersOfRedisThatEndInTheirMiddleAreNoAnswers) {
    for (std::size_t bytes = 0; bytes < 12; ++bytes) {
        link.cut_after(bytes, fault_proxy::direction::answers);
        expect_a_whole_dialogue(fmt::format("s{}", bytes));
    }
    link.pass();
    expect_recovery();
    EXPECT_GE(gateway->metric("uthan_redis_commands_total{outcome=\"lost\"}"), 1);
    EXPECT_EQ(gateway->metric("uthan_session_corrupt_total"), 0);
    expect_a_whole_dialogue("after");
}

TEST_F(FaultySessions, CommandsCutOnTheirWayToRedisAreNotDoneInPart) {
    for (std::size_t bytes = 1; bytes < 400; bytes += 57) {
        link.cut_after(bytes, fault_proxy::direction::requests);
        expect_a_whole_dialogue(fmt::format("s{}", bytes));
    }
    link.pass();
    expect_recovery();
    EXPECT_EQ(gateway->metric("uthan_session_corrupt_total"), 0);
    expect_a_whole_dialogue("after");
}

TEST_F(FaultySessions, ResetConnectionsComeBackByThemselves) {
    for (int i = 0; i < 5; ++i) {
        const auto before = gateway->metric("uthan_redis_reconnects_total");
        link.reset();
        expect_a_whole_dialogue(fmt::format("s{}", i));
        EXPECT_TRUE(
            eventually([&] { return gateway->metric("uthan_redis_reconnects_total") > before; }));
    }
    expect_recovery();
}

TEST_F(FaultySessions, ARedisThatDoesNotReadIsGivenUpAndHoldsNoMemory) {
    link.stop_reading();
    const auto phones = phones_of_one(at);
    ASSERT_GE(phones.size(), 16U);
    std::vector<std::thread> members;
    for (std::size_t i = 0; i < 16; ++i) {
        members.emplace_back([this, i, &phones] {
            history_dialogue her(fmt::format("s{}", i), phones[i]);
            const auto shown = her.press_all(*gateway, {"", "4821", "4821"});
            EXPECT_THAT(shown, StartsWith("CON "));
            EXPECT_EQ(her.again(*gateway), shown);
        });
    }
    for (auto& one : members) {
        one.join();
    }
    expect_degraded();
    EXPECT_LE(gateway->metric("uthan_redis_in_flight"), 4096);
    link.pass();
    expect_recovery();
    EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_redis_in_flight") == 0; }));
    expect_a_whole_dialogue("after");
}

TEST_F(FaultySessions, UnderLoadEveryHopOfAFailingRedisIsAnswered) {
    // Goal: members dial without a pause while the link breaks in every way; not one is refused.
    std::atomic<bool> over = false;
    std::atomic<unsigned> hops = 0;
    std::atomic<unsigned> unanswered = 0;
    std::vector<std::thread> members;
    for (int i = 0; i < 8; ++i) {
        members.emplace_back([this, i, &over, &hops, &unanswered] {
            for (unsigned n = 0; !over; ++n) {
                history_dialogue her(fmt::format("{}-{}", i, n),
                                     fmt::format("+88018100000{:02}", i + 2));
                for (const char* key : {"", "00", "4"}) {
                    const auto shown = her.press(*gateway, key);
                    const bool answered = shown.starts_with("CON ") || shown.starts_with("END ");
                    unanswered += answered && shown.find(not_now) == std::string::npos ? 0 : 1;
                    ++hops;
                }
            }
        });
    }
    const auto some_hops = [&] {
        const auto from = hops.load();
        EXPECT_TRUE(eventually([&] { return hops.load() > from + 40; }));
    };
    some_hops();
    for (const auto& fault : std::vector<std::function<void()>>{
             [&] { link.refuse(); }, [&] { link.half_open(); }, [&] { link.slow(400ms); },
             [&] { link.cut_after(100, fault_proxy::direction::answers); },
             [&] { link.stop_reading(); }, [&] { link.reset(); }}) {
        fault();
        some_hops();
        link.pass();
        some_hops();
    }
    over = true;
    for (auto& one : members) {
        one.join();
    }
    EXPECT_EQ(unanswered, 0);
    expect_recovery();
    EXPECT_LE(gateway->metric("uthan_ussd_dialogues_remembered"), 256 * 64);
}

TEST_F(FaultySessions, ALinkWithoutHistoryGoesOnFromMemory) {
    plain_turn("start", "*384*2#");
    EXPECT_THAT(plain_turn("more", "00"), HasSubstr("1 "));
    const auto menu = plain_turn("more", "00");
    link.refuse();
    EXPECT_THAT(plain_turn("more", "1"), HasSubstr("PIN"));
    EXPECT_THAT(plain_turn("more", "4821"), HasSubstr("20/11"));
    expect_degraded();
    EXPECT_EQ(plain_turn("more", "0"), menu);
    link.pass();
    expect_recovery();
    // What Redis missed is not the truth: she is at the menu.
    EXPECT_THAT(plain_turn("more", "1"), Not(HasSubstr("PIN"))) << "the PIN was given before";
}

TEST_F(FaultySessions, APushedLinkGoesOnFromMemory) {
    unsigned request = 0;
    const auto turn = [&](const std::string& typed) {
        gateway->post("/channels/bd/ussd",
                      fmt::format(R"({{"version":"1.0","applicationId":"APP_012345",)"
                                  R"("sessionId":"b","ussdOperation":"{}","sourceAddress":)"
                                  R"("tel:8801810000001","message":"{}","encoding":"440",)"
                                  R"("requestId":"r{}"}})",
                                  typed.starts_with('*') ? "mo-init" : "mo-cont", typed,
                                  ++request));
        const auto body = boost::json::parse(provider.next().body).as_object();
        return std::string(body.at("message").as_string());
    };
    turn("*213*77#");
    const auto menu = turn("00");
    link.half_open();
    turn("1");
    EXPECT_THAT(turn("4821"), HasSubstr("20/11"));
    expect_degraded();
    EXPECT_EQ(turn("0"), menu);
    link.pass();
    expect_recovery();
    EXPECT_THAT(turn("1"), HasSubstr("20/11"));
}

TEST_F(FaultySessions, APinSetWhileRedisIsAwayIsSetOnce) {
    history_dialogue her("s", phones_of_one(at).front());
    her.press_all(*gateway, {"", "4821"});
    link.refuse();
    const auto set = her.press(*gateway, "4821");
    EXPECT_THAT(set, StartsWith("CON "));
    const auto commits = gateway->metric("uthan_sqlite_operations_total");
    // The answer was lost on its way: the aggregator asks again, at a process that knows nothing.
    EXPECT_EQ(her.again(*gateway), set);
    EXPECT_EQ(gateway->metric("uthan_sqlite_operations_total"), commits);
    gateway->kill();
    gateway = std::make_unique<gateway_process>(at);
    EXPECT_EQ(her.again(*gateway), set);
    link.pass();
    expect_recovery();
    EXPECT_EQ(her.again(*gateway), set);
    EXPECT_THAT(her.press_all(*gateway, {"0", "1"}), HasSubstr(main_menu));
}

TEST_F(FaultySessions, AComplaintThroughEveryFaultIsFiledOnce) {
    history_dialogue her("c");
    her.press_all(*gateway, {"", "00", "7", "3", "1"});
    link.cut_after(3, fault_proxy::direction::answers);
    const auto filed = her.press(*gateway, "1");
    EXPECT_THAT(filed, HasSubstr("অভিযোগ নং ১"));
    link.half_open();
    EXPECT_EQ(her.again(*gateway), filed);
    gateway->kill();
    gateway = std::make_unique<gateway_process>(at);
    EXPECT_EQ(her.again(*gateway), filed);
    link.pass();
    expect_recovery();
    EXPECT_EQ(her.again(*gateway), filed);
    const auto list = requests_of(at);
    EXPECT_THAT(list, HasSubstr("1 open complaint:"));
    EXPECT_THAT(list, Not(HasSubstr("2 open")));
}

TEST_F(FaultySessions, WithoutRedisAtTheStartMembersAreAnswered) {
    gateway->kill();
    link.half_open();
    gateway = std::make_unique<gateway_process>(at);
    expect_a_whole_dialogue("s");
    expect_degraded();
    link.pass();
    expect_recovery();
    expect_a_whole_dialogue("t");
}

} // namespace
} // namespace uthan::test
