#include "tests/integration/aggregator.hpp"
#include "tests/integration/gateway_process.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <optional>
#include <poll.h>
#include <regex>
#include <thread>
#include <vector>

namespace uthan::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* first_phone = "tel:8801810000001";

constexpr const char* channels = R"(
[[channels]]
name = "bd"
adapter = "bdapps"
organisation = "kmss"
service_codes = ["*213*77#"]
ussd_rendering = "bn-Latn"
url = "http://127.0.0.1:{port}"
application_id = "APP_012345"
password = "do-not-tell"
push_budget_seconds = 20

[[channels]]
name = "path"
adapter = "ussd_http"
organisation = "kmss"
service_codes = ["*384*2#"]
ussd_rendering = "en"
session_from = "path:2"
number_from = "msisdn"
input_from = "text"
kind_from = "path:3"
begin_values = ["start"]
continue_values = ["response"]
end_values = ["end"]
reply = '{{"shouldClose":{{{{state}}}},"ussdMenu":"{{{{text}}}}"}}'
continue_value = "false"
end_value = "true"
end_reply = '{{"responseExitCode":200}}'

[[channels]]
name = "xml"
adapter = "ussd_http"
organisation = "kmss"
service_codes = ["*384*2#"]
style = "push"
request_format = "xml"
session_from = "ussd/sessionId"
number_from = "ussd/msisdn"
input_from = "ussd/input"
kind_from = "ussd/@type"
begin_values = ["begin"]
end_values = ["end"]
acknowledgement = "<ack/>"
push_url = "http://127.0.0.1:{port}/sessions/{{{{session}}}}"
api_key = "do-not-tell"
reply_format = "xml"
reply = '<screen key="{{{{api_key}}}}" then="{{{{state}}}}">{{{{text}}}}</screen>'
continue_value = "wait"
end_value = "close"
)";

bool eventually(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > give_up) {
            return false;
        }
        poll(nullptr, 0, 10);
    }
    return true;
}

/// A served KMSS behind links whose aggregator is the test. What every test ends with: nothing
/// private is in the log.
class LinksTest : public testing::Test {
protected:
    LinksTest()
        : provider(std::make_unique<aggregator>()),
          at(120, "", fmt::format(fmt::runtime(channels), fmt::arg("port", provider->port()))) {
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        gateway = std::make_unique<gateway_process>(at);
    }

    void TearDown() override {
        EXPECT_EQ(gateway->metric("uthan_unhandled_exceptions_total"), 0);
        const auto log = at.log();
        EXPECT_THAT(log, Not(HasSubstr("8810000001")));
        EXPECT_THAT(log, Not(HasSubstr("do-not-tell")));
        EXPECT_THAT(log, Not(HasSubstr("4821")));
    }

    /// A callback and its acknowledgement.
    void callback(const std::string& operation, const std::string& session,
                  const std::string& message, const std::string& request,
                  const std::string& from = first_phone) const {
        int status = 0;
        const auto answer = gateway->post(
            "/channels/bd/ussd",
            fmt::format(R"({{"version":"1.0","applicationId":"APP_012345","sessionId":"{}",)"
                        R"("ussdOperation":"{}","sourceAddress":"{}","message":"{}",)"
                        R"("encoding":"440","requestId":"{}"}})",
                        session, operation, from, message, request),
            &status);
        EXPECT_EQ(status, 200);
        EXPECT_EQ(answer, R"({"statusCode":"S1000","statusDetail":"Success"})");
    }
    /// The pushed screen; `operation` receives its kind.
    std::string pushed(std::string* operation = nullptr) {
        const auto push = provider->next();
        EXPECT_EQ(push.path, "/ussd/send");
        const auto body = boost::json::parse(push.body).as_object();
        EXPECT_EQ(body.at("password").as_string(), "do-not-tell");
        if (operation != nullptr) {
            *operation = std::string(body.at("ussdOperation").as_string());
        }
        return std::string(body.at("message").as_string());
    }
    std::string turn(const std::string& session, const std::string& message,
                     std::string* operation = nullptr) {
        callback(message.starts_with('*') ? "mo-init" : "mo-cont", session, message,
                 fmt::format("r{}", ++requests));
        return pushed(operation);
    }
    /// The first member's first dialogue up to the main menu.
    std::string enrol() {
        std::string last;
        for (const char* message : {"*213*77#", "4821", "4821", "0", "1"}) {
            last = turn("enrol", message);
        }
        EXPECT_THAT(last, HasSubstr("1 Kisti"));
        return last;
    }
    double pushes(const std::string& outcome) const {
        return gateway->metric(
            fmt::format("uthan_ussd_pushes_total{{channel=\"bd\",outcome=\"{}\"}}", outcome));
    }

    std::unique_ptr<aggregator> provider;
    deployment at;
    std::unique_ptr<gateway_process> gateway;
    unsigned requests = 0;
};

TEST_F(LinksTest, BdappsFromTheFirstDialToTheLastScreen) {
    const auto menu = enrol();
    std::string operation;
    EXPECT_EQ(turn("s", "*213*77#", &operation), menu);
    EXPECT_EQ(operation, "mt-cont");
    turn("s", "1");
    EXPECT_THAT(turn("s", "4821"), HasSubstr("20/11"));
    EXPECT_EQ(turn("s", "0"), menu);
    turn("s", "0", &operation);
    EXPECT_EQ(operation, "mt-fin");
    callback("mo-fin", "s", "", "end");
    EXPECT_EQ(gateway->metric("uthan_ussd_events_total{channel=\"bd\"}"), 1);
    EXPECT_TRUE(eventually([&] { return pushes("ok") == 10; }));
    EXPECT_FALSE(provider->has_more());
    EXPECT_EQ(gateway->terminate(), 0);
    gateway = std::make_unique<gateway_process>(at);
}

TEST_F(LinksTest, TheSameCallbackAgainIsTheSameScreenAndNoSecondEffect) {
    enrol();
    turn("s", "*213*77#");
    turn("s", "1");
    callback("mo-cont", "s", "1111", "wrong-1");
    const auto first = pushed();
    // Until its push has been answered a copy would be none of its own.
    ASSERT_TRUE(eventually([&] { return pushes("ok") == 8; }));
    callback("mo-cont", "s", "1111", "wrong-1");
    EXPECT_EQ(pushed(), first);
    callback("mo-cont", "s", "1112", "wrong-2");
    const auto second = pushed();
    EXPECT_NE(second, first) << "another try is another screen";
    EXPECT_THAT(first, HasSubstr("2"));
    EXPECT_THAT(second, HasSubstr("1"));
    EXPECT_GE(gateway->metric("uthan_ussd_hops_total{channel=\"bd\",outcome=\"repeated\"}"), 1);
}

TEST_F(LinksTest, RacingCopiesOfACallbackAreOneTry) {
    enrol();
    turn("s", "*213*77#");
    turn("s", "1");
    provider->hold();
    std::vector<std::thread> threads;
    threads.reserve(20);
    for (int i = 0; i < 20; ++i) {
        threads.emplace_back([this] { callback("mo-cont", "s", "1111", "wrong-1"); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    const auto first = pushed();
    // Every copy has been acknowledged while the first one's screen is still under way.
    EXPECT_EQ(gateway->metric("uthan_ussd_callbacks_coalesced_total{channel=\"bd\"}"), 19);
    provider->release();
    callback("mo-cont", "s", "1112", "wrong-2");
    EXPECT_NE(pushed(), first);
    EXPECT_FALSE(provider->has_more());
}

TEST_F(LinksTest, CallbacksOutOfOrderLoseNothingAndChangeNothing) {
    const auto menu = enrol();
    // What answers a session that nobody began begins it; the beginning that comes late again.
    EXPECT_EQ(turn("s", "1"), menu);
    EXPECT_EQ(turn("s", "*213*77#"), menu);
    turn("s", "4");
    EXPECT_EQ(turn("s", "0"), menu);
    // An old callback once more: the last screen, and the dialogue stays where it is.
    callback("mo-cont", "s", "4", fmt::format("r{}", requests - 1));
    EXPECT_EQ(pushed(), menu);
}

TEST_F(LinksTest, WithTheProviderAwayTheDialogueWaitsForARedial) {
    const auto menu = enrol();
    turn("s", "*213*77#");
    turn("s", "1");
    EXPECT_THAT(turn("s", "4821"), HasSubstr("20/11"));
    const auto port = provider->port();
    provider.reset();
    callback("mo-cont", "s", "0", "away");
    ASSERT_TRUE(eventually([&] { return pushes("unreachable") == 1; }));
    provider = std::make_unique<aggregator>(port);
    const auto redialled = turn("t", "*213*77#");
    EXPECT_FALSE(redialled.empty());
    EXPECT_EQ(gateway->metric("uthan_ussd_push_retries_total{channel=\"bd\"}"), 1);
    // Whatever was asked, the dialogue can be used.
    EXPECT_EQ(turn("t", "00"), menu);
}

TEST_F(LinksTest, ARefusedPushIsNotRepeatedAndATransientOneIsOnce) {
    enrol();
    provider->say(200, R"({"statusCode":"E1313","statusDetail":"no"})");
    turn("s", "*213*77#");
    ASSERT_TRUE(eventually([&] { return pushes("config") == 1; }));
    provider->say(503, "busy");
    turn("s", "4");
    pushed();
    ASSERT_TRUE(eventually([&] { return pushes("transient") == 1; }));
    EXPECT_FALSE(provider->has_more());
    ASSERT_TRUE(eventually([&] {
        return at.log().find("event=push_refused channel=bd code=E1313") != std::string::npos;
    }));
}

TEST_F(LinksTest, AMaskIsAskedForHerNumberAndWhatCannotBeReadIsAcknowledged) {
    std::string operation;
    callback("mo-init", "m", "*213*77#", "m1", "tel:b0sGXk9ZZ0FJc2Z4dz09");
    EXPECT_THAT(pushed(&operation), HasSubstr("nombor din"));
    EXPECT_EQ(operation, "mt-cont");
    int status = 0;
    for (const char* body : {"", "{", "[]", R"({"applicationId":"APP_999999"})"}) {
        EXPECT_EQ(gateway->post("/channels/bd/ussd", body, &status),
                  R"({"statusCode":"S1000","statusDetail":"Success"})");
        EXPECT_EQ(status, 200);
    }
    EXPECT_EQ(gateway->metric("uthan_ussd_hops_total{channel=\"bd\",outcome=\"refused\"}"), 4);
    gateway->post("/channels/bd/events", "", &status);
    EXPECT_EQ(status, 404);
    EXPECT_FALSE(provider->has_more());
}

TEST_F(LinksTest, AStopFinishesScreensThatAreUnderWay) {
    provider->hold();
    callback("mo-init", "s", "*213*77#", "r");
    pushed();
    auto ended = std::async(std::launch::async, [this] { return gateway->terminate(); });
    ASSERT_TRUE(eventually(
        [&] { return gateway->admin("/readyz").find("draining") != std::string::npos; }));
    EXPECT_NE(ended.wait_for(std::chrono::seconds{0}), std::future_status::ready);
    provider->release();
    EXPECT_EQ(ended.get(), 0);
    EXPECT_THAT(at.log(), Not(HasSubstr("shard_stopped_by_force")));
    gateway = std::make_unique<gateway_process>(at);
}

TEST_F(LinksTest, ALinkByConfigurationAnswersInTheResponse) {
    int status = 0;
    const auto start = gateway->call("POST", "/channels/path/ussd/session/17/start",
                                     R"({"msisdn":"8801799999999","text":"*384*2#"})", &status);
    EXPECT_EQ(status, 200);
    EXPECT_THAT(start, HasSubstr(R"({"shouldClose":true,"ussdMenu":")"));
    const auto member = gateway->call("POST", "/channels/path/ussd/session/18/start",
                                      R"({"msisdn":"8801810000001","text":"*384*2#"})");
    EXPECT_THAT(member, HasSubstr(R"({"shouldClose":false,"ussdMenu":")"));
    EXPECT_THAT(gateway->call("PUT", "/channels/path/ussd/session/18/response",
                              R"({"msisdn":"8801810000001","text":"4821"})"),
                HasSubstr(R"("shouldClose":false)"));
    EXPECT_EQ(gateway->call("PUT", "/channels/path/ussd/session/18/end",
                            R"({"msisdn":"8801810000001","text":""})"),
              R"({"responseExitCode":200})");
    EXPECT_THAT(gateway->call("POST", "/channels/path/ussd/session/18/start", "{}", &status),
                HasSubstr("msisdn"));
    EXPECT_EQ(status, 400);
}

TEST_F(LinksTest, ALinkByConfigurationPushes) {
    provider->say(200, "");
    const auto answer = gateway->post("/channels/xml/ussd",
                                      "<ussd type=\"begin\"><sessionId>a b</sessionId><msisdn>"
                                      "8801810000001</msisdn><input>*384*2#</input></ussd>");
    EXPECT_EQ(answer, "<ack/>");
    const auto push = provider->next();
    EXPECT_EQ(push.path, "/sessions/a%20b");
    EXPECT_THAT(push.body, HasSubstr("<screen key=\"do-not-tell\" then=\"wait\">"));
    EXPECT_TRUE(eventually([&] {
        return gateway->metric("uthan_ussd_pushes_total{channel=\"xml\",outcome=\"ok\"}") == 1;
    }));
}

} // namespace
} // namespace uthan::test
