#pragma once

#include "access/record.hpp"
#include "access/requests.hpp"
#include "db/sqlite/prepared_connection.hpp"
#include "members/request.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

// The rows of requests and of their steps, inside whatever transaction the caller has. Errors of
// every function: store_unavailable; of those that read: corrupt.
namespace uthan::db::sqlite {

/// What happened to a request. Stored by number: never renumber.
enum class request_step : std::uint8_t {
    opened,
    escalated, ///< by the member
    withdrawn,
    answered, ///< by a member of staff, whose code stands beside
    closed,   ///< likewise
    escalated_by_itself,
    answered_outside, ///< by somebody who is no member of staff; his name stands beside
    closed_outside    ///< likewise
};

/// As access::registry::requests says.
result<std::vector<members::request>> load_requests_of(prepared_connection& db,
                                                       const access::member_ref& who);

/// not_found when the organisation has given no such number.
result<members::request> load_request(prepared_connection& db, std::string_view organisation,
                                      std::uint64_t number);

/// By number, those above `after`, at most `count`.
result<std::vector<members::request>> load_requests(prepared_connection& db,
                                                    std::string_view organisation,
                                                    bool unfinished_only, std::uint64_t after,
                                                    std::size_t count);

/// Open ones whose turn an office has, the earliest deadline first, at most `count`.
result<std::vector<members::request>> load_waiting_requests(prepared_connection& db,
                                                            std::string_view organisation,
                                                            std::string_view office,
                                                            std::size_t count);

/// As access::overdue_requests says.
result<std::vector<members::request>> load_overdue(prepared_connection& db,
                                                   std::string_view organisation,
                                                   calendar_day today, access::overdue_place after,
                                                   std::size_t count);
result<std::uint64_t> count_overdue(prepared_connection& db, std::string_view organisation,
                                    calendar_day today);

/// A request with number 0 gets the organisation's next. Appends the step; `done_by` is empty for
/// the member herself and for what happened by itself. Returns the number.
result<std::uint64_t> store_request(prepared_connection& db, std::string_view organisation,
                                    const members::request& one, request_step did,
                                    std::string_view done_by, instant now);

} // namespace uthan::db::sqlite
