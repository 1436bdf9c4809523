#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <optional>
#include <vector>

// What a member owes and when. Schedules are taken as imported: what is paid on each row is what
// the core system says, nothing is re-allocated.
//
// Effective dates. A row is due on its `due_on` except where the office does not collect:
// - On a listed holiday (weekly holidays move nothing by themselves: the schedule wins), by the
//   rule that the holiday's row names, else the loan product's: carry_to_next moves the instalment
//   to the next instalment date, shift_all moves it and every later one by one instalment date,
//   next_working_day moves it alone, none leaves it. A date that is a holiday again moves again.
// - Inside a moratorium an instalment is neither due nor overdue; it becomes due on the first
//   instalment date after the moratorium's end. While a moratorium is active on `today`, arrears
//   from before it are suspended too and shown with that date; when it has ended they are overdue
//   again since their own date.
// - Instalment dates go on after the last row at the loan's period, so the last instalment can be
//   carried; an irregular loan's last one goes to the next working day.
namespace uthan::members {

/// One loan as of the close of its office's last day.
struct loan_due {
    money overdue; ///< open amounts whose effective date is not after as_of
    std::optional<calendar_day> overdue_since; ///< the oldest of them
    std::optional<calendar_day>
        next_on;            ///< the first effective date after as_of with an open amount
    money next_amount;      ///< all that is open on next_on, net of what is already paid on it
    unsigned next_rows = 0; ///< how many instalments that is
    unsigned next_seq = 0;  ///< the last of them: the one that belongs to that date; 0 = no next
    unsigned count = 0;     ///< instalments of the loan
    unsigned paid_count = 0;
    /// Still to pay: the sum of open amounts where the whole schedule is there, else what the core
    /// system says is outstanding.
    money left;
    /// Paid on instalments whose effective date is after as_of.
    money advance;
    /// next_amount contains an instalment carried over from an earlier date.
    bool carried = false;
};

enum class due_kind : std::uint8_t {
    none,    ///< nothing is open on any active loan
    next,    ///< `amount` is due `on`; `overdue` from before may be added
    arrears, ///< only `overdue` is open, no later instalment
    stale    ///< `amount` fell due `on`, before today, and the office has not reported since: what
             ///< was paid after as_of is unknown, so nothing is called overdue
};

/// What the due screen says, over all active loans.
struct member_due {
    due_kind kind = due_kind::none;
    money overdue; ///< 0 when stale
    std::optional<calendar_day> overdue_since;
    calendar_day on{}; ///< for next and stale
    money amount;      ///< all loans' instalments on that day, net of advance
    bool carried = false;
    unsigned loans_open = 0; ///< active loans with something left
    /// "No k of n": only when loans_open is 1 and it has a next instalment, else 0.
    unsigned seq = 0;
    unsigned count = 0;
    money advance;      ///< paid ahead, over all active loans
    money savings_rate; ///< her group's regular deposit; 0 = none
    calendar_day as_of{};
    /// The last day of the moratorium that is active today.
    std::optional<calendar_day> paused_until;
};

/// The holiday rule of a loan: of its product's version on the day of disbursement; of the oldest
/// version when the loan is older; the rules' default (MRA 2010: carry_to_next) when the
/// organisation has no such product.
holiday_rule holiday_rule_of(const organisation_rules& rules, const loan& of) noexcept;

/// The effective date of every row, in the schedule's order. Precondition: rows by seq with
/// increasing due_on.
std::vector<calendar_day> effective_dates(const loan& of, const office_calendar& calendar,
                                          const organisation_rules& rules);

/// What is still to pay, as loan_due::left.
money left_of(const loan& of) noexcept;

/// Any status; the caller chooses the loans. Without a schedule, overdue and left are the imported
/// figures and there is no next. O(rows), no allocation.
loan_due due_of(const loan& of, const office_calendar& calendar, const organisation_rules& rules,
                calendar_day as_of, calendar_day today) noexcept;

/// Active loans only. `today` in the organisation's zone.
member_due due_of(const member_facts& facts, const organisation_rules& rules,
                  calendar_day today) noexcept;

} // namespace uthan::members
