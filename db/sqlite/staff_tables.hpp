#pragma once

#include "access/decisions.hpp"
#include "access/staff.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <string_view>
#include <vector>

// The rows of meeting_changes and staff_actions, inside whatever transaction the caller has. Errors
// of every function: store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

/// What a member of staff did. Stored by number: never renumber.
enum class staff_action : std::uint8_t {
    moved_meeting,
    cancelled_meeting,
    restored_meeting,
    reset_pin
};

/// As access::staff_desk says.
result<std::vector<members::meeting_change>> load_meeting_changes(prepared_connection& db,
                                                                  std::string_view organisation,
                                                                  std::string_view group_code,
                                                                  calendar_day today);
/// A change of a member of staff (access::is_by_staff): makes it and appends her action. The caller
/// records the effect.
result<access::outcome> make_staff_change(prepared_connection& db, const access::member_ref& who,
                                          const access::change& what,
                                          const access::pin_policy& policy, instant now);

} // namespace uthan::db::sqlite
