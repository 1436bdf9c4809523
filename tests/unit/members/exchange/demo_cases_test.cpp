#include "members/exchange/demo_cases.hpp"

#include "core/money.hpp"
#include "demo_files.hpp"

#include <algorithm>

namespace uthan::members::exchange {
namespace {

std::string code_of(demo_case which, std::uint32_t offset = 0) {
    const std::string number = std::to_string(number_of(which) + offset);
    return "001" + std::string(6 - number.size(), '0') + number;
}

std::string first_of(demo_office which) {
    const std::string number = std::to_string(number_of(which));
    return std::string(3 - number.size(), '0') + number + "000001";
}

/// One organisation of a hundred members, read once.
struct small_organisation {
    explicit small_organisation(const std::string& code) {
        demo_directory files;
        write_demo_data(request_for(code, 100, files.path()));
        for (demo_row& row : rows_of(files.path() / "members.csv")) {
            members[row.at("member_code")] = row;
        }
        loans = rows_of(files.path() / "loans.csv");
        schedule = rows_of(files.path() / "schedule.csv");
        savings = rows_of(files.path() / "savings_accounts.csv");
        transactions = rows_of(files.path() / "transactions.csv");
        applications = rows_of(files.path() / "applications.csv");
        groups = rows_of(files.path() / "groups.csv");
        holidays = rows_of(files.path() / "holidays.csv");
        moratoria = rows_of(files.path() / "moratoria.csv");
        manifest = bytes_of(files.path() / "manifest.json");
    }

    static std::vector<demo_row> where(const std::vector<demo_row>& rows, std::string_view column,
                                       std::string_view value) {
        std::vector<demo_row> found;
        std::copy_if(rows.begin(), rows.end(), std::back_inserter(found),
                     [&](const demo_row& row) { return row.find(column)->second == value; });
        return found;
    }
    std::vector<demo_row> loans_of(const std::string& code) const {
        return where(loans, "member_code", code);
    }
    std::vector<demo_row> schedule_of(const std::string& loan_no) const {
        return where(schedule, "loan_no", loan_no);
    }
    std::vector<demo_row> savings_of(const std::string& code) const {
        return where(savings, "member_code", code);
    }
    std::vector<demo_row> transactions_of(const std::string& code) const {
        return where(transactions, "member_code", code);
    }
    std::size_t sharing(const std::string& phone) const {
        return static_cast<std::size_t>(
            std::count_if(members.begin(), members.end(),
                          [&](const auto& m) { return m.second.at("msisdn") == phone; }));
    }
    const std::string& phone_of(const std::string& code) const {
        return members.at(code).at("msisdn");
    }

    std::map<std::string, demo_row> members;
    std::vector<demo_row> loans, schedule, savings, transactions, applications, groups, holidays,
        moratoria;
    std::string manifest;
};

class DemoCases : public ::testing::TestWithParam<const char*> {
protected:
    DemoCases() : all(GetParam()) {}

    /// Open amounts of the case's first loan on rows due until the as-of.
    unsigned unpaid_due_rows(demo_case which) const {
        unsigned count = 0;
        for (const demo_row& row :
             all.schedule_of(all.loans_of(code_of(which)).at(0).at("loan_no"))) {
            count += row.at("due_on") <= "2026-11-21" && row.at("status") != "paid" ? 1 : 0;
        }
        return count;
    }
    unsigned rows_paid_ahead(demo_case which, std::string_view status) const {
        unsigned count = 0;
        for (const demo_row& row :
             all.schedule_of(all.loans_of(code_of(which)).at(0).at("loan_no"))) {
            count += row.at("due_on") > "2026-11-21" && row.at("status") == status ? 1 : 0;
        }
        return count;
    }

    small_organisation all;
};

TEST_P(DemoCases, PhonesAreSharedByTwoThreeAndTen) {
    EXPECT_EQ(all.phone_of(code_of(demo_case::without_phone)), "");
    EXPECT_EQ(all.sharing(all.phone_of(code_of(demo_case::shared_by_two))), 2U);
    EXPECT_EQ(all.sharing(all.phone_of(code_of(demo_case::shared_by_three))), 3U);
    EXPECT_EQ(all.sharing(all.phone_of(code_of(demo_case::shared_by_ten))), 10U);
    EXPECT_EQ(all.phone_of(code_of(demo_case::closed_on_a_shared_phone)),
              all.phone_of(code_of(demo_case::beside_a_closed_member)));
}

TEST_P(DemoCases, MembersOfEveryStandingAreThere) {
    EXPECT_EQ(all.members.at(code_of(demo_case::closed_member)).at("status"), "closed");
    EXPECT_EQ(all.members.at(code_of(demo_case::closed_on_a_shared_phone)).at("status"), "closed");
    EXPECT_EQ(all.members.at(code_of(demo_case::dropout)).at("status"), "dropout");
    EXPECT_EQ(all.members.at(code_of(demo_case::english)).at("language"), "en");
    EXPECT_EQ(all.members.at(code_of(demo_case::consent_yes)).at("sms_consent"), "yes");
    EXPECT_EQ(all.members.at(code_of(demo_case::consent_no)).at("sms_consent"), "no");
    EXPECT_EQ(all.members.at(code_of(demo_case::consent_not_said)).at("sms_consent"), "");
    EXPECT_EQ(all.members.at(code_of(demo_case::one_household)).at("household_id"),
              all.members.at(code_of(demo_case::one_household, 1)).at("household_id"));
    EXPECT_GT(all.members.at(code_of(demo_case::too_young)).at("dob"), "2008-11-21");
    EXPECT_LT(all.members.at(code_of(demo_case::too_old)).at("dob"), "1965-11-21");
    EXPECT_EQ(all.members.at(code_of(demo_case::without_group)).at("group_code"), "");
    EXPECT_EQ(all.members.at(code_of(demo_case::empty_columns)).at("dob"), "");
    EXPECT_EQ(all.members.at(code_of(demo_case::name_of_sixty_graphemes)).at("name_en").size(),
              60U);
    const auto group = small_organisation::where(
        all.groups, "group_code",
        all.members.at(code_of(demo_case::group_without_meeting_day)).at("group_code"));
    EXPECT_EQ(group.at(0).at("meeting_dow"), "");
    EXPECT_EQ(group.at(0).at("staff_code"), "");
}

TEST_P(DemoCases, LoansAreNoneOneTwoAndThirty) {
    EXPECT_EQ(all.loans_of(code_of(demo_case::regular)).size(), 1U);
    EXPECT_EQ(all.loans_of(code_of(demo_case::two_loans)).size(), 2U);
    EXPECT_EQ(all.loans_of(code_of(demo_case::thirty_loans)).size(), 30U);
    EXPECT_EQ(all.loans_of(code_of(demo_case::never_borrowed)).size(), 0U);
    EXPECT_EQ(all.loans_of(code_of(demo_case::loan_repaid)).at(0).at("status"), "closed");
    EXPECT_EQ(all.loans_of(code_of(demo_case::loan_repaid)).at(0).at("outstanding_total"), "0");
    EXPECT_EQ(all.loans_of(code_of(demo_case::written_off)).at(0).at("status"), "written_off");
    const auto two = all.loans_of(code_of(demo_case::one_repaid_one_running));
    EXPECT_EQ(two.at(0).at("status") + two.at(1).at("status"), "closedactive");
    const auto bare = all.loans_of(code_of(demo_case::loan_without_schedule)).at(0);
    EXPECT_TRUE(all.schedule_of(bare.at("loan_no")).empty());
}

TEST_P(DemoCases, ArrearsAndAdvancesAreAsNamed) {
    EXPECT_EQ(unpaid_due_rows(demo_case::regular), 0U);
    EXPECT_EQ(unpaid_due_rows(demo_case::overdue_by_one), 1U);
    EXPECT_EQ(unpaid_due_rows(demo_case::overdue_by_five), 5U);
    EXPECT_EQ(unpaid_due_rows(demo_case::last_paid_in_part), 1U);
    for (const auto which : {demo_case::overdue_by_one, demo_case::overdue_by_five,
                             demo_case::last_paid_in_part, demo_case::past_the_last_due_date}) {
        const auto loan = all.loans_of(code_of(which)).at(0);
        EXPECT_NE(loan.at("overdue_amount"), "0") << code_of(which);
        EXPECT_NE(loan.at("overdue_since"), "") << code_of(which);
    }
    for (const auto& loan : all.loans_of(code_of(demo_case::overdue_on_both_loans))) {
        EXPECT_NE(loan.at("overdue_amount"), "0");
    }
    EXPECT_EQ(rows_paid_ahead(demo_case::advance_two_whole, "paid"), 2U);
    EXPECT_EQ(rows_paid_ahead(demo_case::advance_in_part, "partial"), 1U);
    EXPECT_EQ(rows_paid_ahead(demo_case::advance_whole_and_part, "paid"), 1U);
    EXPECT_EQ(rows_paid_ahead(demo_case::advance_whole_and_part, "partial"), 1U);
    EXPECT_EQ(all.loans_of(code_of(demo_case::nothing_due_yet)).at(0).at("paid_total"), "0");
    EXPECT_LT(all.loans_of(code_of(demo_case::past_the_last_due_date)).at(0).at("last_due_on"),
              "2026-11-21");
    EXPECT_EQ(rows_paid_ahead(demo_case::last_instalment_left, "open"), 1U);
}

TEST_P(DemoCases, SavingsAreNoneManyAndHuge) {
    EXPECT_EQ(all.savings_of(code_of(demo_case::without_savings)).size(), 0U);
    EXPECT_EQ(all.savings_of(code_of(demo_case::savings_of_every_kind)).size(), 7U);
    const auto huge = all.savings_of(code_of(demo_case::savings_of_a_hundred_crore));
    EXPECT_EQ(huge.at(0).at("balance"), "999999999");
    EXPECT_EQ(all.savings_of(code_of(demo_case::poisha)).at(0).at("balance"), "1234.56");
}

TEST_P(DemoCases, TransactionsAreNoneManyAndReversed) {
    EXPECT_TRUE(all.transactions_of(code_of(demo_case::without_transactions)).empty());
    const auto many = all.transactions_of(code_of(demo_case::many_transactions));
    EXPECT_GE(many.size(), 12U);
    for (const auto* kind : {"loan_repay", "sav_deposit", "interest", "adjust"}) {
        EXPECT_FALSE(small_organisation::where(many, "kind", kind).empty()) << kind;
    }
    const auto reversed = all.transactions_of(code_of(demo_case::reversed_payment));
    EXPECT_EQ(reversed.back().at("kind"), "reversal");
    EXPECT_EQ(reversed.back().at("reverses_txn_id"), reversed.at(reversed.size() - 2).at("txn_id"));
}

TEST_P(DemoCases, OfficesShowTheirOwnCases) {
    EXPECT_NE(all.manifest.find("\"002\":\"2026-11-17\""), std::string::npos);
    EXPECT_NE(all.manifest.find("\"006\":\"2026-11-12\""), std::string::npos);
    EXPECT_EQ(all.moratoria.at(0).at("scope_code"), "003");
    for (const auto& [which, code] : {std::pair{demo_office::holiday_ahead, "004"},
                                      std::pair{demo_office::holiday_behind, "005"}}) {
        const auto holiday = small_organisation::where(all.holidays, "scope_code", code).at(0);
        const auto loan = all.loans_of(first_of(which)).at(0);
        const auto rows = all.schedule_of(loan.at("loan_no"));
        EXPECT_FALSE(small_organisation::where(rows, "due_on", holiday.at("date")).empty());
        EXPECT_EQ(loan.at("overdue_amount"), "0");
        const auto group = small_organisation::where(
            all.groups, "group_code", all.members.at(first_of(which)).at("group_code"));
        EXPECT_EQ(group.at(0).at("meeting_dow"),
                  std::to_string(iso_weekday(*parse_day(holiday.at("date")))));
    }
}

INSTANTIATE_TEST_SUITE_P(Organisations, DemoCases, ::testing::Values("mss", "kmss", "rss"),
                         [](const auto& one) { return std::string{one.param}; });

TEST(DemoCasesOfRss, ApplicationsAreThereInEveryStatusOfBothTypes) {
    const small_organisation rss{"rss"};
    std::map<std::string, unsigned> seen;
    for (const demo_row& row : rss.applications) {
        ++seen[row.at("type") + " " + row.at("status")];
    }
    EXPECT_GE(seen.size(), 16U);
    EXPECT_EQ(rss.members.at(code_of(demo_case::class_ga)).at("income_class"), "ga");
    for (unsigned which = 0; which < 3; ++which) {
        const auto loan = rss.loans_of(code_of(demo_case::one_instalment, which)).at(0);
        EXPECT_EQ(loan.at("product_code"), "RSS-" + std::to_string(which + 1));
        EXPECT_EQ(loan.at("period"), "X");
    }
}

} // namespace
} // namespace uthan::members::exchange
