#pragma once

#include "core/calendar.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

// Small organisations, calendars and loans for the tests of this folder.
namespace uthan::members::examples {

inline calendar_day day(const char* iso) {
    return parse_day(iso).value();
}

inline instalment row(unsigned seq, calendar_day due_on, money total, money paid = {}) {
    instalment made;
    made.seq = seq;
    made.due_on = due_on;
    made.principal_due = total;
    made.total_due = total;
    made.paid = paid;
    return made;
}

/// `n` weekly instalments of `each` from `first` on, the first `paid_rows` of them paid.
inline loan weekly_loan(calendar_day first, unsigned n, money each, unsigned paid_rows = 0) {
    loan made;
    made.loan_no = "L1";
    made.product_code = "weekly";
    made.principal = each * n;
    made.instalments = n;
    made.disbursed_on = first - std::chrono::days{15};
    for (unsigned i = 0; i < n; ++i) {
        made.schedule.push_back(
            row(i + 1, first + std::chrono::days{7 * i}, each, i < paid_rows ? each : money{}));
    }
    made.outstanding_total = each * (n - paid_rows);
    return made;
}

inline holiday day_off(calendar_day on, std::optional<holiday_rule> rule = std::nullopt) {
    holiday made;
    made.day = on;
    made.rule = rule;
    return made;
}

inline organisation_rules rules_with(holiday_rule rule) {
    organisation_rules made;
    product_rules product;
    product.code = "weekly";
    product.effective_from = day("2000-01-01");
    product.holidays = rule;
    made.products.push_back(product);
    return made;
}

inline member_facts facts_of(calendar_day as_of, std::vector<loan> loans,
                             office_calendar calendar = {}) {
    member_facts made;
    made.office_of.as_of = as_of;
    made.loans = std::move(loans);
    made.calendar = std::make_shared<const office_calendar>(std::move(calendar));
    return made;
}

} // namespace uthan::members::examples
