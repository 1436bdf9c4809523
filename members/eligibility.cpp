#include "members/eligibility.hpp"

#include "members/due.hpp"
#include "members/savings.hpp"

#include <algorithm>

namespace uthan::members {
namespace {

/// An amount times basis points does not fit 64 bits at the widest.
__extension__ using wide = __int128;

/// floor(savings × 10,000 / bp), down to whole taka.
money affordable(money savings, unsigned bp) noexcept {
    if (savings <= money{}) {
        return {};
    }
    const wide poisha = std::min(wide{savings.poisha} * 10'000 / bp, wide{money_max.poisha});
    return money::taka(static_cast<std::int64_t>(poisha) / 100);
}

money blocking_left(const member_facts& facts) noexcept {
    money left;
    for (const loan& one : facts.loans) {
        if (one.status != loan_status::closed) {
            left += std::max(left_of(one), money{});
        }
    }
    return left;
}

/// The product's maximum, lowered by the smallest household limit that her loans carry.
money lowered_max(const member_facts& facts, const product_rules& product) noexcept {
    money max = product.principal_max;
    for (const loan& one : facts.loans) {
        if (one.household_limit) {
            max = std::min(max, *one.household_limit);
        }
    }
    return max;
}

income_class class_of(const member_facts& facts, const organisation_rules& rules,
                      calendar_day today) noexcept {
    if (facts.who.income != income_class::none || !facts.who.annual_family_income) {
        return facts.who.income;
    }
    return income_class_on(rules, *facts.who.annual_family_income, today);
}

/// Fills everything but the amounts that depend on her savings. `limit` means: nothing speaks
/// against a loan so far.
eligibility before_savings(const member_facts& facts, const organisation_rules& rules,
                           calendar_day today, const product_rules* product) noexcept {
    eligibility answer;
    answer.savings = savings_counted(facts);
    if (product == nullptr || product->principal_max <= money{}) {
        return answer;
    }
    answer.min = product->principal_min;
    answer.max = lowered_max(facts, *product);
    answer.charge_per_thousand = money{std::int64_t{product->charge_bp} * 10};
    answer.left = product->while_running ? money{} : blocking_left(facts);
    if (facts.who.status != member_status::active) {
        return answer;
    }
    if (!product->income_classes.empty()) {
        const auto& allowed = product->income_classes;
        const income_class hers = class_of(facts, rules, today);
        if (hers == income_class::none) {
            return answer;
        }
        if (std::find(allowed.begin(), allowed.end(), hers) == allowed.end()) {
            answer.kind = eligibility_kind::class_excluded;
            return answer;
        }
    }
    if (answer.left > money{}) {
        answer.kind = eligibility_kind::running;
        return answer;
    }
    if (answer.max >= answer.min) {
        answer.kind = eligibility_kind::limit;
    }
    return answer;
}

/// `asked` absent: the question is how much.
eligibility answer_for(const member_facts& facts, const organisation_rules& rules,
                       calendar_day today, std::optional<money> asked) noexcept {
    const product_rules* product = product_on(rules, rules.eligibility_product, today);
    eligibility answer = before_savings(facts, rules, today, product);
    if (answer.kind != eligibility_kind::limit) {
        return answer;
    }
    const unsigned bp = product->savings_first_bp;
    if (savings_needed(answer.min, bp) <= std::max(answer.savings, money{})) {
        const money by_savings = bp == 0 ? answer.max : affordable(answer.savings, bp);
        answer.limit = std::clamp(by_savings, answer.min, answer.max);
    }
    if (asked && (*asked < answer.min || *asked > answer.max)) {
        answer.goal = *asked;
        answer.kind =
            *asked < answer.min ? eligibility_kind::below_min : eligibility_kind::above_max;
        return answer;
    }
    const money goal = asked.value_or(answer.min);
    const money needed = savings_needed(goal, bp);
    if (needed > std::max(answer.savings, money{})) {
        answer.kind = eligibility_kind::gap;
        answer.goal = goal;
        answer.gap = needed - answer.savings;
    } else if (asked) {
        answer.kind = eligibility_kind::possible;
        answer.goal = goal;
    }
    return answer;
}

} // namespace

money savings_needed(money principal, unsigned savings_first_bp) noexcept {
    const wide exact = wide{principal.poisha} * savings_first_bp;
    return {static_cast<std::int64_t>((exact + 9'999) / 10'000)};
}

money savings_counted(const member_facts& facts) noexcept {
    const savings_summary sums = savings_of(facts.savings);
    return sums.total - sums.of(savings_product::term);
}

eligibility eligibility_of(const member_facts& facts, const organisation_rules& rules,
                           calendar_day today) noexcept {
    return answer_for(facts, rules, today, std::nullopt);
}

eligibility eligibility_for(const member_facts& facts, const organisation_rules& rules,
                            calendar_day today, money asked) noexcept {
    return answer_for(facts, rules, today, asked);
}

} // namespace uthan::members
