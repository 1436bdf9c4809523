#include "db/sqlite/pin_issue.hpp"

#include "access/decisions.hpp"
#include "db/sqlite/member_tables.hpp"

namespace uthan::db::sqlite {
namespace {

// Offices below offices; the import refuses rings, UNION ends them all the same.
constexpr std::string_view members_below =
    "WITH RECURSIVE below(code) AS (SELECT code FROM offices WHERE code = ?1 "
    "UNION SELECT o.code FROM offices o JOIN below b ON o.parent_code = b.code) "
    "SELECT m.code, m.name_bn, m.name_en, coalesce(g.code, ''), coalesce(g.name_bn, ''), "
    "coalesce(g.name_en, ''), o.code, o.name_bn, o.name_en FROM below b "
    "JOIN offices o ON o.code = b.code JOIN members m ON m.office_id = o.id "
    "LEFT JOIN groups g ON g.id = m.group_id "
    "WHERE m.status = ?2 AND (?3 = '' OR g.code = ?3) ORDER BY o.code, g.code, m.code";

std::string text(const statement& row, int column) {
    return std::string{row.text(column)};
}

result<bool> has_office(connection& generation, std::string_view code) {
    auto found = generation.prepare("SELECT 1 FROM offices WHERE code = ?");
    if (!found) {
        return errc::store_unavailable;
    }
    found->bind_view(1, code);
    return found->step();
}

} // namespace

error_code each_slip_member(connection& generation, std::string_view office, std::string_view group,
                            const std::function<bool(slip_member)>& take) {
    const auto known = has_office(generation, office);
    if (!known) {
        return known.error();
    }
    if (!*known) {
        return errc::not_found;
    }
    auto rows = generation.prepare(members_below);
    if (!rows) {
        return rows.error();
    }
    rows->bind_view(1, office);
    rows->bind(2, static_cast<std::int64_t>(members::member_status::active));
    rows->bind_view(3, group);
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            return row.error();
        }
        if (!*row || !take({text(*rows, 0),
                            {text(*rows, 1), text(*rows, 2)},
                            text(*rows, 3),
                            {text(*rows, 4), text(*rows, 5)},
                            text(*rows, 6),
                            {text(*rows, 7), text(*rows, 8)}})) {
            return {};
        }
    }
}

result<std::set<std::string, std::less<>>> pin_issue::without_need(std::string_view organisation,
                                                                   bool slips_too, instant now) {
    const auto rows = rows_.prepared("SELECT member_code FROM member_records WHERE "
                                     "organisation = ?1 AND (pin_salt IS NOT NULL OR "
                                     "(?2 AND one_time_expires_at > ?3))");
    if (!rows) {
        return rows.error();
    }
    auto& found = **rows;
    const row_scope scope{found};
    found.bind_view(1, organisation);
    found.bind(2, slips_too ? 1 : 0);
    found.bind(3, now.time_since_epoch().count());
    std::set<std::string, std::less<>> codes;
    auto row = found.step();
    for (; row && *row; row = found.step()) {
        codes.emplace(found.text(0));
    }
    if (!row) {
        return row.error();
    }
    return codes;
}

result<std::size_t> pin_issue::store(const std::string& organisation,
                                     std::span<const issued_pin> issued,
                                     const access::pin_policy& policy, instant now) {
    auto begun = transaction::begin(rows_.db());
    if (!begun) {
        return begun.error();
    }
    std::size_t stored = 0;
    for (const auto& one : issued) {
        const access::member_ref who{organisation, one.member_code};
        const auto before = load_record(rows_, who);
        if (!before) {
            return before.error();
        }
        if (before->pin) {
            continue;
        }
        const auto decided =
            access::decide(*before, access::reset_pin{one.one_time}, {}, policy, now);
        if (const auto failed = store_record(rows_, who, decided.record)) {
            return failed;
        }
        ++stored;
    }
    if (const auto failed = begun->commit()) {
        return failed;
    }
    return stored;
}

} // namespace uthan::db::sqlite
