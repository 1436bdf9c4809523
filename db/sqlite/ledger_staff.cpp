#include "db/sqlite/ledger_staff.hpp"

#include "core/address.hpp"
#include "db/sqlite/ledger_rows.hpp"

#include <fmt/format.h>

namespace uthan::db::sqlite {
namespace {

/// As read_group takes them, and the id of the office behind.
constexpr const char* group_columns =
    "code, kind, parent_code, name_bn, name_en, weekday, minutes, place_bn, place_en, frequency, "
    "staff_code, savings_rate, office_id";
constexpr int group_office_column = 12;

} // namespace

result<std::unique_ptr<ledger_staff>> ledger_staff::open(connection& on) {
    auto made = std::make_unique<ledger_staff>();
    auto groups =
        on.prepare(fmt::format("SELECT {} FROM groups WHERE staff_code = ?1 ORDER BY code LIMIT {}",
                               group_columns, members::groups_per_staff_max + 1));
    auto members = on.prepare(fmt::format(
        "SELECT m.code FROM groups g JOIN members m ON m.group_id = g.id "
        "WHERE g.staff_code = ?1 AND g.code = ?2 AND m.status = {} "
        "ORDER BY +m.code LIMIT {}",
        static_cast<int>(members::member_status::active), members::members_per_group_max + 1));
    if (!groups || !members) {
        return errc::store_unavailable;
    }
    made->groups_ = std::move(*groups);
    made->members_ = std::move(*members);
    if (const auto failed = made->read_numbers(on)) {
        return failed;
    }
    return made;
}

error_code ledger_staff::read_numbers(connection& on) {
    auto rows = on.prepare(
        fmt::format("SELECT {} FROM staff WHERE active <> 0 AND phone <> ''", staff_columns));
    if (!rows) {
        return rows.error();
    }
    const numbering plan;
    return each_row(*rows, [&](const statement& row) {
        auto one = std::make_shared<const members::staff>(read_staff(row));
        const auto number = plan.parse(one->phone);
        if (!number) {
            return;
        }
        const auto [known, is_new] = by_number_.emplace(number->reveal(), std::move(one));
        if (!is_new) {
            known->second.reset();
        }
    });
}

std::shared_ptr<const members::staff> ledger_staff::with_number(std::string_view msisdn) const {
    const auto found = by_number_.find(std::string{msisdn});
    return found == by_number_.end() ? nullptr : found->second;
}

result<std::vector<members::staff_group>> ledger_staff::groups_of(std::string_view staff_code,
                                                                  ledger_calendars& calendars) {
    groups_.bind_view(1, staff_code);
    std::vector<members::staff_group> found;
    if (const auto failed = each_row(groups_, [&](const statement& row) {
            const auto office = calendars.office(row.integer(group_office_column));
            if (!office) {
                return make_error_code(errc::store_unavailable);
            }
            auto& one = found.emplace_back(
                members::staff_group{read_group(row, 0), (*office)->office, (*office)->calendar});
            one.of.office_code = one.at.code;
            return error_code{};
        })) {
        return failed;
    }
    if (found.size() > members::groups_per_staff_max) {
        return errc::too_large;
    }
    return found;
}

result<std::vector<std::string>> ledger_staff::members_of(std::string_view staff_code,
                                                          std::string_view group_code) {
    members_.bind_view(1, staff_code);
    members_.bind_view(2, group_code);
    std::vector<std::string> codes;
    if (const auto failed =
            each_row(members_, [&](const statement& row) { codes.emplace_back(row.text(0)); })) {
        return failed;
    }
    if (codes.size() > members::members_per_group_max) {
        return errc::too_large;
    }
    return codes;
}

} // namespace uthan::db::sqlite
