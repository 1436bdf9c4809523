#include "tests/unit/db/ledger/delivery.hpp"

#include "db/sqlite/ledger_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// The loans of a household, out of a generation.
namespace uthan::db::sqlite::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* member_header =
    "member_code,name_bn,household_id,group_code,branch_code,status\n";
constexpr const char* loan_header =
    "loan_no,member_code,product_code,cycle,principal,charge_total,charge_method,installments,"
    "period,disbursed_on,paid_total,outstanding_total,outstanding_principal,overdue_amount,status,"
    "household_limit\n";

std::string loan_line(const char* number, const char* member, int principal, const char* status,
                      const char* limit = "") {
    return fmt::format("{},{},RSS-10,1,{},0,service_charge,10,M,2026-10-20,0,{},{},0,{},{}\n",
                       number, member, principal, principal, principal, status, limit);
}

/// Members of every kind: two who share a household, one alone, two without a household.
delivery with_households() {
    auto made = delivery::small();
    made.files["members.csv"] = std::string{member_header} + "M1,আমেনা,H1,G1,B1,active\n"
                                                             "M2,জরিনা,H1,G3,B2,dropout\n"
                                                             "M3,সালমা,H3,G1,B1,active\n"
                                                             "M4,নাসিমা,,G1,B1,active\n"
                                                             "M5,লতা,,G1,B1,active\n";
    made.files["loans.csv"] = std::string{loan_header} + loan_line("L1", "M1", 20'000, "active") +
                              loan_line("L2", "M2", 9'000, "written_off", "40000") +
                              loan_line("L3", "M2", 5'000, "closed") +
                              loan_line("L4", "M3", 8'000, "active") +
                              loan_line("L5", "M4", 7'000, "active");
    for (const char* file :
         {"schedule.csv", "transactions.csv", "savings_accounts.csv", "applications.csv"}) {
        made.files.erase(file);
    }
    return made;
}

std::vector<std::string> lines_of(const import_world& world, std::string_view code) {
    auto reader = ledger_reader::open((world.ledger / "kmss/1.db").string(), 1);
    const auto found = (*reader)->household_of(code);
    if (!found) {
        return {found.error().message()};
    }
    std::vector<std::string> lines;
    for (const auto& one : (*found)->loans) {
        lines.push_back(fmt::format("{} {} {}", one.member_code, one.principal.poisha / 100,
                                    one.household_limit ? one.household_limit->poisha / 100 : 0));
    }
    if ((*found)->too_many) {
        lines.emplace_back("too many");
    }
    return lines;
}

TEST(Household, HasTheLoansOfAllItsMembersWhereverTheyAreAndWhateverBecameOfThem) {
    import_world world;
    const auto report = world.import(with_households());
    ASSERT_EQ(report.outcome, members::exchange::import_outcome::published)
        << world.text_of(report);
    EXPECT_THAT(lines_of(world, "M1"), ElementsAre("M1 20000 0", "M2 9000 40000"));
    EXPECT_THAT(lines_of(world, "M2"), ElementsAre("M1 20000 0", "M2 9000 40000"));
    EXPECT_THAT(lines_of(world, "M3"), ElementsAre("M3 8000 0"));
}

TEST(Household, WithoutACodeItIsNobodys) {
    import_world world;
    ASSERT_EQ(world.import(with_households()).outcome,
              members::exchange::import_outcome::published);
    EXPECT_THAT(lines_of(world, "M4"), IsEmpty());
    EXPECT_THAT(lines_of(world, "M5"), IsEmpty());
    EXPECT_THAT(lines_of(world, "nobody"), IsEmpty());
}

TEST(Household, SixteenMembersAreReadAndMoreSaySo) {
    for (const int members : {16, 17, 40}) {
        SCOPED_TRACE(members);
        import_world world;
        auto files = with_households();
        files.files["members.csv"] = member_header;
        files.files["loans.csv"] = loan_header;
        for (int i = 0; i < members; ++i) {
            files.files["members.csv"] += fmt::format("N{:02},আমেনা,-,G1,B1,active\n", i);
        }
        files.files["loans.csv"] += loan_line("L1", "N15", 20'000, "active");
        const auto report = world.import(files);
        ASSERT_EQ(report.outcome, members::exchange::import_outcome::published)
            << world.text_of(report);
        const auto lines = lines_of(world, "N03");
        if (members > 16) {
            ASSERT_FALSE(lines.empty());
            EXPECT_EQ(lines.back(), "too many");
        } else {
            EXPECT_THAT(lines, ElementsAre("N15 20000 0"));
        }
    }
}

TEST(Household, IsFoundByItsIndex) {
    import_world world;
    ASSERT_EQ(world.import(with_households()).outcome,
              members::exchange::import_outcome::published);
    auto file = connection::open((world.ledger / "kmss/1.db").string(), open_mode::immutable);
    auto plan = file->prepare("EXPLAIN QUERY PLAN SELECT id FROM members WHERE household_id = "
                              "(SELECT household_id FROM members WHERE code = ?1) AND "
                              "household_id <> '' LIMIT 17");
    std::string text;
    while (*plan->step()) {
        text += plan->text(3);
    }
    EXPECT_THAT(text, HasSubstr("members_by_household"));
}

} // namespace
} // namespace uthan::db::sqlite::testing
