#pragma once

#include "core/money.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstdint>

// KMSS: savings back in an emergency, in part or whole, and all of them on leaving. Says what may
// be asked for; nobody's money moves here, a refund is a request that the staff answer.
namespace uthan::members {

enum class refund_kind : std::uint8_t { emergency, leaving };

enum class refund_answer : std::uint8_t {
    not_offered, ///< the organisation has not configured it
    not_member,  ///< closed; for an emergency: not active
    nothing,     ///< nothing is saved
    locked,      ///< emergency: something is saved, nothing of it is available
    allowed,     ///< at most `at_most`
    after_loans, ///< leaving: allowed when her loans are settled; `at_most` is what then remains
    loans_exceed ///< leaving: her loans are as much as her savings or more
};

struct refund_offer {
    refund_answer answer = refund_answer::not_offered;
    money at_most; ///< 0 unless allowed or after_loans
    money savings; ///< balances that the answer is about
    money loans_left;
};

/// As of her office's last day. Emergency: what is available on her active accounts of the rules'
/// emergency products. Leaving: the balances of all her active accounts, less what is left of her
/// loans that are not closed; the screen must not say that savings will be set off against a loan,
/// only that the loan comes first.
refund_offer refund_of(const member_facts& facts, const organisation_rules& rules,
                       refund_kind kind) noexcept;

enum class refund_amount : std::uint8_t { possible, none, too_much };

/// none: 0 or less. too_much: above `at_most`.
refund_amount refund_for(const refund_offer& offer, money asked) noexcept;

} // namespace uthan::members
