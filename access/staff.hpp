#pragma once

#include "access/record.hpp"
#include "members/meeting.hpp"
#include "members/request.hpp"

#include <string>
#include <string_view>
#include <vector>

// Staff on their own phones: whose PIN it is, and what only the gateway knows of their work.
namespace uthan::access {

/// The account of a member of staff, in the place of a member's code: her PIN, its lock and its
/// limits are kept as a member's. It begins with a byte that no imported code has.
std::string staff_account(std::string_view staff_code);
bool is_staff_account(std::string_view account) noexcept;
/// Empty when it is no such account.
std::string_view staff_code_of(std::string_view account) noexcept;

/// Whether a change is one of a member of staff.
bool is_by_staff(const change& what) noexcept;

/// PINs of members that one member of staff may reset in 24 hours.
inline constexpr unsigned resets_per_day_max = 40;

/// Requests that one office's list holds at most.
inline constexpr std::size_t waiting_requests_max = 200;

/// The port to what staff read of the gateway's knowledge. Of a shard, on its thread. Errors:
/// store_unavailable, corrupt.
class staff_desk {
public:
    virtual ~staff_desk() = default;

    /// One for each regular day that was changed, the newest word of it; of the last 60 days and
    /// later.
    virtual task<result<std::vector<members::meeting_change>>>
    meeting_changes(std::string organisation, std::string group_code, calendar_day today) = 0;

    /// Open ones whose turn the office has, the earliest deadline first, at most
    /// waiting_requests_max.
    virtual task<result<std::vector<members::request>>> waiting_requests(std::string organisation,
                                                                         std::string office) = 0;
};

} // namespace uthan::access
