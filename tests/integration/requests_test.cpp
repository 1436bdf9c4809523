#include "tests/integration/gateway_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

// A complaint through the real binary: killed before its screen was seen, listed, answered.
namespace uthan::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* phone = "+8801810000001";

TEST(RequestsOnTheGateway, SurviveAKillAndAreAnsweredBesideTheServer) {
    deployment at(120, "");
    at.generate("2026-11-20");
    const auto imported = at.import();
    ASSERT_EQ(imported.exit_code, 0) << imported.output;
    auto gateway = std::make_unique<gateway_process>(at);
    std::string history;
    std::string shown = gateway->turn("c1", phone, history);
    for (const char* key : {"4821", "4821", "0", "1", "7", "3", "1", "1"}) {
        history += history.empty() ? key : std::string{"*"} + key;
        shown = gateway->turn("c1", phone, history);
    }
    ASSERT_THAT(shown, HasSubstr("অভিযোগ নং ১"));
    // The screen was lost with the process, and the dialogue's state too: the provider repeats.
    gateway->kill();
    gateway = std::make_unique<gateway_process>(at);
    EXPECT_EQ(gateway->turn("c1", phone, history), shown);

    const auto list = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"requests",  "list",           "--config",
                                           at.config(), "--organisation", "kmss"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_uthan(arguments);
    };
    const auto all = list({});
    EXPECT_EQ(all.exit_code, 0) << all.output;
    EXPECT_THAT(all.output, HasSubstr("1 open complaint:bad_behaviour member="));
    EXPECT_THAT(all.output, Not(HasSubstr("2 open")));
    EXPECT_THAT(all.output, Not(HasSubstr("8810000001")));
    EXPECT_EQ(list({"--overdue"}).output, "");
    // Her officer, whom it accuses.
    EXPECT_EQ(list({"--as", "S001001"}).output, "");
    const auto act = [&](const char* what, const char* way, const char* who) {
        return run_uthan(
            {"requests", what, "--config", at.config(), "--organisation", "kmss", "1", way, who});
    };
    EXPECT_THAT(act("close", "--by", "S001001").output, HasSubstr("no request 1"));
    // Nor does the accused get past himself by a code that nobody has.
    EXPECT_THAT(act("reply", "--by", "manager").output, HasSubstr("no member of staff manager"));
    EXPECT_EQ(act("reply", "--outside", "").exit_code, 1);
    EXPECT_THAT(act("reply", "--outside", "UNO, Rupsha").output, HasSubstr("1 answered"));
    EXPECT_EQ(act("reply", "--outside", "UNO, Rupsha").exit_code, 1);
    EXPECT_THAT(gateway->turn("c2", phone, ""), HasSubstr("2 শুরু থেকে"));
    EXPECT_THAT(gateway->turn("c2", phone, "2"), HasSubstr("7 অভিযোগ"));
    gateway->turn("c2", phone, "2*7");
    EXPECT_THAT(gateway->turn("c2", phone, "2*7*6"), HasSubstr("জবাব হ"));
    EXPECT_EQ(gateway->terminate(), 0);
}

} // namespace
} // namespace uthan::test
