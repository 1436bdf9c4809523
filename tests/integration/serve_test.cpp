#include "tests/integration/gateway_process.hpp"
#include "tests/support/redis_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <poll.h>
#include <regex>
#include <thread>

namespace uthan::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* first_phone = "+8801810000001";

/// Waits for something to become true, at most half a minute.
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

/// A served KMSS with a real Redis. What every test ends with: nothing private is in the log.
class ServeTest : public testing::Test {
protected:
    ServeTest() : at(120, redis.url()) {
        at.generate("2026-11-20");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
        gateway = std::make_unique<gateway_process>(at);
    }

    void TearDown() override {
        const auto log = at.log();
        EXPECT_THAT(log, Not(HasSubstr("8810000001")));
        EXPECT_THAT(log, Not(HasSubstr("4821")));
        EXPECT_FALSE(std::regex_search(log, std::regex{"8801[3-9][0-9]{8}"})) << log;
        EXPECT_THAT(log, Not(HasSubstr("\xE0\xA6"))) << "a Bangla text in the log";
    }

    /// The first member's first dialogue up to the main menu.
    void enrol() {
        for (const char* history : {"", "4821", "4821*4821", "4821*4821*0", "4821*4821*0*1"}) {
            last = gateway->turn("enrol", first_phone, history);
        }
        ASSERT_THAT(last, HasSubstr("1 কিস্তি"));
    }

    redis_server redis;
    deployment at;
    std::unique_ptr<gateway_process> gateway;
    std::string last;
};

TEST_F(ServeTest, AMemberDialsAndIsAnswered) {
    EXPECT_THAT(gateway->turn("s1", first_phone, ""), StartsWith("CON "));
    enrol();
    EXPECT_THAT(gateway->turn("enrol", first_phone, "4821*4821*0*1*0"), StartsWith("END "));
    EXPECT_THAT(gateway->turn("s2", "+8801799999999", ""), StartsWith("END "));
    EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[]}\n");
    EXPECT_GE(gateway->metric("uthan_ussd_hops_total"), 7);
    EXPECT_EQ(gateway->terminate(), 0);
}

TEST_F(ServeTest, BadRequestsGetAClearAnswerAndChangeNothing) {
    int status = 0;
    gateway->post("/channels/nobody/ussd", "a=b", &status);
    EXPECT_EQ(status, 404);
    EXPECT_THAT(gateway->post("/channels/at-kmss/ussd", "sessionId=1", &status),
                HasSubstr("phoneNumber"));
    EXPECT_EQ(status, 400);
    gateway->post("/channels/at-kmss/ussd", std::string(100'000, 'x'), &status);
    EXPECT_EQ(status, 413);
    gateway->post("/channels/at-kmss/ussd",
                  "sessionId=1&phoneNumber=%2B8801810000001&serviceCode=%2A999%23&text=", &status);
    EXPECT_EQ(status, 400) << "another channel's code";
    gateway->post("/channels/at-kmss/events", "sessionId=1&status=Exploded", &status);
    EXPECT_EQ(status, 200);
    EXPECT_EQ(gateway->metric("uthan_unhandled_exceptions_total"), 0);
}

TEST_F(ServeTest, ASecondServeIsRefusedAndAKilledOneLeavesNothingBehind) {
    const auto second = run_uthan({"serve", "--config", at.config()});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.output, HasSubstr("another"));
    enrol();
    gateway->kill();
    gateway = std::make_unique<gateway_process>(at);
    // The PIN was acknowledged by a screen: it is there. The dialogue goes on from Redis.
    EXPECT_THAT(gateway->turn("enrol", first_phone, "4821*4821*0*1*8"), HasSubstr("1 ভাষা"));
    gateway->turn("s2", first_phone, "");
    EXPECT_THAT(gateway->turn("s2", first_phone, "2"), StartsWith("CON "));
}

TEST_F(ServeTest, RacingCallbacksAreOneTry) {
    // Goal: thirty copies of one wrong PIN at once: one try is counted, every copy gets its screen.
    enrol();
    gateway->turn("race", first_phone, "");
    gateway->turn("race", first_phone, "1");
    std::vector<std::string> screens(30);
    std::vector<std::thread> threads;
    threads.reserve(screens.size());
    for (auto& screen : screens) {
        threads.emplace_back(
            [this, &screen] { screen = gateway->turn("race", first_phone, "1*1111"); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    for (const auto& screen : screens) {
        EXPECT_EQ(screen, screens.front());
    }
    EXPECT_THAT(screens.front(), HasSubstr("আর ২ বার"));
    EXPECT_THAT(gateway->turn("race", first_phone, "1*1111*1112"), HasSubstr("আর ১ বার"));
}

TEST_F(ServeTest, WithRedisAwayDialoguesGoOnAndItRecoversByItself) {
    enrol();
    gateway->turn("s", first_phone, "");
    redis.kill();
    EXPECT_THAT(gateway->turn("s", first_phone, "4"), StartsWith("CON "));
    EXPECT_THAT(gateway->turn("other", "+8801810000002", ""), StartsWith("CON "));
    ASSERT_TRUE(eventually([&] { return gateway->metric("uthan_sessions_degraded") == 1; }));
    EXPECT_THAT(gateway->admin("/readyz"), HasSubstr("\"degraded\":[\"sessions\"]"));
    redis.start();
    ASSERT_TRUE(eventually([&] { return gateway->metric("uthan_sessions_degraded") == 0; }));
    EXPECT_THAT(gateway->turn("s", first_phone, "4*0"), HasSubstr("1 কিস্তি"));
    redis.command({"FLUSHALL"});
    EXPECT_THAT(gateway->turn("s", first_phone, "4*0*4"), StartsWith("CON "));
    EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[]}\n");
}

TEST_F(ServeTest, AHangingRedisCostsADeadlineNotTheDialogue) {
    enrol();
    gateway->turn("s", first_phone, "");
    redis.stop();
    EXPECT_THAT(gateway->turn("s", first_phone, "4"), StartsWith("CON "));
    redis.cont();
    ASSERT_TRUE(eventually([&] { return gateway->metric("uthan_sessions_degraded") == 0; }));
    EXPECT_THAT(gateway->turn("s", first_phone, "4*0"), HasSubstr("1 কিস্তি"));
}

TEST_F(ServeTest, AnImportIsSeenWithoutARestartAndCanBeUndone) {
    enrol();
    gateway->turn("s", first_phone, "");
    gateway->turn("s", first_phone, "3");
    EXPECT_THAT(gateway->turn("s", first_phone, "3*4821"), HasSubstr("(২০/১১"));
    at.generate("2026-11-21");
    const auto imported = at.import();
    ASSERT_EQ(imported.exit_code, 0) << imported.output;
    ASSERT_TRUE(eventually([&] { return gateway->metric("uthan_ledger_generation") == 2; }));
    EXPECT_THAT(gateway->turn("s", first_phone, "3*4821*0"), HasSubstr("1 কিস্তি"));
    EXPECT_THAT(gateway->turn("s", first_phone, "3*4821*0*3"), HasSubstr("(২১/১১"));
    const auto undone = run_uthan(
        {"generations", "--config", at.config(), "--organisation", "kmss", "--publish", "1"});
    ASSERT_EQ(undone.exit_code, 0) << undone.output;
    ASSERT_TRUE(eventually([&] { return gateway->metric("uthan_ledger_generation") == 1; }));
    gateway->turn("s", first_phone, "3*4821*0*3*0");
    EXPECT_THAT(gateway->turn("s", first_phone, "3*4821*0*3*0*3"), HasSubstr("(২০/১১"));
}

TEST_F(ServeTest, WhatIsCommittedAfterAnotherProgramClosedTheDatabaseIsKept) {
    // Goal: `generations`, `pin` and `import` open and close the database beside the server. What
    // the server acknowledges afterwards must not go to a WAL that was deleted.
    for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(run_uthan({"generations", "--config", at.config(), "--organisation", "kmss",
                             "--publish", "1"})
                      .exit_code,
                  0);
    }
    enrol();
    gateway->kill();
    gateway = std::make_unique<gateway_process>(at);
    gateway->turn("s", first_phone, "");
    gateway->turn("s", first_phone, "3");
    EXPECT_THAT(gateway->turn("s", first_phone, "3*4821"), HasSubstr("পর্যন্ত"))
        << "the PIN that a screen acknowledged";
}

TEST_F(ServeTest, ARefusedDeliveryChangesNothing) {
    at.generate("2026-11-21");
    std::ofstream{at.delivery() + "/members.csv", std::ios::app} << "rubbish\n";
    const auto refused = at.import();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_EQ(gateway->metric("uthan_ledger_generation"), 1);
    EXPECT_THAT(gateway->turn("s", first_phone, ""), StartsWith("CON "));
}

TEST_F(ServeTest, ADatabaseOfANewerProgramIsLeftAlone) {
    EXPECT_EQ(gateway->terminate(), 0);
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((at.root() / "gateway.db").c_str(), &db), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version=9999", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(db);
    const auto refused = run_uthan({"serve", "--config", at.config()});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.output, HasSubstr("newer"));
}

TEST_F(ServeTest, AResetPinIsASlip) {
    enrol();
    // The first phone's member, by the import's own file.
    std::ifstream members{at.delivery() + "/members.csv"};
    std::string line;
    std::string code;
    while (std::getline(members, line) && code.empty()) {
        if (line.find("8801810000001") != std::string::npos) {
            code = line.substr(line.find(',') + 1);
            code = code.substr(0, code.find(','));
        }
    }
    const auto reset = run_uthan(
        {"pin", "reset", "--config", at.config(), "--organisation", "kmss", "--member", code});
    ASSERT_EQ(reset.exit_code, 0) << reset.output;
    std::smatch slip;
    ASSERT_TRUE(std::regex_search(reset.output, slip, std::regex{"\\b([0-9]{4})\\b"}))
        << reset.output;
    EXPECT_THAT(gateway->turn("r", first_phone, ""), HasSubstr("স্লিপ"));
    EXPECT_THAT(gateway->turn("r", first_phone, slip[1].str()), HasSubstr("নতুন পিন"));
}

} // namespace
} // namespace uthan::test
