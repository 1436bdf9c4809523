#include "db/sqlite/generation_audit.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "tests/unit/db/ledger/delivery.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

// The table that facts' schedules are read from says what the instalments say.
namespace uthan::db::sqlite::testing {
namespace {

using members::exchange::import_outcome;
using ::testing::IsEmpty;

class random_delivery {
public:
    explicit random_delivery(std::uint64_t seed) : random_(seed) {
        files_.files["branches.csv"] = "branch_code,name_bn,parent_code\n";
        files_.files["groups.csv"] = "group_code,branch_code,name_bn,meeting_dow\n";
        files_.files["members.csv"] = "member_code,name_bn,status,group_code\n";
        files_.files["loans.csv"] =
            "loan_no,member_code,principal,charge_total,installments,period,disbursed_on,"
            "first_due_on,paid_total,outstanding_total,status\n";
    }

    void add_office(const std::string& code) {
        files_.add("branches.csv", code + ",ক,");
        files_.add("groups.csv", fmt::format("G{0},{0},খ,3", code));
    }
    void add_member(const std::string& code, const std::string& office) {
        files_.add("members.csv", fmt::format("{},গ,active,G{}", code, office));
        for (std::uint64_t loan = random_() % 5; loan > 0; --loan) {
            add_loan(fmt::format("L{}", ++loans_), code);
        }
    }

    /// The schedule's rows in an order of their own.
    delivery take() {
        std::ranges::shuffle(rows_, random_);
        // Some loans' rows stay together, as in a delivery that is nearly sorted.
        std::ranges::stable_sort(rows_, {}, [](const auto& row) { return row.first % 3; });
        auto& schedule = files_.files["schedule.csv"];
        schedule = "loan_no,seq,due_on,total_due,paid\n";
        for (const auto& [loan, line] : rows_) {
            schedule += line + "\n";
        }
        return std::move(files_);
    }

    int loans_ = 0;

private:
    void add_loan(const std::string& number, const std::string& member) {
        const auto instalments = 1 + random_() % 50;
        const auto principal = 1000 * instalments;
        const auto first = *parse_day("2025-11-01") + std::chrono::days{random_() % 300};
        files_.add("loans.csv",
                   fmt::format("{},{},{},0,{},W,2025-10-01,{},{},{},{}", number, member, principal,
                               instalments, to_iso(first), principal / 4, principal - principal / 4,
                               random_() % 4 == 0 ? "closed" : "active"));
        if (random_() % 4 == 0) {
            return; // Its schedule is computed.
        }
        for (std::uint64_t seq = 1; seq <= instalments; ++seq) {
            const auto due = first + std::chrono::weeks{seq};
            rows_.emplace_back(loans_,
                               fmt::format("{},{},{},{}.{:02},{}", number, seq, to_iso(due),
                                           random_() % 5000, random_() % 100, random_() % 3 * 500));
            if (random_() % 50 == 0) {
                rows_.emplace_back(loans_, rows_.back().second); // A bad row: the same once more.
            }
            if (random_() % 50 == 0) {
                rows_.emplace_back(loans_, fmt::format("{},{},{},1,0", number, seq + 60,
                                                       to_iso(first))); // Its day does not rise.
            }
        }
    }

    std::mt19937_64 random_;
    delivery files_;
    std::vector<std::pair<int, std::string>> rows_;
};

members::exchange::import_report import_with_bad_rows(import_world& world, const delivery& files) {
    files.write(world.directory / "delivery");
    auto request = world.request();
    request.bad_rows_max = 0.5;
    return run_import(request);
}

TEST(Dues, AreTheInstalmentsOfAnyDelivery) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        import_world world;
        random_delivery whole{seed};
        for (const char* office : {"B1", "B2", "B3"}) {
            whole.add_office(office);
            for (int i = 0; i < 20; ++i) {
                whole.add_member(fmt::format("{}M{}", office, i), office);
            }
        }
        auto report = import_with_bad_rows(world, whole.take());
        ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
        EXPECT_GT(report.schedules_made, 0U);
        EXPECT_GT(count(report, members::exchange::file_kind::schedule).bad, 0U);
        EXPECT_THAT(other_schedules(world, 1), IsEmpty());

        // B2 alone; a member of B1 has moved there, the others are carried over.
        random_delivery part{seed + 100};
        part.loans_ = 10'000;
        part.add_office("B2");
        for (int i = 0; i < 10; ++i) {
            part.add_member(fmt::format("B2M{}", i), "B2");
            part.add_member(fmt::format("B1M{}", i), "B2");
        }
        auto files = part.take();
        files.as_of = "2026-11-22";
        files.offices = {{"B2", files.as_of}};
        report = import_with_bad_rows(world, files);
        ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
        EXPECT_EQ(report.carried_members, 30U);
        EXPECT_THAT(other_schedules(world, 2), IsEmpty());
    }
}

/// What the audit of small()'s file says after a change of it.
error_code audit_after(const char* change) {
    import_world world;
    if (world.import(delivery::small()).outcome != import_outcome::published) {
        ADD_FAILURE();
    }
    const auto path = (world.ledger / "kmss/1.db").string();
    EXPECT_FALSE(connection::open(path, open_mode::read_write)->execute(change));
    members::exchange::findings said;
    return audit_loans({.path = path}, world.rules, said);
}

TEST(Dues, TheAuditRefusesAFileWhoseDuesAreNotItsInstalments) {
    EXPECT_FALSE(audit_after("SELECT 1"));
    for (const char* change :
         {"UPDATE instalments SET paid = 1 WHERE seq = 2",
          "UPDATE instalments SET total_due = 1 WHERE seq = 1",
          "UPDATE instalments SET due_on = due_on + 1 WHERE seq = 2",
          "UPDATE instalments SET seq = 7 WHERE seq = 4", "DELETE FROM instalments WHERE seq = 2",
          "DELETE FROM dues WHERE member_id = 1", "UPDATE dues SET rows = x'00'",
          "UPDATE dues SET rows = CAST(rows || rows AS BLOB)"}) {
        EXPECT_EQ(audit_after(change), errc::store_unavailable) << change;
    }
}

TEST(Dues, FactsOfABrokenFileAreAnError) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    const auto path = (world.ledger / "kmss/1.db").string();
    ASSERT_FALSE(connection::open(path, open_mode::read_write)
                     ->execute("UPDATE dues SET rows = substr(rows, 2)"));
    auto reader = ledger_reader::open(path, 1);
    EXPECT_EQ((*reader)->facts("M1").error(), errc::store_unavailable);
    EXPECT_TRUE((*reader)->facts("M2")); // She has no loan.
}

} // namespace
} // namespace uthan::db::sqlite::testing
