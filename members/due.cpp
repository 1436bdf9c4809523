#include "members/due.hpp"

#include "members/days_off.hpp"

#include <algorithm>

namespace uthan::members {
namespace {

/// Walks a schedule and says each row's effective date. One object per loan and question.
class date_walk {
public:
    date_walk(const loan& of, const office_calendar& calendar,
              const organisation_rules& rules) noexcept
        : loan_(of), calendar_(calendar), weekly_holidays_(rules.weekly_holidays),
          rule_(holiday_rule_of(rules, of)) {}

    /// Of the next row; called once per row.
    calendar_day next() noexcept {
        const std::size_t row = row_++;
        calendar_day day = slot(row + shift_);
        // A holiday on the row's own date moves all later rows too, so it is counted here, once.
        for (std::size_t tries = 0; tries < calendar_.holidays.size(); ++tries) {
            if (rule_on(day) != holiday_rule::shift_all || paused_until(calendar_, day)) {
                break;
            }
            ++shift_;
            day = slot(row + shift_);
        }
        return settle(day);
    }

    /// The first effective instalment date after `day`.
    calendar_day resume_after(calendar_day day) noexcept { return settle(first_date_after(day)); }

private:
    /// A schedule has dozens of rows and a calendar few holidays: what a search found free is
    /// remembered, so that most rows need none.
    std::optional<holiday_rule> rule_on(calendar_day day) noexcept {
        if (free_.after < day && day < free_.before) {
            return std::nullopt;
        }
        const auto rule = holiday_rule_on(calendar_, day, rule_);
        if (!rule) {
            free_ = days_without_holiday(calendar_, day);
        }
        return rule;
    }

    /// The instalment date with this index; the dates go on behind the last row.
    calendar_day slot(std::size_t index) const noexcept {
        const auto& rows = loan_.schedule;
        if (index < rows.size()) {
            return rows[index].due_on;
        }
        const calendar_day last = rows.back().due_on;
        const auto periods = static_cast<int>(index - rows.size()) + 1;
        switch (loan_.period) {
        case repayment_period::weekly:
            return last + std::chrono::days{7 * periods};
        case repayment_period::fortnightly:
            return last + std::chrono::days{14 * periods};
        case repayment_period::monthly:
            return add_months_clamped(last, periods);
        case repayment_period::irregular:
            break;
        }
        return next_working_day(calendar_, weekly_holidays_, last);
    }

    calendar_day first_date_after(calendar_day day) const noexcept {
        const auto& rows = loan_.schedule;
        const auto later =
            std::upper_bound(rows.begin(), rows.end(), day,
                             [](calendar_day d, const instalment& row) { return d < row.due_on; });
        if (later != rows.end()) {
            return later->due_on;
        }
        if (loan_.period == repayment_period::irregular) {
            return next_working_day(calendar_, weekly_holidays_, day);
        }
        // The least index that can be meant, then on: a month is never longer than 31 days.
        const auto days = std::max<std::int64_t>((day - rows.back().due_on).count(), 0);
        const int longest = loan_.period == repayment_period::weekly        ? 7
                            : loan_.period == repayment_period::fortnightly ? 14
                                                                            : 31;
        std::size_t index = rows.size() + static_cast<std::size_t>(days / longest);
        while (slot(index) <= day) {
            ++index;
        }
        return slot(index);
    }

    /// Moves a date until the office collects on it. Every step goes forward and leaves a holiday
    /// or a moratorium behind, so there are no more steps than of those.
    calendar_day settle(calendar_day day) noexcept {
        const std::size_t most = calendar_.holidays.size() + calendar_.moratoria.size();
        for (std::size_t step = 0; step < most; ++step) {
            if (const auto pause = paused_until(calendar_, day)) {
                day = first_date_after(*pause);
                continue;
            }
            const auto rule = rule_on(day);
            if (!rule || *rule == holiday_rule::none) {
                break;
            }
            day = *rule == holiday_rule::next_working_day
                      ? next_working_day(calendar_, weekly_holidays_, day)
                      : first_date_after(day);
        }
        return day;
    }

    const loan& loan_;
    const office_calendar& calendar_;
    const std::vector<unsigned>& weekly_holidays_;
    holiday_rule rule_;
    open_days free_; ///< nothing yet
    std::size_t row_ = 0;
    std::size_t shift_ = 0;
};

/// A delivery may carry only the open rows.
bool has_whole_schedule(const loan& of) noexcept {
    return !of.schedule.empty() && of.schedule.front().seq == 1 &&
           (of.instalments == 0 || of.schedule.size() == of.instalments);
}

void count_rows(const loan& of, loan_due& due) noexcept {
    due.count = of.instalments;
    if (of.schedule.empty()) {
        return;
    }
    if (due.count == 0) {
        due.count = of.schedule.back().seq;
    }
    // Rows before the first one of a partial schedule are paid.
    due.paid_count = std::max(of.schedule.front().seq, 1U) - 1;
    for (const instalment& row : of.schedule) {
        due.paid_count += row.open() == money{} ? 1 : 0;
    }
}

void add_overdue(loan_due& due, calendar_day on, money open) noexcept {
    due.overdue += open;
    if (!due.overdue_since || on < *due.overdue_since) {
        due.overdue_since = on;
    }
}

void add_future(loan_due& due, calendar_day on, money open, unsigned seq) noexcept {
    if (due.next_on && *due.next_on < on) {
        return;
    }
    if (!due.next_on || on < *due.next_on) {
        due.next_on = on;
        due.next_amount = {};
        due.next_rows = 0;
    }
    due.next_amount += open;
    due.next_rows += 1;
    due.next_seq = seq; // rows come by seq
}

void add_loan(member_due& due, const loan_due& one) noexcept {
    due.overdue += one.overdue;
    due.advance += one.advance;
    if (one.overdue_since && (!due.overdue_since || *one.overdue_since < *due.overdue_since)) {
        due.overdue_since = one.overdue_since;
    }
    if (one.left > money{}) {
        due.loans_open += 1;
        due.seq = due.loans_open == 1 ? one.next_seq : 0;
        due.count = due.seq > 0 ? one.count : 0;
    }
    if (!one.next_on) {
        return;
    }
    if (due.kind == due_kind::none || *one.next_on < due.on) {
        due.kind = due_kind::next;
        due.on = *one.next_on;
        due.amount = {};
        due.carried = false;
    }
    if (*one.next_on == due.on) {
        due.amount += one.next_amount;
        due.carried = due.carried || one.carried;
    }
}

} // namespace

holiday_rule holiday_rule_of(const organisation_rules& rules, const loan& of) noexcept {
    if (const auto* version = product_on(rules, of.product_code, of.disbursed_on)) {
        return version->holidays;
    }
    const product_rules* oldest = nullptr;
    for (const product_rules& version : rules.products) {
        if (version.code == of.product_code &&
            (oldest == nullptr || version.effective_from < oldest->effective_from)) {
            oldest = &version;
        }
    }
    return oldest != nullptr ? oldest->holidays : holiday_rule::carry_to_next;
}

std::vector<calendar_day> effective_dates(const loan& of, const office_calendar& calendar,
                                          const organisation_rules& rules) {
    date_walk walk(of, calendar, rules);
    std::vector<calendar_day> dates;
    dates.reserve(of.schedule.size());
    for (std::size_t i = 0; i < of.schedule.size(); ++i) {
        dates.push_back(walk.next());
    }
    return dates;
}

money left_of(const loan& of) noexcept {
    if (!has_whole_schedule(of)) {
        return of.outstanding_total;
    }
    money left;
    for (const instalment& row : of.schedule) {
        left += row.open();
    }
    return left;
}

loan_due due_of(const loan& of, const office_calendar& calendar, const organisation_rules& rules,
                calendar_day as_of, calendar_day today) noexcept {
    loan_due due;
    due.left = left_of(of);
    count_rows(of, due);
    const auto pause = paused_until(calendar, today);
    if (of.schedule.empty()) {
        due.overdue = pause ? money{} : of.overdue_amount;
        return due;
    }
    date_walk walk(of, calendar, rules);
    for (const instalment& row : of.schedule) {
        calendar_day on = walk.next();
        if (on > as_of) {
            due.advance += row.paid;
        } else if (row.paid > row.total_due) {
            due.advance += row.paid - row.total_due;
        }
        const money open = row.open();
        if (open == money{}) {
            continue;
        }
        // An active moratorium suspends what was due before it as well.
        if (pause && on <= *pause) {
            on = walk.resume_after(*pause);
        }
        if (on <= as_of) {
            add_overdue(due, on, open);
        } else {
            add_future(due, on, open, row.seq);
        }
    }
    due.carried = due.next_rows > 1;
    return due;
}

member_due due_of(const member_facts& facts, const organisation_rules& rules,
                  calendar_day today) noexcept {
    member_due due;
    due.as_of = facts.as_of();
    due.paused_until = paused_until(*facts.calendar, today);
    if (facts.group_of) {
        due.savings_rate = facts.group_of->savings_rate;
    }
    for (const loan& one : facts.loans) {
        if (one.status == loan_status::active) {
            add_loan(due, due_of(one, *facts.calendar, rules, due.as_of, today));
        }
    }
    if (due.kind == due_kind::none) {
        due.kind = due.overdue > money{} ? due_kind::arrears : due_kind::none;
    } else if (due.on < today) {
        due.kind = due_kind::stale;
        due.overdue = {};
        due.overdue_since.reset();
    }
    return due;
}

} // namespace uthan::members
