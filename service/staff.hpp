#pragma once

#include "access/staff.hpp"
#include "members/ledger.hpp"
#include "members/staff_ledger.hpp"
#include "sessions/engine.hpp"

#include <memory>
#include <string>

// The use cases of a member of staff on her own phone. Each looks at who dials anew: another import
// may have given the number to somebody else, or her groups.
namespace uthan::service {

/// What they are made from; outlives the call.
struct staff_sources {
    members::ledger& ledger;
    access::registry& registry;
    const members::organisation_rules& rules;
    const std::string& organisation;
    const address& caller;
    const std::string& account; ///< of the dialogue: access::staff_account
    calendar_day today{};
    std::chrono::minutes now{};
};

/// Who dials, when her account is the dialogue's; else null.
result<std::shared_ptr<const members::staff>> worker_of(const staff_sources& from);

/// `known` (may be null) with one more part. Errors: store_unavailable; too_large beyond the limits
/// of members/staff_ledger.hpp.
task<result<std::shared_ptr<const menus::staff_view>>>
read_staff_view(staff_sources from, std::shared_ptr<const menus::staff_view> known,
                sessions::need_staff wanted);

/// Whether the effect is one of staff.
bool is_of_staff(const sessions::effect& what) noexcept;

/// Whether she may do it now: the group, or the member, is hers, and the meeting is as it was
/// shown. Errors: not_found when she may not; store_unavailable, too_large.
task<error_code> may_do(staff_sources from, const sessions::effect& what);

/// Four digits that follow from the effect's key alone, so that a repeated request shows the same;
/// nobody finds them without the installation's secret.
std::string one_time_pin_of(const secret_key& key, const access::effect_key& effect,
                            std::string_view member_code);

/// reset_by_staff with that PIN.
access::reset_by_staff reset_with(const secret_key& key, const access::effect_key& effect,
                                  const access::member_ref& member, std::string_view staff_code);

} // namespace uthan::service
