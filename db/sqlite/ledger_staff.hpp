#pragma once

#include "db/sqlite/ledger_calendars.hpp"
#include "members/staff_ledger.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace uthan::db::sqlite {

/// What staff may see of one generation. The numbers of all staff (some thousands) are held in
/// memory, so that asking about a number costs no query. One thread. Errors: store_unavailable;
/// too_large beyond the limits of members/staff_ledger.hpp.
class ledger_staff {
public:
    /// `on` must outlive this.
    static result<std::unique_ptr<ledger_staff>> open(connection& on);

    /// As members::staff_ledger says; E.164 digits.
    std::shared_ptr<const members::staff> with_number(std::string_view msisdn) const;
    result<std::vector<members::staff_group>> groups_of(std::string_view staff_code,
                                                        ledger_calendars& calendars);
    /// Codes of the active members of a group, by code; none when the group is not hers.
    result<std::vector<std::string>> members_of(std::string_view staff_code,
                                                std::string_view group_code);

private:
    error_code read_numbers(connection& on);

    statement groups_;
    statement members_;
    /// Null: several active members of staff have the number.
    std::unordered_map<std::string, std::shared_ptr<const members::staff>> by_number_;
};

} // namespace uthan::db::sqlite
