#pragma once

#include "access/decisions.hpp"
#include "access/staff.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <cstdint>
#include <optional>
#include <string>
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
    reset_pin,
    answered_request ///< the subject is its number
};

struct listed_action {
    std::int64_t id = 0;
    std::string staff_code;
    staff_action did{};
    std::string subject; ///< a group's code, a member's, a request's number
    std::optional<calendar_day> regular_on{};
    std::optional<calendar_day> new_on{};
    instant at{};
};

/// In their order, those behind `after`, at most `count`; of one member of staff, or of all when
/// `staff_code` is empty.
result<std::vector<listed_action>> load_staff_actions(prepared_connection& db,
                                                      std::string_view organisation,
                                                      std::string_view staff_code,
                                                      std::int64_t after, std::size_t count);

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
