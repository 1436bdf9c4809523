#pragma once

#include "members/exchange/demo_random.hpp"
#include "members/exchange/demo_shape.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <optional>
#include <string>
#include <vector>

// One made-up loan: its schedule by the product's rules and what has been paid on it. The
// arithmetic is that of schedule.hpp and due.hpp, so that every figure of its rows agrees with the
// others.
namespace uthan::members::exchange {

inline constexpr unsigned friday = 5; ///< As iso_weekday() counts: no instalment is due on it.

/// What a loan shall look like at its office's as-of.
struct demo_loan_plan {
    const demo_product* product = nullptr;
    money principal;
    unsigned cycle = 1;
    /// Instalments whose due date has come; may exceed the loan's (the term is over).
    unsigned due = 0;
    unsigned behind = 0;       ///< how many of the last of them are not paid
    bool last_in_part = false; ///< the last of them is paid in part only
    unsigned ahead = 0;        ///< instalments paid before their date
    bool ahead_in_part = false;
    loan_status status = loan_status::active;
    bool with_poisha = false;
    /// Monthly loans: an instalment, the `due`-th or a later one, falls on this day.
    std::optional<calendar_day> pinned_on;
};

struct demo_payment {
    calendar_day on{};
    money amount;
    money balance_after;
};

struct demo_loan {
    loan row;
    std::vector<demo_payment> payments; ///< by day; what was paid on one day is one payment
    std::optional<calendar_day> overdue_since;
};

/// What loans of one office have in common.
struct demo_loan_setting {
    calendar_day as_of{};
    const office_calendar* calendar = nullptr;
    const organisation_rules* rules = nullptr;
    unsigned meeting_weekday = 7; ///< of her group; Sunday when it has none
};

/// The rules that the demo loans are made by, for schedule.hpp and due.hpp.
organisation_rules demo_rules(const demo_shape& shape);

/// Loan and officer codes are the caller's to fill in.
demo_loan make_demo_loan(const demo_loan_plan& plan, const demo_loan_setting& setting,
                         demo_random& random);

} // namespace uthan::members::exchange
