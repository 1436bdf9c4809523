#include "tests/unit/db/ledger/delivery.hpp"

#include "db/sqlite/generation_register.hpp"
#include "members/exchange/demo_data.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Warnings of what does not agree, loans with and without schedules, transactions.
namespace uthan::db::sqlite::testing {
namespace {

using members::exchange::file_kind;
using members::exchange::import_outcome;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Import, WarnsOfWhatBreaksTheOrganisationsOwnRules) {
    import_world world;
    world.rules.groups = {.members_min = 2,
                          .members_max = 20,
                          .entry_age_min = 18,
                          .entry_age_max = 45,
                          .one_member_per_household = true};
    auto& product = world.rules.products.emplace_back();
    product.code = "KMSS";
    product.principal_min = money::taka(10'000);
    product.principal_max = money::taka(15'000);
    product.savings_first_bp = 5000;
    product.instalments = 4;
    world.rules.income_bands.push_back({{}, money::taka(50'000), money::taka(60'000)});
    auto files = delivery::small();
    files.files["members.csv"] =
        "member_code,name_bn,dob,household_id,group_code,msisdn,status,joined_on,income_class,"
        "annual_family_income,cohesion_code\n"
        "M1,ক,2000-01-01,H1,G1,123,active,2015-06-01,ka,60000.01,G9\n"
        "M2,খ,1985-01-01,H1,G1,,active,2015-06-01,ka,50000,\n"
        "M3,গ,1985-01-01,H1,G2,,dropout,2015-06-01,,,\n"
        "M4,ঘ,1985-01-01,H4,G3,,active,2015-06-01,,,\n";
    auto& loans = files.files["loans.csv"];
    loans.replace(loans.find(",2750,active"), 12, ",2700,active");
    auto& schedule = files.files["schedule.csv"];
    schedule.replace(schedule.find("L1,4,"), std::string::npos,
                     "L4,1,2026-11-17,10000,1000,11000,0,\nL4,2,2026-11-24,10000,1000,11000,0,\n");
    const auto report = world.import(files);
    const auto text = world.text_of(report);
    ASSERT_EQ(report.outcome, import_outcome::published) << text;
    for (const char* message :
         {"members.csv:2: warning: msisdn is not a phone number",
          "members.csv:2: warning: she was 15 when she joined; the rule is 18–45",
          "members.csv:2: warning: income_class is ka, but an income of 60000.01 is ga",
          "members.csv:2: warning: the cohesion group G9",
          "members.csv:3: warning: the household H1 has an active member already",
          "groups.csv:3: warning: the group has 0 active members; the rule is 2–20",
          "groups.csv:4: warning: the group has 1 active members",
          "loans.csv:2: warning: the instalments of loan L1 add up to 8250.00, principal",
          "warning: outstanding_total of loan L1 is 8250.00, its instalments leave 5500",
          "loans.csv:2: warning: loan L1 has 4 instalments, its schedule 3 rows",
          "loans.csv:2: warning: overdue_amount of loan L1 is 2700.00, by its schedule it is 2750",
          "loans.csv:2: warning: the savings for loan L1 are 2500.00; the rule is 5000.00",
          "loans.csv:3: warning: the principal 20000.00 is outside 10000.00–15000.00",
          "loans.csv:3: warning: there are 2 instalments; the rule of KMSS is 4"}) {
        EXPECT_THAT(text, HasSubstr(message));
    }
    EXPECT_THAT(text, Not(HasSubstr("groups.csv:2:")));
    EXPECT_THAT(text, Not(HasSubstr("members.csv:4:")));
    EXPECT_EQ(facts(world, 1, "M1")->who.msisdn, "");
}

TEST(Import, CountsWarningsOfAKindInsteadOfListingAll) {
    import_world world;
    auto files = delivery::small();
    for (int i = 0; i < 100; ++i) {
        files.add("members.csv", fmt::format("X{0},ক,K,F,,,G1,B1,12,active,", i));
    }
    const auto report = world.import(files);
    ASSERT_EQ(report.outcome, import_outcome::published);
    EXPECT_THAT(world.text_of(report), HasSubstr("… and 80 more like this"));
    EXPECT_LT(report.lines.size(), 60U);
}

TEST(Import, ThirtyLoansAreKeptAndSixtyOneRefused) {
    import_world world;
    const auto loan = [](int i) {
        return fmt::format(
            "N{:02},M2,KMSS,1,10000,0,flat,,2,W,2026-11-01,2026-11-20,,0,10000,,0,{},", i,
            i % 2 == 0 ? "active" : "closed");
    };
    auto files = delivery::small();
    for (int i = 0; i < 30; ++i) {
        files.add("loans.csv", loan(i));
        files.add("schedule.csv", fmt::format("N{:02},2,2026-11-27,5000,0,5000,0,", i));
        files.add("schedule.csv", fmt::format("N{:02},1,2026-11-20,5000,0,5000,0,", i));
    }
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    const auto all = facts(world, 1, "M2");
    ASSERT_EQ(all->loans.size(), 30U);
    EXPECT_EQ(all->loans[0].loan_no, "N00");
    EXPECT_EQ(all->loans[14].loan_no, "N28");
    EXPECT_EQ(all->loans[15].loan_no, "N01"); // Active ones come first.
    for (const auto& one : all->loans) {
        ASSERT_EQ(one.schedule.size(), 2U);
        EXPECT_EQ(one.schedule[0].seq, 1U);
    }
    for (int i = 30; i < 61; ++i) {
        files.add("loans.csv", loan(i));
    }
    const auto report = world.import(files);
    EXPECT_EQ(report.outcome, import_outcome::refused);
    EXPECT_THAT(world.text_of(report), HasSubstr("the member M2 has more than 60 loans"));
}

TEST(Import, LoansWithoutScheduleRowsGetAComputedOne) {
    import_world world;
    auto files = delivery::small();
    files.files.erase("schedule.csv");
    const auto report = world.import(files);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_EQ(report.schedules_made, 2U);
    EXPECT_THAT(world.text_of(report), HasSubstr("2 loans had no schedule rows"));
    const auto loan = facts(world, 1, "M1")->loans[0];
    ASSERT_EQ(loan.schedule.size(), 4U);
    EXPECT_EQ(to_iso(loan.schedule[0].due_on), "2026-11-08");
    EXPECT_EQ(loan.schedule[0].paid, money::taka(2750));
    EXPECT_EQ(loan.schedule[1].paid, money{});
    money total;
    for (const auto& row : loan.schedule) {
        total += row.total_due;
    }
    EXPECT_EQ(total, money::taka(11'000));
}

TEST(Import, ManyLoansGetComputedSchedulesAndWhatHasNoTermsIsSaid) {
    import_world world;
    auto files = delivery::small();
    for (int i = 0; i < 1200; ++i) {
        files.add("members.csv", fmt::format("X{},ক,K,F,,,G1,B1,,active,", i));
        files.add("loans.csv", fmt::format("X{0},X{0},KMSS,1,10000,0,flat,,2,W,2026-11-01,"
                                           "2026-11-20,,0,10000,,0,active,",
                                           i));
    }
    files.add("loans.csv", "Y,X0,KMSS,1,10000,0,flat,,5,X,2026-11-01,,,0,10000,,0,active,");
    const auto report = world.import(files);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_EQ(report.schedules_made, 1200U);
    EXPECT_THAT(world.text_of(report),
                HasSubstr("loans.csv:1204: warning: the loan has no schedule"));
    EXPECT_EQ(facts(world, 1, "X0")->loans[0].schedule.size(), 2U);
    EXPECT_EQ(facts(world, 1, "X1199")->loans[0].schedule.size(), 2U);
    EXPECT_EQ(facts(world, 1, "M1")->loans[0].schedule.size(), 4U);
}

TEST(Import, KeepsAllTransactionsAndReadsTheNewestTwelve) {
    import_world world;
    auto files = delivery::small();
    for (int i = 0; i < 40; ++i) {
        files.add("transactions.csv",
                  fmt::format("Y{:02},M2,A9,sav_deposit,{},2026-{:02}-{:02},,,cash", i, i + 1,
                              9 + i % 2, 1 + i / 2));
    }
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    const auto recent = activity(world, 1, "M2")->recent;
    ASSERT_EQ(recent.size(), members::recent_transactions_max);
    EXPECT_EQ(recent[0].txn_id, "Y39");
    EXPECT_EQ(recent[1].txn_id, "Y37");
    auto file = connection::open((world.ledger / "kmss/1.db").string(), open_mode::immutable);
    EXPECT_EQ(*file->scalar("SELECT count(*) FROM transactions"), 44);
}

TEST(Import, TheDemoOrganisationsHaveNoBadRow) {
    for (const char* organisation : {"mss", "kmss", "rss"}) {
        import_world world;
        members::exchange::write_demo_data({.organisation = organisation,
                                            .members = 400,
                                            .seed = 7,
                                            .as_of = *parse_day("2026-11-21"),
                                            .out = world.directory / "delivery"});
        auto request = world.request();
        request.organisation = organisation;
        const auto report = run_import(request);
        ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
        for (const auto& file : report.files) {
            EXPECT_EQ(file.bad + file.left_out, 0U) << world.text_of(report);
        }
        EXPECT_EQ(count(report, file_kind::members).kept(), 400U);
        EXPECT_TRUE(other_schedules(world, 1, organisation).empty());
        EXPECT_THAT(world.text_of(report), Not(HasSubstr("not known")));
        EXPECT_THAT(world.text_of(report), Not(HasSubstr("by its schedule")));
    }
}

} // namespace
} // namespace uthan::db::sqlite::testing
