#pragma once

#include "access/record.hpp"
#include "core/error.hpp"
#include "db/sqlite/connection.hpp"
#include "db/sqlite/prepared_connection.hpp"
#include "members/facts.hpp"

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>

// Slips for many members at once: who they are, and their one-time PINs in the gateway's database.
namespace uthan::db::sqlite {

/// A member as her slip names her.
struct slip_member {
    std::string code;
    members::label name;
    std::string group_code;
    members::label group_name;
    std::string office_code;
    members::label office_name;
};

/// The active members of an office and all below it, of one group when `group` is not empty, by
/// office, group and code. `take` returns false to end. not_found: no such office.
error_code each_slip_member(connection& generation, std::string_view office, std::string_view group,
                            const std::function<bool(slip_member)>& take);

struct issued_pin {
    std::string member_code;
    access::pin_verifier one_time;
};

/// The gateway's side, beside a running server or without one. One thread.
class pin_issue {
public:
    /// `gateway` as open_beside gives it.
    explicit pin_issue(connection gateway) : rows_(std::move(gateway)) {}

    connection& gateway() noexcept { return rows_.db(); }

    /// The codes of an organisation's members who need no slip: they have a PIN, or (`slips_too`)
    /// a slip that is still good.
    result<std::set<std::string, std::less<>>> without_need(std::string_view organisation,
                                                            bool slips_too, instant now);

    /// One short transaction. A member who has chosen a PIN meanwhile keeps it. Returns how many
    /// were stored.
    result<std::size_t> store(const std::string& organisation, std::span<const issued_pin> issued,
                              const access::pin_policy& policy, instant now);

private:
    prepared_connection rows_;
};

} // namespace uthan::db::sqlite
