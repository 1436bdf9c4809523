#pragma once

#include "db/sqlite/connection.hpp"
#include "members/exchange/report.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <string>

namespace uthan::db::sqlite {

struct audit_request {
    std::string path;               ///< of a finished file
    std::int64_t members_after = 0; ///< only members with a greater id: the delivered ones
    bool schedules_delivered = false;
    bool overdue_delivered = false; ///< loans.csv had an overdue_amount
};

/// Compares each delivered active loan with its schedule and her savings, in the order of the file:
/// warnings at the line of loans.csv. store_unavailable when the file cannot be read or a loan's
/// dues are not its instalments. Memory: one loan at a time.
error_code audit_loans(const audit_request& request, const members::organisation_rules& rules,
                       members::exchange::findings& said);

} // namespace uthan::db::sqlite
