#include "db/sqlite/pin_issue.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/member_tables.hpp"
#include "tests/unit/db/ledger/delivery.hpp"

#include <gtest/gtest.h>

namespace uthan::db::sqlite::testing {
namespace {

constexpr instant noon{std::chrono::hours{12}};

access::pin_verifier verifier(std::uint8_t mark) {
    access::pin_verifier one;
    one.salt.fill(mark);
    one.digest.fill(mark);
    return one;
}

class SlipMembers : public ::testing::Test {
protected:
    SlipMembers() {
        auto files = delivery::small();
        files.add("members.csv", "M8,জরিনা,G1,F,,,,B1,,closed,");
        EXPECT_EQ(world_.import(files).outcome, members::exchange::import_outcome::published);
    }
    std::vector<std::string> of(std::string_view office, std::string_view group = {}) {
        auto file = open_generation((world_.ledger / "kmss/1.db").string());
        std::vector<std::string> codes;
        EXPECT_FALSE(each_slip_member(*file, office, group, [&](slip_member one) {
            codes.push_back(one.office_code + "/" + one.group_code + "/" + one.code);
            return true;
        }));
        return codes;
    }
    import_world world_;
};

TEST_F(SlipMembers, AreThoseOfTheOfficeAndAllBelowItByGroup) {
    EXPECT_EQ(of("B2"), (std::vector<std::string>{"B2/G3/M4"}));
    // M3 of G2 has left.
    EXPECT_EQ(of("B1"), (std::vector<std::string>{"B1/G1/M1", "B1/G1/M2"}));
    EXPECT_EQ(of("HO"), (std::vector<std::string>{"B1/G1/M1", "B1/G1/M2", "B2/G3/M4"}));
    EXPECT_EQ(of("HO", "G1"), (std::vector<std::string>{"B1/G1/M1", "B1/G1/M2"}));
    EXPECT_TRUE(of("B1", "G3").empty());
}

TEST_F(SlipMembers, OfAnUnknownOfficeAreNotFound) {
    auto file = open_generation((world_.ledger / "kmss/1.db").string());
    const auto failed = each_slip_member(*file, "B9", {}, [](const slip_member&) { return true; });
    EXPECT_EQ(failed, errc::not_found);
}

TEST_F(SlipMembers, EndWhenTheTakerSaysSo) {
    auto file = open_generation((world_.ledger / "kmss/1.db").string());
    int taken = 0;
    EXPECT_FALSE(
        each_slip_member(*file, "HO", {}, [&](const slip_member&) { return ++taken < 2; }));
    EXPECT_EQ(taken, 2);
}

TEST(PinIssue, KeepsThePinsThatMembersHaveChosen) {
    const scratch_directory directory;
    const auto path = (directory / "gateway.db").string();
    {
        prepared_connection rows{open_beside(path).value()};
        access::member_record chosen;
        chosen.pin = verifier(1);
        ASSERT_FALSE(store_record(rows, {"kmss", "M1"}, chosen));
    }
    pin_issue issue{open_beside(path).value()};
    const access::pin_policy policy;
    EXPECT_EQ(issue.without_need("kmss", true, noon).value().size(), 1U);
    EXPECT_TRUE(issue.without_need("mss", true, noon).value().empty());
    const issued_pin both[]{{"M1", verifier(2)}, {"M2", verifier(3)}};
    EXPECT_EQ(issue.store("kmss", both, policy, noon).value(), 1U);

    prepared_connection rows{open_beside(path).value()};
    EXPECT_EQ(load_record(rows, {"kmss", "M1"}).value().pin, verifier(1));
    EXPECT_FALSE(load_record(rows, {"kmss", "M1"}).value().one_time_pin);
    EXPECT_EQ(load_record(rows, {"kmss", "M2"}).value().one_time_pin, verifier(3));
}

TEST(PinIssue, KnowsWhoseSlipIsStillGood) {
    const scratch_directory directory;
    pin_issue issue{open_beside((directory / "gateway.db").string()).value()};
    const access::pin_policy policy;
    const issued_pin one[]{{"M2", verifier(3)}};
    ASSERT_EQ(issue.store("kmss", one, policy, noon).value(), 1U);
    EXPECT_TRUE(issue.without_need("kmss", true, noon).value().contains("M2"));
    EXPECT_TRUE(issue.without_need("kmss", false, noon).value().empty());
    const auto later = noon + policy.one_time_valid_for;
    EXPECT_TRUE(issue.without_need("kmss", true, later).value().empty());
}

} // namespace
} // namespace uthan::db::sqlite::testing
