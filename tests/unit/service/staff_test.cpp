#include "tests/support/dialogue_world.hpp"

#include "texts/weight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace testing_world;

constexpr const char* salma = "8801811000999";
constexpr const char* other_officer = "8801811000998";
constexpr const char* rahima = "8801810000001";

/// The world's clock says Saturday 21 November 2026, noon in Dhaka; groups meet on Tuesdays.
class StaffTest : public testing::Test {
protected:
    StaffTest() : w{policy_with_pin(), kmss_rules_with_requests()} {
        add_staff("F1", salma, "K01");
        add_staff("F2", other_officer, "K01");
        add_member("K0100101", rahima, "K01-001", "F1");
        add_member("K0100102", "8801810000002", "K01-001", "F1");
        add_member("K0100201", "8801810000003", "K01-002", "F2");
    }

    void add_staff(const char* code, const char* phone, const char* office) {
        members::staff one;
        one.code = code;
        one.phone = phone;
        one.office_code = office;
        one.role = "field_officer";
        w.ledger.staff_of_all.push_back(one);
    }

    void add_member(const char* code, const char* phone, const char* group,
                    const char* staff_code) {
        auto facts = member_with_loan(code, phone);
        facts.group_of->code = group;
        facts.group_of->name = {"পদ্মা", "Padma"};
        facts.group_of->staff_code = staff_code;
        facts.who.group_code = group;
        facts.officer->code = staff_code;
        // Due on the Sunday that is the next working day.
        for (auto& row : facts.loans.front().schedule) {
            row.due_on -= std::chrono::days{2};
        }
        w.ledger.add(std::move(facts));
    }

    /// As the operator's slip and her two typings do.
    void set_pin(handset& phone, const char* code) {
        const auto account = access::staff_account(code);
        const access::pin_verifier slip =
            access::make_verifier(secret_key{1, 2, 3}, {"kmss", account}, {}, "2575");
        auto& record = w.registry.records[account];
        record.one_time_pin = slip;
        record.one_time_expires_at = w.time.now() + std::chrono::hours{24};
        EXPECT_THAT(phone.dial(), HasSubstr("শাখার স্লিপের"));
        EXPECT_THAT(phone.press("2575"), HasSubstr("নতুন পিন দিন"));
        phone.press("7391");
        EXPECT_THAT(phone.press("7391"), HasSubstr("1 পরের দিনের কিস্তি"));
    }

    /// A member with a PIN at her menu.
    void enrol(handset& member) {
        member.dial();
        for (const char* key : {"4821", "4821", "0", "1"}) {
            member.press(key);
        }
    }

    world w;
    handset officer{w, salma};
};

TEST_F(StaffTest, WithoutAPinOfTheOperatorThereIsNoWayIn) {
    EXPECT_THAT(officer.dial(), HasSubstr("আপনার পিন নেই"));
    EXPECT_TRUE(officer.ended());
}

TEST_F(StaffTest, ThePinIsAskedAtEveryDialAndThreeWrongOnesLock) {
    set_pin(officer, "F1");
    EXPECT_THAT(officer.dial(), HasSubstr("পিন দিন"));
    EXPECT_THAT(officer.press("1111"), HasSubstr("আর ২ বার"));
    officer.press("1112");
    EXPECT_THAT(officer.press("1113"), HasSubstr("পিন আপাতত বন্ধ"));
}

TEST_F(StaffTest, AMembersPinIsNoStaffPin) {
    // Goal: the account of staff F1 is not that of a member whose code is F1.
    add_member("F1", salma, "K01-001", "F1");
    handset both{w, salma};
    EXPECT_THAT(both.dial(), HasSubstr("2 কর্মীর কাজ"));
    EXPECT_THAT(both.press("1"), HasSubstr("নতুন পিন"));
    both.press("4821");
    both.press("4821");
    EXPECT_TRUE(w.registry.records["F1"].pin.has_value());
    handset again{w, salma};
    again.dial();
    EXPECT_THAT(again.press("2"), HasSubstr("আপনার পিন নেই"));
}

TEST_F(StaffTest, InactiveStaffGetNothing) {
    w.ledger.staff_of_all.front().active = false;
    EXPECT_THAT(officer.dial(), HasSubstr("কোনো হিসাব নেই"));
    EXPECT_TRUE(officer.ended());
}

TEST_F(StaffTest, OneWhoLeavesInTheMiddleOfADialogueIsSentAway) {
    set_pin(officer, "F1");
    w.ledger.staff_of_all.clear();
    w.ledger.publish_next();
    EXPECT_THAT(officer.press("1"), HasSubstr("কোনো হিসাব নেই"));
    EXPECT_TRUE(officer.ended());
}

TEST_F(StaffTest, DuesAreOfHerGroupsOnTheNextWorkingDay) {
    set_pin(officer, "F1");
    EXPECT_EQ(officer.press("1"), "রবি ২২/১১\n1 পদ্মা ২ জন ৪৯০\n0 ফিরুন");
    EXPECT_EQ(officer.press("1"),
              "1 রহিমা 01 ২৪৫\n2 রহিমা 02 ২৪৫\nমোট ৪৯০\n(২০/১১ এর হিসাব)\n0 ফিরুন");
    EXPECT_EQ(officer.press("1"), "রহিমা 01\nকিস্তি ২৪৫\nমোট ২৪৫\n(২০/১১ এর হিসাব)\n0 ফিরুন");
}

TEST_F(StaffTest, DuesShowArrearsAndSavingsOfEachMember) {
    // Goal: one who paid nothing for two weeks, in a group whose deposit is Tk 50; one without a
    // loan still brings her savings.
    auto late = member_with_loan("K0100101", rahima);
    for (auto& row : late.loans.front().schedule) {
        row.due_on -= std::chrono::days{2};
        row.paid = row.seq <= 7 ? row.total_due : money{};
    }
    auto without = member_with_loan("K0100102", "8801810000002");
    without.loans.clear();
    for (auto* one : {&late, &without}) {
        one->group_of->name = {"পদ্মা", "Padma"};
        one->group_of->staff_code = "F1";
        one->group_of->savings_rate = money::taka(50);
        w.ledger.add(*one);
    }
    set_pin(officer, "F1");
    EXPECT_EQ(officer.press("1"), "রবি ২২/১১\n1 পদ্মা ২ জন ৮৩৫\n0 ফিরুন");
    EXPECT_THAT(officer.press("1"), HasSubstr("1 রহিমা 01 ৭৮৫\n2 রহিমা 02 ৫০\nমোট ৮৩৫"));
    EXPECT_EQ(officer.press("1"), "রহিমা 01\nকিস্তি ২৪৫\nবকেয়া ৪৯০\nসঞ্চয় ৫০\nমোট ৭৮৫\n"
                                  "(২০/১১ এর হিসাব)\n0 ফিরুন");
    officer.press("0");
    EXPECT_THAT(officer.press("2"), HasSubstr("রহিমা 02\nসঞ্চয় ৫০\nমোট ৫০"));
}

TEST_F(StaffTest, AMovedMeetingIsSeenByItsMembersAlone) {
    set_pin(officer, "F1");
    officer.press("2");
    EXPECT_THAT(officer.press("1"), HasSubstr("মঙ্গল ২৪/১১\n1 দিন বদল\n2 বাতিল"));
    EXPECT_THAT(officer.press("1"), HasSubstr("1 রবি ২২/১১\n2 সোম ২৩/১১\n3 বুধ ২৫/১১"));
    EXPECT_THAT(officer.press("3"), HasSubstr("২৪/১১ এর বদলে বুধ ২৫/১১?"));
    const auto done = officer.press("1");
    EXPECT_EQ(done, "পদ্মা\nমিটিং হবে বুধ ২৫/১১\nসদস্যদেরও জানান।\n0 ফিরুন");
    ASSERT_EQ(w.registry.meetings.size(), 1U);
    EXPECT_EQ(officer.repeat(), done);
    w.forget_memory();
    EXPECT_EQ(officer.repeat(), done);
    EXPECT_EQ(w.registry.meetings.size(), 1U);

    handset hers{w, rahima};
    enrol(hers);
    EXPECT_THAT(hers.press("4"), HasSubstr("২৪/১১ এর মিটিং সরেছে:\nবুধ ২৫/১১"));
    handset others{w, "8801810000003"};
    enrol(others);
    EXPECT_THAT(others.press("4"), HasSubstr("মিটিং মঙ্গল ২৪/১১"));
}

TEST_F(StaffTest, ACancelledMeetingCanBeTakenBack) {
    set_pin(officer, "F1");
    officer.press("2");
    officer.press("1");
    officer.press("2");
    EXPECT_THAT(officer.press("1"), HasSubstr("মঙ্গল ২৪/১১ মিটিং নেই"));
    handset hers{w, rahima};
    enrol(hers);
    EXPECT_THAT(hers.press("4"), HasSubstr("২৪/১১ মিটিং নেই।\nপরের মিটিং মঙ্গল ১/১২"));
    officer.press("0");
    officer.press("2");
    EXPECT_THAT(officer.press("1"), HasSubstr("3 বাতিল ন"));
    EXPECT_THAT(officer.press("3"), HasSubstr("আগের দিনেই, মঙ্গল ২৪/১১"));
    hers.dial();
    hers.press("2");
    EXPECT_THAT(hers.press("4"), HasSubstr("মিটিং মঙ্গল ২৪/১১"));
}

TEST_F(StaffTest, AGroupThatWasTakenFromHerIsNotChanged) {
    set_pin(officer, "F1");
    officer.press("2");
    officer.press("1");
    officer.press("2");
    // Another import gives her groups to another officer before she confirms.
    add_member("K0100101", rahima, "K01-001", "F2");
    add_member("K0100102", "8801810000002", "K01-001", "F2");
    w.ledger.publish_next();
    officer.press("1");
    EXPECT_TRUE(w.registry.meetings.empty());
}

TEST_F(StaffTest, APinIsResetForAMemberOfHersAlone) {
    handset hers{w, rahima};
    enrol(hers);
    set_pin(officer, "F1");
    officer.press("3");
    EXPECT_THAT(officer.press("K0100201"), HasSubstr("আপনার দলের"));
    EXPECT_THAT(officer.press("1"), Not(HasSubstr("একবারের পিন")));
    officer.press("0");
    EXPECT_EQ(officer.press("K0100101"), "রহিমা 01\nনতুন পিন দেব?\n1 হ্যাঁ\n2 না\n0 ফিরুন");
    const auto shown = officer.press("1");
    EXPECT_TRUE(officer.ended());
    EXPECT_FALSE(w.registry.records["K0100101"].pin.has_value());
    // The provider repeats its request, and the process was started again meanwhile.
    EXPECT_EQ(officer.repeat(), shown);
    w.forget_memory();
    w.wipe_store();
    EXPECT_EQ(officer.repeat(), shown);
    const std::string words = "একবারের পিন ";
    const auto pin = shown.substr(shown.find(words) + words.size(), 4);
    EXPECT_THAT(hers.dial(), HasSubstr("শাখার স্লিপের"));
    EXPECT_THAT(hers.press(pin), HasSubstr("নতুন পিন"));
}

TEST_F(StaffTest, WhatWaitsIsSaidWithoutTheMemberAndNeverToTheAccused) {
    const auto open = [&](const char* category, bool about_staff, const char* office) {
        members::request one;
        one.number = w.registry.all_requests.size() + 1;
        one.category = category;
        one.member_code = "K0100101";
        one.office_code = "K01";
        one.about_staff = about_staff;
        one.accused_code = about_staff ? "F1" : "";
        one.opened_on = day("2026-11-18");
        one.deadline_on = day("2026-11-25");
        one.desk_office = office;
        w.registry.all_requests.push_back(one);
    };
    open("deposit_missing", false, "K01");
    open("bad_behaviour", true, "K01");
    open("loan_late", false, "A1");
    set_pin(officer, "F1");
    EXPECT_EQ(officer.press("4"), "1 নং ১ ৩ দিন জমা ওঠেনি\n0 ফিরুন");
}

TEST_F(StaffTest, WhatWaitsIsShownWithItsTimeAndMarkedAsAnsweredOnce) {
    members::request one;
    one.number = 1;
    one.category = "deposit_missing";
    one.member_code = "K0100101";
    one.office_code = one.desk_office = "K01";
    one.opened_on = day("2026-11-18");
    one.deadline_on = day("2026-11-25");
    w.registry.all_requests = {one};
    set_pin(officer, "F1");
    officer.press("4");
    EXPECT_EQ(officer.press("1"),
              "নং ১ জমা ওঠেনি\nজমা ১৮/১১, শেষ ২৫/১১\nসকালে ফোন\n1 জবাব দিয়েছি\n0 ফিরুন");
    EXPECT_EQ(officer.press("1"), "নং ১ জমা ওঠেনি\nজবাব দিয়েছেন?\n1 হ্যাঁ\n2 না\n0 ফিরুন");
    EXPECT_EQ(w.registry.all_requests.front().state, members::request_state::open);
    const auto done = officer.press("1");
    EXPECT_EQ(done, "নং ১: জবাব দেওয়া হয়েছে।\n0 ফিরুন");
    EXPECT_EQ(w.registry.all_requests.front().state, members::request_state::answered);
    EXPECT_EQ(officer.repeat(), done);
    w.forget_memory();
    EXPECT_EQ(officer.repeat(), done);
    officer.press("0");
    EXPECT_THAT(officer.press("4"), HasSubstr("অপেক্ষায় নেই"));
}

TEST_F(StaffTest, ALateOneSaysSoAndOneThatAnotherAnsweredIsRefused) {
    members::request one;
    one.number = 1;
    one.kind = members::request_kind::call_me;
    one.reach = members::reach_way::call_afternoon;
    one.member_code = "K0100101";
    one.office_code = one.desk_office = "K01";
    one.opened_on = day("2026-11-10");
    one.deadline_on = day("2026-11-16");
    w.registry.all_requests = {one};
    set_pin(officer, "F1");
    officer.press("4");
    EXPECT_EQ(officer.press("1"),
              "নং ১ ফোন চান\nজমা ১০/১১, সময় গেছে ১৬/১১\nবিকেলে ফোন\n1 জবাব দিয়েছি\n0 ফিরুন");
    officer.press("1");
    // Her colleague was faster, and this shard still knows the old list.
    w.registry.all_requests.front().state = members::request_state::answered;
    EXPECT_THAT(officer.press("1"), HasSubstr("করা গেল না"));
}

TEST_F(StaffTest, OneWhoIsAccusedDoesNotFindItInAnotherOfficeOrUnderAnotherLogin) {
    // Goal: F1 was moved up to the area office, and has a second login there with the same number.
    w.ledger.staff_of_all.front().office_code = "A1";
    auto second = w.ledger.staff_of_all.front();
    second.code = "F9";
    w.ledger.staff_of_all.push_back(second);
    members::request one;
    one.number = 1;
    one.category = "bad_behaviour";
    one.member_code = "K0100101";
    one.office_code = "K01";
    one.about_staff = true;
    one.opened_on = day("2026-11-18");
    one.deadline_on = day("2026-11-25");
    one.level = 2;
    one.desk_office = "HO";
    for (const char* accused : {"F1", "F9"}) {
        one.accused_code = accused;
        w.registry.all_requests = {one};
        w.ledger.staff_of_all.front().office_code = "HO";
        handset phone{w, salma};
        set_pin(phone, "F1");
        EXPECT_THAT(phone.press("4"), HasSubstr("অপেক্ষায় নেই")) << accused;
        w.registry.records.clear();
        w.time.advance(std::chrono::hours{1});
    }
    // Her colleague of the head office does.
    w.ledger.staff_of_all[1].office_code = "HO";
    handset colleague{w, other_officer};
    set_pin(colleague, "F2");
    EXPECT_THAT(colleague.press("4"), HasSubstr("খারাপ ব্যবহার"));
}

TEST_F(StaffTest, AMemberReachesNoScreenOfStaff) {
    handset hers{w, rahima};
    enrol(hers);
    for (const char* key : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
        hers.press("00");
        EXPECT_THAT(hers.press(key), Not(HasSubstr("পদ্মা")));
    }
}

TEST_F(StaffTest, EveryScreenFitsAPhone) {
    set_pin(officer, "F1");
    for (const char* key : {"1", "1", "00", "2", "1", "1", "1", "0", "0", "2", "00", "4"}) {
        const auto text = officer.press(key);
        EXPECT_LE(texts::ussd_weight(text).octets, 160U) << text;
    }
}

} // namespace
} // namespace uthan
