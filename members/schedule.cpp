#include "members/schedule.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace uthan::members {
namespace {

/// Products of two amounts, and fixed-point fractions, do not fit 64 bits.
__extension__ using wide = __int128;

constexpr wide fixed_one = wide{1} << 60;

std::int64_t divide_half_up(wide dividend, wide divisor) noexcept {
    return static_cast<std::int64_t>((dividend + divisor / 2) / divisor);
}

std::int64_t divide_up(std::int64_t dividend, std::int64_t divisor) noexcept {
    return (dividend + divisor - 1) / divisor;
}

/// (1 + r)^-n in 60-bit fixed point, with r = annual_bp / 10,000 / periods_a_year.
wide discount(unsigned annual_bp, unsigned periods_a_year, unsigned n) noexcept {
    const wide year = wide{10'000} * periods_a_year;
    const wide factor = (fixed_one * year + (year + annual_bp) / 2) / (year + annual_bp);
    wide power = fixed_one;
    for (unsigned i = 0; i < n; ++i) {
        power = (power * factor + fixed_one / 2) / fixed_one;
    }
    return power;
}

/// `times` equal instalments of a declining loan, rounded once.
money declining_payments(money principal, unsigned annual_bp, unsigned periods_a_year, unsigned n,
                         unsigned times) noexcept {
    UTHAN_ASSERT(n > 0 && periods_a_year > 0);
    if (annual_bp == 0) {
        return {divide_half_up(wide{principal.poisha} * times, n)};
    }
    const wide rest = fixed_one - discount(annual_bp, periods_a_year, n);
    const wide interest = wide{principal.poisha} * annual_bp * times;
    return {divide_half_up(interest * fixed_one, wide{10'000} * periods_a_year * rest)};
}

/// What each instalment is: rounded up to the unit, the last one the rest.
std::vector<money> equal_amounts(money total, unsigned n, money unit) {
    const std::array<std::int64_t, 5> units{unit.poisha, 1'000, 500, 100, 1};
    for (const std::int64_t step : units) {
        if (step < 1 || step > std::max<std::int64_t>(unit.poisha, 1)) {
            continue;
        }
        const std::int64_t each = divide_up(divide_up(total.poisha, n), step) * step;
        const std::int64_t last = total.poisha - each * (n - 1);
        if (last > 0) {
            std::vector<money> amounts(n, money{each});
            amounts.back() = money{last};
            return amounts;
        }
    }
    // Fewer poisha than rounding up needs: shares that differ by one.
    std::vector<money> amounts(n, money{total.poisha / n});
    for (std::size_t i = 0; i < static_cast<std::size_t>(total.poisha % n); ++i) {
        amounts[i] += money{1};
    }
    return amounts;
}

std::vector<calendar_day> monthly_dates(const schedule_terms& terms) {
    calendar_day base = terms.disbursed_on;
    int months = static_cast<int>(std::max(1U, terms.first_due_offset_months));
    if (terms.first_due_on) {
        // A first date that is a clamped month's end keeps the disbursement's day for later months.
        const std::chrono::year_month_day from{terms.disbursed_on};
        const std::chrono::year_month_day to{*terms.first_due_on};
        months = static_cast<int>((to.year() / to.month() - from.year() / from.month()).count());
        if (add_months_clamped(base, months) != *terms.first_due_on) {
            base = *terms.first_due_on;
            months = 0;
        }
    }
    std::vector<calendar_day> dates;
    dates.reserve(terms.instalments);
    for (unsigned i = 0; i < terms.instalments; ++i) {
        dates.push_back(add_months_clamped(base, months + static_cast<int>(i)));
    }
    return dates;
}

calendar_day first_meeting(const schedule_terms& terms, unsigned period_days) noexcept {
    if (terms.first_due_on) {
        return *terms.first_due_on;
    }
    if (!terms.meeting_weekday) {
        const unsigned days = std::max(terms.first_due_days_min, period_days);
        return terms.disbursed_on + std::chrono::days{days};
    }
    const calendar_day earliest =
        terms.disbursed_on + std::chrono::days{std::max(1U, terms.first_due_days_min)};
    const unsigned ahead = (*terms.meeting_weekday + 7 - iso_weekday(earliest)) % 7;
    return earliest + std::chrono::days{ahead};
}

/// One for each instalment; fewer or more than that when the terms give none.
std::vector<calendar_day> dates_of(const schedule_terms& terms) {
    switch (terms.period) {
    case repayment_period::irregular:
        return terms.dates;
    case repayment_period::monthly:
        return monthly_dates(terms);
    case repayment_period::weekly:
    case repayment_period::fortnightly:
        break;
    }
    const unsigned period_days = terms.period == repayment_period::weekly ? 7 : 14;
    std::vector<calendar_day> dates;
    dates.reserve(terms.instalments);
    calendar_day day = first_meeting(terms, period_days);
    for (unsigned i = 0; i < terms.instalments; ++i) {
        dates.push_back(day);
        day += std::chrono::days{period_days};
    }
    return dates;
}

bool makes_a_schedule(const schedule_terms& terms) noexcept {
    const money total = terms.principal + terms.charge_total;
    return terms.instalments > 0 && terms.instalments <= instalments_per_loan_max &&
           terms.principal > money{} && terms.principal <= money_max &&
           terms.charge_total >= money{} && terms.charge_total <= money_max &&
           total.poisha >= terms.instalments &&
           (!terms.meeting_weekday || (*terms.meeting_weekday >= 1 && *terms.meeting_weekday <= 7));
}

bool strictly_increasing(const std::vector<calendar_day>& dates) noexcept {
    return std::adjacent_find(dates.begin(), dates.end(),
                              [](calendar_day a, calendar_day b) { return a >= b; }) == dates.end();
}

/// Splits every row's total into charge and principal. By the terms each row's charge is the
/// interest on what is outstanding, or its even share; it is kept within what the row can hold and
/// what must be left for the rows after it, so that both sums come out exactly.
void split(std::vector<instalment>& rows, const schedule_terms& terms) noexcept {
    const bool declining = terms.method == charge_method::declining && terms.annual_rate_bp > 0;
    const wide year = wide{10'000} * periods_per_year(terms.period);
    const money total = terms.principal + terms.charge_total;
    money principal_left = terms.principal;
    money charge_left = terms.charge_total;
    money total_left = total;
    for (instalment& row : rows) {
        money charge;
        if (declining) {
            const wide interest = wide{principal_left.poisha} * terms.annual_rate_bp;
            charge.poisha = divide_half_up(interest, year);
        } else {
            // What the rows after this one keep is rounded down from their even share.
            const wide later = wide{(total_left - row.total_due).poisha};
            const wide kept = later * terms.charge_total.poisha / total.poisha;
            charge = charge_left - money{static_cast<std::int64_t>(kept)};
        }
        const money least = std::max(money{}, charge_left - (total_left - row.total_due));
        const money most = std::min(charge_left, row.total_due);
        row.charge_due = std::clamp(charge, least, most);
        row.principal_due = row.total_due - row.charge_due;
        principal_left -= row.principal_due;
        charge_left -= row.charge_due;
        total_left -= row.total_due;
    }
}

} // namespace

schedule_terms terms_of(const loan& of, const product_rules* product, const meeting_rule* meeting) {
    schedule_terms terms;
    terms.principal = of.principal;
    terms.charge_total = of.charge_total;
    terms.method = of.method;
    terms.period = of.period;
    terms.instalments = of.instalments;
    terms.disbursed_on = of.disbursed_on;
    terms.first_due_on = of.first_due_on;
    if (of.method == charge_method::declining) {
        // A percentage with at most two decimals has the form of an amount: poisha are basis
        // points.
        const auto rate = parse_money(of.rate);
        if (rate && rate->poisha > 0 && rate->poisha <= 10'000) {
            terms.annual_rate_bp = static_cast<unsigned>(rate->poisha);
        }
    }
    if (product != nullptr) {
        terms.first_due_offset_months = product->first_due_offset_months;
        terms.first_due_days_min = product->first_due_days_min;
        terms.rounding_unit = product->rounding_unit;
    }
    if (meeting != nullptr) {
        terms.meeting_weekday = meeting->weekday;
    }
    if (of.period == repayment_period::irregular) {
        if (of.instalments == 2 && of.first_due_on && of.last_due_on) {
            terms.dates = {*of.first_due_on, *of.last_due_on};
        } else if (of.instalments == 1 && (of.last_due_on || of.first_due_on)) {
            terms.dates = {of.last_due_on ? *of.last_due_on : *of.first_due_on};
        }
    }
    return terms;
}

std::vector<instalment> make_schedule(const schedule_terms& terms) {
    if (!makes_a_schedule(terms)) {
        return {};
    }
    const std::vector<calendar_day> dates = dates_of(terms);
    if (dates.size() != terms.instalments || !strictly_increasing(dates)) {
        return {};
    }
    const std::vector<money> amounts =
        equal_amounts(terms.principal + terms.charge_total, terms.instalments, terms.rounding_unit);
    std::vector<instalment> rows(terms.instalments);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].seq = static_cast<unsigned>(i + 1);
        rows[i].due_on = dates[i];
        rows[i].total_due = amounts[i];
    }
    split(rows, terms);
    return rows;
}

void allocate(std::vector<instalment>& schedule, money paid_total) noexcept {
    money rest = std::max(paid_total, money{});
    for (instalment& row : schedule) {
        row.paid = std::min(rest, row.total_due);
        rest -= row.paid;
    }
    if (!schedule.empty()) {
        schedule.back().paid += rest;
    }
}

money flat_charge(money principal, unsigned bp) noexcept {
    return {divide_half_up(wide{principal.poisha} * bp, 10'000)};
}

unsigned periods_per_year(repayment_period period) noexcept {
    switch (period) {
    case repayment_period::weekly:
        return 52;
    case repayment_period::fortnightly:
        return 26;
    case repayment_period::monthly:
    case repayment_period::irregular:
        break;
    }
    return 12;
}

money declining_instalment(money principal, unsigned annual_bp, unsigned periods_a_year,
                           unsigned n) noexcept {
    return declining_payments(principal, annual_bp, periods_a_year, n, 1);
}

money declining_charge(money principal, unsigned annual_bp, unsigned periods_a_year,
                       unsigned n) noexcept {
    return declining_payments(principal, annual_bp, periods_a_year, n, n) - principal;
}

} // namespace uthan::members
