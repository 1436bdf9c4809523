#include "db/sqlite/binding_import.hpp"

#include "access/binding.hpp"
#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/member_tables.hpp"
#include "members/facts.hpp"

#include <fmt/format.h>

#include <set>

namespace uthan::db::sqlite {
namespace {

/// A running server's commits wait as long as one batch takes: a few milliseconds.
constexpr std::size_t rows_per_commit = 500;

constexpr std::string_view members_with_numbers =
    "SELECT code, msisdn FROM members WHERE msisdn IS NOT NULL";

constexpr std::string_view number_alone = "SELECT coalesce(msisdn, '') FROM members WHERE code = ?";

constexpr std::string_view number_of_member =
    "SELECT coalesce(m.msisdn, ''), o.code, coalesce(g.staff_code, '') FROM members m "
    "JOIN offices o ON o.id = m.office_id LEFT JOIN groups g ON g.id = m.group_id "
    "WHERE m.code = ?";

constexpr std::string_view phones_of_staff =
    "SELECT phone FROM staff WHERE active <> 0 UNION SELECT phone FROM offices "
    "UNION SELECT officer_phone FROM offices";

constexpr std::string_view members_on_number = "SELECT code FROM members WHERE msisdn = ?";

constexpr std::string_view bound_members =
    "SELECT member_code FROM number_bindings WHERE organisation = ?1 AND member_code > ?2 "
    "ORDER BY member_code LIMIT ?3";

constexpr std::string_view suspicious_numbers =
    "WITH shared AS (SELECT msisdn FROM members WHERE msisdn IS NOT NULL GROUP BY msisdn "
    "HAVING count(*) > 1) "
    "SELECT m.msisdn, count(*), count(DISTINCT coalesce(m.group_id, 0)), "
    "count(DISTINCT nullif(m.household_id, '')) "
    "FROM shared s JOIN members m ON m.msisdn = s.msisdn WHERE m.status <> ?1 "
    "GROUP BY m.msisdn HAVING count(*) > ?2 OR count(DISTINCT coalesce(m.group_id, 0)) > 1 "
    "OR count(DISTINCT nullif(m.household_id, '')) > 1 ORDER BY m.msisdn";

/// A member and what the generation before said of her number; empty: not asked.
struct noted_member {
    std::string code;
    std::string previous;
};

class number_run {
public:
    number_run(const number_import& request, prepared_connection& gateway, connection& generation)
        : request_(request), gateway_(gateway), generation_(generation) {}

    error_code prepare() {
        auto number = generation_.prepare(number_of_member);
        if (!number) {
            return number.error();
        }
        number_ = std::move(*number);
        auto alone = generation_.prepare(number_alone);
        if (!alone) {
            return alone.error();
        }
        number_alone_ = std::move(*alone);
        auto phones = generation_.prepare(phones_of_staff);
        if (!phones) {
            return phones.error();
        }
        return each_row(*phones, [this](const statement& row) {
            if (const auto parsed = request_.numbers.parse(row.text(0))) {
                staffs_.insert(parsed->reveal());
            }
            return error_code{};
        });
    }

    error_code compare_with(connection& previous) {
        auto before = previous.prepare(members_with_numbers);
        if (!before) {
            return before.error();
        }
        std::vector<noted_member> changed;
        const auto failed = each_row(*before, [&](const statement& row) {
            const auto same = is_still(row.text(0), row.text(1));
            if (!same) {
                return same.error();
            }
            if (!*same) {
                changed.push_back({std::string{row.text(0)}, std::string{row.text(1)}});
            }
            return changed.size() < rows_per_commit ? error_code{} : note(changed);
        });
        return failed ? failed : note(changed);
    }

    error_code compare_with_bound() {
        for (std::string after;;) {
            const auto rows = gateway_.prepared(bound_members);
            if (!rows) {
                return rows.error();
            }
            (*rows)->bind_view(1, request_.organisation);
            (*rows)->bind_view(2, after);
            (*rows)->bind(3, static_cast<std::int64_t>(rows_per_commit));
            std::vector<noted_member> page;
            if (const auto failed = each_row(**rows, [&page](const statement& row) {
                    page.push_back({std::string{row.text(0)}, {}});
                    return error_code{};
                })) {
                return failed;
            }
            if (page.empty()) {
                return {};
            }
            after = page.back().code;
            if (const auto failed = note(page)) {
                return failed;
            }
        }
    }

    error_code find_staffs() {
        auto on = generation_.prepare(members_on_number);
        if (!on) {
            return on.error();
        }
        std::vector<noted_member> found;
        for (const auto& phone : staffs_) {
            on->bind_view(1, phone);
            if (const auto failed = each_row(*on, [&](const statement& row) {
                    ++findings.of_staff;
                    found.push_back({std::string{row.text(0)}, {}});
                    return found.size() < rows_per_commit ? error_code{} : note(found);
                })) {
                return failed;
            }
        }
        return note(found);
    }

    number_findings findings;

private:
    /// Also of a member who is there no more. Asked of everybody, so it reads as little as it can.
    result<bool> is_still(std::string_view code, std::string_view number) {
        number_alone_.bind_view(1, code);
        const row_scope scope{number_alone_};
        const auto row = number_alone_.step();
        if (!row) {
            return row;
        }
        return !*row || number_alone_.text(0) == number;
    }

    /// None: the generation has no such member.
    result<std::optional<access::imported_number>> said_of(std::string_view code) {
        number_.bind_view(1, code);
        const row_scope scope{number_};
        const auto row = number_.step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return std::optional<access::imported_number>{};
        }
        access::imported_number said{.number = std::string{number_.text(0)},
                                     .office_code = std::string{number_.text(1)},
                                     .staff_code = std::string{number_.text(2)}};
        said.of_staff = staffs_.contains(said.number);
        return std::optional{std::move(said)};
    }

    /// In one commit; empties `members`.
    error_code note(std::vector<noted_member>& members) {
        if (members.empty()) {
            return {};
        }
        auto begun = transaction::begin(gateway_.db());
        if (!begun) {
            return begun.error();
        }
        for (const auto& one : members) {
            if (const auto failed = note(one)) {
                return failed;
            }
        }
        members.clear();
        return begun->commit();
    }

    error_code note(const noted_member& one) {
        auto said = said_of(one.code);
        if (!said || !*said) {
            return said ? error_code{} : said.error();
        }
        const access::member_ref who{request_.organisation, one.code};
        const auto record = load_record(gateway_, who);
        if (!record) {
            return record.error();
        }
        (*said)->previous = one.previous;
        (*said)->has_pin = record->pin.has_value();
        const auto after =
            access::after_import(record->binding, **said, request_.cool_off, request_.now);
        if (!after || after == record->binding) {
            return {};
        }
        const auto step = step_between(record->binding, *after);
        findings.proposed += step == number_step::proposed ? 1 : 0;
        return store_binding(gateway_, who, *after, step, {}, request_.now);
    }

    const number_import& request_;
    prepared_connection& gateway_;
    connection& generation_;
    statement number_;
    statement number_alone_;
    std::set<std::string, std::less<>> staffs_;
};

error_code compare_all(number_run& run, const number_import& request) {
    if (const auto failed = run.prepare()) {
        return failed;
    }
    if (!request.previous.empty()) {
        auto previous = open_generation(request.previous);
        if (!previous) {
            return previous.error();
        }
        if (const auto failed = run.compare_with(*previous)) {
            return failed;
        }
    }
    if (const auto failed = run.compare_with_bound()) {
        return failed;
    }
    return run.find_staffs();
}

} // namespace

void tell(const number_findings& found, members::exchange::findings& said) {
    using members::exchange::severity;
    const auto add = [&said](severity weight, std::uint64_t count, std::string_view what) {
        if (count > 0) {
            said.add(weight, members::exchange::name_of(members::exchange::file_kind::members), 0,
                     "numbers", fmt::format("{} {}: see uthan numbers list", count, what));
        }
    };
    add(severity::warning, found.proposed,
        "members have another number than before; each waits as a proposal");
    add(severity::warning, found.of_staff,
        "members have a number that is a member of staff's or an office's");
    add(severity::warning, found.crowded,
        "numbers are those of more members than one phone can serve");
    // A neighbour's phone is nothing unusual.
    add(severity::note, found.scattered,
        "numbers are shared by members of several groups or households");
}

bool shared_number::is_crowded() const noexcept {
    return members > members::members_per_phone_max;
}

error_code each_suspicious_number(connection& generation,
                                  const std::function<bool(shared_number)>& take) {
    auto rows = generation.prepare(suspicious_numbers);
    if (!rows) {
        return rows.error();
    }
    rows->bind(1, static_cast<std::int64_t>(members::member_status::closed));
    rows->bind(2, static_cast<std::int64_t>(members::members_per_phone_max));
    for (auto row = rows->step();; row = rows->step()) {
        if (!row) {
            return row.error();
        }
        if (!*row ||
            !take({std::string{rows->text(0)}, static_cast<std::uint64_t>(rows->integer(1)),
                   static_cast<std::uint64_t>(rows->integer(2)),
                   static_cast<std::uint64_t>(rows->integer(3))})) {
            return {};
        }
    }
}

result<number_findings> note_numbers(connection gateway, const number_import& request) {
    auto generation = open_generation(request.generation);
    if (!generation) {
        return generation.error();
    }
    prepared_connection rows{std::move(gateway)};
    number_run run{request, rows, *generation};
    if (const auto failed = compare_all(run, request)) {
        return failed;
    }
    const auto failed = each_suspicious_number(*generation, [&run](const shared_number& one) {
        ++(one.is_crowded() ? run.findings.crowded : run.findings.scattered);
        return true;
    });
    if (failed) {
        return failed;
    }
    return run.findings;
}

} // namespace uthan::db::sqlite
