#include "members/application_clock.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::members {
namespace {

using examples::day;
using std::chrono::days;

application_rules rss_rules() {
    application_rules rules;
    rules.first_days = 30;
    rules.reinvest_days = 20;
    return rules;
}

application applied(application_type type, const char* on, const char* status = "verified") {
    application made;
    made.app_no = "A1";
    made.type = type;
    made.applied_on = day(on);
    made.status = status;
    return made;
}

TEST(ApplicationClock, ThirtyDaysForTheFirstLoanTwentyForTheNext) {
    struct row {
        application_type type;
        const char* today;
        clock_kind kind;
        unsigned left;
        unsigned late;
        bool near;
    };
    const auto first = application_type::first;
    const auto again = application_type::reinvest;
    const row rows[] = {
        {first, "2026-10-31", clock_kind::running, 31, 0, false}, // applied tomorrow by this clock
        {first, "2026-11-01", clock_kind::running, 30, 0, false},
        {first, "2026-11-25", clock_kind::running, 6, 0, false},
        {first, "2026-11-26", clock_kind::running, 5, 0, true},
        {first, "2026-12-01", clock_kind::running, 0, 0, true},
        {first, "2026-12-02", clock_kind::late, 0, 1, false},
        {first, "2027-12-01", clock_kind::late, 0, 365, false},
        {again, "2026-11-15", clock_kind::running, 6, 0, false},
        {again, "2026-11-16", clock_kind::running, 5, 0, true},
        {again, "2026-11-21", clock_kind::running, 0, 0, true},
        {again, "2026-11-22", clock_kind::late, 0, 1, false},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.today);
        const auto clock = clock_of(applied(r.type, "2026-11-01"), rss_rules(),
                                    day(r.today) - days{1}, day(r.today));
        EXPECT_EQ(clock.kind, r.kind);
        EXPECT_EQ(clock.days_left, r.left);
        EXPECT_EQ(clock.days_late, r.late);
        EXPECT_EQ(clock.near, r.near);
        EXPECT_EQ(clock.may_complain, r.kind == clock_kind::late);
        EXPECT_EQ(clock.deadline_on, day(r.type == first ? "2026-12-01" : "2026-11-21"));
    }
}

TEST(ApplicationClock, AnImportedDeadlineWins) {
    auto one = applied(application_type::first, "2026-11-01");
    one.deadline_on = day("2026-11-10");
    const auto late = clock_of(one, rss_rules(), day("2026-11-11"), day("2026-11-12"));
    EXPECT_EQ(late.kind, clock_kind::late);
    EXPECT_EQ(late.days_late, 2U);
    EXPECT_EQ(deadline_of(one, {}), day("2026-11-10")) << "even where no rule gives one";
    one.deadline_on = day("2027-01-10");
    EXPECT_EQ(clock_of(one, rss_rules(), day("2026-12-24"), day("2026-12-25")).days_left, 16U);
}

TEST(ApplicationClock, WithoutADeadlineNothingIsLate) {
    const auto one = applied(application_type::reinvest, "2020-01-01");
    application_rules rules = rss_rules();
    rules.reinvest_days.reset();
    const auto clock = clock_of(one, rules, day("2026-11-21"), day("2026-11-22"));
    EXPECT_EQ(clock.kind, clock_kind::no_deadline);
    EXPECT_FALSE(clock.deadline_on);
    EXPECT_FALSE(clock.may_complain);
}

TEST(ApplicationClock, AnOfficeThatHasNotReportedSinceIsNotCalledLate) {
    const auto one = applied(application_type::first, "2026-11-01"); // until 1 December
    struct row {
        const char* as_of;
        const char* today;
        clock_kind kind;
    };
    const row rows[] = {
        {"2026-11-29", "2026-12-01", clock_kind::running},
        {"2026-11-30", "2026-12-02", clock_kind::stale},
        {"2026-11-30", "2027-01-02", clock_kind::stale},
        {"2026-12-01", "2026-12-02", clock_kind::late},
        {"2026-12-02", "2026-12-02", clock_kind::late},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.today);
        const auto clock = clock_of(one, rss_rules(), day(r.as_of), day(r.today));
        EXPECT_EQ(clock.kind, r.kind);
        EXPECT_EQ(clock.may_complain, r.kind == clock_kind::late);
    }
}

TEST(ApplicationClock, AFinalStatusIsFinal) {
    struct row {
        const char* status;
        const char* status_on; // empty: not said
        clock_kind kind;
        unsigned late;
    };
    const row rows[] = {
        {"disbursed", "2026-11-30", clock_kind::granted, 0},
        {"disbursed", "2026-12-01", clock_kind::granted, 0},
        {"DISBURSED", "2026-12-04", clock_kind::granted, 3},
        {"disbursed", "", clock_kind::granted, 0},
        {"UPIC_rejected", "2026-12-02", clock_kind::refused, 1},
        {"upic_REJECTED", "", clock_kind::refused, 0},
        {"UPIC_approved", "2026-11-30", clock_kind::late, 69},
        {"disbursement_scheduled", "2026-11-30", clock_kind::late, 69},
        {"disbursed ", "2026-11-30", clock_kind::late, 69},
        {"", "", clock_kind::late, 69},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.status);
        auto one = applied(application_type::first, "2026-11-01", r.status);
        one.status_on = parse_day(r.status_on);
        const auto clock = clock_of(one, rss_rules(), day("2027-02-07"), day("2027-02-08"));
        EXPECT_EQ(clock.kind, r.kind);
        EXPECT_EQ(clock.days_late, r.late);
        EXPECT_EQ(clock.days_left, 0U);
    }
}

TEST(ApplicationClock, TheNewestUndecidedOneIsShownElseTheNewest) {
    const auto rules = rss_rules();
    EXPECT_EQ(application_shown({}, rules), nullptr);
    std::vector<application> hers{applied(application_type::reinvest, "2026-11-01", "disbursed"),
                                  applied(application_type::reinvest, "2026-10-01"),
                                  applied(application_type::first, "2026-09-01")};
    EXPECT_EQ(application_shown(hers, rules), &hers[1]);
    hers[1].status = "UPIC_rejected";
    EXPECT_EQ(application_shown(hers, rules), &hers[2]);
    hers[2].status = "disbursed";
    EXPECT_EQ(application_shown(hers, rules), &hers[0]);
}

TEST(ApplicationClock, LeftAndLateAreTheDistanceToTheDeadline) {
    std::mt19937 random(30);
    for (int round = 0; round < 20'000; ++round) {
        auto one = applied(random() % 2 == 0 ? application_type::first : application_type::reinvest,
                           "2026-11-01");
        if (random() % 3 == 0) {
            one.deadline_on = one.applied_on + days{static_cast<int>(random() % 90)};
        }
        const calendar_day today = one.applied_on + days{static_cast<int>(random() % 120)};
        const calendar_day as_of = today - days{static_cast<int>(random() % 10)};
        const auto clock = clock_of(one, rss_rules(), as_of, today);
        const auto distance = (*clock.deadline_on - today).count();
        if (clock.kind == clock_kind::stale) {
            EXPECT_LT(distance, 0);
            EXPECT_LT(as_of, *clock.deadline_on);
            EXPECT_EQ(clock.days_late, 0U);
        } else {
            EXPECT_EQ(std::int64_t{clock.days_left} - std::int64_t{clock.days_late}, distance);
        }
    }
}

} // namespace
} // namespace uthan::members
