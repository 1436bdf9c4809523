#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <memory>
#include <string>
#include <vector>

// What a member of staff is to collect on one day, group by group.
namespace uthan::members {

struct collection_row {
    std::string member_code;
    label name;
    money amount; ///< > 0
};

struct group_collection {
    std::string group_code;
    label name;
    calendar_day as_of{};             ///< of the group's office
    std::vector<collection_row> rows; ///< by member code
    money total;
};

/// What is open on the instalments of her active loans whose effective date (due.hpp) is `day`:
/// arrears from before and regular savings are not in it. It holds for a stale office too, where
/// the member's own screen says less.
money due_on(const member_facts& facts, const organisation_rules& rules, calendar_day day);

/// Members of the group with something due on the day; the others are left out.
group_collection collection_of(const group& of, const office& at,
                               const std::vector<std::shared_ptr<const member_facts>>& members,
                               const organisation_rules& rules, calendar_day day);

} // namespace uthan::members
