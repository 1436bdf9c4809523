#include "db/sqlite/generation_writer.hpp"

#include "db/sqlite/dues_codec.hpp"

#include <fmt/format.h>

namespace uthan::db::sqlite {
namespace {

using namespace members::exchange;

template <class Word>
std::int64_t word(Word value) noexcept {
    return static_cast<std::int64_t>(value);
}

template <class Number>
std::optional<std::int64_t> number(const std::optional<Number>& value) noexcept {
    return value ? std::optional{static_cast<std::int64_t>(*value)} : std::nullopt;
}

void bind_one(statement& to, int index, std::int64_t value) noexcept {
    to.bind(index, value);
}
void bind_one(statement& to, int index, std::optional<std::int64_t> value) noexcept {
    to.bind_optional(index, value);
}
void bind_one(statement& to, int index, const std::string& value) noexcept {
    to.bind_view(index, value);
}
void bind_one(statement& to, int index, money value) noexcept {
    to.bind(index, value.poisha);
}
void bind_one(statement& to, int index, calendar_day value) noexcept {
    to.bind(index, value.time_since_epoch().count());
}
/// What is not there is NULL.
template <class Value>
void bind_one(statement& to, int index, const std::optional<Value>& value) noexcept {
    if (value) {
        bind_one(to, index, *value);
    } else {
        to.bind_null(index);
    }
}
template <class Value>
void bind_one(statement& to, int index, const Value* value) noexcept {
    if (value != nullptr) {
        bind_one(to, index, *value);
    } else {
        to.bind_null(index);
    }
}

/// Rows with a key that is there already change nothing; changes() tells.
constexpr std::string_view ignore = "IGNORE";
/// The delivery's row takes the place of a carried-over one.
constexpr std::string_view replace = "REPLACE";

std::string insert_sql(std::string_view table, int columns, std::string_view conflict = ignore) {
    std::string sql = fmt::format("INSERT OR {} INTO {} VALUES(?", conflict, table);
    for (int i = 1; i < columns; ++i) {
        sql += ",?";
    }
    return sql + ')';
}

/// A loan's rows may come in several pieces. Blobs are joined as text, byte for byte.
constexpr const char* dues_sql =
    "INSERT INTO dues VALUES(?,?,?) ON CONFLICT(member_id, ordinal) DO UPDATE "
    "SET rows = CAST(dues.rows || excluded.rows AS BLOB)";

} // namespace

result<generation_writer> generation_writer::prepare(connection& on, row_bases bases) {
    generation_writer made{on, bases};
    struct part {
        statement& of;
        std::string sql;
    };
    const part parts[]{
        {made.office_, insert_sql("offices", 12)},
        {made.staff_, insert_sql("staff", 9, replace)},
        {made.group_, insert_sql("groups", 14)},
        {made.member_, insert_sql("members", 20)},
        {made.savings_, insert_sql("savings", 9)},
        {made.loan_, insert_sql("loans", 22)},
        {made.instalment_, insert_sql("instalments", 9)},
        {made.dues_, dues_sql},
        {made.transaction_, insert_sql("transactions", 11)},
        {made.holiday_, insert_sql("holidays", 5, replace)},
        {made.moratorium_, insert_sql("moratoria", 4, replace)},
        {made.application_, insert_sql("applications", 9)},
        {made.ladder_, insert_sql("ladder", 5, replace)},
    };
    for (const auto& one : parts) {
        auto prepared = on.prepare(one.sql);
        if (!prepared) {
            return prepared.error();
        }
        one.of = std::move(*prepared);
    }
    return made;
}

template <class... Values>
result<bool> generation_writer::run(statement& insert, const Values&... values) {
    int index = 0;
    (bind_one(insert, ++index, values), ...);
    if (insert.run()) {
        return errc::store_unavailable;
    }
    return on_->changes() == 1;
}

result<bool> generation_writer::insert(const office_row& row) {
    const auto& value = row.value;
    return run(office_, bases_.office + row.number, value.code, value.parent_code, value.name.bn,
               value.name.en, word(value.level), value.district, value.upazila, value.phone,
               value.officer_name, value.officer_phone, value.as_of);
}

result<bool> generation_writer::insert(const staff_row& row) {
    const auto& value = row.value;
    return run(staff_, value.code, value.name.bn, value.name.en, value.short_name.bn,
               value.short_name.en, value.role, value.office_code, value.phone, word(value.active));
}

result<bool> generation_writer::insert(const group_row& row) {
    const auto& value = row.value;
    const auto* meeting = value.meeting ? &*value.meeting : nullptr;
    std::optional<std::int64_t> weekday;
    std::optional<std::int64_t> minutes;
    std::optional<std::int64_t> frequency;
    if (meeting != nullptr) {
        weekday = meeting->weekday;
        minutes = meeting->time_of_day ? std::optional<std::int64_t>{meeting->time_of_day->count()}
                                       : std::nullopt;
        frequency = word(meeting->frequency);
    }
    return run(group_, bases_.group + row.number, value.code, word(value.kind), value.parent_code,
               bases_.office + row.office, value.name.bn, value.name.en, weekday, minutes,
               meeting ? &meeting->place.bn : nullptr, meeting ? &meeting->place.en : nullptr,
               frequency, value.staff_code, value.savings_rate);
}

result<bool> generation_writer::insert(const member_row& row) {
    const auto& value = row.value;
    const auto group_id = [&](row_number of) {
        return of == 0 ? std::nullopt : std::optional<std::int64_t>{bases_.group + of};
    };
    const auto* msisdn = value.msisdn.empty() ? nullptr : &value.msisdn;
    return run(member_, bases_.member + row.number, value.code, group_id(row.group),
               group_id(row.cohesion), bases_.office + row.office, value.name.bn, value.name.en,
               value.gender, value.born_on, value.household_id, msisdn, word(value.relation),
               word(value.language), word(value.status), value.joined_on, word(value.income),
               value.annual_family_income, number(value.sms_consent), value.consent_on,
               number(value.training_weeks_done));
}

result<bool> generation_writer::insert(const savings_row& row) {
    const auto& value = row.value;
    return run(savings_, bases_.member + row.member, value.account_no, word(value.product),
               value.balance, value.available, value.interest_ytd, value.opened_on,
               value.matures_on, word(value.status));
}

result<bool> generation_writer::insert(const loan_row& row) {
    const auto& value = row.value;
    return run(loan_, bases_.member + row.member, row.ordinal, value.loan_no, value.product_code,
               value.cycle, value.principal, value.charge_total, word(value.method), value.rate,
               value.instalments, word(value.period), value.disbursed_on, value.first_due_on,
               value.last_due_on, value.paid_total, value.outstanding_total,
               value.outstanding_principal, value.overdue_amount, word(value.status),
               value.staff_code, value.household_limit, word(row.line));
}

result<bool> generation_writer::insert(const instalment_row& row) {
    return insert(bases_.member + row.member, row.ordinal, row.value);
}

result<bool> generation_writer::insert(std::int64_t member, std::int64_t ordinal,
                                       const members::instalment& row) {
    const auto inserted = run(instalment_, member, ordinal, row.seq, row.due_on, row.principal_due,
                              row.charge_due, row.total_due, row.paid, row.paid_on);
    if (!inserted || !*inserted) {
        return inserted;
    }
    if (hold_due(member, ordinal, row)) {
        return errc::store_unavailable;
    }
    return true;
}

error_code generation_writer::hold_due(std::int64_t member, std::int64_t ordinal,
                                       const members::instalment& row) {
    if (member != held_.member || ordinal != held_.ordinal) {
        if (const auto failed = write_dues()) {
            return failed;
        }
        held_.member = member;
        held_.ordinal = ordinal;
    }
    append_due(held_.rows, row, held_.rows.empty() ? nullptr : &held_.last);
    held_.last = row;
    return {};
}

error_code generation_writer::write_dues() {
    if (held_.rows.empty()) {
        return {};
    }
    dues_.bind(1, held_.member);
    dues_.bind(2, held_.ordinal);
    dues_.bind_blob(3, held_.rows);
    const auto failed = dues_.run();
    held_.rows.clear();
    return failed;
}

result<bool> generation_writer::insert(const transaction_row& row) {
    const auto& value = row.value;
    return run(transaction_, bases_.member + row.member, value.txn_on, value.posted_at,
               value.txn_id, value.account_no, word(value.kind), value.amount, value.balance_after,
               value.receipt_no, word(value.channel), value.reverses_txn_id);
}

result<bool> generation_writer::insert(const holiday_row& row) {
    const auto& value = row.value;
    return run(holiday_, value.scope_code, value.day, value.name.bn, value.name.en,
               number(value.rule));
}

result<bool> generation_writer::insert(const moratorium_row& row) {
    const auto& value = row.value;
    return run(moratorium_, value.scope_code, value.from, value.to, value.reason);
}

result<bool> generation_writer::insert(const application_row& row) {
    const auto& value = row.value;
    return run(application_, bases_.member + row.member, value.applied_on, value.app_no,
               value.stage, word(value.type), value.requested, value.status, value.status_on,
               value.deadline_on);
}

result<bool> generation_writer::insert(const ladder_row& row) {
    return run(ladder_, row.rung, row.office, row.name, row.phone, row.way);
}

} // namespace uthan::db::sqlite
