#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <optional>
#include <vector>

// Repayment schedules by the rules of a product. An imported schedule always wins: these are for
// deliveries that carry none, for previews and for the demo data.
namespace uthan::members {

struct schedule_terms {
    money principal;
    money charge_total;
    charge_method method = charge_method::flat;
    /// Declining loans: the yearly rate in basis points, which splits each instalment into charge
    /// and principal; 0 = unknown, split evenly.
    unsigned annual_rate_bp = 0;
    repayment_period period = repayment_period::weekly;
    unsigned instalments = 0;
    calendar_day disbursed_on{};
    /// Known first date; wins over the three rules below it.
    std::optional<calendar_day> first_due_on;
    /// Monthly: months from disbursement to the first instalment; 0 counts as 1.
    unsigned first_due_offset_months = 0;
    /// Weekly and fortnightly: least days from disbursement to the first instalment.
    unsigned first_due_days_min = 0;
    /// Weekly and fortnightly: the group's meeting day, ISO.
    std::optional<unsigned> meeting_weekday;
    money rounding_unit = money::taka(5);
    /// Irregular only: the due dates, strictly increasing, one for each instalment.
    std::vector<calendar_day> dates;
};

/// The terms that a loan's own row, its product and its group's meeting day give. A declining
/// loan's yearly rate is read from loan.rate. Irregular loans of one or two instalments take their
/// dates from first_due_on and last_due_on; of more, no dates are known and no schedule can be
/// made. `product` and `meeting` may be null.
schedule_terms terms_of(const loan& of, const product_rules* product, const meeting_rule* meeting);

/// Equal instalments, each rounded up to the unit, the last one the remainder with
/// 0 < last <= the others; where the unit cannot give that, a smaller one (10, 5 or 1 taka, 1
/// poisha), and at worst equal shares that differ by one poisha. Rows carry seq 1 … n, strictly
/// increasing dates, nothing paid; principal and charge sum exactly to the terms.
/// - weekly, fortnightly: the first meeting day at least first_due_days_min (and one day) after
///   disbursement, then every 7 or 14 days;
/// - monthly: the day of month of the disbursement, clamped to shorter months and kept for later
///   ones (31 January, 28 February, 31 March);
/// - irregular: the given dates.
/// Empty when the terms make no schedule: no instalments or more than instalments_per_loan_max,
/// principal not positive, negative charge, less than a poisha each, dates that are not as above.
std::vector<instalment> make_schedule(const schedule_terms& terms);

/// Spreads what was paid in all over the rows, oldest first; for schedules that we made, never for
/// imported ones. What exceeds the whole schedule stays on the last row, so that the rows' `paid`
/// always sum to `paid_total`. A negative total counts as zero.
void allocate(std::vector<instalment>& schedule, money paid_total) noexcept;

/// Flat or service charge: principal × bp / 10,000, rounded half up to the poisha.
money flat_charge(money principal, unsigned bp) noexcept;

/// How many periods a year has for a yearly rate: 52, 26, 12; irregular counts as 12.
unsigned periods_per_year(repayment_period period) noexcept;

/// Declining balance, P·r / (1 − (1 + r)^−n) with r = annual_bp / 10,000 / periods_a_year: the
/// equal instalment and the whole charge, rounded half up to the poisha. Integers only: 60-bit
/// fixed point, whose error stays far below a poisha for principals up to Tk 100 crore.
/// Preconditions: principal > 0, n > 0, periods_a_year > 0, annual_bp <= 10,000.
money declining_instalment(money principal, unsigned annual_bp, unsigned periods_a_year,
                           unsigned n) noexcept;
money declining_charge(money principal, unsigned annual_bp, unsigned periods_a_year,
                       unsigned n) noexcept;

} // namespace uthan::members
