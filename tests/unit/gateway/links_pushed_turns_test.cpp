#include "gateway/links/pushed_turns.hpp"

#include "gateway/links/bdapps.hpp"
#include "outbound_world.hpp"
#include "rude_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <sstream>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::outbound_world;
using testing::rude_peer;
using testing::rude_server;

constexpr std::string_view accepted = R"({"statusCode":"S1000","statusDetail":"Success"})";

adapters::ussd_turn turn_of(const std::string& number, const std::string& session,
                            const std::string& request) {
    const numbering plan;
    adapters::ussd_turn made{
        {session, plan.parse(number).value(), "*384*2#", {}, {}}, "tel:" + number, {}};
    made.turn.style = sessions::turn_style::input;
    made.turn.request_id = request;
    return made;
}

constexpr const char* first_phone = "8801812345678";
constexpr const char* second_phone = "8801812345679";

/// Each hop's screen says how many hops there were before. The test is the aggregator.
class PushedTurns : public ::testing::Test {
protected:
    PushedTurns() {
        as.send_url = server.url("/ussd/send");
        as.as = {"APP_012345", "very-secret"};
    }
    ~PushedTurns() override { world.end(); }

    void start(std::chrono::milliseconds budget = 20s, std::chrono::milliseconds retry_pause = 1ms,
               std::size_t most = 16) {
        load = std::make_shared<push_load>(most, running);
        auto hop = [this](const sessions::inbound_turn&, std::chrono::steady_clock::time_point) {
            return screen_of(screen + std::to_string(hops++));
        };
        turns = std::make_unique<pushed_turns>(push_parts{
            .on = world.on(),
            .channel = "bd",
            .hop = hop,
            .way = std::make_unique<http_screens>(
                world.on(), world.client(), make_bdapps_format(as), metrics.pushes, retry_pause),
            .load = load,
            .metrics = metrics,
            .exceptions = exceptions,
            .log = log,
            .budget = budget});
    }
    static task<service::hop_result> screen_of(std::string text) {
        if (text.starts_with("throw")) {
            throw std::runtime_error("seeded");
        }
        co_return service::hop_result{{std::move(text), false}, false, false};
    }
    void take(const std::string& number, const std::string& session, const std::string& request) {
        world.run([&] {
            turns->take(turn_of(number, session, request), std::chrono::steady_clock::now());
        });
    }
    std::uint64_t count(push_outcome what) const {
        return metrics.pushes.outcomes[static_cast<std::size_t>(what)].value();
    }
    bool reaches(push_outcome what, std::uint64_t wanted) const {
        return eventually([&] { return count(what) == wanted; });
    }
    bool is_quiet() const {
        return eventually([&] { return running.value() == 0; });
    }

    rude_server server;
    bdapps_settings as;
    std::ostringstream written;
    spdlog::logger log{"test", std::make_shared<spdlog::sinks::ostream_sink_mt>(written)};
    channel_metrics metrics;
    gauge running;
    counter exceptions;
    std::shared_ptr<push_load> load;
    std::atomic<unsigned> hops = 0;
    std::string screen = "screen ";
    std::unique_ptr<pushed_turns> turns;
    outbound_world world; ///< last: its thread ends first
};

TEST_F(PushedTurns, ThePushSaysWhatTheProviderWants) {
    screen = "1 Due ৳5\n0 End ";
    start();
    take(first_phone, "s", "r1");
    auto peer = server.accept();
    const auto request = peer.request();
    EXPECT_THAT(request, HasSubstr("POST /ussd/send HTTP/1.1\r\n"));
    EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(request, HasSubstr(R"("message":"1 Due ?5\n0 End 0")"));
    EXPECT_THAT(request, HasSubstr(R"("sessionId":"s")"));
    EXPECT_THAT(request, HasSubstr(R"("ussdOperation":"mt-cont")"));
    EXPECT_THAT(request, HasSubstr(R"("destinationAddress":"tel:8801812345678")"));
    EXPECT_EQ(running.value(), 1);
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 1));
    EXPECT_TRUE(is_quiet());
    EXPECT_EQ(metrics.pushes.retries.value(), 0U);
    EXPECT_TRUE(metrics.pushes_screens);
}

TEST_F(PushedTurns, OneSubscribersTurnsGoOneAfterTheOther) {
    // Goal: a second hop does not even begin before the first screen has been taken.
    start();
    take(first_phone, "s", "r1");
    take(first_phone, "s", "r2");
    auto peer = server.accept();
    EXPECT_THAT(peer.request(), HasSubstr("screen 0"));
    EXPECT_EQ(hops.load(), 1U);
    take(second_phone, "t", "r1");
    auto other = server.accept();
    EXPECT_THAT(other.request(), HasSubstr("8801812345679")) << "another one need not wait";
    other.answer(accepted);
    peer.answer(accepted);
    ASSERT_TRUE(eventually([&] { return hops.load() == 3; }));
    EXPECT_THAT(peer.request(), HasSubstr("screen 2"));
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 3));
}

TEST_F(PushedTurns, ARepeatedCallbackIsOnePush) {
    start();
    take(first_phone, "s", "r1");
    auto peer = server.accept();
    peer.request();
    take(first_phone, "s", "r2");
    take(first_phone, "s", "r1");
    take(first_phone, "s", "r2");
    peer.answer(accepted);
    EXPECT_THAT(peer.request(), HasSubstr("screen 1"));
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 2));
    EXPECT_TRUE(is_quiet());
    EXPECT_EQ(hops.load(), 2U);
    EXPECT_EQ(metrics.pushes.coalesced.value(), 2U);
}

TEST_F(PushedTurns, WithoutARequestIdEveryCallbackCounts) {
    start();
    take(first_phone, "s", "");
    take(first_phone, "s", "");
    auto peer = server.accept();
    peer.request();
    peer.answer(accepted);
    peer.request();
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 2));
}

TEST_F(PushedTurns, AFailedPushIsTheEndOfItsSessionAlone) {
    start();
    take(first_phone, "s", "r1");
    take(first_phone, "s", "r2");
    take(first_phone, "t", "r3");
    auto peer = server.accept();
    peer.request();
    peer.answer(R"({"statusCode":"E1325","statusDetail":"no"})");
    EXPECT_THAT(peer.request(), HasSubstr(R"("sessionId":"t")"));
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 1));
    EXPECT_EQ(count(push_outcome::dropped), 1U);
    EXPECT_EQ(hops.load(), 2U) << "the dropped turn's hop must not have happened";
    EXPECT_EQ(metrics.pushes.retries.value(), 0U);
    EXPECT_TRUE(is_quiet());
}

TEST_F(PushedTurns, TheEndOfASessionDropsWhatWaitsOfIt) {
    start();
    take(first_phone, "s", "r1");
    auto peer = server.accept();
    peer.request();
    take(first_phone, "s", "r2");
    take(first_phone, "t", "r3");
    const std::string session = "s";
    world.run([&] { turns->end(std::string{"tel:"} + first_phone, &session); });
    EXPECT_EQ(count(push_outcome::dropped), 1U);
    // The next of the same name is not the one that ended.
    take(first_phone, "s", "r4");
    peer.answer("", "500 Internal Server Error");
    peer.request();
    peer.answer("", "500 Internal Server Error");
    EXPECT_THAT(peer.request(), HasSubstr(R"("sessionId":"t")"));
    peer.answer(accepted);
    EXPECT_THAT(peer.request(), HasSubstr(R"("sessionId":"s")"));
    peer.answer(accepted);
    EXPECT_TRUE(is_quiet());
    EXPECT_EQ(count(push_outcome::dropped), 1U);
    EXPECT_EQ(hops.load(), 3U);
}

TEST_F(PushedTurns, WhatIsTransientIsTriedOnceMore) {
    start();
    take(first_phone, "s", "r1");
    auto peer = server.accept();
    peer.request();
    peer.answer("busy", "503 Service Unavailable");
    EXPECT_THAT(peer.request(), HasSubstr("screen 0"));
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 1));
    take(first_phone, "s", "r2");
    peer.request();
    peer.answer("", "500 Internal Server Error");
    peer.request();
    peer.answer("", "500 Internal Server Error");
    EXPECT_TRUE(reaches(push_outcome::transient, 1));
    EXPECT_TRUE(is_quiet());
    EXPECT_EQ(metrics.pushes.retries.value(), 2U);
    EXPECT_EQ(hops.load(), 2U) << "a try is no hop";
}

TEST_F(PushedTurns, AnAnswerThatNeverCameIsNotTriedAgain) {
    // Goal: a screen that may have been shown is not shown twice.
    start();
    take(first_phone, "s", "r1");
    {
        auto peer = server.accept();
        peer.request();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"statusCode\":\"S10");
    }
    EXPECT_TRUE(reaches(push_outcome::unanswered, 1));
    EXPECT_TRUE(is_quiet());
    EXPECT_FALSE(server.has_caller());
}

TEST_F(PushedTurns, ARefusedConnectionIsTriedOnceMore) {
    server.close();
    start();
    take(first_phone, "s", "r1");
    EXPECT_TRUE(reaches(push_outcome::unreachable, 1));
    EXPECT_EQ(metrics.pushes.retries.value(), 1U);
}

TEST_F(PushedTurns, NothingGoesOutAfterTheSessionsBudget) {
    start(50ms);
    world.run([&] {
        turns->take(turn_of(first_phone, "s", "r1"), std::chrono::steady_clock::now() - 50ms);
    });
    EXPECT_TRUE(reaches(push_outcome::late, 1));
    EXPECT_EQ(hops.load(), 0U);
    take(second_phone, "t", "r1");
    auto peer = server.accept();
    peer.request(); // and hangs
    EXPECT_TRUE(reaches(push_outcome::unanswered, 1));
    EXPECT_TRUE(is_quiet());
}

TEST_F(PushedTurns, ARetryThatWouldBeLateIsNotMade) {
    start(5s, 60s);
    take(first_phone, "s", "r1");
    auto peer = server.accept();
    peer.request();
    peer.answer("", "503 Service Unavailable");
    EXPECT_TRUE(reaches(push_outcome::transient, 1));
    EXPECT_EQ(metrics.pushes.retries.value(), 0U);
}

TEST_F(PushedTurns, TooManyUnderWayAreDropped) {
    start(20s, 1ms, 2);
    take(first_phone, "s", "r1");
    take(first_phone, "s", "r2");
    take(second_phone, "t", "r1");
    EXPECT_EQ(count(push_outcome::dropped), 1U);
    auto peer = server.accept();
    peer.request();
    peer.answer(accepted);
    peer.request();
    peer.answer(accepted);
    EXPECT_TRUE(is_quiet());
    take(second_phone, "t", "r2");
    EXPECT_THAT(peer.request(), HasSubstr("8801812345679")) << "there is room again";
    peer.answer(accepted);
    EXPECT_TRUE(reaches(push_outcome::ok, 3));
}

TEST_F(PushedTurns, OneSubscriberCannotTakeAllTheRoom) {
    start(20s, 1ms, 1000);
    for (std::size_t i = 0; i < pushed_turns::waiting_max + 5; ++i) {
        take(first_phone, "s", "r" + std::to_string(i));
    }
    EXPECT_EQ(count(push_outcome::dropped), 4U);
}

TEST_F(PushedTurns, AScreenThatCannotBeSaidIsNotSent) {
    screen = std::string(200, 'x');
    start();
    take(first_phone, "s", "r1");
    EXPECT_TRUE(reaches(push_outcome::unrenderable, 1));
    EXPECT_TRUE(is_quiet());
    EXPECT_FALSE(server.has_caller());
}

TEST_F(PushedTurns, AnExceptionBlocksNobody) {
    screen = "throw";
    start();
    take(first_phone, "s", "r1");
    EXPECT_TRUE(eventually([&] { return exceptions.value() == 1; }));
    EXPECT_TRUE(is_quiet());
    take(first_phone, "s", "r2");
    EXPECT_TRUE(eventually([&] { return exceptions.value() == 2; }));
}

TEST_F(PushedTurns, OurProvisioningIsComplainedOfOnceWithoutSecrets) {
    start();
    take(first_phone, "s", "r1");
    auto peer = server.accept();
    peer.request();
    peer.answer(R"({"statusCode":"E1313"})");
    EXPECT_TRUE(reaches(push_outcome::config, 1));
    take(first_phone, "s", "r2");
    peer.request();
    peer.answer(R"({"statusCode":"E1313"})");
    EXPECT_TRUE(reaches(push_outcome::config, 2));
    world.end();
    const auto said = written.str();
    EXPECT_THAT(said, HasSubstr("event=push_refused channel=bd code=E1313"));
    EXPECT_EQ(said.find("push_refused"), said.rfind("push_refused"));
    EXPECT_THAT(said, Not(HasSubstr("very-secret")));
    EXPECT_THAT(said, Not(HasSubstr("88018")));
}

TEST_F(PushedTurns, StoppingTheClientEndsWhatIsUnderWay) {
    start();
    take(first_phone, "s", "r1");
    take(first_phone, "s", "r2");
    auto peer = server.accept();
    peer.request();
    world.end(); // No work is left: the loop ends by itself.
    EXPECT_EQ(running.value(), 0);
    EXPECT_EQ(count(push_outcome::unanswered), 1U);
    EXPECT_EQ(count(push_outcome::dropped), 1U);
}

// A loop that ends with pushes under way destroys their coroutines after their channel; the
// sanitizers watch.
TEST_F(PushedTurns, MayEndWithPushesUnderWay) {
    start();
    take(first_phone, "s", "r1");
    take(first_phone, "s", "r2");
    take(second_phone, "t", "r1");
    auto peer = server.accept();
    peer.request();
    world.cut();
    turns.reset();
    load.reset();
    EXPECT_EQ(count(push_outcome::ok), 0U);
}

} // namespace
} // namespace uthan::gateway
