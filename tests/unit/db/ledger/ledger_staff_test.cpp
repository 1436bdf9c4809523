#include "db/sqlite/ledger_staff.hpp"

#include "db/sqlite/ledger_reader.hpp"
#include "tests/unit/db/ledger/delivery.hpp"

#include <gtest/gtest.h>

namespace uthan::db::sqlite::testing {
namespace {

/// The reader of a delivery's generation.
struct staff_world : import_world {
    explicit staff_world(const delivery& files) {
        EXPECT_EQ(import(files).outcome, members::exchange::import_outcome::published);
        reader = std::move(*ledger_reader::open((ledger / "kmss" / "1.db").string(), 1));
    }
    std::string dials(std::string_view msisdn) {
        const auto who = (*reader->of_staff())->with_number(msisdn);
        return who ? who->code : std::string{};
    }
    std::unique_ptr<ledger_reader> reader;
};

std::vector<std::string> codes(const result<std::vector<members::staff_group>>& groups) {
    std::vector<std::string> all;
    for (const auto& one : groups.value()) {
        all.push_back(one.of.code);
    }
    return all;
}

using strings = std::vector<std::string>;

TEST(LedgerStaff, FindsWhoDialsByAnyWrittenNumber) {
    auto files = delivery::small();
    files.files["staff.csv"] = "staff_code,name_bn,short_name_bn,branch_code,phone,active\n"
                               "S1,রহিমা খাতুন,রহিমা,B1,01711000001,yes\n"
                               "S2,করিম শেখ,করিম,B2,+880 1711-000002,yes\n"
                               "S3,সেলিম,সেলিম,B1,01711000003,no\n"
                               "S4,নাজমা,নাজমা,B1,01711000004,yes\n"
                               "S5,কমলা,কমলা,B2,8801711000004,yes\n"
                               "S6,জবা,জবা,B2,,yes\n";
    staff_world world{files};
    EXPECT_EQ(world.dials("8801711000001"), "S1");
    EXPECT_EQ(world.dials("8801711000002"), "S2");
    EXPECT_EQ(world.dials("8801711000003"), "") << "inactive";
    EXPECT_EQ(world.dials("8801711000004"), "") << "two have it";
    EXPECT_EQ(world.dials("8801712345678"), "") << "a member";
}

TEST(LedgerStaff, GroupsAndTheirMembersAreThoseOfHerCodeAlone) {
    staff_world world{delivery::small()};
    EXPECT_EQ(codes(world.reader->groups_of("S1")), strings{"G1"});
    EXPECT_EQ(codes(world.reader->groups_of("S2")), strings{"G3"});
    EXPECT_TRUE(world.reader->groups_of("").value().size() <= 1);
    const auto group = world.reader->groups_of("S1").value().front();
    EXPECT_EQ(group.at.code, "B1");
    EXPECT_EQ(group.of.office_code, "B1");
    ASSERT_NE(group.calendar, nullptr);
    ASSERT_TRUE(group.of.meeting.has_value());
    EXPECT_EQ(group.of.meeting->weekday, 7U);

    const auto hers = world.reader->members_of_group("S1", "G1");
    ASSERT_TRUE(hers);
    strings found;
    for (const auto& one : *hers) {
        found.push_back(one->who.code);
    }
    EXPECT_EQ(found, (strings{"M1", "M2"}));
    EXPECT_TRUE(world.reader->members_of_group("S1", "G3")->empty());
    EXPECT_TRUE(world.reader->members_of_group("S2", "G1")->empty());
}

} // namespace
} // namespace uthan::db::sqlite::testing
