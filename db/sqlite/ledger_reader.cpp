#include "db/sqlite/ledger_reader.hpp"

#include "db/sqlite/generation_schema.hpp"
#include "db/sqlite/ledger_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace uthan::db::sqlite {
namespace {

/// Steps through the rows of a bound statement.
template <class Read>
error_code each_row(statement& rows, Read read) {
    const row_scope scope{rows};
    for (;;) {
        const auto row = rows.step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return {};
        }
        read(rows);
    }
}

/// As the facts promise: active first, then by loan_no.
void sort_loans(std::vector<members::loan>& loans) {
    std::sort(loans.begin(), loans.end(), [](const members::loan& a, const members::loan& b) {
        const bool a_over = a.status != members::loan_status::active;
        const bool b_over = b.status != members::loan_status::active;
        return a_over != b_over ? b_over : a.loan_no < b.loan_no;
    });
}

} // namespace

result<connection> open_generation(const std::string& path) {
    auto file = connection::open(path, open_mode::immutable);
    if (!file) {
        return file.error();
    }
    // More than any file: SQLite maps what there is, up to its own limit (2 GiB in Debian's build).
    // The small cache is for what lies behind that.
    if (const auto failed =
            file->execute("PRAGMA mmap_size=1099511627776; PRAGMA cache_size=-4096")) {
        return failed;
    }
    const auto format = file->scalar("PRAGMA user_version");
    if (!format) {
        return format.error();
    }
    if (*format > generation_format) {
        return errc::newer_database;
    }
    if (*format != generation_format) {
        return errc::store_unavailable;
    }
    return file;
}

result<std::unique_ptr<ledger_reader>> ledger_reader::open(const std::string& path,
                                                           std::uint32_t number) {
    auto file = open_generation(path);
    if (!file) {
        return file.error();
    }
    std::unique_ptr<ledger_reader> made{new ledger_reader{std::move(*file), number}};
    if (const auto failed = made->prepare()) {
        return failed;
    }
    return made;
}

error_code ledger_reader::prepare() {
    // The file never changes: one read transaction for as long as it is open, instead of one for
    // each statement.
    if (const auto failed = file_.execute("BEGIN")) {
        return failed;
    }
    auto calendars = ledger_calendars::open(file_);
    if (!calendars) {
        return calendars.error();
    }
    calendars_ = std::move(*calendars);
    struct part {
        statement& of;
        std::string sql;
    };
    const part parts[]{
        {members_by_msisdn_,
         fmt::format("SELECT {} FROM {} WHERE m.msisdn = ? AND m.status <> {} ORDER BY m.code "
                     "LIMIT {}",
                     member_columns, member_tables,
                     static_cast<int>(members::member_status::closed),
                     members::members_per_phone_max + 1)},
        {member_by_code_,
         fmt::format("SELECT {} FROM {} WHERE m.code = ?", member_columns, member_tables)},
        {group_, fmt::format("SELECT {} FROM groups g JOIN offices o ON o.id = g.office_id "
                             "WHERE g.id = ?",
                             group_columns)},
        {staff_, fmt::format("SELECT {} FROM staff WHERE code = ?", staff_columns)},
        {savings_, fmt::format("SELECT {} FROM savings WHERE member_id = ? ORDER BY account_no",
                               savings_columns)},
        {loans_, fmt::format("SELECT {}, ordinal FROM loans l WHERE member_id = ? ORDER BY ordinal",
                             loan_columns)},
        {instalments_, fmt::format("SELECT {}, ordinal FROM instalments WHERE member_id = ? "
                                   "ORDER BY ordinal, seq",
                                   instalment_columns)},
        {transactions_, fmt::format("SELECT {} FROM transactions WHERE member_id = ? "
                                    "ORDER BY txn_on DESC, posted_at DESC, txn_id DESC LIMIT {}",
                                    transaction_columns, members::recent_transactions_max)},
        {applications_, fmt::format("SELECT {} FROM applications WHERE member_id = ? "
                                    "ORDER BY applied_on DESC, app_no DESC",
                                    application_columns)},
    };
    for (const auto& one : parts) {
        auto prepared = file_.prepare(one.sql);
        if (!prepared) {
            return prepared.error();
        }
        one.of = std::move(*prepared);
    }
    return {};
}

result<std::vector<members::member>> ledger_reader::members_with(std::string_view msisdn) {
    std::vector<members::member> found;
    members_by_msisdn_.bind_view(1, msisdn);
    if (const auto failed = each_row(
            members_by_msisdn_, [&](const statement& row) { found.push_back(read_member(row)); })) {
        return failed;
    }
    return found;
}

result<std::shared_ptr<const members::member_facts>>
ledger_reader::facts(std::string_view member_code) {
    auto all = std::make_shared<members::member_facts>();
    all->generation = number_;
    std::optional<std::int64_t> id;
    std::optional<std::int64_t> group_id;
    std::int64_t office_id = 0;
    member_by_code_.bind_view(1, member_code);
    if (const auto failed = each_row(member_by_code_, [&](const statement& row) {
            all->who = read_member(row);
            id = row.integer(member_id_column);
            group_id = row.optional_integer(member_group_column);
            office_id = row.integer(member_office_column);
        })) {
        return failed;
    }
    if (!id) {
        return errc::not_found;
    }
    const auto office = calendars_.office(office_id);
    if (!office) {
        return office.error() == errc::not_found ? make_error_code(errc::store_unavailable)
                                                 : office.error();
    }
    all->office_of = (*office)->office;
    all->calendar = (*office)->calendar;
    if (group_id) {
        if (const auto failed = read_group_of(*group_id, *all)) {
            return failed;
        }
    }
    for (const auto read :
         {&ledger_reader::read_accounts, &ledger_reader::read_loans, &ledger_reader::read_recent}) {
        if (const auto failed = (this->*read)(*id, *all)) {
            return failed;
        }
    }
    if (const auto failed = read_officer(*all)) {
        return failed;
    }
    return all;
}

error_code ledger_reader::read_group_of(std::int64_t group_id, members::member_facts& into) {
    group_.bind(1, group_id);
    return each_row(group_, [&](const statement& row) { into.group_of = read_group(row); });
}

error_code ledger_reader::read_accounts(std::int64_t member_id, members::member_facts& into) {
    savings_.bind(1, member_id);
    return each_row(savings_,
                    [&](const statement& row) { into.savings.push_back(read_savings(row)); });
}

error_code ledger_reader::read_loans(std::int64_t member_id, members::member_facts& into) {
    // Ordinals count from 1; where each loan came to lie.
    std::array<std::int64_t, members::loans_per_member_max> ordinals{};
    loans_.bind(1, member_id);
    if (const auto failed = each_row(loans_, [&](const statement& row) {
            if (into.loans.size() < ordinals.size()) {
                ordinals[into.loans.size()] = row.integer(loan_columns_count);
                into.loans.push_back(read_loan(row));
                into.loans.back().schedule.reserve(into.loans.back().instalments);
            }
        })) {
        return failed;
    }
    std::size_t at = 0;
    instalments_.bind(1, member_id);
    if (const auto failed = each_row(instalments_, [&](const statement& row) {
            const auto ordinal = row.integer(instalment_columns_count);
            while (at < into.loans.size() && ordinals[at] < ordinal) {
                ++at;
            }
            if (at < into.loans.size() && ordinals[at] == ordinal) {
                into.loans[at].schedule.push_back(read_instalment(row));
            }
        })) {
        return failed;
    }
    sort_loans(into.loans);
    return {};
}

error_code ledger_reader::read_recent(std::int64_t member_id, members::member_facts& into) {
    into.recent.reserve(members::recent_transactions_max);
    transactions_.bind(1, member_id);
    if (const auto failed = each_row(transactions_, [&](const statement& row) {
            into.recent.push_back(read_transaction(row));
        })) {
        return failed;
    }
    applications_.bind(1, member_id);
    return each_row(applications_, [&](const statement& row) {
        into.applications.push_back(read_application(row));
    });
}

error_code ledger_reader::read_officer(members::member_facts& into) {
    std::string_view code = into.group_of ? into.group_of->staff_code : std::string_view{};
    if (code.empty() && !into.loans.empty()) {
        code = into.loans.front().staff_code;
    }
    if (code.empty()) {
        return {};
    }
    staff_.bind_view(1, code);
    return each_row(staff_, [&](const statement& row) { into.officer = read_staff(row); });
}

} // namespace uthan::db::sqlite
