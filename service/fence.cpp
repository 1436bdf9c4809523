#include "service/fence.hpp"

namespace uthan::service {

bool holds(const sms::fence_condition& condition, const members::member_facts& facts) noexcept {
    if (condition.kind == sms::fence_kind::none) {
        return true;
    }
    if (facts.who.status != members::member_status::active) {
        return false;
    }
    for (const auto& loan : facts.loans) {
        if (loan.loan_no != condition.loan_no) {
            continue;
        }
        money open;
        for (const auto& row : loan.schedule) {
            if (row.due_on == condition.due_on) {
                open += row.open();
            }
        }
        return loan.status == members::loan_status::active && open == condition.amount &&
               open > money{};
    }
    return false;
}

} // namespace uthan::service
