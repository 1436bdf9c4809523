#include "db/sqlite/generation_writer.hpp"

#include <fmt/format.h>

#include <string>

namespace uthan::db::sqlite {
namespace {

using namespace members::exchange;

std::int64_t days(calendar_day day) noexcept {
    return day.time_since_epoch().count();
}

std::optional<std::int64_t> days(const std::optional<calendar_day>& day) noexcept {
    return day ? std::optional{days(*day)} : std::nullopt;
}

std::optional<std::int64_t> poisha(const std::optional<money>& amount) noexcept {
    return amount ? std::optional{amount->poisha} : std::nullopt;
}

template <class Word>
std::int64_t word(Word value) noexcept {
    return static_cast<std::int64_t>(value);
}

template <class Number>
std::optional<std::int64_t> number(const std::optional<Number>& value) noexcept {
    return value ? std::optional{static_cast<std::int64_t>(*value)} : std::nullopt;
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

result<bool> generation_writer::inserted(statement& insert) {
    if (insert.run()) {
        return errc::store_unavailable;
    }
    return on_->changes() == 1;
}

result<bool> generation_writer::insert(const office_row& row) {
    const auto& value = row.value;
    office_.bind(1, bases_.office + row.number);
    office_.bind_view(2, value.code);
    office_.bind_view(3, value.parent_code);
    office_.bind_view(4, value.name.bn);
    office_.bind_view(5, value.name.en);
    office_.bind(6, word(value.level));
    office_.bind_view(7, value.district);
    office_.bind_view(8, value.upazila);
    office_.bind_view(9, value.phone);
    office_.bind_view(10, value.officer_name);
    office_.bind_view(11, value.officer_phone);
    office_.bind(12, days(value.as_of));
    return inserted(office_);
}

result<bool> generation_writer::insert(const staff_row& row) {
    const auto& value = row.value;
    staff_.bind_view(1, value.code);
    staff_.bind_view(2, value.name.bn);
    staff_.bind_view(3, value.name.en);
    staff_.bind_view(4, value.short_name.bn);
    staff_.bind_view(5, value.short_name.en);
    staff_.bind_view(6, value.role);
    staff_.bind_view(7, value.office_code);
    staff_.bind_view(8, value.phone);
    staff_.bind(9, value.active ? 1 : 0);
    return inserted(staff_);
}

result<bool> generation_writer::insert(const group_row& row) {
    const auto& value = row.value;
    group_.bind(1, bases_.group + row.number);
    group_.bind_view(2, value.code);
    group_.bind(3, word(value.kind));
    group_.bind_view(4, value.parent_code);
    group_.bind(5, bases_.office + row.office);
    group_.bind_view(6, value.name.bn);
    group_.bind_view(7, value.name.en);
    if (value.meeting) {
        const auto& meeting = *value.meeting;
        group_.bind(8, meeting.weekday);
        group_.bind_optional(9, meeting.time_of_day
                                    ? std::optional<std::int64_t>{meeting.time_of_day->count()}
                                    : std::nullopt);
        group_.bind_view(10, meeting.place.bn);
        group_.bind_view(11, meeting.place.en);
        group_.bind(12, word(meeting.frequency));
    } else {
        for (int i = 8; i <= 12; ++i) {
            group_.bind_null(i);
        }
    }
    group_.bind_view(13, value.staff_code);
    group_.bind(14, value.savings_rate.poisha);
    return inserted(group_);
}

result<bool> generation_writer::insert(const member_row& row) {
    const auto& value = row.value;
    const auto group_id = [&](row_number of) {
        return of == 0 ? std::nullopt : std::optional<std::int64_t>{bases_.group + of};
    };
    member_.bind(1, bases_.member + row.number);
    member_.bind_view(2, value.code);
    member_.bind_optional(3, group_id(row.group));
    member_.bind_optional(4, group_id(row.cohesion));
    member_.bind(5, bases_.office + row.office);
    member_.bind_view(6, value.name.bn);
    member_.bind_view(7, value.name.en);
    member_.bind_view(8, value.gender);
    member_.bind_optional(9, days(value.born_on));
    member_.bind_view(10, value.household_id);
    if (value.msisdn.empty()) {
        member_.bind_null(11);
    } else {
        member_.bind_view(11, value.msisdn);
    }
    member_.bind(12, word(value.relation));
    member_.bind(13, word(value.language));
    member_.bind(14, word(value.status));
    member_.bind_optional(15, days(value.joined_on));
    member_.bind(16, word(value.income));
    member_.bind_optional(17, poisha(value.annual_family_income));
    member_.bind_optional(18, number(value.sms_consent));
    member_.bind_optional(19, days(value.consent_on));
    member_.bind_optional(20, number(value.training_weeks_done));
    return inserted(member_);
}

result<bool> generation_writer::insert(const savings_row& row) {
    const auto& value = row.value;
    savings_.bind(1, bases_.member + row.member);
    savings_.bind_view(2, value.account_no);
    savings_.bind(3, word(value.product));
    savings_.bind(4, value.balance.poisha);
    savings_.bind(5, value.available.poisha);
    savings_.bind(6, value.interest_ytd.poisha);
    savings_.bind_optional(7, days(value.opened_on));
    savings_.bind_optional(8, days(value.matures_on));
    savings_.bind(9, word(value.status));
    return inserted(savings_);
}

result<bool> generation_writer::insert(const loan_row& row) {
    const auto& value = row.value;
    loan_.bind(1, bases_.member + row.member);
    loan_.bind(2, row.ordinal);
    loan_.bind_view(3, value.loan_no);
    loan_.bind_view(4, value.product_code);
    loan_.bind(5, value.cycle);
    loan_.bind(6, value.principal.poisha);
    loan_.bind(7, value.charge_total.poisha);
    loan_.bind(8, word(value.method));
    loan_.bind_view(9, value.rate);
    loan_.bind(10, value.instalments);
    loan_.bind(11, word(value.period));
    loan_.bind(12, days(value.disbursed_on));
    loan_.bind_optional(13, days(value.first_due_on));
    loan_.bind_optional(14, days(value.last_due_on));
    loan_.bind(15, value.paid_total.poisha);
    loan_.bind(16, value.outstanding_total.poisha);
    loan_.bind(17, value.outstanding_principal.poisha);
    loan_.bind(18, value.overdue_amount.poisha);
    loan_.bind(19, word(value.status));
    loan_.bind_view(20, value.staff_code);
    loan_.bind_optional(21, poisha(value.household_limit));
    loan_.bind(22, static_cast<std::int64_t>(row.line));
    return inserted(loan_);
}

result<bool> generation_writer::insert(const instalment_row& row) {
    return insert(bases_.member + row.member, row.ordinal, row.value);
}

result<bool> generation_writer::insert(std::int64_t member, std::int64_t ordinal,
                                       const members::instalment& row) {
    instalment_.bind(1, member);
    instalment_.bind(2, ordinal);
    instalment_.bind(3, row.seq);
    instalment_.bind(4, days(row.due_on));
    instalment_.bind(5, row.principal_due.poisha);
    instalment_.bind(6, row.charge_due.poisha);
    instalment_.bind(7, row.total_due.poisha);
    instalment_.bind(8, row.paid.poisha);
    instalment_.bind_optional(9, days(row.paid_on));
    return inserted(instalment_);
}

result<bool> generation_writer::insert(const transaction_row& row) {
    const auto& value = row.value;
    transaction_.bind(1, bases_.member + row.member);
    transaction_.bind(2, days(value.txn_on));
    transaction_.bind_view(3, value.posted_at);
    transaction_.bind_view(4, value.txn_id);
    transaction_.bind_view(5, value.account_no);
    transaction_.bind(6, word(value.kind));
    transaction_.bind(7, value.amount.poisha);
    transaction_.bind_optional(8, poisha(value.balance_after));
    transaction_.bind_view(9, value.receipt_no);
    transaction_.bind(10, word(value.channel));
    transaction_.bind_view(11, value.reverses_txn_id);
    return inserted(transaction_);
}

result<bool> generation_writer::insert(const holiday_row& row) {
    const auto& value = row.value;
    holiday_.bind_view(1, value.scope_code);
    holiday_.bind(2, days(value.day));
    holiday_.bind_view(3, value.name.bn);
    holiday_.bind_view(4, value.name.en);
    holiday_.bind_optional(5, number(value.rule));
    return inserted(holiday_);
}

result<bool> generation_writer::insert(const moratorium_row& row) {
    const auto& value = row.value;
    moratorium_.bind_view(1, value.scope_code);
    moratorium_.bind(2, days(value.from));
    moratorium_.bind(3, days(value.to));
    moratorium_.bind_view(4, value.reason);
    return inserted(moratorium_);
}

result<bool> generation_writer::insert(const application_row& row) {
    const auto& value = row.value;
    application_.bind(1, bases_.member + row.member);
    application_.bind(2, days(value.applied_on));
    application_.bind_view(3, value.app_no);
    application_.bind_view(4, value.stage);
    application_.bind(5, word(value.type));
    application_.bind(6, value.requested.poisha);
    application_.bind_view(7, value.status);
    application_.bind_optional(8, days(value.status_on));
    application_.bind_optional(9, days(value.deadline_on));
    return inserted(application_);
}

result<bool> generation_writer::insert(const ladder_row& row) {
    ladder_.bind(1, row.rung);
    ladder_.bind_view(2, row.office);
    ladder_.bind_view(3, row.name);
    ladder_.bind_view(4, row.phone);
    ladder_.bind_view(5, row.way);
    return inserted(ladder_);
}

} // namespace uthan::db::sqlite
