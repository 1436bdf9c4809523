#include "members/collection.hpp"

#include "members/due.hpp"

namespace uthan::members {

money due_on(const member_facts& facts, const organisation_rules& rules, calendar_day day) {
    money sum;
    for (const loan& one : facts.loans) {
        if (one.status != loan_status::active) {
            continue;
        }
        const auto dates = effective_dates(one, *facts.calendar, rules);
        for (std::size_t i = 0; i < dates.size(); ++i) {
            if (dates[i] == day) {
                sum += one.schedule[i].open();
            }
        }
    }
    return sum;
}

group_collection collection_of(const group& of, const office& at,
                               const std::vector<std::shared_ptr<const member_facts>>& members,
                               const organisation_rules& rules, calendar_day day) {
    group_collection made{of.code, of.name, at.as_of, {}, {}};
    for (const auto& facts : members) {
        const money amount = due_on(*facts, rules, day);
        if (amount > money{}) {
            made.rows.push_back({facts->who.code, facts->who.name, amount});
            made.total += amount;
        }
    }
    return made;
}

} // namespace uthan::members
