#pragma once

#include "core/address.hpp"
#include "core/error.hpp"
#include "core/task.hpp"
#include "members/facts.hpp"

#include <memory>
#include <string>
#include <vector>

namespace uthan::members {

/// A group with what its meetings depend on.
struct staff_group {
    group of;
    office at;
    std::shared_ptr<const office_calendar> calendar; ///< never null
};

/// What a member of staff may see of one organisation's imported facts: her own groups alone. Of
/// the same object, thread and generation as the ledger that it belongs to. Errors:
/// store_unavailable; too_large beyond the limits below.
class staff_ledger {
public:
    virtual ~staff_ledger() = default;

    /// Who dials: the one active member of staff with this number; null for everybody else, and
    /// when several have it. In memory: nearly every caller is a member, and pays for no query.
    virtual result<std::shared_ptr<const staff>> staff_with_number(const address& subscriber) = 0;

    /// Her groups, by code.
    virtual task<result<std::vector<staff_group>>> groups_of(std::string staff_code) = 0;

    /// Active members of a group, by code; empty when the group is not hers.
    virtual task<result<std::vector<std::shared_ptr<const member_facts>>>>
    members_of_group(std::string staff_code, std::string group_code) = 0;
};

/// Groups of one member of staff, and members of one group, that are read.
inline constexpr std::size_t groups_per_staff_max = 150;
inline constexpr std::size_t members_per_group_max = 200;

} // namespace uthan::members
