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

money arrears_of(const member_facts& facts, const organisation_rules& rules, calendar_day today) {
    money sum;
    for (const loan& one : facts.loans) {
        if (one.status == loan_status::active) {
            sum += due_of(one, *facts.calendar, rules, facts.as_of(), today).overdue;
        }
    }
    return sum;
}

group_collection collection_of(const group& of, const office& at,
                               const std::vector<std::shared_ptr<const member_facts>>& members,
                               const organisation_rules& rules, calendar_day day,
                               calendar_day today) {
    group_collection made{of.code, of.name, at.as_of, {}, {}};
    bool collects = false;
    for (const auto& facts : members) {
        const money instalment = due_on(*facts, rules, day);
        collects = collects || instalment > money{};
        made.rows.push_back({facts->who.code, facts->who.name, instalment,
                             arrears_of(*facts, rules, today), of.savings_rate});
    }
    std::erase_if(made.rows, [collects](const collection_row& row) {
        return !collects || row.total() <= money{};
    });
    for (const auto& row : made.rows) {
        made.total += row.total();
    }
    return made;
}

} // namespace uthan::members
