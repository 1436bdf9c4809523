#include "members/household_limit.hpp"

#include <algorithm>

namespace uthan::members {

household_room household_room_of(std::span<const household_loan> loans,
                                 const organisation_rules& rules, calendar_day today) noexcept {
    household_room room;
    const product_rules* product = product_on(rules, rules.eligibility_product, today);
    if (product == nullptr || !product->per_household || product->principal_max <= money{}) {
        return room;
    }
    room.limit = product->principal_max;
    for (const household_loan& one : loans) {
        const product_rules* its = product_on(rules, one.product_code, today);
        if (its != nullptr && !its->per_household) {
            continue;
        }
        if (one.household_limit) {
            room.limit = std::min(room.limit, *one.household_limit);
        }
        if (one.status != loan_status::closed) {
            room.used += one.principal;
        }
    }
    room.left = std::max(room.limit - room.used, money{});
    room.kind = room.left <= money{} || room.left < product->principal_min ? household_kind::full
                                                                           : household_kind::room;
    return room;
}

household_room household_room_of(const household& of, const organisation_rules& rules,
                                 calendar_day today) noexcept {
    household_room room = household_room_of(std::span{of.loans}, rules, today);
    if (of.too_many && room.kind != household_kind::not_limited) {
        room.kind = household_kind::unknown;
    }
    return room;
}

bool shares_limit(const member_facts& facts, const organisation_rules& rules,
                  calendar_day today) noexcept {
    const product_rules* product = product_on(rules, rules.eligibility_product, today);
    return product != nullptr && product->per_household && !facts.who.household_id.empty();
}

eligibility within_household(eligibility answer, const household_room& room) noexcept {
    if (room.kind == household_kind::not_limited) {
        return answer;
    }
    const bool is_known = room.kind != household_kind::unknown;
    if (is_known) {
        answer.max = std::min(answer.max, room.left);
        answer.limit = std::min(answer.limit, room.left);
    }
    const bool says_yes = answer.kind == eligibility_kind::limit ||
                          answer.kind == eligibility_kind::gap ||
                          answer.kind == eligibility_kind::possible;
    if (!says_yes) {
        return answer;
    }
    if (!is_known || room.kind == household_kind::full) {
        answer.kind = eligibility_kind::unknown_rules;
        answer.limit = {};
    } else if (answer.kind != eligibility_kind::limit && answer.goal > room.left) {
        answer.kind = eligibility_kind::above_max;
        answer.gap = {};
    }
    return answer;
}

} // namespace uthan::members
