#include "members/due.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using examples::day;
using examples::day_off;
using examples::facts_of;
using examples::rules_with;
using examples::weekly_loan;
using std::chrono::days;

// Sundays of November 2026: 1, 8, 15, 22, 29; Friday is the weekly holiday.
const calendar_day sunday = day("2026-11-01");

std::vector<calendar_day> dates_under(const loan& of, holiday_rule rule,
                                      const office_calendar& calendar) {
    return effective_dates(of, calendar, rules_with(rule));
}

std::vector<calendar_day> listed(std::initializer_list<const char*> written) {
    std::vector<calendar_day> made;
    for (const char* iso : written) {
        made.push_back(day(iso));
    }
    return made;
}

TEST(EffectiveDates, FollowTheHolidayRule) {
    const loan of = weekly_loan(sunday, 4, money::taka(245));
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-08"))};
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar),
              listed({"2026-11-01", "2026-11-15", "2026-11-15", "2026-11-22"}));
    EXPECT_EQ(dates_under(of, holiday_rule::shift_all, calendar),
              listed({"2026-11-01", "2026-11-15", "2026-11-22", "2026-11-29"}));
    EXPECT_EQ(dates_under(of, holiday_rule::next_working_day, calendar),
              listed({"2026-11-01", "2026-11-09", "2026-11-15", "2026-11-22"}));
    EXPECT_EQ(dates_under(of, holiday_rule::none, calendar),
              listed({"2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22"}));
}

TEST(EffectiveDates, TheHolidayRowsOwnRuleWins) {
    const loan of = weekly_loan(sunday, 3, money::taka(245));
    office_calendar calendar;
    // The head office's row says nothing, the branch's own does.
    calendar.holidays = {day_off(day("2026-11-08")),
                         day_off(day("2026-11-08"), holiday_rule::next_working_day)};
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar),
              listed({"2026-11-01", "2026-11-09", "2026-11-15"}));
    calendar.holidays = {day_off(day("2026-11-08"), holiday_rule::none)};
    EXPECT_EQ(dates_under(of, holiday_rule::shift_all, calendar),
              listed({"2026-11-01", "2026-11-08", "2026-11-15"}));
}

TEST(EffectiveDates, TwoHolidayWeeksCarryTwice) {
    const loan of = weekly_loan(sunday, 4, money::taka(245));
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-08")), day_off(day("2026-11-15"))};
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar),
              listed({"2026-11-01", "2026-11-22", "2026-11-22", "2026-11-22"}));
    EXPECT_EQ(dates_under(of, holiday_rule::shift_all, calendar),
              listed({"2026-11-01", "2026-11-22", "2026-11-29", "2026-12-06"}));
}

TEST(EffectiveDates, TheLastInstalmentIsNotLost) {
    loan of = weekly_loan(sunday, 2, money::taka(245));
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-08")), day_off(day("2026-11-15"))};
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar).back(), day("2026-11-22"));
    of.period = repayment_period::fortnightly;
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar).back(), day("2026-11-22"));
    of.period = repayment_period::monthly;
    EXPECT_EQ(dates_under(of, holiday_rule::shift_all, calendar).back(), day("2026-12-08"));
    of.period = repayment_period::irregular;
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar).back(), day("2026-11-09"));
}

TEST(EffectiveDates, NextWorkingDayPassesOverWeeklyHolidaysAndOtherHolidays) {
    loan of = weekly_loan(day("2026-11-05"), 1, money::taka(525)); // a Thursday
    of.period = repayment_period::monthly;
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-05"))};
    auto rules = rules_with(holiday_rule::next_working_day);
    EXPECT_EQ(effective_dates(of, calendar, rules)[0], day("2026-11-07"));
    rules.weekly_holidays = {5, 6};
    EXPECT_EQ(effective_dates(of, calendar, rules)[0], day("2026-11-08"));
    calendar.holidays.push_back(day_off(day("2026-11-08")));
    EXPECT_EQ(effective_dates(of, calendar, rules)[0], day("2026-11-09"));
    // A schedule that names a Friday means it.
    of.schedule[0].due_on = day("2026-11-06");
    EXPECT_EQ(effective_dates(of, {}, rules)[0], day("2026-11-06"));
}

TEST(EffectiveDates, AMoratoriumMovesToTheFirstInstalmentDateAfterIt) {
    const loan of = weekly_loan(sunday, 5, money::taka(245));
    office_calendar calendar;
    calendar.moratoria = {{"", day("2026-11-08"), day("2026-11-15"), "flood"}};
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar),
              listed({"2026-11-01", "2026-11-22", "2026-11-22", "2026-11-22", "2026-11-29"}));
    // The date after it is a holiday.
    calendar.holidays = {day_off(day("2026-11-22"))};
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar).at(1), day("2026-11-29"));
    // It reaches beyond the last instalment.
    calendar.moratoria[0].to = day("2027-01-03");
    EXPECT_EQ(dates_under(of, holiday_rule::carry_to_next, calendar).at(4), day("2027-01-10"));
}

TEST(HolidayRuleOf, IsTheProductsOnTheDayOfDisbursement) {
    auto rules = rules_with(holiday_rule::none);
    rules.products[0].effective_from = day("2020-01-01");
    rules.products.push_back(rules.products[0]);
    rules.products[1].effective_from = day("2026-01-01");
    rules.products[1].holidays = holiday_rule::shift_all;
    loan of = weekly_loan(sunday, 1, money::taka(1));
    EXPECT_EQ(holiday_rule_of(rules, of), holiday_rule::shift_all);
    of.disbursed_on = day("2025-12-31");
    EXPECT_EQ(holiday_rule_of(rules, of), holiday_rule::none);
    of.disbursed_on = day("2015-12-31");
    EXPECT_EQ(holiday_rule_of(rules, of), holiday_rule::none);
    of.product_code = "unknown";
    EXPECT_EQ(holiday_rule_of(rules, of), holiday_rule::carry_to_next);
}

TEST(LoanDue, TheDayOfTheCloseIsIncluded) {
    const loan of = weekly_loan(sunday, 4, money::taka(245), 1);
    const auto rules = rules_with(holiday_rule::carry_to_next);
    const auto before = due_of(of, {}, rules, day("2026-11-07"), day("2026-11-08"));
    EXPECT_EQ(before.overdue, money{});
    EXPECT_EQ(before.next_on, day("2026-11-08"));
    EXPECT_EQ(before.next_seq, 2U);
    const auto after = due_of(of, {}, rules, day("2026-11-08"), day("2026-11-08"));
    EXPECT_EQ(after.overdue, money::taka(245));
    EXPECT_EQ(after.overdue_since, day("2026-11-08"));
    EXPECT_EQ(after.next_on, day("2026-11-15"));
    EXPECT_EQ(after.next_seq, 3U);
    EXPECT_EQ(after.count, 4U);
    EXPECT_EQ(after.paid_count, 1U);
    EXPECT_EQ(after.left, money::taka(3 * 245));
}

TEST(LoanDue, AdvanceIsSkippedOrShownAsTheRemainder) {
    loan of = weekly_loan(sunday, 4, money::taka(245), 2);
    of.schedule[2].paid = money::taka(100);
    const auto rules = rules_with(holiday_rule::carry_to_next);
    const auto due = due_of(of, {}, rules, day("2026-11-05"), day("2026-11-06"));
    // Instalment 2 is paid ahead, instalment 3 in part.
    EXPECT_EQ(due.overdue, money{});
    EXPECT_EQ(due.next_on, day("2026-11-15"));
    EXPECT_EQ(due.next_amount, money::taka(145));
    EXPECT_EQ(due.next_seq, 3U);
    EXPECT_EQ(due.advance, money::taka(345));
    EXPECT_EQ(due.left, money::taka(390));
    EXPECT_EQ(due.paid_count, 2U);
}

TEST(LoanDue, AHolidayDoublesTheNextInstalmentAndIsNotOverdue) {
    const loan of = weekly_loan(sunday, 4, money::taka(245), 1);
    office_calendar calendar;
    calendar.holidays = {day_off(day("2026-11-08"))};
    const auto due = due_of(of, calendar, rules_with(holiday_rule::carry_to_next),
                            day("2026-11-09"), day("2026-11-10"));
    EXPECT_EQ(due.overdue, money{});
    EXPECT_EQ(due.next_on, day("2026-11-15"));
    EXPECT_EQ(due.next_amount, money::taka(490));
    EXPECT_EQ(due.next_rows, 2U);
    EXPECT_EQ(due.next_seq, 3U);
    EXPECT_TRUE(due.carried);
}

TEST(LoanDue, AMoratoriumSuspendsOldArrearsWhileItIsActive) {
    const loan of = weekly_loan(sunday, 5, money::taka(245));
    const auto rules = rules_with(holiday_rule::carry_to_next);
    office_calendar calendar;
    calendar.moratoria = {{"", day("2026-11-06"), day("2026-11-20"), "flood"}};
    const auto inside = due_of(of, calendar, rules, day("2026-11-09"), day("2026-11-10"));
    EXPECT_EQ(inside.overdue, money{});
    EXPECT_EQ(inside.next_on, day("2026-11-22"));
    EXPECT_EQ(inside.next_amount, money::taka(4 * 245));
    // When it has ended, the arrears from before it are overdue since their own date.
    const auto after = due_of(of, calendar, rules, day("2026-11-20"), day("2026-11-21"));
    EXPECT_EQ(after.overdue, money::taka(245));
    EXPECT_EQ(after.overdue_since, sunday);
    EXPECT_EQ(after.next_amount, money::taka(3 * 245));
}

TEST(LoanDue, AScheduleOfOpenRowsOnlyIsCountedAndItsRestTakenFromTheFile) {
    loan of = weekly_loan(sunday, 46, money::taka(245));
    of.schedule.erase(of.schedule.begin(), of.schedule.begin() + 10);
    of.schedule.resize(8);
    of.outstanding_total = money::taka(36 * 245);
    const auto due =
        due_of(of, {}, rules_with(holiday_rule::none), day("2026-11-02"), day("2026-11-03"));
    EXPECT_EQ(due.left, money::taka(36 * 245));
    EXPECT_EQ(due.count, 46U);
    EXPECT_EQ(due.paid_count, 10U);
    EXPECT_EQ(due.next_seq, 11U);
}

TEST(LoanDue, WithoutAScheduleTheImportedFiguresStand) {
    loan of;
    of.instalments = 46;
    of.outstanding_total = money::taka(9'000);
    of.overdue_amount = money::taka(500);
    const auto due = due_of(of, {}, {}, day("2026-11-02"), day("2026-11-03"));
    EXPECT_EQ(due.left, money::taka(9'000));
    EXPECT_EQ(due.overdue, money::taka(500));
    EXPECT_FALSE(due.next_on);
    EXPECT_EQ(due.count, 46U);

    office_calendar paused;
    paused.moratoria = {{"", day("2026-11-01"), day("2026-11-30"), "flood"}};
    EXPECT_EQ(due_of(of, paused, {}, day("2026-11-02"), day("2026-11-03")).overdue, money{});
}

TEST(MemberDue, NothingOpenIsNone) {
    const auto rules = rules_with(holiday_rule::carry_to_next);
    EXPECT_EQ(due_of(facts_of(sunday, {}), rules, sunday).kind, due_kind::none);
    auto facts = facts_of(sunday, {weekly_loan(sunday, 4, money::taka(245), 4)});
    EXPECT_EQ(due_of(facts, rules, sunday).kind, due_kind::none);
    facts.loans = {weekly_loan(sunday, 4, money::taka(245))};
    facts.loans[0].status = loan_status::written_off;
    EXPECT_EQ(due_of(facts, rules, sunday).kind, due_kind::none);
}

TEST(MemberDue, OneLoanSaysWhichInstalment) {
    auto facts = facts_of(day("2026-11-09"), {weekly_loan(sunday, 4, money::taka(245), 1)});
    facts.group_of.emplace().savings_rate = money::taka(20);
    const auto due = due_of(facts, rules_with(holiday_rule::carry_to_next), day("2026-11-10"));
    EXPECT_EQ(due.kind, due_kind::next);
    EXPECT_EQ(due.overdue, money::taka(245));
    EXPECT_EQ(due.overdue_since, day("2026-11-08"));
    EXPECT_EQ(due.on, day("2026-11-15"));
    EXPECT_EQ(due.amount, money::taka(245));
    EXPECT_EQ(due.loans_open, 1U);
    EXPECT_EQ(due.seq, 3U);
    EXPECT_EQ(due.count, 4U);
    EXPECT_EQ(due.savings_rate, money::taka(20));
    EXPECT_EQ(due.as_of, day("2026-11-09"));
}

TEST(MemberDue, LoansOnOneDayAreAddedAndTheEarlierDayWins) {
    auto first = weekly_loan(sunday, 4, money::taka(245), 2);
    auto second = weekly_loan(sunday, 4, money::taka(100), 2);
    const auto rules = rules_with(holiday_rule::carry_to_next);
    const auto both =
        due_of(facts_of(day("2026-11-09"), {first, second}), rules, day("2026-11-10"));
    EXPECT_EQ(both.on, day("2026-11-15"));
    EXPECT_EQ(both.amount, money::taka(345));
    EXPECT_EQ(both.loans_open, 2U);
    EXPECT_EQ(both.seq, 0U);
    EXPECT_EQ(both.count, 0U);

    second.schedule[2].due_on = day("2026-11-12");
    const auto earlier =
        due_of(facts_of(day("2026-11-09"), {first, second}), rules, day("2026-11-10"));
    EXPECT_EQ(earlier.on, day("2026-11-12"));
    EXPECT_EQ(earlier.amount, money::taka(100));

    // A second loan with nothing left does not take the number away.
    const auto paid = weekly_loan(sunday, 4, money::taka(100), 4);
    const auto one =
        due_of(facts_of(day("2026-11-09"), {paid, first, paid}), rules, day("2026-11-10"));
    EXPECT_EQ(one.loans_open, 1U);
    EXPECT_EQ(one.seq, 3U);
}

TEST(MemberDue, OnlyArrearsHaveNoDate) {
    auto facts = facts_of(day("2026-12-01"), {weekly_loan(sunday, 4, money::taka(245), 3)});
    const auto due = due_of(facts, rules_with(holiday_rule::carry_to_next), day("2026-12-02"));
    EXPECT_EQ(due.kind, due_kind::arrears);
    EXPECT_EQ(due.overdue, money::taka(245));
    EXPECT_EQ(due.overdue_since, day("2026-11-22"));
    EXPECT_EQ(due.seq, 0U);
}

TEST(MemberDue, AStaleOfficeCallsNothingOverdue) {
    auto facts = facts_of(day("2026-11-09"), {weekly_loan(sunday, 4, money::taka(245), 1)});
    const auto rules = rules_with(holiday_rule::carry_to_next);
    // On the due day itself the office cannot have reported yet.
    EXPECT_EQ(due_of(facts, rules, day("2026-11-15")).kind, due_kind::next);
    const auto due = due_of(facts, rules, day("2026-11-16"));
    EXPECT_EQ(due.kind, due_kind::stale);
    EXPECT_EQ(due.on, day("2026-11-15"));
    EXPECT_EQ(due.amount, money::taka(245));
    EXPECT_EQ(due.overdue, money{});
    EXPECT_FALSE(due.overdue_since);
    EXPECT_EQ(due.as_of, day("2026-11-09"));
}

TEST(MemberDue, APauseIsSaidAndMovesWhatFellDueInside) {
    office_calendar calendar;
    calendar.moratoria = {{"", day("2026-11-12"), day("2026-11-20"), "flood"}};
    auto facts =
        facts_of(day("2026-11-07"), {weekly_loan(sunday, 4, money::taka(245), 1)}, calendar);
    const auto due = due_of(facts, rules_with(holiday_rule::carry_to_next), day("2026-11-13"));
    // The office has not reported since the 7th, but nothing is collected now either.
    EXPECT_EQ(due.kind, due_kind::next);
    EXPECT_EQ(due.paused_until, day("2026-11-20"));
    EXPECT_EQ(due.on, day("2026-11-22"));
    EXPECT_EQ(due.amount, money::taka(3 * 245));
    EXPECT_TRUE(due.carried);
}

TEST(MemberDue, ThirtyLoansOfTheLargestAmountAddUp) {
    std::vector<loan> loans(30, weekly_loan(sunday, 46, money::taka(999'999'999)));
    const auto due = due_of(facts_of(day("2026-10-31"), loans),
                            rules_with(holiday_rule::carry_to_next), day("2026-11-01"));
    EXPECT_EQ(due.amount, money::taka(30 * 999'999'999LL));
    EXPECT_EQ(due.loans_open, 30U);
}

} // namespace
} // namespace uthan::members
