#include "access/staff.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/request_tables.hpp"
#include "db/sqlite/staff_tables.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <vector>

// What staff do, over a real file: stored once for each key, and each action as a row.
namespace uthan::db::sqlite::gateway_test {
namespace {

using access::outcome;
using access::outcome_kind;
using members::meeting_change;
using members::meeting_word;

constexpr calendar_day saturday{std::chrono::year{2026} / 11 / 21};
constexpr calendar_day tuesday = saturday + std::chrono::days{3};
constexpr instant noon{std::chrono::sys_days{saturday} + std::chrono::hours{12}};

class staff_tables_test : public ::testing::Test {
protected:
    outcome apply(std::uint32_t step, const std::string& account, access::change what,
                  instant now = noon) {
        return finish(loop_, registry_.apply({"demo", {}, step, 0}, {"mss", account},
                                             std::move(what), now))
            .value();
    }
    outcome say(std::uint32_t step, meeting_word word, calendar_day new_on) {
        return apply(step, access::staff_account("S1"),
                     access::change_meeting{{"G1", tuesday, word, new_on}});
    }
    outcome reset(std::uint32_t step, const std::string& member, instant now = noon) {
        access::pin_verifier slip;
        slip.salt.fill(7);
        return apply(step, member, access::reset_by_staff{"S1", slip}, now);
    }
    std::vector<meeting_change> changes(const char* organisation, const char* group,
                                        calendar_day today = saturday) {
        return finish(loop_, registry_.meeting_changes(organisation, group, today)).value();
    }

    temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1};
    std::unique_ptr<gateway_database> database_ = gateway_database::open(path_).value();
    member_registry registry_{database_->writing(), open_reader(path_).value(), pin_policies{}};
};

TEST_F(staff_tables_test, TheNewestWordOfAMeetingIsReadAndEveryOneIsARow) {
    EXPECT_TRUE(changes("mss", "G1").empty());
    say(1, meeting_word::moved, tuesday + std::chrono::days{1});
    say(2, meeting_word::cancelled, tuesday);
    const std::vector<meeting_change> expected{{"G1", tuesday, meeting_word::cancelled, tuesday}};
    EXPECT_EQ(changes("mss", "G1"), expected);
    EXPECT_TRUE(changes("mss", "G2").empty());
    EXPECT_TRUE(changes("kmss", "G1").empty());
    EXPECT_TRUE(changes("mss", "G1", saturday + std::chrono::days{90}).empty());
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM staff_actions WHERE staff_code = 'S1'"), 2);
}

TEST_F(staff_tables_test, AReplayChangesNothing) {
    say(1, meeting_word::moved, tuesday + std::chrono::days{1});
    say(2, meeting_word::as_planned, tuesday);
    EXPECT_TRUE(say(1, meeting_word::moved, tuesday + std::chrono::days{1}).replayed);
    EXPECT_EQ(changes("mss", "G1").front().word, meeting_word::as_planned);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM staff_actions"), 2);
    // Another's key under the same session is refused.
    EXPECT_EQ(apply(1, access::staff_account("S2"),
                    access::change_meeting{{"G1", tuesday, meeting_word::cancelled, tuesday}})
                  .kind,
              outcome_kind::refused);
}

TEST_F(staff_tables_test, AResetPinIsARowAndTheirNumberIsLimited) {
    apply(1, "0101-0007", access::set_pin{});
    EXPECT_EQ(reset(2, "0101-0007").kind, outcome_kind::done);
    const auto record = finish(loop_, registry_.find({"mss", "0101-0007"})).value();
    EXPECT_FALSE(record.pin.has_value());
    EXPECT_TRUE(record.one_time_pin.has_value());
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM staff_actions WHERE subject = '0101-0007'"), 1);
    for (unsigned i = 1; i < access::resets_per_day_max; ++i) {
        EXPECT_EQ(reset(10 + i, "M" + std::to_string(i)).kind, outcome_kind::done);
    }
    EXPECT_EQ(reset(100, "one more").kind, outcome_kind::limited);
    EXPECT_FALSE(finish(loop_, registry_.find({"mss", "one more"})).value().one_time_pin);
    EXPECT_EQ(reset(101, "one more", noon + std::chrono::hours{25}).kind, outcome_kind::done);
}

TEST_F(staff_tables_test, AnAccountOfStaffIsNoMembers) {
    apply(1, access::staff_account("0101-0007"), access::set_pin{});
    EXPECT_FALSE(finish(loop_, registry_.find({"mss", "0101-0007"})).value().pin.has_value());
    EXPECT_EQ(access::staff_code_of(access::staff_account("S1")), "S1");
    EXPECT_EQ(access::staff_code_of("S1"), "");
}

TEST_F(staff_tables_test, WhatStaffDidIsListedInItsOrderPageByPage) {
    say(1, meeting_word::moved, tuesday + std::chrono::days{1});
    reset(2, "0101-0007", noon + std::chrono::hours{1});
    apply(3, access::staff_account("S2"),
          access::change_meeting{{"G2", tuesday, meeting_word::cancelled, tuesday}});
    prepared_connection rows{open_beside(path_).value()};
    const auto all = load_staff_actions(rows, "mss", "", 0, 10).value();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].did, staff_action::moved_meeting);
    EXPECT_EQ(all[0].subject, "G1");
    EXPECT_EQ(all[0].regular_on, tuesday);
    EXPECT_EQ(all[0].new_on, tuesday + std::chrono::days{1});
    EXPECT_EQ(all[0].at, noon);
    EXPECT_EQ(all[1].did, staff_action::reset_pin);
    EXPECT_EQ(all[1].subject, "0101-0007");
    EXPECT_FALSE(all[1].regular_on);
    EXPECT_EQ(all[2].staff_code, "S2");
    EXPECT_EQ(load_staff_actions(rows, "mss", "S1", 0, 10).value().size(), 2u);
    const auto second = load_staff_actions(rows, "mss", "", all[0].id, 1).value();
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second.front().id, all[1].id);
    EXPECT_TRUE(load_staff_actions(rows, "kmss", "", 0, 10).value().empty());
}

TEST_F(staff_tables_test, ARequestIsAnsweredOnceByOneWhoMaySeeIt) {
    members::request one;
    one.category = "other";
    one.member_code = "M1";
    one.office_code = one.desk_office = "B1";
    one.opened_on = one.state_on = one.level_since = one.deadline_on = saturday;
    one.about_staff = true;
    one.accused_code = "S2";
    {
        prepared_connection rows{open_beside(path_).value()};
        ASSERT_EQ(store_request(rows, "mss", one, request_step::opened, {}, noon).value(), 1u);
    }
    const auto answer = [&](std::uint32_t step, const char* code, std::uint64_t number) {
        auto by = std::make_shared<members::staff>();
        by->code = code;
        by->office_code = "B1";
        return apply(step, access::staff_account(code),
                     access::answer_by_staff{number, by, saturday});
    };
    EXPECT_EQ(answer(1, "S2", 1).kind, outcome_kind::refused) << "the accused";
    EXPECT_EQ(answer(2, "S1", 7).kind, outcome_kind::refused) << "no such request";
    const auto done = answer(3, "S1", 1);
    EXPECT_EQ(done.kind, outcome_kind::done);
    EXPECT_EQ(done.request, 1u);
    EXPECT_TRUE(answer(3, "S1", 1).replayed);
    EXPECT_EQ(answer(4, "S1", 1).kind, outcome_kind::refused) << "it is answered";
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM request_steps WHERE done_by = 'S1'"), 1);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM staff_actions WHERE subject = '1'"), 1);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
