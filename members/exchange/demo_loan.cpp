#include "members/exchange/demo_loan.hpp"

#include "members/due.hpp"
#include "members/schedule.hpp"

#include <algorithm>

namespace uthan::members::exchange {

namespace {

using std::chrono::days;

constexpr unsigned first_due_days = 15;  // MRA 2010
constexpr unsigned first_due_months = 2; // RSS: "from the second month", read as disbursement + 2
constexpr calendar_day rules_since = std::chrono::sys_days{std::chrono::year{2010} / 11 / 1};

/// Months between the dates of a loan in one, two or three instalments (assumed).
unsigned months_apart(unsigned instalments) {
    return instalments == 1 ? 6 : instalments == 2 ? 4 : 3;
}

calendar_day last_weekday(calendar_day until, unsigned weekday) {
    return until - days{(iso_weekday(until) + 7 - weekday) % 7};
}

calendar_day weekly_disbursement(const demo_loan_plan& plan, const demo_loan_setting& setting,
                                 demo_random& random) {
    const calendar_day latest = last_weekday(setting.as_of, setting.meeting_weekday);
    const calendar_day first = latest - days{7 * (static_cast<int>(plan.due) - 1)};
    const calendar_day day = first - days{first_due_days + random.below(6)};
    return iso_weekday(day) == friday ? day - days{1} : day;
}

/// The day of disbursement that puts the k-th instalment on the pinned day; a month that has no
/// such day of the month is passed over.
calendar_day pinned_disbursement(const demo_loan_plan& plan) {
    const calendar_day pin = *plan.pinned_on;
    const auto day_of_month = [](calendar_day d) { return std::chrono::year_month_day{d}.day(); };
    for (int k = static_cast<int>(plan.due);; ++k) {
        const calendar_day day =
            add_months_clamped(pin, -(k + static_cast<int>(first_due_months) - 1));
        if (day_of_month(day) == day_of_month(pin)) {
            return day;
        }
    }
}

calendar_day monthly_disbursement(const demo_loan_plan& plan, const demo_loan_setting& setting,
                                  demo_random& random) {
    const auto due = static_cast<int>(plan.due);
    const bool irregular = plan.product->period == repayment_period::irregular;
    const int months = irregular ? due * static_cast<int>(months_apart(plan.product->instalments))
                                 : due + static_cast<int>(first_due_months) - 1;
    const calendar_day day =
        add_months_clamped(setting.as_of, -months) - days{1 + random.below(26)};
    return iso_weekday(day) == friday ? day - days{1} : day;
}

schedule_terms terms_for(const demo_loan_plan& plan, const demo_loan_setting& setting,
                         demo_random& random) {
    const demo_product& product = *plan.product;
    schedule_terms terms;
    terms.principal = plan.principal;
    terms.method = product.method;
    terms.period = product.period;
    terms.instalments = product.instalments;
    if (product.method == charge_method::declining) {
        terms.annual_rate_bp = product.charge_bp;
        terms.charge_total =
            declining_charge(plan.principal, product.charge_bp, 52, product.instalments);
    } else {
        terms.charge_total = flat_charge(plan.principal, product.charge_bp);
    }
    if (!plan.with_poisha) {
        terms.charge_total = money::taka((terms.charge_total.poisha + 99) / 100);
    }
    if (product.period == repayment_period::weekly) {
        terms.disbursed_on = weekly_disbursement(plan, setting, random);
        terms.first_due_days_min = first_due_days;
        terms.meeting_weekday = setting.meeting_weekday;
        return terms;
    }
    terms.disbursed_on =
        plan.pinned_on ? pinned_disbursement(plan) : monthly_disbursement(plan, setting, random);
    terms.first_due_offset_months = first_due_months;
    for (unsigned i = 1; product.period == repayment_period::irregular && i <= terms.instalments;
         ++i) {
        terms.dates.push_back(add_months_clamped(
            terms.disbursed_on, static_cast<int>(i * months_apart(terms.instalments))));
    }
    return terms;
}

/// Half of it in whole fives, at least one poisha and never all of it.
money part_of(money amount) {
    const money half{amount.poisha / 1000 * 500};
    return half > money{} && half < amount ? half : money{(amount.poisha + 1) / 2};
}

/// Pays a row on a day; days must not decrease.
void pay(demo_loan& made, instalment& row, money amount, calendar_day on) {
    row.paid += amount;
    row.paid_on = on;
    made.row.paid_total += amount;
    if (made.payments.empty() || made.payments.back().on != on) {
        made.payments.push_back({on, {}, {}});
    }
    made.payments.back().amount += amount;
    made.payments.back().balance_after =
        made.row.principal + made.row.charge_total - made.row.paid_total;
}

void make_payments(demo_loan& made, const demo_loan_plan& plan, const demo_loan_setting& setting) {
    std::vector<instalment>& rows = made.row.schedule;
    const std::vector<calendar_day> collected =
        effective_dates(made.row, *setting.calendar, *setting.rules);
    std::size_t come = 0;
    while (come < rows.size() && collected[come] <= setting.as_of) {
        ++come;
    }
    const std::size_t unpaid = std::min<std::size_t>(plan.behind, come);
    for (std::size_t i = 0; i + unpaid < come; ++i) {
        const bool in_part = plan.last_in_part && i + unpaid + 1 == come;
        pay(made, rows[i], in_part ? part_of(rows[i].total_due) : rows[i].total_due, collected[i]);
    }
    // What is ahead of its date came together with the last one that was due.
    const calendar_day early =
        come > 0 ? collected[come - 1] : std::min(made.row.disbursed_on + days{7}, setting.as_of);
    for (std::size_t i = come; i < rows.size() && i < come + plan.ahead; ++i) {
        pay(made, rows[i], rows[i].total_due, early);
    }
    if (plan.ahead_in_part && come + plan.ahead < rows.size()) {
        instalment& row = rows[come + plan.ahead];
        pay(made, row, part_of(row.total_due), early);
    }
}

/// The totals that a core system exports beside the schedule.
void sum_up(demo_loan& made, const demo_loan_setting& setting) {
    loan& row = made.row;
    row.outstanding_total = row.principal + row.charge_total - row.paid_total;
    row.outstanding_principal = row.principal;
    for (const instalment& part : row.schedule) {
        // Within an instalment the charge is paid first.
        row.outstanding_principal -= std::max(part.paid - part.charge_due, money{});
    }
    if (row.status != loan_status::active) {
        return;
    }
    const loan_due due =
        due_of(row, *setting.calendar, *setting.rules, setting.as_of, setting.as_of);
    row.overdue_amount = due.overdue;
    made.overdue_since = due.overdue_since;
}

} // namespace

organisation_rules demo_rules(const demo_shape& shape) {
    organisation_rules rules;
    rules.weekly_holidays.assign(shape.days_off.begin(), shape.days_off.end());
    for (const demo_product& product : shape.products) {
        product_rules one;
        one.code = product.code;
        one.effective_from = rules_since;
        one.holidays = shape.holidays;
        one.period = product.period;
        one.instalments = product.instalments;
        one.method = product.method;
        rules.products.push_back(one);
    }
    return rules;
}

demo_loan make_demo_loan(const demo_loan_plan& plan, const demo_loan_setting& setting,
                         demo_random& random) {
    const schedule_terms terms = terms_for(plan, setting, random);
    demo_loan made;
    loan& row = made.row;
    row.product_code = plan.product->code;
    row.cycle = plan.cycle;
    row.principal = terms.principal;
    row.charge_total = terms.charge_total;
    row.method = terms.method;
    row.rate = plan.product->rate;
    row.instalments = terms.instalments;
    row.period = terms.period;
    row.disbursed_on = terms.disbursed_on;
    row.status = plan.status;
    row.schedule = make_schedule(terms);
    row.first_due_on = row.schedule.front().due_on;
    row.last_due_on = row.schedule.back().due_on;
    make_payments(made, plan, setting);
    sum_up(made, setting);
    return made;
}

} // namespace uthan::members::exchange
