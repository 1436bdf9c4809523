#include "members/exchange/demo_data.hpp"

#include "core/money.hpp"
#include "demo_files.hpp"

#include <boost/json.hpp>
#include <openssl/evp.h>

#include <set>

namespace uthan::members::exchange {
namespace {

std::string sha256_of(const std::string& bytes) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] / 16];
        hex += "0123456789abcdef"[digest[i] % 16];
    }
    return hex;
}

money amount(const std::string& text) {
    const auto read = parse_money(text);
    EXPECT_TRUE(read) << text;
    return read.value_or(money{});
}

class DemoData : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override { write_demo_data(request_for(GetParam(), 300, files.path())); }
    std::vector<demo_row> rows(std::string_view name) const { return rows_of(files.path() / name); }

    demo_directory files;
};

TEST_P(DemoData, SameRequestSameBytes) {
    demo_directory again;
    write_demo_data(request_for(GetParam(), 300, again.path()));
    std::size_t compared = 0;
    for (const auto& entry : std::filesystem::directory_iterator{files.path()}) {
        const std::string bytes = bytes_of(entry.path());
        EXPECT_FALSE(bytes.empty()) << entry.path();
        EXPECT_EQ(bytes, bytes_of(again.path() / entry.path().filename())) << entry.path();
        ++compared;
    }
    EXPECT_EQ(compared, 13U);
}

TEST_P(DemoData, AnotherSeedGivesOtherMembers) {
    demo_directory other;
    demo_request request = request_for(GetParam(), 300, other.path());
    request.seed = 2;
    write_demo_data(request);
    EXPECT_NE(bytes_of(files.path() / "members.csv"), bytes_of(other.path() / "members.csv"));
}

TEST_P(DemoData, AMemberDoesNotDependOnHowManyFollowHerInHerOffice) {
    demo_directory more;
    write_demo_data(request_for(GetParam(), 301, more.path()));
    const auto few = rows("members.csv");
    const auto many = rows_of(more.path() / "members.csv");
    for (std::size_t i = 0; i < 60; ++i) {
        EXPECT_EQ(few[i].at("name_bn"), many[i].at("name_bn"));
        EXPECT_EQ(few[i].at("msisdn"), many[i].at("msisdn"));
    }
}

TEST_P(DemoData, TheManifestCountsAndDigestsEveryFile) {
    const auto manifest = boost::json::parse(bytes_of(files.path() / "manifest.json"));
    EXPECT_EQ(manifest.at("organisation").as_string(), GetParam());
    EXPECT_EQ(manifest.at("as_of").as_string(), "2026-11-21");
    EXPECT_FALSE(manifest.at("assumed").as_array().empty());
    const auto& described = manifest.at("files").as_object();
    EXPECT_EQ(described.size(), 12U);
    for (const auto& [name, file] : described) {
        const std::string bytes = bytes_of(files.path() / std::string{name});
        const auto lines = std::count(bytes.begin(), bytes.end(), '\n');
        EXPECT_EQ(file.at("rows").to_number<std::int64_t>(), lines - 1) << name;
        EXPECT_EQ(file.at("sha256").as_string(), sha256_of(bytes)) << name;
    }
    for (const demo_row& office : rows("branches.csv")) {
        EXPECT_TRUE(manifest.at("offices").as_object().contains(office.at("branch_code")));
    }
}

TEST_P(DemoData, MembersAndTheirRowsAreSortedByMember) {
    std::string last;
    std::set<std::string> seen;
    for (const demo_row& member : rows("members.csv")) {
        EXPECT_LT(last, member.at("member_code"));
        last = member.at("member_code");
        seen.insert(last);
    }
    EXPECT_EQ(seen.size(), 300U);
    for (const auto* name : {"savings_accounts.csv", "loans.csv", "transactions.csv"}) {
        last.clear();
        for (const demo_row& row : rows(name)) {
            EXPECT_LE(last, row.at("member_code")) << name;
            EXPECT_TRUE(seen.contains(row.at("member_code"))) << name;
            last = row.at("member_code");
        }
        EXPECT_FALSE(last.empty()) << name;
    }
}

TEST_P(DemoData, TheKthDistinctPhoneIsThePrefixPlusK) {
    const std::map<std::string, std::uint64_t> prefixes{
        {"mss", 8801710000000}, {"kmss", 8801810000000}, {"rss", 8801510000000}};
    std::uint64_t k = 0;
    std::set<std::string> seen;
    for (const demo_row& member : rows("members.csv")) {
        const std::string& phone = member.at("msisdn");
        if (!phone.empty() && seen.insert(phone).second) {
            EXPECT_EQ(phone, std::to_string(prefixes.at(GetParam()) + ++k));
        }
    }
    EXPECT_GT(k, 200U);
}

TEST_P(DemoData, ALoansFiguresAgreeWithItsSchedule) {
    std::map<std::string, std::vector<demo_row>> schedules;
    for (const demo_row& row : rows("schedule.csv")) {
        schedules[row.at("loan_no")].push_back(row);
    }
    std::size_t without = 0;
    for (const demo_row& loan : rows("loans.csv")) {
        SCOPED_TRACE(loan.at("loan_no"));
        const money total = amount(loan.at("principal")) + amount(loan.at("charge_total"));
        EXPECT_EQ(amount(loan.at("outstanding_total")), total - amount(loan.at("paid_total")));
        const auto found = schedules.find(loan.at("loan_no"));
        if (found == schedules.end()) {
            ++without;
            continue;
        }
        money due;
        money paid;
        money principal_left = amount(loan.at("principal"));
        bool open_seen = false;
        for (const demo_row& row : found->second) {
            const money row_paid = amount(row.at("paid"));
            EXPECT_EQ(amount(row.at("principal_due")) + amount(row.at("charge_due")),
                      amount(row.at("total_due")));
            EXPECT_LE(row_paid, amount(row.at("total_due")));
            EXPECT_FALSE(open_seen && row_paid > money{}) << "oldest first";
            open_seen = open_seen || row_paid < amount(row.at("total_due"));
            principal_left -= std::max(row_paid - amount(row.at("charge_due")), money{});
            due += amount(row.at("total_due"));
            paid += row_paid;
        }
        EXPECT_EQ(std::to_string(found->second.size()), loan.at("installments"));
        EXPECT_EQ(due, total);
        EXPECT_EQ(paid, amount(loan.at("paid_total")));
        EXPECT_EQ(principal_left, amount(loan.at("outstanding_principal")));
        EXPECT_EQ(found->second.front().at("due_on"), loan.at("first_due_on"));
        EXPECT_EQ(found->second.back().at("due_on"), loan.at("last_due_on"));
    }
    EXPECT_EQ(without, 1U);
}

TEST_P(DemoData, BalancesAfterTransactionsLeadToTheAccounts) {
    std::map<std::string, std::string> balances;
    for (const demo_row& row : rows("savings_accounts.csv")) {
        balances[row.at("account_no")] = row.at("balance");
    }
    for (const demo_row& row : rows("loans.csv")) {
        balances[row.at("loan_no")] = row.at("outstanding_total");
    }
    std::map<std::string, money> last;
    std::map<std::string, std::string> last_day;
    for (const demo_row& row : rows("transactions.csv")) {
        const std::string& account = row.at("account_no");
        const money after = amount(row.at("balance_after"));
        const bool grows = row.at("kind") == "sav_deposit" || row.at("kind") == "interest" ||
                           row.at("kind") == "adjust" || row.at("kind") == "reversal";
        if (const auto before = last.find(account); before != last.end()) {
            const money change = amount(row.at("amount"));
            EXPECT_EQ(after, before->second + (grows ? change : -change)) << row.at("txn_id");
        }
        EXPECT_LE(last_day[row.at("member_code")], row.at("txn_on")) << row.at("txn_id");
        last_day[row.at("member_code")] = row.at("txn_on");
        last[account] = after;
    }
    for (const auto& [account, after] : last) {
        EXPECT_EQ(after, amount(balances.at(account))) << account;
    }
}

TEST_P(DemoData, SomeEnglishNamesAreLeftToTheImport) {
    for (const auto& [file, column] :
         {std::pair{"members.csv", "name_en"}, std::pair{"groups.csv", "name_en"},
          std::pair{"branches.csv", "name_en"}}) {
        std::size_t empty = 0;
        const auto all = rows(file);
        for (const demo_row& row : all) {
            empty += row.at(column).empty() ? 1 : 0;
        }
        EXPECT_GT(empty, 0U) << file;
        EXPECT_LT(empty, all.size()) << file;
    }
}

INSTANTIATE_TEST_SUITE_P(Organisations, DemoData, ::testing::Values("mss", "kmss", "rss"),
                         [](const auto& one) { return std::string{one.param}; });

TEST(DemoDataRequest, IsRefusedForAnUnknownOrganisationOrSize) {
    demo_directory files;
    EXPECT_THROW(write_demo_data(request_for("brac", 100, files.path())), std::invalid_argument);
    EXPECT_THROW(write_demo_data(request_for("mss", 0, files.path())), std::invalid_argument);
    EXPECT_THROW(write_demo_data(request_for("mss", demo_members_max + 1, files.path())),
                 std::invalid_argument);
}

TEST(DemoDataRequest, FailsWhenTheDirectoryCannotBeMade) {
    demo_directory files;
    std::ofstream{files.path() / "taken"} << "a file";
    EXPECT_ANY_THROW(write_demo_data(request_for("mss", 10, files.path() / "taken")));
}

TEST(DemoDataRequest, HasTheMembersAskedForHoweverFew) {
    for (const std::uint32_t members : {1U, 2U, 17U, 81U, 82U, 99U}) {
        for (const auto* organisation : {"mss", "kmss", "rss"}) {
            demo_directory files;
            write_demo_data(request_for(organisation, members, files.path()));
            EXPECT_EQ(rows_of(files.path() / "members.csv").size(), members);
        }
    }
}

TEST(DemoDataShape, KmssHasItsFourteenAreasAndFifteenPointSevenMembersAGroup) {
    demo_directory files;
    write_demo_data(request_for("kmss", 1100, files.path()));
    std::size_t branches = 0;
    for (const demo_row& office : rows_of(files.path() / "branches.csv")) {
        branches += office.at("level") == "branch" ? 1 : 0;
    }
    EXPECT_EQ(branches, 14U);
    std::size_t groups = 0;
    for (const demo_row& group : rows_of(files.path() / "groups.csv")) {
        groups += group.at("kind") == "group" ? 1 : 0;
    }
    EXPECT_NEAR(1100.0 / static_cast<double>(groups), 15.7, 0.5);
}

TEST(DemoDataShape, LoansStayInsideThePublishedLimits) {
    const std::map<std::string, std::pair<money, money>> limits{
        {"kmss", {money::taka(10'000), money::taka(500'001)}},
        {"rss", {money::taka(5'000), money::taka(50'001)}}};
    for (const auto& [organisation, limit] : limits) {
        demo_directory files;
        write_demo_data(request_for(organisation, 1000, files.path()));
        for (const demo_row& loan : rows_of(files.path() / "loans.csv")) {
            const money principal = amount(loan.at("principal"));
            EXPECT_GE(principal, limit.first);
            EXPECT_LE(principal, limit.second);
            if (organisation == "rss") {
                EXPECT_EQ(loan.at("charge_method"), "service_charge");
            } else {
                EXPECT_EQ(loan.at("installments"), "46");
            }
        }
    }
}

TEST(DemoDataShape, TheGeneralLoanOfMssIsOfThePublishedAverage) {
    demo_directory files;
    write_demo_data(request_for("mss", 5000, files.path()));
    double sum = 0;
    double count = 0;
    for (const demo_row& loan : rows_of(files.path() / "loans.csv")) {
        if (loan.at("product_code") == "JAGORON") {
            sum += static_cast<double>(amount(loan.at("principal")).poisha) / 100;
            ++count;
        }
    }
    EXPECT_NEAR(sum / count, 73'683, 2'000);
}

} // namespace
} // namespace uthan::members::exchange
