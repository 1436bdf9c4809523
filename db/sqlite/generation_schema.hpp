#pragma once

// A generation file: everything that one delivery (and, for offices it did not replace, earlier
// ones) says of one organisation. Written once, never changed. Amounts are INTEGER poisha, days
// INTEGER days since 1970-01-01, words small INTEGERs in the order of members/facts.hpp. The tables
// that hold a member's rows are clustered by her id, so that they lie side by side.
namespace uthan::db::sqlite {

/// PRAGMA user_version of a generation file; another one is not read.
inline constexpr int generation_format = 3;

inline constexpr const char* generation_tables = R"sql(
CREATE TABLE offices(
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, parent_code TEXT NOT NULL,
    name_bn TEXT NOT NULL, name_en TEXT NOT NULL, level INTEGER NOT NULL, district TEXT NOT NULL,
    upazila TEXT NOT NULL, phone TEXT NOT NULL, officer_name TEXT NOT NULL,
    officer_phone TEXT NOT NULL, as_of INTEGER NOT NULL
) STRICT;
CREATE TABLE staff(
    code TEXT PRIMARY KEY, name_bn TEXT NOT NULL, name_en TEXT NOT NULL, short_bn TEXT NOT NULL,
    short_en TEXT NOT NULL, role TEXT NOT NULL, office_code TEXT NOT NULL, phone TEXT NOT NULL,
    active INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE groups(
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, kind INTEGER NOT NULL, parent_code TEXT NOT NULL,
    office_id INTEGER NOT NULL, name_bn TEXT NOT NULL, name_en TEXT NOT NULL, weekday INTEGER,
    minutes INTEGER, place_bn TEXT, place_en TEXT, frequency INTEGER, staff_code TEXT NOT NULL,
    savings_rate INTEGER NOT NULL
) STRICT;
CREATE TABLE members(
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, group_id INTEGER, cohesion_id INTEGER,
    office_id INTEGER NOT NULL, name_bn TEXT NOT NULL, name_en TEXT NOT NULL, gender TEXT NOT NULL,
    born_on INTEGER, household_id TEXT NOT NULL, msisdn TEXT, relation INTEGER NOT NULL,
    language INTEGER NOT NULL, status INTEGER NOT NULL, joined_on INTEGER, income INTEGER NOT NULL,
    annual_family_income INTEGER, sms_consent INTEGER, consent_on INTEGER,
    training_weeks_done INTEGER
) STRICT;
CREATE TABLE savings(
    member_id INTEGER NOT NULL, account_no TEXT NOT NULL, product INTEGER NOT NULL,
    balance INTEGER NOT NULL, available INTEGER NOT NULL, interest_ytd INTEGER NOT NULL,
    opened_on INTEGER, matures_on INTEGER, status INTEGER NOT NULL,
    PRIMARY KEY(member_id, account_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE loans(
    member_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, loan_no TEXT NOT NULL,
    product_code TEXT NOT NULL, cycle INTEGER NOT NULL, principal INTEGER NOT NULL,
    charge_total INTEGER NOT NULL, method INTEGER NOT NULL, rate TEXT NOT NULL,
    instalments INTEGER NOT NULL, period INTEGER NOT NULL, disbursed_on INTEGER NOT NULL,
    first_due_on INTEGER, last_due_on INTEGER, paid_total INTEGER NOT NULL,
    outstanding_total INTEGER NOT NULL, outstanding_principal INTEGER NOT NULL,
    overdue_amount INTEGER NOT NULL, status INTEGER NOT NULL, staff_code TEXT NOT NULL,
    household_limit INTEGER, line INTEGER NOT NULL, -- of loans.csv in its delivery
    PRIMARY KEY(member_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE instalments(
    member_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, seq INTEGER NOT NULL,
    due_on INTEGER NOT NULL, principal_due INTEGER NOT NULL, charge_due INTEGER NOT NULL,
    total_due INTEGER NOT NULL, paid INTEGER NOT NULL, paid_on INTEGER,
    PRIMARY KEY(member_id, ordinal, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE dues( -- the instalments again, as facts are read from them: see dues_codec.hpp
    member_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, rows BLOB NOT NULL,
    PRIMARY KEY(member_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE TABLE transactions(
    member_id INTEGER NOT NULL, txn_on INTEGER NOT NULL, posted_at TEXT NOT NULL,
    txn_id TEXT NOT NULL, account_no TEXT NOT NULL, kind INTEGER NOT NULL, amount INTEGER NOT NULL,
    balance_after INTEGER, receipt_no TEXT NOT NULL, channel INTEGER NOT NULL,
    reverses_txn_id TEXT NOT NULL,
    PRIMARY KEY(member_id, txn_on, posted_at, txn_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE applications(
    member_id INTEGER NOT NULL, applied_on INTEGER NOT NULL, app_no TEXT NOT NULL,
    stage TEXT NOT NULL, type INTEGER NOT NULL, requested INTEGER NOT NULL, status TEXT NOT NULL,
    status_on INTEGER, deadline_on INTEGER,
    PRIMARY KEY(member_id, applied_on, app_no)
) STRICT, WITHOUT ROWID;
CREATE TABLE holidays(
    scope_code TEXT NOT NULL, day INTEGER NOT NULL, name_bn TEXT NOT NULL, name_en TEXT NOT NULL,
    rule INTEGER, PRIMARY KEY(scope_code, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE moratoria(
    scope_code TEXT NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
    reason TEXT NOT NULL, PRIMARY KEY(scope_code, first_day, last_day)
) STRICT, WITHOUT ROWID;
CREATE TABLE ladder(
    rung INTEGER NOT NULL, office TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,
    way TEXT NOT NULL, PRIMARY KEY(rung, office, name)
) STRICT, WITHOUT ROWID;
)sql";

/// Built when the members are there, sorted, and before the rows that take most of the file: what
/// lies in its first 2 GiB is read without a system call (Debian's SQLite maps no more).
inline constexpr const char* generation_indexes = R"sql(
CREATE UNIQUE INDEX IF NOT EXISTS members_by_code ON members(code);
CREATE INDEX IF NOT EXISTS members_by_msisdn ON members(msisdn) WHERE msisdn IS NOT NULL;
CREATE INDEX IF NOT EXISTS members_by_group ON members(group_id) WHERE group_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS groups_by_staff ON groups(staff_code);
CREATE INDEX IF NOT EXISTS members_by_household ON members(household_id) WHERE household_id <> '';
)sql";

/// Where the rows of a delivery meet carried-over ones, a member who moved is found by her code
/// while the rows are inserted.
inline constexpr const char* generation_code_index =
    "CREATE UNIQUE INDEX members_by_code ON members(code)";

} // namespace uthan::db::sqlite
