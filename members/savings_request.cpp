#include "members/savings_request.hpp"

#include "members/due.hpp"

#include <algorithm>

namespace uthan::members {
namespace {

refund_offer emergency_of(const member_facts& facts, const request_rules& rules) noexcept {
    refund_offer offer;
    const auto& products = rules.emergency_products;
    for (const savings_account& account : facts.savings) {
        const bool counts =
            account.status == account_status::active &&
            std::find(products.begin(), products.end(), account.product) != products.end();
        if (counts) {
            offer.savings += account.balance;
            offer.at_most += std::max(std::min(account.available, account.balance), money{});
        }
    }
    if (offer.savings <= money{}) {
        offer.answer = refund_answer::nothing;
        offer.at_most = {};
    } else {
        offer.at_most = std::min(offer.at_most, offer.savings);
        offer.answer = offer.at_most > money{} ? refund_answer::allowed : refund_answer::locked;
    }
    return offer;
}

refund_offer leaving_of(const member_facts& facts) noexcept {
    refund_offer offer;
    for (const savings_account& account : facts.savings) {
        if (account.status == account_status::active) {
            offer.savings += account.balance;
        }
    }
    for (const loan& one : facts.loans) {
        if (one.status != loan_status::closed) {
            offer.loans_left += std::max(left_of(one), money{});
        }
    }
    if (offer.savings <= money{}) {
        offer.answer = refund_answer::nothing;
    } else if (offer.loans_left >= offer.savings) {
        offer.answer = refund_answer::loans_exceed;
    } else {
        offer.at_most = offer.savings - offer.loans_left;
        offer.answer =
            offer.loans_left > money{} ? refund_answer::after_loans : refund_answer::allowed;
    }
    return offer;
}

} // namespace

refund_offer refund_of(const member_facts& facts, const organisation_rules& rules,
                       refund_kind kind) noexcept {
    const bool is_emergency = kind == refund_kind::emergency;
    if (!is_offered(rules.requests,
                    is_emergency ? request_kind::refund_emergency : request_kind::refund_exit)) {
        return {};
    }
    const member_status status = facts.who.status;
    if (status == member_status::closed || (is_emergency && status != member_status::active)) {
        refund_offer offer;
        offer.answer = refund_answer::not_member;
        return offer;
    }
    return is_emergency ? emergency_of(facts, rules.requests) : leaving_of(facts);
}

refund_amount refund_for(const refund_offer& offer, money asked) noexcept {
    if (asked <= money{}) {
        return refund_amount::none;
    }
    return asked > offer.at_most ? refund_amount::too_much : refund_amount::possible;
}

} // namespace uthan::members
