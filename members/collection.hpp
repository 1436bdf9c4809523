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
    money instalment; ///< that falls due on the day
    money arrears;    ///< from before, as the office had entered it on group_collection::as_of
    money savings;    ///< the group's regular deposit
    money total() const noexcept { return instalment + arrears + savings; }
};

struct group_collection {
    std::string group_code;
    label name;
    calendar_day as_of{};             ///< of the group's office
    std::vector<collection_row> rows; ///< by member code; each with a total > 0
    money total;
};

/// What is open on the instalments of her active loans whose effective date (due.hpp) is `day`. It
/// holds for a stale office too, where the member's own screen says less.
money due_on(const member_facts& facts, const organisation_rules& rules, calendar_day day);

/// What is overdue on her active loans up to her office's last day; nothing while collection is
/// suspended.
money arrears_of(const member_facts& facts, const organisation_rules& rules, calendar_day today);

/// A group of which nobody has an instalment on the day is not collected from then: no rows. Of one
/// that is, everybody has a row who has an instalment, arrears or the group's regular deposit to
/// pay.
group_collection collection_of(const group& of, const office& at,
                               const std::vector<std::shared_ptr<const member_facts>>& members,
                               const organisation_rules& rules, calendar_day day,
                               calendar_day today);

} // namespace uthan::members
