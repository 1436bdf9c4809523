#include "tests/integration/gateway_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// Officers on their own phones, through the real binary: one moves a meeting and her member sees
// it, another has no way to it, and neither to a PIN of her members.
namespace uthan::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// The demo data's officers of the first two offices, and the first one's first member.
constexpr const char* first_officer = "+8801819700000";
constexpr const char* second_officer = "+8801819700001";
constexpr const char* member = "+8801810000001";

/// A phone whose aggregator keeps the history.
class caller {
public:
    caller(const gateway_process& at, std::string session, std::string number)
        : at_(at), session_(std::move(session)), number_(std::move(number)) {}

    std::string dial() { return at_.turn(session_, number_, ""); }
    std::string press(const std::string& input) {
        history_ += history_.empty() ? input : "*" + input;
        return repeat();
    }
    std::string repeat() { return at_.turn(session_, number_, history_); }

private:
    const gateway_process& at_;
    std::string session_;
    std::string number_;
    std::string history_;
};

std::string staff_pin(const deployment& at, const std::string& code, int expected = 0) {
    const auto run = run_uthan(
        {"staff", "pin", "--config", at.config(), "--organisation", "kmss", "--staff", code});
    EXPECT_EQ(run.exit_code, expected) << run.output;
    return run.output.substr(0, 4);
}

/// Her own PIN by the operator's slip; the menu.
std::string enrol(caller& officer, const std::string& slip) {
    EXPECT_THAT(officer.dial(), HasSubstr("শাখার স্লিপের"));
    officer.press(slip);
    officer.press("7391");
    return officer.press("7391");
}

class StaffOnTheGateway : public testing::Test {
protected:
    StaffOnTheGateway() : at_(200, "") {
        at_.generate("2026-11-20");
        const auto imported = at_.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
    }
    deployment at_;
};

TEST_F(StaffOnTheGateway, AnOfficerMovesAMeetingAndHerMemberSeesIt) {
    const gateway_process gateway(at_);
    caller officer(gateway, "o1", first_officer);
    EXPECT_THAT(enrol(officer, staff_pin(at_, "S001001")), HasSubstr("2 মিটিং বদল"));
    EXPECT_THAT(officer.press("2"), HasSubstr("কোন দল?"));
    EXPECT_THAT(officer.press("1"), HasSubstr("1 দিন বদল"));
    EXPECT_THAT(officer.press("1"), HasSubstr("কোন দিন"));
    EXPECT_THAT(officer.press("1"), HasSubstr("এর বদলে"));
    const auto moved = officer.press("1");
    EXPECT_THAT(moved, HasSubstr("মিটিং হবে"));
    EXPECT_EQ(officer.repeat(), moved);

    caller hers(gateway, "m1", member);
    hers.dial();
    for (const char* key : {"4821", "4821", "0", "1"}) {
        hers.press(key);
    }
    EXPECT_THAT(hers.press("4"), HasSubstr("মিটিং সরেছে"));
    EXPECT_THAT(at_.log(), Not(HasSubstr("9700000")));
}

TEST_F(StaffOnTheGateway, AnotherOfficersGroupsAndMembersAreOutOfReach) {
    const gateway_process gateway(at_);
    caller officer(gateway, "o1", first_officer);
    enrol(officer, staff_pin(at_, "S001001"));
    const auto hers = officer.press("2");
    caller other(gateway, "o2", second_officer);
    enrol(other, staff_pin(at_, "S002001"));
    const auto others = other.press("2");
    EXPECT_NE(hers, others);
    other.press("00");
    EXPECT_THAT(other.press("3"), HasSubstr("সদস্যের নম্বর"));
    EXPECT_THAT(other.press("001000001"), HasSubstr("আপনার দলের"));
    EXPECT_THAT(other.press("1"), Not(HasSubstr("একবারের পিন")));
}

TEST_F(StaffOnTheGateway, AResetPinIsShownOnceAndOpensTheMembersWay) {
    const gateway_process gateway(at_);
    caller officer(gateway, "o1", first_officer);
    enrol(officer, staff_pin(at_, "S001001"));
    officer.press("3");
    EXPECT_THAT(officer.press("001000001"), HasSubstr("1 হ্যাঁ"));
    const auto shown = officer.press("1");
    ASSERT_THAT(shown, HasSubstr("END"));
    const std::string words = "একবারের পিন ";
    const auto pin = shown.substr(shown.find(words) + words.size(), 4);
    EXPECT_EQ(officer.repeat(), shown);
    caller hers(gateway, "m1", member);
    EXPECT_THAT(hers.dial(), HasSubstr("শাখার স্লিপের"));
    EXPECT_THAT(hers.press(pin), HasSubstr("নতুন পিন"));
    EXPECT_THAT(at_.log(), Not(HasSubstr(pin)));
}

TEST_F(StaffOnTheGateway, WhatStaffDidIsListedByWhoWhereAndWhen) {
    std::string pin;
    {
        const gateway_process gateway(at_);
        caller officer(gateway, "o1", first_officer);
        enrol(officer, staff_pin(at_, "S001001"));
        for (const char* key : {"2", "1", "1", "1", "1", "00", "3", "001000001"}) {
            officer.press(key);
        }
        const auto shown = officer.press("1");
        const std::string words = "একবারের পিন ";
        pin = shown.substr(shown.find(words) + words.size(), 4);
    }
    const auto actions = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"staff",      "actions",        "--config",
                                           at_.config(), "--organisation", "kmss"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto run = run_uthan(arguments);
        EXPECT_EQ(run.exit_code, 0) << run.output;
        return run.output;
    };
    const auto all = actions({});
    EXPECT_THAT(all, HasSubstr(" staff=S001001 office=001 moved_meeting group="));
    EXPECT_THAT(all, HasSubstr(" staff=S001001 office=001 reset_pin member=001000001\n"));
    EXPECT_THAT(all, Not(HasSubstr(pin + "\n")));
    EXPECT_THAT(all, Not(HasSubstr("9700000")));
    EXPECT_EQ(actions({"--staff", "S001001", "--office", "001"}), all);
    EXPECT_EQ(actions({"--staff", "S002001"}), "");
    EXPECT_EQ(actions({"--office", "002"}), "");
    EXPECT_EQ(actions({"--to", "2020-01-01"}), "");
    EXPECT_EQ(actions({"--from", "2020-01-01"}), all);
    const auto wrong = run_uthan({"staff", "actions", "--config", at_.config(), "--organisation",
                                  "kmss", "--from", "yesterday"});
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_THAT(wrong.output, HasSubstr("--from: a day is written"));
}

TEST_F(StaffOnTheGateway, ASlipIsForStaffWhoCanDialAlone) {
    staff_pin(at_, "NOBODY", 1);
    const gateway_process gateway(at_);
    caller officer(gateway, "o1", first_officer);
    EXPECT_THAT(officer.dial(), HasSubstr("আপনার পিন নেই"));
}

} // namespace
} // namespace uthan::test
