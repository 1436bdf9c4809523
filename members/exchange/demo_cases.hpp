#pragma once

#include <cstdint>

// What the demo data must show, at fixed places: the member code of a case is the first office's
// code followed by the case's number in six digits ("001000021").
namespace uthan::members::exchange {

enum class demo_case : std::uint32_t {
    regular = 1,
    without_phone = 2,
    shared_by_two = 3,   ///< 3–4
    shared_by_three = 5, ///< 5–7
    shared_by_ten = 8,   ///< 8–17: more than a screen's nine keys
    two_loans = 18,
    thirty_loans = 19,
    never_borrowed = 20,
    overdue_by_one = 21,
    overdue_by_five = 22,
    advance_two_whole = 23,
    advance_in_part = 24,
    last_paid_in_part = 25, ///< the rest of it is overdue
    advance_whole_and_part = 26,
    name_of_sixty_graphemes = 27,
    closed_member = 28,
    dropout = 29,
    savings_of_every_kind = 30, ///< two accounts of one product among them, one account closed
    without_savings = 31,
    without_transactions = 32,
    many_transactions = 33,          ///< of every kind and channel
    savings_of_a_hundred_crore = 34, ///< Tk 99,99,99,999
    english = 35,
    consent_yes = 36,
    consent_no = 37,
    consent_not_said = 38,
    one_household = 39, ///< 39–40, both active
    class_ga = 41,      ///< rss: above the poverty line; elsewhere a regular member
    too_young = 42,
    too_old = 43,
    smallest_loan = 44,
    largest_loan = 45,
    loan_without_schedule = 46,
    loan_repaid = 47,
    one_repaid_one_running = 48,
    nothing_due_yet = 49,
    last_instalment_left = 50,
    one_instalment = 51, ///< rss: RSS-1; elsewhere regular; so the next two
    two_instalments = 52,
    three_instalments = 53,
    written_off = 54,
    may_borrow = 55,               ///< no loan, savings enough
    must_save_first = 56,          ///< no loan, savings too small
    poisha = 57,                   ///< amounts with poisha
    closed_on_a_shared_phone = 58, ///< shares the phone of 59, who alone is asked for
    beside_a_closed_member = 59,
    reversed_payment = 60,
    without_group = 61,
    past_the_last_due_date = 62,    ///< the term is over, a rest is open
    empty_columns = 63,             ///< only what a member must have
    group_without_meeting_day = 64, ///< nor an officer
    overdue_on_both_loans = 65,
    application_first = 66, ///< 66–73, rss: one in each status, a first loan's
    application_again = 74, ///< 74–81, rss: the same for a further loan
    last = 81,
};

/// Offices with a case of their own, counted from 1; the first member of each has a running loan.
enum class demo_office : std::uint32_t {
    cases = 1,            ///< holds all of demo_case
    four_days_behind = 2, ///< its as-of is four days older
    moratorium = 3,       ///< collection suspended from ten days before the as-of to twenty after
    holiday_ahead = 4,    ///< the first group's next meeting day and instalment is a holiday
    holiday_behind = 5,   ///< the first group's last instalment fell on a holiday
    nine_days_behind = 6,
};

constexpr std::uint32_t number_of(demo_case which) noexcept {
    return static_cast<std::uint32_t>(which);
}
constexpr std::uint32_t number_of(demo_office which) noexcept {
    return static_cast<std::uint32_t>(which);
}

} // namespace uthan::members::exchange
