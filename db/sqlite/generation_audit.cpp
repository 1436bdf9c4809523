#include "db/sqlite/generation_audit.hpp"

#include "db/sqlite/dues_codec.hpp"
#include "db/sqlite/ledger_calendars.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/ledger_rows.hpp"
#include "members/due.hpp"
#include "members/eligibility.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

using members::exchange::file_kind;
using members::exchange::findings;
using members::exchange::severity;

void warn(findings& said, std::uint64_t line, std::string_view kind, std::string text) {
    said.add(severity::warning, name_of(file_kind::loans), line, kind, std::move(text));
}

void compare_schedule(const members::loan& loan, std::uint64_t line, findings& said) {
    money total;
    money open;
    for (const auto& row : loan.schedule) {
        total += row.total_due;
        open += row.open();
    }
    if (total != loan.principal + loan.charge_total) {
        warn(said, line, "schedule and principal",
             fmt::format("the instalments of loan {} add up to {}, principal and charge to {}",
                         loan.loan_no, to_decimal(total),
                         to_decimal(loan.principal + loan.charge_total)));
    }
    if (open != std::max(loan.outstanding_total, money{})) {
        warn(said, line, "schedule and outstanding",
             fmt::format("outstanding_total of loan {} is {}, its instalments leave {}",
                         loan.loan_no, to_decimal(loan.outstanding_total), to_decimal(open)));
    }
    if (loan.schedule.size() != loan.instalments) {
        warn(said, line, "schedule and number of instalments",
             fmt::format("loan {} has {} instalments, its schedule {} rows", loan.loan_no,
                         loan.instalments, loan.schedule.size()));
    }
}

/// Statements of one audit.
class loan_audit {
public:
    loan_audit(const audit_request& request, const members::organisation_rules& rules,
               findings& said)
        : request_(request), rules_(rules), said_(said) {}

    error_code run();

private:
    error_code prepare(connection& file);
    error_code check_loan();
    error_code read_schedule(std::int64_t member, std::int64_t ordinal);
    error_code compare_dues();
    error_code check_savings(std::int64_t member);
    error_code check_overdue(std::int64_t office);

    const audit_request& request_;
    const members::organisation_rules& rules_;
    findings& said_;
    ledger_calendars calendars_;
    statement loans_;
    statement schedule_;
    statement savings_;
    members::loan loan_;
    std::vector<members::instalment> dues_;
    std::uint64_t line_ = 0;
};

error_code loan_audit::prepare(connection& file) {
    auto calendars = ledger_calendars::open(file);
    auto loans = file.prepare(fmt::format(
        "SELECT {}, l.ordinal, l.line, l.member_id, m.office_id, d.rows FROM loans l "
        "CROSS JOIN members m ON m.id = l.member_id LEFT JOIN dues d ON d.member_id = l.member_id "
        "AND d.ordinal = l.ordinal WHERE l.member_id > ? AND l.status = {} "
        "ORDER BY l.member_id, l.ordinal",
        loan_columns, static_cast<int>(members::loan_status::active)));
    auto schedule = file.prepare(
        fmt::format("SELECT {} FROM instalments WHERE member_id = ? AND ordinal = ? ORDER BY seq",
                    instalment_columns));
    auto savings = file.prepare(fmt::format(
        "SELECT coalesce(sum(balance), 0) FROM savings WHERE member_id = ? AND status = {} AND "
        "product <> {}",
        static_cast<int>(members::account_status::active),
        static_cast<int>(members::savings_product::term)));
    if (!calendars || !loans || !schedule || !savings) {
        return errc::store_unavailable;
    }
    calendars_ = std::move(*calendars);
    loans_ = std::move(*loans);
    schedule_ = std::move(*schedule);
    savings_ = std::move(*savings);
    return {};
}

error_code loan_audit::run() {
    auto file = open_generation(request_.path);
    if (!file) {
        return file.error();
    }
    if (const auto failed = prepare(*file)) {
        return failed;
    }
    loans_.bind(1, request_.members_after);
    for (;;) {
        const auto row = loans_.step();
        if (!row) {
            return row.error();
        }
        if (!*row) {
            return {};
        }
        if (const auto failed = check_loan()) {
            return failed;
        }
    }
}

error_code loan_audit::check_loan() {
    loan_ = read_loan(loans_);
    line_ = static_cast<std::uint64_t>(loans_.integer(loan_columns_count + 1));
    const auto member = loans_.integer(loan_columns_count + 2);
    if (const auto failed = check_savings(member)) {
        return failed;
    }
    if (const auto failed = read_schedule(member, loans_.integer(loan_columns_count))) {
        return failed;
    }
    if (const auto failed = compare_dues()) {
        return failed;
    }
    if (!request_.schedules_delivered || loan_.schedule.empty()) {
        return {};
    }
    compare_schedule(loan_, line_, said_);
    return check_overdue(loans_.integer(loan_columns_count + 3));
}

error_code loan_audit::read_schedule(std::int64_t member, std::int64_t ordinal) {
    const row_scope scope{schedule_};
    schedule_.bind(1, member);
    schedule_.bind(2, ordinal);
    auto row = schedule_.step();
    for (; row && *row; row = schedule_.step()) {
        loan_.schedule.push_back(read_instalment(schedule_));
    }
    return row ? error_code{} : row.error();
}

/// Facts are read from dues: these are the instalments, or the file is broken.
error_code loan_audit::compare_dues() {
    dues_.clear();
    if (read_dues(loans_.blob(loan_columns_count + 4), dues_)) {
        return errc::store_unavailable;
    }
    const auto same = [](const members::instalment& a, const members::instalment& b) {
        return a.seq == b.seq && a.due_on == b.due_on && a.total_due == b.total_due &&
               a.paid == b.paid;
    };
    return std::ranges::equal(dues_, loan_.schedule, same)
               ? error_code{}
               : make_error_code(errc::store_unavailable);
}

error_code loan_audit::check_savings(std::int64_t member) {
    const auto* product = product_on(rules_, loan_.product_code, loan_.disbursed_on);
    if (product == nullptr || product->savings_first_bp == 0) {
        return {};
    }
    const row_scope scope{savings_};
    savings_.bind(1, member);
    const auto row = savings_.step();
    if (!row) {
        return row.error();
    }
    const money saved{savings_.integer(0)};
    const auto needed = members::savings_needed(loan_.principal, product->savings_first_bp);
    if (saved < needed) {
        warn(said_, line_, "savings first",
             fmt::format("the savings for loan {} are {}; the rule is {}", loan_.loan_no,
                         to_decimal(saved), to_decimal(needed)));
    }
    return {};
}

error_code loan_audit::check_overdue(std::int64_t office_id) {
    if (!request_.overdue_delivered) {
        return {};
    }
    const auto office = calendars_.office(office_id);
    if (!office) {
        return office.error();
    }
    const auto as_of = (*office)->office.as_of;
    const auto due = members::due_of(loan_, *(*office)->calendar, rules_, as_of, as_of);
    if (due.overdue != loan_.overdue_amount) {
        warn(said_, line_, "overdue_amount",
             fmt::format("overdue_amount of loan {} is {}, by its schedule it is {}", loan_.loan_no,
                         to_decimal(loan_.overdue_amount), to_decimal(due.overdue)));
    }
    return {};
}

} // namespace

error_code audit_loans(const audit_request& request, const members::organisation_rules& rules,
                       findings& said) {
    return loan_audit{request, rules, said}.run();
}

} // namespace uthan::db::sqlite
