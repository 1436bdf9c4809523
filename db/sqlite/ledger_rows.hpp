#pragma once

#include "db/sqlite/connection.hpp"
#include "members/facts.hpp"

#include <cstdint>

// Rows of a generation file → values. Each select list belongs to the function below it, from its
// first column on; a statement may select more behind it.
namespace uthan::db::sqlite {

inline constexpr const char* candidate_columns = "code, name_bn, name_en, language";
members::candidate read_candidate(const statement& row);

/// Of "members m" with her cohesion group c and her group g: one statement costs half of three. The
/// codes of her offices are not in the row.
inline constexpr const char* member_columns =
    "m.code, m.name_bn, m.name_en, m.gender, m.born_on, m.household_id, c.code, m.msisdn, "
    "m.relation, m.language, m.status, m.joined_on, m.income, m.annual_family_income, "
    "m.sms_consent, m.consent_on, m.training_weeks_done, m.id, m.office_id, "
    "g.code, g.kind, g.parent_code, g.name_bn, g.name_en, g.weekday, g.minutes, g.place_bn, "
    "g.place_en, g.frequency, g.staff_code, g.savings_rate, g.office_id";
inline constexpr const char* member_tables =
    "members m LEFT JOIN groups c ON c.id = m.cohesion_id LEFT JOIN groups g ON g.id = m.group_id";
members::member read_member(const statement& row);
inline constexpr int member_id_column = 17;
inline constexpr int member_office_column = 18;
inline constexpr int member_group_columns = 19;
inline constexpr int member_group_office_column = 31;

inline constexpr const char* office_columns =
    "code, parent_code, name_bn, name_en, level, district, upazila, phone, officer_name, "
    "officer_phone, as_of";
members::office read_office(const statement& row);

/// Its columns begin at `first`; the code of its office is not among them.
members::group read_group(const statement& row, int first);

inline constexpr const char* staff_columns =
    "code, name_bn, name_en, short_bn, short_en, role, office_code, phone, active";
members::staff read_staff(const statement& row, int first = 0);

inline constexpr const char* savings_columns =
    "account_no, product, balance, available, interest_ytd, opened_on, matures_on, status";
members::savings_account read_savings(const statement& row);

/// Of "loans l".
inline constexpr const char* loan_columns =
    "l.loan_no, l.product_code, l.cycle, l.principal, l.charge_total, l.method, l.rate, "
    "l.instalments, l.period, l.disbursed_on, l.first_due_on, l.last_due_on, l.paid_total, "
    "l.outstanding_total, l.outstanding_principal, l.overdue_amount, l.status, l.staff_code, "
    "l.household_limit";
inline constexpr int loan_columns_count = 19;
members::loan read_loan(const statement& row);

inline constexpr const char* instalment_columns =
    "seq, due_on, principal_due, charge_due, total_due, paid, paid_on";
members::instalment read_instalment(const statement& row) noexcept;

inline constexpr const char* transaction_columns =
    "txn_id, account_no, kind, amount, txn_on, balance_after, receipt_no, channel, "
    "reverses_txn_id, posted_at";
members::transaction read_transaction(const statement& row);

inline constexpr const char* application_columns =
    "app_no, stage, type, requested, applied_on, status, status_on, deadline_on";
members::application read_application(const statement& row);

inline constexpr const char* holiday_columns = "scope_code, day, name_bn, name_en, rule";
members::holiday read_holiday(const statement& row);

inline constexpr const char* moratorium_columns = "scope_code, first_day, last_day, reason";
members::moratorium read_moratorium(const statement& row);

} // namespace uthan::db::sqlite
