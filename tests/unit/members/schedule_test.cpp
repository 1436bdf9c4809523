#include "members/schedule.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::members {
namespace {

using examples::day;

schedule_terms weekly_terms(money principal, money charge, unsigned n) {
    schedule_terms terms;
    terms.principal = principal;
    terms.charge_total = charge;
    terms.instalments = n;
    terms.disbursed_on = day("2026-01-04"); // a Sunday
    terms.first_due_days_min = 15;
    terms.meeting_weekday = 2;
    return terms;
}

money sum_of(const std::vector<instalment>& rows, money instalment::*field) {
    money sum;
    for (const instalment& row : rows) {
        sum += row.*field;
    }
    return sum;
}

struct published {
    const char* name;
    std::int64_t principal;
    unsigned charge_bp;
    unsigned n;
    std::int64_t each;
    std::int64_t last;
};

TEST(Schedule, PublishedExamplesComeOutExactly) {
    const published cases[] = {
        {"KMSS 10,000", 10'000, 1'250, 46, 245, 225},
        {"KMSS 50,000", 50'000, 1'250, 46, 1'225, 1'125},
        {"KMSS 500,000", 500'000, 1'250, 46, 12'230, 12'150},
        {"RSS-10 5,000", 5'000, 500, 10, 525, 525},
        {"RSS-10 30,000", 30'000, 500, 10, 3'150, 3'150},
        {"RSS-10 50,000", 50'000, 500, 10, 5'250, 5'250},
        {"RSS-1 30,000", 30'000, 500, 1, 31'500, 31'500},
        {"RSS-2 30,000", 30'000, 500, 2, 15'750, 15'750},
        {"RSS-3 30,000", 30'000, 500, 3, 10'500, 10'500},
    };
    for (const published& c : cases) {
        SCOPED_TRACE(c.name);
        const money principal = money::taka(c.principal);
        const auto rows =
            make_schedule(weekly_terms(principal, flat_charge(principal, c.charge_bp), c.n));
        ASSERT_EQ(rows.size(), c.n);
        for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
            EXPECT_EQ(rows[i].total_due, money::taka(c.each));
        }
        EXPECT_EQ(rows.back().total_due, money::taka(c.last));
    }
}

TEST(Schedule, DecliningInstalmentsAreThePublishedOnes) {
    const money principal = money::taka(10'000);
    EXPECT_EQ(declining_instalment(principal, 2'400, 52, 46), money{24'178});
    EXPECT_EQ(declining_charge(principal, 2'400, 52, 46), money{112'205});
    EXPECT_EQ(declining_instalment(money::taka(1'200), 0, 12, 12), money::taka(100));
    EXPECT_EQ(declining_charge(money::taka(1'200), 0, 12, 12), money{});
    // One period: the principal and one period's interest.
    EXPECT_EQ(declining_instalment(money::taka(1'200), 1'200, 12, 1), money::taka(1'212));
}

TEST(Schedule, DecliningInstalmentsAgreeWithTheBalanceTheyRepay) {
    // The instalment and the balance are computed independently: paying it n times with interest on
    // the rest leaves less than half a poisha per payment, grown by interest.
    std::mt19937_64 random(20'260'101);
    for (int round = 0; round < 2'000; ++round) {
        const unsigned n = 1 + static_cast<unsigned>(random() % 104);
        const unsigned bp = 1 + static_cast<unsigned>(random() % 4'000);
        const money principal{100'000 + static_cast<std::int64_t>(random() % 1'000'000'000)};
        const auto each =
            static_cast<long double>(declining_instalment(principal, bp, 52, n).poisha);
        auto left = static_cast<long double>(principal.poisha);
        long double grown = 0;
        for (unsigned i = 0; i < n; ++i) {
            const long double factor = 1 + static_cast<long double>(bp) / 10'000 / 52;
            left = left * factor - each;
            grown = grown * factor + 0.51L;
        }
        ASSERT_LE(std::abs(left), grown) << "n " << n << " bp " << bp;
    }
}

TEST(Schedule, SmallerUnitIsTakenWhenTheLastInstalmentWouldVanish) {
    // 12 in 5 instalments: 5 taka each leaves nothing for the last ones, 3 taka does not either
    // (4 × 3 = 12), so it is poisha.
    const auto rows = make_schedule(weekly_terms(money::taka(12), {}, 5));
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(rows[0].total_due, money{240});
    EXPECT_EQ(rows[4].total_due, money{240});

    // Five poisha in 4 rows: 2 each is gone after 3, so the shares differ by one.
    const auto shares = make_schedule(weekly_terms(money{5}, {}, 4));
    ASSERT_EQ(shares.size(), 4U);
    EXPECT_EQ(shares[0].total_due, money{2});
    EXPECT_EQ(shares[3].total_due, money{1});

    auto by_ten = weekly_terms(money::taka(1'000), {}, 46);
    by_ten.rounding_unit = money::taka(10);
    const auto ten = make_schedule(by_ten);
    // By 10: 45 × 30 > 1,000; by 5: 45 × 25 > 1,000; by 1: 45 × 22 = 990, last 10.
    EXPECT_EQ(ten.front().total_due, money::taka(22));
    EXPECT_EQ(ten.back().total_due, money::taka(10));
}

TEST(Schedule, FirstWeeklyInstalmentIsTheFirstMeetingAtLeastFifteenDaysLater) {
    // Disbursed on Sunday 4 January; day 15 is Monday 19 January.
    const std::pair<unsigned, const char*> cases[] = {
        {1, "2026-01-19"}, {2, "2026-01-20"}, {3, "2026-01-21"}, {4, "2026-01-22"},
        {5, "2026-01-23"}, {6, "2026-01-24"}, {7, "2026-01-25"}};
    for (const auto& [weekday, first] : cases) {
        auto terms = weekly_terms(money::taka(10'000), money::taka(1'250), 46);
        terms.meeting_weekday = weekday;
        const auto rows = make_schedule(terms);
        EXPECT_EQ(rows[0].due_on, day(first));
        EXPECT_EQ(rows[45].due_on, day(first) + std::chrono::days{7 * 45});
    }
}

TEST(Schedule, WeeklyDatesWithoutAMeetingDayFollowTheLeastDays) {
    auto terms = weekly_terms(money::taka(1'000), {}, 3);
    terms.meeting_weekday.reset();
    EXPECT_EQ(make_schedule(terms)[0].due_on, day("2026-01-19"));
    terms.first_due_days_min = 0;
    EXPECT_EQ(make_schedule(terms)[0].due_on, day("2026-01-11"));
    terms.period = repayment_period::fortnightly;
    EXPECT_EQ(make_schedule(terms)[0].due_on, day("2026-01-18"));
    EXPECT_EQ(make_schedule(terms)[1].due_on, day("2026-02-01"));
    terms.first_due_on = day("2026-03-03");
    EXPECT_EQ(make_schedule(terms)[0].due_on, day("2026-03-03"));
}

TEST(Schedule, MonthlyDatesAreClampedAndKeepTheOriginalDay) {
    schedule_terms terms;
    terms.principal = money::taka(5'000);
    terms.charge_total = money::taka(250);
    terms.method = charge_method::service_charge;
    terms.period = repayment_period::monthly;
    terms.instalments = 10;
    terms.disbursed_on = day("2026-12-31");
    terms.first_due_offset_months = 2;
    const char* expected[] = {"2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30",
                              "2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31", "2027-11-30"};
    const auto rows = make_schedule(terms);
    ASSERT_EQ(rows.size(), 10U);
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_EQ(rows[i].due_on, day(expected[i]));
    }

    // A given first date that is the clamped one means the same; any other day keeps itself.
    terms.first_due_on = day("2027-02-28");
    EXPECT_EQ(make_schedule(terms)[1].due_on, day("2027-03-31"));
    terms.first_due_on = day("2027-02-27");
    EXPECT_EQ(make_schedule(terms)[1].due_on, day("2027-03-27"));

    terms.first_due_on.reset();
    terms.first_due_offset_months = 1;
    terms.disbursed_on = day("2028-01-31");
    EXPECT_EQ(make_schedule(terms)[0].due_on, day("2028-02-29"));
}

TEST(Schedule, IrregularDatesAreTheGivenOnes) {
    schedule_terms terms;
    terms.principal = money::taka(30'000);
    terms.charge_total = money::taka(1'500);
    terms.period = repayment_period::irregular;
    terms.instalments = 3;
    terms.dates = {day("2026-05-01"), day("2026-09-01"), day("2027-01-01")};
    const auto rows = make_schedule(terms);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[1].due_on, day("2026-09-01"));
    EXPECT_EQ(rows[1].total_due, money::taka(10'500));
    EXPECT_EQ(rows[1].charge_due, money::taka(500));

    terms.dates[1] = terms.dates[0];
    EXPECT_TRUE(make_schedule(terms).empty());
    terms.dates.pop_back();
    EXPECT_TRUE(make_schedule(terms).empty());
}

TEST(Schedule, ImpossibleTermsMakeNone) {
    EXPECT_TRUE(make_schedule(weekly_terms(money::taka(1'000), {}, 0)).empty());
    EXPECT_TRUE(make_schedule(weekly_terms(money{}, {}, 4)).empty());
    EXPECT_TRUE(make_schedule(weekly_terms(money{-5}, {}, 4)).empty());
    EXPECT_TRUE(make_schedule(weekly_terms(money::taka(10), money{-1}, 4)).empty());
    EXPECT_TRUE(make_schedule(weekly_terms(money{3}, {}, 4)).empty());
    EXPECT_TRUE(make_schedule(weekly_terms(money_max + money{1}, {}, 4)).empty());
    EXPECT_TRUE(make_schedule(weekly_terms(money::taka(99'999), {}, 401)).empty());
    auto terms = weekly_terms(money::taka(1'000), {}, 4);
    terms.meeting_weekday = 8;
    EXPECT_TRUE(make_schedule(terms).empty());
}

TEST(Schedule, DecliningSplitFollowsTheOutstandingPrincipal) {
    auto terms = weekly_terms(money::taka(10'000), money{112'205}, 46);
    terms.method = charge_method::declining;
    terms.annual_rate_bp = 2'400;
    const auto rows = make_schedule(terms);
    // 24 % / 52 of 10,000 is 46.15; the first instalment is 245.
    EXPECT_EQ(rows[0].charge_due, money{4'615});
    EXPECT_EQ(rows[0].principal_due, money{19'885});
    // The last row takes the rest: rounding up repays sooner than the charge was computed for.
    for (std::size_t i = 1; i + 1 < rows.size(); ++i) {
        EXPECT_LE(rows[i].charge_due, rows[i - 1].charge_due);
    }
    EXPECT_EQ(sum_of(rows, &instalment::charge_due), money{112'205});
    EXPECT_EQ(sum_of(rows, &instalment::principal_due), money::taka(10'000));
}

schedule_terms random_terms(std::mt19937_64& random) {
    schedule_terms terms;
    terms.instalments = 1 + static_cast<unsigned>(random() % 120);
    terms.principal = {400 + static_cast<std::int64_t>(random() % 100'000'000)};
    terms.charge_total = {static_cast<std::int64_t>(random() % 30'000'000)};
    terms.method = static_cast<charge_method>(random() % 3);
    terms.annual_rate_bp = static_cast<unsigned>(random() % 4'000);
    terms.period = static_cast<repayment_period>(random() % 4);
    terms.disbursed_on = day("2024-01-01") + std::chrono::days{random() % 1'500};
    terms.first_due_offset_months = static_cast<unsigned>(random() % 3);
    terms.first_due_days_min = static_cast<unsigned>(random() % 20);
    if (random() % 4 != 0) {
        terms.meeting_weekday = 1 + static_cast<unsigned>(random() % 7);
    }
    const std::int64_t units[] = {1, 100, 500, 1'000};
    terms.rounding_unit = money{units[random() % 4]};
    calendar_day next = terms.disbursed_on;
    for (unsigned i = 0; i < terms.instalments; ++i) {
        next += std::chrono::days{1 + random() % 90};
        terms.dates.push_back(next);
    }
    return terms;
}

TEST(Schedule, SumsAreExactAndDatesIncreaseForAnyTerms) {
    std::mt19937_64 random(46);
    for (int round = 0; round < 5'000; ++round) {
        const schedule_terms terms = random_terms(random);
        const auto rows = make_schedule(terms);
        ASSERT_EQ(rows.size(), terms.instalments);
        ASSERT_EQ(sum_of(rows, &instalment::total_due), terms.principal + terms.charge_total);
        ASSERT_EQ(sum_of(rows, &instalment::principal_due), terms.principal);
        ASSERT_EQ(sum_of(rows, &instalment::charge_due), terms.charge_total);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            ASSERT_EQ(rows[i].seq, i + 1);
            ASSERT_GT(rows[i].total_due, money{});
            ASSERT_GE(rows[i].principal_due, money{});
            ASSERT_GE(rows[i].charge_due, money{});
            ASSERT_EQ(rows[i].principal_due + rows[i].charge_due, rows[i].total_due);
            ASSERT_LE(rows[i].total_due, rows[0].total_due);
            ASSERT_GT(rows[i].due_on, i == 0 ? terms.disbursed_on : rows[i - 1].due_on);
        }
        const bool by_meeting = terms.period == repayment_period::weekly ||
                                terms.period == repayment_period::fortnightly;
        if (by_meeting && terms.meeting_weekday) {
            ASSERT_EQ(iso_weekday(rows.back().due_on), *terms.meeting_weekday);
            ASSERT_GE(rows[0].due_on,
                      terms.disbursed_on + std::chrono::days{terms.first_due_days_min});
        }
    }
}

TEST(Allocate, FillsTheOldestRowsFirst) {
    auto rows = make_schedule(weekly_terms(money::taka(10'000), money::taka(1'250), 46));
    allocate(rows, money::taka(600));
    EXPECT_EQ(rows[0].paid, money::taka(245));
    EXPECT_EQ(rows[1].paid, money::taka(245));
    EXPECT_EQ(rows[2].paid, money::taka(110));
    EXPECT_EQ(rows[3].paid, money{});
    allocate(rows, money::taka(11'300));
    EXPECT_EQ(rows[45].paid, money::taka(275)); // 50 too much
    EXPECT_EQ(rows[45].open(), money{});
    allocate(rows, money{-1});
    EXPECT_EQ(sum_of(rows, &instalment::paid), money{});
    std::vector<instalment> none;
    allocate(none, money::taka(5));
}

TEST(Allocate, ConservesMoneyAndLeavesNoOpenRowBeforeAPaidOne) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 3'000; ++round) {
        auto rows = make_schedule(random_terms(random));
        const money total = sum_of(rows, &instalment::total_due);
        const money paid{static_cast<std::int64_t>(random() % 150'000'000)};
        allocate(rows, paid);
        ASSERT_EQ(sum_of(rows, &instalment::paid), paid);
        money open;
        bool behind = false;
        for (const instalment& row : rows) {
            ASSERT_FALSE(behind && row.paid > money{});
            behind = row.open() > money{};
            open += row.open();
        }
        ASSERT_EQ(open, std::max(total - paid, money{}));
    }
}

TEST(TermsOf, TakesTheLoanTheProductAndTheMeetingDay) {
    loan of;
    of.principal = money::taka(10'000);
    of.charge_total = money{112'205};
    of.method = charge_method::declining;
    of.rate = "24";
    of.instalments = 46;
    of.disbursed_on = day("2026-01-04");
    product_rules product;
    product.first_due_days_min = 15;
    product.rounding_unit = money::taka(1);
    meeting_rule meeting;
    meeting.weekday = 3;
    const auto terms = terms_of(of, &product, &meeting);
    EXPECT_EQ(terms.annual_rate_bp, 2'400U);
    EXPECT_EQ(make_schedule(terms)[0].due_on, day("2026-01-21"));
    EXPECT_EQ(make_schedule(terms)[0].total_due, money::taka(242));
    EXPECT_EQ(make_schedule(terms_of(of, nullptr, nullptr))[0].due_on, day("2026-01-11"));

    for (const char* written : {"24%", "", "-3", "100.01", "twelve"}) {
        of.rate = written;
        EXPECT_EQ(terms_of(of, &product, nullptr).annual_rate_bp, 0U) << written;
    }
}

TEST(TermsOf, IrregularLoansGiveTheDatesThatTheirRowKnows) {
    loan of;
    of.principal = money::taka(30'000);
    of.charge_total = money::taka(1'500);
    of.period = repayment_period::irregular;
    of.instalments = 2;
    of.first_due_on = day("2026-06-01");
    of.last_due_on = day("2026-12-01");
    const auto two = make_schedule(terms_of(of, nullptr, nullptr));
    ASSERT_EQ(two.size(), 2U);
    EXPECT_EQ(two[1].due_on, day("2026-12-01"));
    of.instalments = 1;
    EXPECT_EQ(make_schedule(terms_of(of, nullptr, nullptr))[0].due_on, day("2026-12-01"));
    of.last_due_on.reset();
    EXPECT_EQ(make_schedule(terms_of(of, nullptr, nullptr))[0].due_on, day("2026-06-01"));
    of.instalments = 3;
    EXPECT_TRUE(make_schedule(terms_of(of, nullptr, nullptr)).empty());
}

} // namespace
} // namespace uthan::members
