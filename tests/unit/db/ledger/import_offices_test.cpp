#include "tests/unit/db/ledger/delivery.hpp"

#include "db/sqlite/generation_register.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Deliveries of some offices, and what is carried over from the others.
namespace uthan::db::sqlite::testing {
namespace {

using members::exchange::import_outcome;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Import, ReplacesTheDeliveredOfficesAndCarriesTheOthers) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);

    delivery part;
    part.as_of = "2026-11-22";
    part.offices = {{"B2", "2026-11-22"}};
    part.files["branches.csv"] = "branch_code,name_bn,parent_code\nHO,নতুন নাম,\nB2,রূপসা ২,HO\n";
    part.files["groups.csv"] = "group_code,branch_code,name_bn\nG3,B2,বেলি\n";
    part.files["members.csv"] = "member_code,name_bn,status,group_code,branch_code\n"
                                "M7,নতুন,active,G3,B2\n";
    part.files["holidays.csv"] = "date,name_bn\n2026-12-25,বড়দিন\n";
    const auto report = world.import(part);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_EQ(report.generation, 2U);
    EXPECT_EQ(report.carried_members, 3U);

    const auto carried = facts(world, 2, "M1");
    ASSERT_TRUE(carried);
    EXPECT_EQ(to_iso(carried->as_of()), "2026-11-21");
    EXPECT_EQ(carried->loans[0].schedule.size(), 4U);
    EXPECT_EQ(carried->savings.size(), 2U);
    EXPECT_EQ(activity(world, 2, "M1")->recent.size(), 3U);
    EXPECT_EQ(activity(world, 2, "M1")->applications.size(), 1U);
    auto file = connection::open((world.ledger / "kmss/2.db").string(), open_mode::immutable);
    EXPECT_EQ(*file->scalar("SELECT min(paid_on) FROM instalments"),
              parse_day("2026-11-08")->time_since_epoch().count());
    EXPECT_EQ(carried->group_of->code, "G1");
    EXPECT_EQ(carried->officer->code, "S1");
    ASSERT_EQ(carried->calendar->holidays.size(), 1U); // The organisation's own were delivered.
    EXPECT_EQ(to_iso(carried->calendar->holidays[0].day), "2026-12-25");

    const auto fresh = facts(world, 2, "M7");
    ASSERT_TRUE(fresh);
    EXPECT_EQ(to_iso(fresh->as_of()), "2026-11-22");
    EXPECT_EQ(fresh->office_of.name.bn, "রূপসা ২");
    EXPECT_TRUE(fresh->loans.empty());
    EXPECT_EQ(facts(world, 2, "M4"), nullptr); // Replaced whole: she is no longer in the delivery.
    EXPECT_TRUE(facts(world, 1, "M4"));

    // The other office alone, again: the carried-over rows are the delivered ones of before.
    auto first = delivery::small();
    first.offices = {{"B1", "2026-11-23"}};
    first.files["branches.csv"] = "branch_code,name_bn,parent_code\nB1,খুলনা,HO\n";
    first.files["groups.csv"] = "group_code,branch_code,name_bn\nG1,B1,শাপলা\n";
    first.files["members.csv"] = "member_code,name_bn,status,group_code\nM1,আমেনা,active,G1\n";
    for (const char* name :
         {"savings_accounts.csv", "loans.csv", "schedule.csv", "transactions.csv", "holidays.csv",
          "moratoria.csv", "applications.csv", "staff.csv", "ladder.csv"}) {
        first.files.erase(name);
    }
    const auto third = world.import(first);
    ASSERT_EQ(third.outcome, import_outcome::published) << world.text_of(third);
    EXPECT_EQ(to_iso(facts(world, 3, "M7")->as_of()), "2026-11-22");
    EXPECT_EQ(to_iso(facts(world, 3, "M1")->as_of()), "2026-11-23");
    EXPECT_TRUE(facts(world, 3, "M1")->loans.empty());
    EXPECT_EQ(facts(world, 3, "M2"), nullptr);
}

TEST(Import, RowsOfOfficesThatStayAreBadRows) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    auto part = delivery::small();
    part.as_of = "2026-11-22";
    part.offices = {{"B2", "2026-11-22"}};
    const auto report = world.import(part);
    EXPECT_EQ(report.outcome, import_outcome::refused);
    EXPECT_THAT(world.text_of(report),
                HasSubstr("the office B1 is not one that this delivery replaces"));
}

TEST(Import, AMemberWhoMovedIsTakenFromTheDelivery) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    delivery part;
    part.as_of = "2026-11-22";
    part.offices = {{"B2", "2026-11-22"}};
    part.files["branches.csv"] = "branch_code,name_bn\nB2,রূপসা\n";
    part.files["groups.csv"] = "group_code,branch_code,name_bn\nG3,B2,বেলি\n";
    part.files["members.csv"] = "member_code,name_bn,status,group_code\nM1,আমেনা,active,G3\n";
    part.files["savings_accounts.csv"] = "account_no,member_code,balance\nA1,M1,7\n";
    const auto report = world.import(part);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_THAT(world.text_of(report), HasSubstr("members.csv:2: warning: the member M1 was in"));
    const auto moved = facts(world, 2, "M1");
    EXPECT_EQ(moved->office_of.code, "B2");
    ASSERT_EQ(moved->savings.size(), 1U);
    EXPECT_EQ(moved->savings[0].balance, money::taka(7));
    EXPECT_TRUE(moved->loans.empty());
    EXPECT_TRUE(activity(world, 2, "M1")->recent.empty());
    EXPECT_EQ(report.carried_members, 2U);
}

/// A part of small(): office B2 alone, on the next day.
delivery part_of_b2(std::string groups) {
    delivery part;
    part.as_of = "2026-11-22";
    part.offices = {{"B2", "2026-11-22"}};
    part.files["branches.csv"] = "branch_code,name_bn\nB2,রূপসা\n";
    part.files["groups.csv"] = "group_code,branch_code,name_bn\n" + std::move(groups);
    part.files["members.csv"] = "member_code,name_bn,status,group_code\n";
    return part;
}

TEST(Import, CarriedMembersKeepTheirGroupByItsCode) {
    import_world world;
    auto files = delivery::small();
    // Both are B1's; M5's group and M6's cohesion group are B2's.
    files.files["members.csv"] = "member_code,name_bn,group_code,cohesion_code,branch_code,status\n"
                                 "M1,আমেনা,G1,,B1,active\nM4,নাসিমা,G3,,B2,active\n"
                                 "M5,ক,G3,,B1,active\nM6,খ,G1,G3,B1,active\nM2,গ,G1,,B1,active\n";
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);

    // Other groups come first, so that no number fits by accident.
    const auto kept = world.import(part_of_b2("G8,B2,নতুন\nG3,B2,বেলি ২\nG9,B2,আরও\n"));
    ASSERT_EQ(kept.outcome, import_outcome::published) << world.text_of(kept);
    ASSERT_TRUE(facts(world, 2, "M5")->group_of);
    EXPECT_EQ(facts(world, 2, "M5")->group_of->name.bn, "বেলি ২");
    EXPECT_EQ(facts(world, 2, "M6")->group_of->code, "G1");
    EXPECT_EQ(facts(world, 2, "M6")->who.cohesion_code, "G3");
    EXPECT_THAT(world.text_of(kept), Not(HasSubstr("is no longer there")));

    auto without = part_of_b2("G8,B2,নতুন\nG9,B2,আরও\n");
    without.offices = {{"B2", "2026-11-23"}};
    const auto lost = world.import(without);
    ASSERT_EQ(lost.outcome, import_outcome::published) << world.text_of(lost);
    EXPECT_FALSE(facts(world, 3, "M5")->group_of);
    EXPECT_EQ(facts(world, 3, "M5")->office_of.code, "B1");
    EXPECT_EQ(facts(world, 3, "M6")->who.cohesion_code, "");
    EXPECT_THAT(world.text_of(lost),
                HasSubstr("groups.csv: warning: the group G3 is no longer there; 1 members of "
                          "offices that stay have no group now"));
    EXPECT_THAT(world.text_of(lost), HasSubstr("1 members of offices that stay have no cohesion"));
}

TEST(Import, NumbersOfDroppedRowsAreNotGivenAgain) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    auto part = part_of_b2("G7,B2,নতুন\n");
    part.add("members.csv", "M7,নতুন,active,G7");
    ASSERT_EQ(world.import(part).outcome, import_outcome::published);
    auto file = connection::open((world.ledger / "kmss/2.db").string(), open_mode::immutable);
    EXPECT_EQ(*file->scalar("SELECT id FROM groups WHERE code = 'G7'"), 4);
    EXPECT_EQ(*file->scalar("SELECT id FROM offices WHERE code = 'B2'"), 4);
    EXPECT_EQ(*file->scalar("SELECT id FROM members WHERE code = 'M7'"), 5);
}

} // namespace
} // namespace uthan::db::sqlite::testing
