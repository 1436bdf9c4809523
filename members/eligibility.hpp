#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstdint>

// "How much may I borrow" and "how much more must I save", by the rules of the organisation's
// eligibility product. Never a promise: approval is the organisation's.
namespace uthan::members {

enum class eligibility_kind : std::uint8_t {
    limit,          ///< she may ask for `min` … `limit`
    gap,            ///< for `goal` she must save `gap` more
    running,        ///< a loan is running: `left` first
    class_excluded, ///< not for her family's income class
    below_min,      ///< the asked amount is below `min`
    above_max,      ///< the asked amount is above `max`
    possible,       ///< the asked amount, `goal`, may be applied for
    unknown_rules   ///< what is known does not answer it; the office does
};

struct eligibility {
    eligibility_kind kind = eligibility_kind::unknown_rules;
    money savings; ///< what counts towards the loan
    money limit;   ///< the largest loan that her savings allow now, in whole taka; 0 when none
    money goal;    ///< the amount that `gap` is for: the asked one, else the smallest loan
    money gap;
    money min;                 ///< of the product
    money max;                 ///< of the product, lowered by a household limit
    money charge_per_thousand; ///< on Tk 1,000 of principal
    money left;                ///< of the loans that block a new one
};

/// The savings that must be there before a loan of `principal`: ceil(principal × bp / 10,000) in
/// poisha.
money savings_needed(money principal, unsigned savings_first_bp) noexcept;

/// The savings that count: the balance of her active accounts of every product but term deposits,
/// which are locked until they mature.
money savings_counted(const member_facts& facts) noexcept;

/// In this order: unknown_rules (no product in force today, no limits published, she is not an
/// active member, or the product is for income classes and hers is unknown), class_excluded,
/// running (an active or written-off loan with something left, unless the product may be taken
/// beside one), unknown_rules again when a household limit leaves less than the smallest loan, gap,
/// limit. Her class is the imported one, else the one of her family's income.
eligibility eligibility_of(const member_facts& facts, const organisation_rules& rules,
                           calendar_day today) noexcept;

/// The same for an amount that she asks for: below_min, above_max, gap or possible in place of gap
/// and limit.
eligibility eligibility_for(const member_facts& facts, const organisation_rules& rules,
                            calendar_day today, money asked) noexcept;

} // namespace uthan::members
