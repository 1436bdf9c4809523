#include "db/sqlite/ledger_household.hpp"

#include <fmt/format.h>

namespace uthan::db::sqlite {
namespace {

using members::household_members_max;

/// Every member has a row, so that they can be counted; one more than may be is looked at. The
/// second condition lets the index be used, which has no row of a member without a household.
std::string sql_of_loans() {
    return fmt::format(
        "SELECT m.id, m.code, l.product_code, l.principal, l.status, l.household_limit "
        "FROM (SELECT id, code FROM members WHERE household_id = "
        "(SELECT household_id FROM members WHERE code = ?1) AND household_id <> '' LIMIT {}) m "
        "LEFT JOIN loans l ON l.member_id = m.id AND l.status <> {} ORDER BY m.id, l.ordinal "
        "LIMIT {}",
        household_members_max + 1, static_cast<int>(members::loan_status::closed),
        (household_members_max + 1) * members::loans_per_member_max);
}

members::household_loan read_loan_of(const statement& row) {
    members::household_loan one;
    one.member_code = row.text(1);
    one.product_code = row.text(2);
    one.principal = money{row.integer(3)};
    one.status = static_cast<members::loan_status>(row.integer(4));
    if (const auto limit = row.optional_integer(5)) {
        one.household_limit = money{*limit};
    }
    return one;
}

} // namespace

result<members::household> ledger_household::read(connection& file, std::string_view member_code) {
    if (!loans_) {
        auto prepared = file.prepare(sql_of_loans());
        if (!prepared) {
            return prepared.error();
        }
        loans_ = std::move(*prepared);
    }
    loans_.bind_view(1, member_code);
    members::household found;
    std::size_t members = 0;
    std::int64_t last_id = 0;
    if (const auto failed = each_row(loans_, [&](const statement& row) {
            if (const auto id = row.integer(0); members == 0 || id != last_id) {
                last_id = id;
                ++members;
            }
            if (!row.is_null(2)) {
                found.loans.push_back(read_loan_of(row));
            }
        })) {
        return failed;
    }
    found.too_many = members > household_members_max;
    return found;
}

} // namespace uthan::db::sqlite
