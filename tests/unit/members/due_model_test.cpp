#include "members/due.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <vector>

// An independent, slow reading of the rules in members/due.hpp: it lives through every day of a
// loan one after another and is compared with due_of over thousands of random members.
namespace uthan::members {
namespace {

using examples::day;
using std::chrono::days;

constexpr calendar_day far_ahead = calendar_day{days{25'000}};

class slow_reading {
public:
    slow_reading(const loan& of, const office_calendar& calendar, const organisation_rules& rules)
        : loan_(of), calendar_(calendar), rules_(rules) {
        for (const product_rules& product : rules.products) {
            if (product.code == of.product_code) {
                rule_ = product.holidays;
            }
        }
        for (const instalment& row : of.schedule) {
            dates_.push_back(row.due_on);
        }
        // The loan's further dates, each one period after the last row's.
        for (int further = 1; further <= 200; ++further) {
            const calendar_day last = of.schedule.back().due_on;
            if (of.period == repayment_period::weekly) {
                dates_.push_back(last + days{7} * further);
            } else if (of.period == repayment_period::fortnightly) {
                dates_.push_back(last + days{14} * further);
            } else if (of.period == repayment_period::monthly) {
                dates_.push_back(add_months_clamped(last, further));
            }
        }
    }

    std::optional<calendar_day> pause_over(calendar_day on) const {
        std::optional<calendar_day> end;
        for (const moratorium& m : calendar_.moratoria) {
            if (m.from <= on && on <= m.to) {
                end = end ? std::max(*end, m.to) : m.to;
            }
        }
        return end;
    }

    std::optional<holiday_rule> rule_on(calendar_day on) const {
        std::optional<holiday_rule> named;
        bool any = false;
        for (const holiday& h : calendar_.holidays) {
            if (h.day == on) {
                any = true;
                named = named ? named : h.rule;
            }
        }
        return any ? named.value_or(rule_) : std::optional<holiday_rule>{};
    }

    calendar_day working_day_after(calendar_day on) const {
        for (on += days{1};; on += days{1}) {
            const auto rule = rule_on(on);
            bool off = rule && *rule != holiday_rule::none;
            // A row without a rule of its own is a day off whatever the product says.
            for (const holiday& h : calendar_.holidays) {
                off = off ||
                      (h.day == on && !h.rule && rule_ == holiday_rule::none && !names_a_rule(on));
            }
            for (const unsigned weekly : rules_.weekly_holidays) {
                off = off || iso_weekday(on) == weekly;
            }
            if (!off) {
                return on;
            }
        }
    }

    calendar_day date_after(calendar_day on) const {
        for (const calendar_day date : dates_) {
            if (date > on) {
                return date;
            }
        }
        return working_day_after(on);
    }

    calendar_day collected_on(calendar_day on) const {
        if (const auto end = pause_over(on)) {
            return collected_on(date_after(*end));
        }
        const auto rule = rule_on(on);
        if (rule == holiday_rule::carry_to_next || rule == holiday_rule::shift_all) {
            return collected_on(date_after(on));
        }
        return rule == holiday_rule::next_working_day ? collected_on(working_day_after(on)) : on;
    }

    /// The date that a row has after `shifts` whole shifts.
    calendar_day shifted(std::size_t index) const {
        return index < dates_.size() ? dates_[index] : working_day_after(dates_.back());
    }

    std::vector<calendar_day> effective() const {
        std::vector<calendar_day> made;
        std::size_t shifts = 0;
        for (std::size_t i = 0; i < loan_.schedule.size(); ++i) {
            while (!pause_over(shifted(i + shifts)) &&
                   rule_on(shifted(i + shifts)) == holiday_rule::shift_all) {
                ++shifts;
            }
            made.push_back(collected_on(shifted(i + shifts)));
        }
        return made;
    }

    loan_due due(calendar_day as_of, calendar_day today) const {
        loan_due answer;
        const auto on = effective();
        const auto pause = pause_over(today);
        std::map<calendar_day, std::vector<const instalment*>> by_day;
        for (std::size_t i = 0; i < on.size(); ++i) {
            const instalment& row = loan_.schedule[i];
            const money over = row.paid > row.total_due ? row.paid - row.total_due : money{};
            answer.advance += on[i] > as_of ? row.paid : over;
            answer.paid_count += row.paid >= row.total_due ? 1 : 0;
            if (row.paid < row.total_due) {
                const bool suspended = pause && on[i] <= *pause;
                by_day[suspended ? collected_on(date_after(*pause)) : on[i]].push_back(&row);
                answer.left += row.total_due - row.paid;
            }
        }
        for (calendar_day d = loan_.schedule.front().due_on; d < far_ahead; d += days{1}) {
            const auto found = by_day.find(d);
            if (found == by_day.end() || (d > as_of && answer.next_on)) {
                continue;
            }
            money open;
            for (const instalment* row : found->second) {
                open += row->total_due - row->paid;
            }
            if (d <= as_of) {
                answer.overdue += open;
                answer.overdue_since = answer.overdue_since.value_or(d);
            } else {
                answer.next_on = d;
                answer.next_amount = open;
                answer.next_rows = static_cast<unsigned>(found->second.size());
                answer.next_seq = found->second.back()->seq;
            }
        }
        return answer;
    }

private:
    bool names_a_rule(calendar_day on) const {
        for (const holiday& h : calendar_.holidays) {
            if (h.day == on && h.rule) {
                return true;
            }
        }
        return false;
    }

    const loan& loan_;
    const office_calendar& calendar_;
    const organisation_rules& rules_;
    holiday_rule rule_ = holiday_rule::carry_to_next;
    std::vector<calendar_day> dates_;
};

class random_world {
public:
    explicit random_world(std::uint64_t seed) : random_(seed) {}

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

    organisation_rules rules() {
        auto made = examples::rules_with(static_cast<holiday_rule>(below(4)));
        if (below(4) == 0) {
            made.products[0].code = "another";
        }
        if (below(2) == 0) {
            made.weekly_holidays = {5, 6};
        }
        return made;
    }

    office_calendar calendar(calendar_day from, calendar_day to) {
        office_calendar made;
        const std::uint64_t step = 2 + below(40);
        for (calendar_day on = from; on < to; on += days{below(step)}) {
            made.holidays.push_back(examples::day_off(
                on,
                below(3) == 0 ? std::optional{static_cast<holiday_rule>(below(4))} : std::nullopt));
            if (below(3) == 0) {
                on += days{1};
            }
        }
        for (std::uint64_t i = below(4); i > 0; --i) {
            moratorium pause;
            pause.from = from + days{below(static_cast<std::uint64_t>((to - from).count()))};
            pause.to = pause.from + days{below(70)};
            made.moratoria.push_back(pause);
        }
        return made;
    }

    loan one_loan(calendar_day first) {
        loan made;
        made.product_code = "weekly";
        made.disbursed_on = first - days{20};
        made.period = static_cast<repayment_period>(below(4));
        made.instalments = 1 + static_cast<unsigned>(below(24));
        made.status = below(8) == 0 ? static_cast<loan_status>(1 + below(2)) : loan_status::active;
        const std::uint64_t paid_rows = below(made.instalments + 1);
        calendar_day on = first;
        for (unsigned i = 0; i < made.instalments; ++i) {
            instalment row =
                examples::row(i + 1, on, {1 + static_cast<std::int64_t>(below(99'999))});
            if (i < paid_rows) {
                row.paid = row.total_due;
            }
            if (below(6) == 0) { // anything: in part, out of order, too much
                row.paid = {static_cast<std::int64_t>(below(120'000))};
            }
            made.schedule.push_back(row);
            switch (made.period) {
            case repayment_period::weekly:
                on += days{7};
                break;
            case repayment_period::fortnightly:
                on += days{14};
                break;
            case repayment_period::monthly:
                on = add_months_clamped(first, static_cast<int>(i) + 1);
                break;
            case repayment_period::irregular:
                on += days{1 + below(60)};
                break;
            }
        }
        return made;
    }

private:
    std::mt19937_64 random_;
};

void expect_same(const loan_due& fast, const loan_due& slow) {
    ASSERT_EQ(fast.overdue, slow.overdue);
    ASSERT_EQ(fast.overdue_since, slow.overdue_since);
    ASSERT_EQ(fast.next_on, slow.next_on);
    ASSERT_EQ(fast.next_amount, slow.next_amount);
    ASSERT_EQ(fast.next_rows, slow.next_rows);
    ASSERT_EQ(fast.next_seq, slow.next_seq);
    ASSERT_EQ(fast.paid_count, slow.paid_count);
    ASSERT_EQ(fast.advance, slow.advance);
    ASSERT_EQ(fast.left, slow.left);
}

/// The screen's figures, added up from the slow reading of each loan.
void expect_same(const member_due& fast, const std::vector<loan_due>& loans, calendar_day today) {
    std::optional<calendar_day> on;
    money overdue;
    money advance;
    unsigned open = 0;
    for (const loan_due& one : loans) {
        overdue += one.overdue;
        advance += one.advance;
        open += one.left > money{} ? 1 : 0;
        if (one.next_on && (!on || *one.next_on < *on)) {
            on = one.next_on;
        }
    }
    money amount;
    bool carried = false;
    std::optional<calendar_day> since;
    for (const loan_due& one : loans) {
        if (on && one.next_on == on) {
            amount += one.next_amount;
            carried = carried || one.next_rows > 1;
        }
        if (one.overdue_since) {
            since = since ? std::min(*since, *one.overdue_since) : one.overdue_since;
        }
    }
    const bool stale = on && *on < today;
    const auto kind = stale               ? due_kind::stale
                      : on                ? due_kind::next
                      : overdue > money{} ? due_kind::arrears
                                          : due_kind::none;
    ASSERT_EQ(fast.kind, kind);
    ASSERT_EQ(fast.overdue, stale ? money{} : overdue);
    ASSERT_EQ(fast.overdue_since, stale ? std::nullopt : since);
    ASSERT_EQ(fast.amount, amount);
    ASSERT_EQ(fast.carried, carried);
    ASSERT_EQ(fast.advance, advance);
    ASSERT_EQ(fast.loans_open, open);
    if (on) {
        ASSERT_EQ(fast.on, *on);
    }
    for (const loan_due& one : loans) {
        if (open == 1 && one.left > money{}) {
            ASSERT_EQ(fast.seq, one.next_seq);
        }
    }
    ASSERT_TRUE(open == 1 || fast.seq == 0);
}

TEST(DueModel, AgreesWithADayByDayReadingOverRandomMembers) {
    random_world world(20'261'121);
    std::map<due_kind, int> seen;
    for (int round = 0; round < 6'000; ++round) {
        SCOPED_TRACE(round);
        const calendar_day first = day("2026-01-01") + days{world.below(60)};
        const organisation_rules rules = world.rules();
        std::vector<loan> loans;
        for (std::uint64_t i = world.below(4); i > 0; --i) {
            loans.push_back(world.one_loan(first + days{world.below(90)}));
        }
        const calendar_day as_of = first + days{world.below(500)};
        const calendar_day today = as_of + days{world.below(12)};
        const auto facts =
            examples::facts_of(as_of, loans, world.calendar(day("2025-12-01"), day("2028-01-01")));
        std::vector<loan_due> slow;
        for (const loan& one : facts.loans) {
            const slow_reading reading(one, *facts.calendar, rules);
            const loan_due expected = reading.due(as_of, today);
            ASSERT_EQ(effective_dates(one, *facts.calendar, rules), reading.effective());
            ASSERT_NO_FATAL_FAILURE(
                expect_same(due_of(one, *facts.calendar, rules, as_of, today), expected));
            if (one.status == loan_status::active) {
                slow.push_back(expected);
            }
        }
        const member_due fast = due_of(facts, rules, today);
        ASSERT_NO_FATAL_FAILURE(expect_same(fast, slow, today));
        ++seen[fast.kind];
    }
    // The worlds are varied enough to have met every kind often.
    for (const auto kind : {due_kind::none, due_kind::next, due_kind::arrears, due_kind::stale}) {
        EXPECT_GT(seen[kind], 100);
    }
}

TEST(DueModel, NoInstalmentIsLostOrCollectedOnADayOff) {
    random_world world(99);
    for (int round = 0; round < 3'000; ++round) {
        SCOPED_TRACE(round);
        const calendar_day first = day("2026-01-01") + days{world.below(60)};
        const organisation_rules rules = world.rules();
        const loan one = world.one_loan(first);
        const auto calendar = world.calendar(day("2025-12-01"), day("2028-01-01"));
        const auto dates = effective_dates(one, calendar, rules);
        ASSERT_EQ(dates.size(), one.schedule.size());
        const slow_reading reading(one, calendar, rules);
        for (std::size_t i = 0; i < dates.size(); ++i) {
            ASSERT_GE(dates[i], one.schedule[i].due_on);
            ASSERT_FALSE(reading.pause_over(dates[i]));
            const auto rule = reading.rule_on(dates[i]);
            ASSERT_TRUE(!rule || *rule == holiday_rule::none);
        }
        // Overdue and what is still to come are all that is left, on every day of the loan.
        for (calendar_day as_of = first - days{1}; as_of < first + days{900}; as_of += days{45}) {
            const auto due = due_of(one, calendar, rules, as_of, as_of);
            money future;
            for (std::size_t i = 0; i < dates.size(); ++i) {
                future += dates[i] > as_of ? one.schedule[i].open() : money{};
            }
            if (!reading.pause_over(as_of)) {
                ASSERT_EQ(due.overdue + future, due.left);
            }
            ASSERT_TRUE(due.next_on || due.overdue == due.left);
        }
    }
}

} // namespace
} // namespace uthan::members
