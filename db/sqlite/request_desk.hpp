#pragma once

#include "core/error.hpp"
#include "db/sqlite/connection.hpp"
#include "members/request.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Requests as the staff's subcommands use them, in short transactions beside a running server. `db`
// comes from open_beside.
namespace uthan::db::sqlite {

/// Requests that one list holds at most.
inline constexpr std::size_t requests_listed_max = 10'000;

/// By number. too_large when there are more than requests_listed_max.
result<std::vector<members::request>>
list_requests_beside(connection db, std::string_view organisation, bool unfinished_only);

struct desk_action {
    std::string organisation;
    std::uint64_t number = 0;
    members::request_action what = members::request_action::answer; ///< not withdraw
    std::string done_by;                ///< a staff code, or the name of somebody who has none
    const members::staff* as = nullptr; ///< who acts; null: nobody of the staff, stored as such
    calendar_day today{};
};

/// The request as it is afterwards. Errors: not_found (no such number, or not his to see),
/// stale_version (its state does not allow it), store_unavailable, corrupt.
result<members::request> act_on_request_beside(connection db, const desk_action& action,
                                               instant now);

} // namespace uthan::db::sqlite
