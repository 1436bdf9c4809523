#include "tests/integration/aggregator.hpp"
#include "tests/integration/fault_world.hpp"

#include <boost/json/parse.hpp>

// The provider that screens are pushed to, behind a bad link.
namespace uthan::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* channels = R"(
[outbound]
connections_max = 2
waiting_max = 4
pushes_max = 8

[[channels]]
name = "bd"
adapter = "bdapps"
organisation = "kmss"
service_codes = ["*213*77#"]
ussd_rendering = "en"
url = "http://127.0.0.1:{port}"
application_id = "APP_012345"
password = "do-not-tell"
push_budget_seconds = 1
)";

class FaultyPushes : public testing::Test {
protected:
    FaultyPushes()
        : link(provider.port()),
          at(120, "", fmt::format(fmt::runtime(channels), fmt::arg("port", link.port()))) {
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        gateway = std::make_unique<gateway_process>(at);
        EXPECT_THAT(history_dialogue("enrol").press_all(*gateway, first_keys()),
                    HasSubstr(main_menu));
    }
    void TearDown() override {
        EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_ussd_pushes_running") == 0; }));
        EXPECT_EQ(gateway->metric("uthan_outbound_waiting"), 0);
        EXPECT_EQ(gateway->metric("uthan_unhandled_exceptions_total"), 0);
        expect_clean(at);
        EXPECT_THAT(at.log(), Not(HasSubstr("do-not-tell")));
    }

    /// A callback; it is acknowledged whatever happens to its screen.
    void callback(const std::string& session, const std::string& typed, const std::string& request,
                  const std::string& number = "8801810000001") const {
        int status = 0;
        const auto answer = gateway->post(
            "/channels/bd/ussd",
            fmt::format(R"({{"version":"1.0","applicationId":"APP_012345","sessionId":"{}",)"
                        R"("ussdOperation":"{}","sourceAddress":"tel:{}","message":"{}",)"
                        R"("encoding":"440","requestId":"{}"}})",
                        session, typed.starts_with('*') ? "mo-init" : "mo-cont", number, typed,
                        request),
            &status);
        EXPECT_EQ(status, 200);
        EXPECT_THAT(answer, HasSubstr("S1000"));
    }
    std::string pushed() {
        const auto body = boost::json::parse(provider.next().body).as_object();
        return std::string(body.at("message").as_string());
    }
    std::string turn(const std::string& session, const std::string& typed) {
        const auto answered = pushes("ok");
        callback(session, typed, fmt::format("r{}", ++requests));
        auto screen = pushed();
        EXPECT_TRUE(eventually([&] { return pushes("ok") > answered; }));
        return screen;
    }
    double pushes(const std::string& outcome) const {
        return gateway->metric(
            fmt::format("uthan_ussd_pushes_total{{channel=\"bd\",outcome=\"{}\"}}", outcome));
    }
    bool ends_as(const std::string& outcome, double count = 1) const {
        return eventually([&] { return pushes(outcome) >= count; });
    }
    /// She dials again and comes to figures, and the links that do not push went on meanwhile.
    void expect_recovery() {
        EXPECT_THAT(history_dialogue("meanwhile").press_all(*gateway, {"", "00", "4"}),
                    StartsWith("CON "));
        link.pass();
        turn("again", "*213*77#");
        EXPECT_EQ(turn("again", "00"), menu);
        turn("again", "1");
        EXPECT_THAT(turn("again", "4821"), HasSubstr("20/11"));
    }
    void dial() {
        turn("s", "*213*77#");
        menu = turn("s", "00");
    }

    aggregator provider;
    fault_proxy link;
    deployment at;
    std::unique_ptr<gateway_process> gateway;
    std::string menu;
    unsigned requests = 0;
};

TEST_F(FaultyPushes, AProviderThatRefusesCostsThisScreenOnly) {
    dial();
    link.refuse();
    callback("s", "4", "lost");
    EXPECT_TRUE(ends_as("unreachable"));
    EXPECT_GE(gateway->metric("uthan_ussd_push_retries_total{channel=\"bd\"}"), 1);
    EXPECT_FALSE(provider.has_more());
    expect_recovery();
}

TEST_F(FaultyPushes, AProviderThatNeverAnswersCostsTheBudget) {
    dial();
    link.half_open();
    callback("s", "4", "lost");
    EXPECT_TRUE(ends_as("unanswered"));
    EXPECT_EQ(gateway->metric("uthan_outbound_requests_total{outcome=\"deadline\"}"), 1);
    EXPECT_FALSE(provider.has_more());
    expect_recovery();
}

TEST_F(FaultyPushes, WhatWaitsBehindALostScreenIsNotAnswered) {
    dial();
    link.half_open();
    callback("s", "4", "lost");
    callback("s", "0", "behind");
    EXPECT_TRUE(ends_as("unanswered"));
    EXPECT_TRUE(ends_as("dropped"));
    expect_recovery();
}

TEST_F(FaultyPushes, ASlowProviderIsWaitedForWithinTheBudget) {
    link.slow(20ms);
    dial();
    turn("s", "1");
    EXPECT_THAT(turn("s", "4821"), HasSubstr("20/11"));
    EXPECT_EQ(pushes("unanswered"), 0);
    expect_recovery();
}

TEST_F(FaultyPushes, AProviderSlowerThanTheBudgetCostsThisScreenOnly) {
    dial();
    link.slow(300ms, 16);
    callback("s", "4", "lost");
    EXPECT_TRUE(ends_as("unanswered"));
    expect_recovery();
}

TEST_F(FaultyPushes, AnAnswerCutInItsMiddleIsNotTriedAgain) {
    // The screen may have been shown: a second one would be one too many.
    dial();
    link.cut_after(20, fault_proxy::direction::answers);
    callback("s", "4", "lost");
    pushed();
    EXPECT_TRUE(ends_as("unanswered"));
    EXPECT_EQ(gateway->metric("uthan_ussd_push_retries_total{channel=\"bd\"}"), 0);
    EXPECT_FALSE(provider.has_more());
    expect_recovery();
}

TEST_F(FaultyPushes, AScreenCutOnItsWayIsNotShown) {
    dial();
    link.cut_after(60, fault_proxy::direction::requests);
    callback("s", "4", "lost");
    EXPECT_TRUE(ends_as("unanswered"));
    EXPECT_FALSE(provider.has_more());
    expect_recovery();
}

TEST_F(FaultyPushes, AResetConnectionIsReplacedAndNothingIsLost) {
    dial();
    link.reset();
    EXPECT_THAT(turn("s", "4"), Not(HasSubstr(menu)));
    EXPECT_EQ(turn("s", "0"), menu);
    EXPECT_EQ(pushes("unanswered") + pushes("unreachable"), 0);
    expect_recovery();
}

TEST_F(FaultyPushes, UnderLoadWhatWaitsForAHangingProviderIsBounded) {
    dial();
    link.half_open();
    const auto phones = phones_of_one(at);
    ASSERT_GE(phones.size(), 40U);
    for (std::size_t i = 0; i < 40; ++i) {
        callback(fmt::format("l{}", i), "*213*77#", "first", phones[i].substr(1));
        EXPECT_LE(gateway->metric("uthan_ussd_pushes_running"), 8);
        EXPECT_LE(gateway->metric("uthan_outbound_waiting"), 4);
    }
    EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_ussd_pushes_running") == 0; }));
    EXPECT_GE(pushes("dropped"), 1);
    EXPECT_EQ(gateway->metric("uthan_ussd_pushes_total{channel=\"bd\""), 2 + 40);
    expect_recovery();
}

TEST_F(FaultyPushes, AComplaintWhoseScreenWasLostIsFiledOnce) {
    dial();
    for (const char* key : {"7", "3", "1"}) {
        turn("s", key);
    }
    link.half_open();
    callback("s", "1", "filed");
    EXPECT_TRUE(ends_as("unanswered"));
    link.pass();
    callback("s", "1", "filed");
    EXPECT_THAT(pushed(), HasSubstr("1"));
    const auto list = requests_of(at);
    EXPECT_THAT(list, HasSubstr("1 open complaint:"));
    EXPECT_THAT(list, Not(HasSubstr("2 open")));
    expect_recovery();
}

} // namespace
} // namespace uthan::test
