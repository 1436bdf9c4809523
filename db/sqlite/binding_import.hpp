#pragma once

#include "core/address.hpp"
#include "core/calendar.hpp"
#include "core/error.hpp"
#include "db/sqlite/connection.hpp"
#include "members/exchange/report.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

// What an import does to the numbers that members' accounts answer to.
namespace uthan::db::sqlite {

struct number_import {
    std::string organisation{};
    std::string generation{}; ///< the finished file that is about to be published
    std::string previous{};   ///< the current one; empty: none, or it cannot be read
    std::chrono::hours cool_off{};
    numbering numbers{}; ///< how staff's and offices' phones are read
    instant now{};
};

struct number_findings {
    std::uint64_t proposed = 0;  ///< members whose number changed; each a proposal
    std::uint64_t of_staff = 0;  ///< members with a number of staff or of an office
    std::uint64_t crowded = 0;   ///< numbers of more members than a dialogue offers
    std::uint64_t scattered = 0; ///< other numbers of members of several groups or households
};

/// Compares every member's number with the generation before and with what is bound, and stores
/// what follows (access::after_import) in short transactions: before the publication, so that no
/// new number ever answers without its proposal. Once more with the same files changes nothing.
/// `gateway` is of its own. Errors: store_unavailable, corrupt.
result<number_findings> note_numbers(connection gateway, const number_import& request);

/// What the clerk reads of it in the import's report.
void tell(const number_findings& found, members::exchange::findings& said);

/// A number that several members of a generation share.
struct shared_number {
    std::string number{};
    std::uint64_t members = 0;
    std::uint64_t groups = 0;
    std::uint64_t households = 0; ///< that are named

    bool is_crowded() const noexcept;
};

/// Numbers that are crowded, or on members of several groups or households, in their order; until
/// `take` returns false. Errors: store_unavailable.
error_code each_suspicious_number(connection& generation,
                                  const std::function<bool(shared_number)>& take);

} // namespace uthan::db::sqlite
