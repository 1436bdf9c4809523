#include "db/sqlite/ledger_rows.hpp"

namespace uthan::db::sqlite {
namespace {

calendar_day day(const statement& row, int column) noexcept {
    return calendar_day{std::chrono::days{row.integer(column)}};
}

std::optional<calendar_day> optional_day(const statement& row, int column) noexcept {
    return row.is_null(column) ? std::nullopt : std::optional{day(row, column)};
}

money amount(const statement& row, int column) noexcept {
    return {row.integer(column)};
}

std::optional<money> optional_amount(const statement& row, int column) noexcept {
    return row.is_null(column) ? std::nullopt : std::optional{amount(row, column)};
}

std::string text(const statement& row, int column) {
    return std::string{row.text(column)};
}

template <class Word>
Word word(const statement& row, int column) noexcept {
    return static_cast<Word>(row.integer(column));
}

unsigned number(const statement& row, int column) noexcept {
    return static_cast<unsigned>(row.integer(column));
}

} // namespace

members::candidate read_candidate(const statement& row) {
    return {text(row, 0), {text(row, 1), text(row, 2)}, word<members::written_language>(row, 3)};
}

members::member read_member(const statement& row) {
    members::member who;
    who.code = row.text(0);
    who.name = {text(row, 1), text(row, 2)};
    who.gender = row.text(3);
    who.born_on = optional_day(row, 4);
    who.household_id = row.text(5);
    who.cohesion_code = row.text(6);
    who.msisdn = row.text(7);
    who.relation = word<members::phone_relation>(row, 8);
    who.language = word<members::written_language>(row, 9);
    who.status = word<members::member_status>(row, 10);
    who.joined_on = optional_day(row, 11);
    who.income = word<members::income_class>(row, 12);
    who.annual_family_income = optional_amount(row, 13);
    if (!row.is_null(14)) {
        who.sms_consent = row.integer(14) != 0;
    }
    who.consent_on = optional_day(row, 15);
    if (!row.is_null(16)) {
        who.training_weeks_done = number(row, 16);
    }
    return who;
}

members::office read_office(const statement& row) {
    members::office one;
    one.code = row.text(0);
    one.parent_code = row.text(1);
    one.name = {text(row, 2), text(row, 3)};
    one.level = word<members::office_level>(row, 4);
    one.district = row.text(5);
    one.upazila = row.text(6);
    one.phone = row.text(7);
    one.officer_name = row.text(8);
    one.officer_phone = row.text(9);
    one.as_of = day(row, 10);
    return one;
}

members::group read_group(const statement& row, int first) {
    members::group one;
    one.code = row.text(first);
    one.kind = word<members::group_kind>(row, first + 1);
    one.parent_code = row.text(first + 2);
    one.name = {text(row, first + 3), text(row, first + 4)};
    if (!row.is_null(first + 5)) {
        auto& meeting = one.meeting.emplace();
        meeting.weekday = number(row, first + 5);
        if (!row.is_null(first + 6)) {
            meeting.time_of_day = std::chrono::minutes{row.integer(first + 6)};
        }
        meeting.place = {text(row, first + 7), text(row, first + 8)};
        meeting.frequency = word<members::meeting_frequency>(row, first + 9);
    }
    one.staff_code = row.text(first + 10);
    one.savings_rate = amount(row, first + 11);
    return one;
}

members::staff read_staff(const statement& row, int first) {
    return {text(row, first),
            {text(row, first + 1), text(row, first + 2)},
            {text(row, first + 3), text(row, first + 4)},
            text(row, first + 5),
            text(row, first + 6),
            text(row, first + 7),
            row.integer(first + 8) != 0};
}

members::savings_account read_savings(const statement& row) {
    return {text(row, 0),         word<members::savings_product>(row, 1),
            amount(row, 2),       amount(row, 3),
            amount(row, 4),       optional_day(row, 5),
            optional_day(row, 6), word<members::account_status>(row, 7)};
}

members::loan read_loan(const statement& row) {
    members::loan one;
    one.loan_no = row.text(0);
    one.product_code = row.text(1);
    one.cycle = number(row, 2);
    one.principal = amount(row, 3);
    one.charge_total = amount(row, 4);
    one.method = word<members::charge_method>(row, 5);
    one.rate = row.text(6);
    one.instalments = number(row, 7);
    one.period = word<members::repayment_period>(row, 8);
    one.disbursed_on = day(row, 9);
    one.first_due_on = optional_day(row, 10);
    one.last_due_on = optional_day(row, 11);
    one.paid_total = amount(row, 12);
    one.outstanding_total = amount(row, 13);
    one.outstanding_principal = amount(row, 14);
    one.overdue_amount = amount(row, 15);
    one.status = word<members::loan_status>(row, 16);
    one.staff_code = row.text(17);
    one.household_limit = optional_amount(row, 18);
    return one;
}

members::instalment read_instalment(const statement& row) noexcept {
    return {number(row, 0), day(row, 1),    amount(row, 2),      amount(row, 3),
            amount(row, 4), amount(row, 5), optional_day(row, 6)};
}

members::transaction read_transaction(const statement& row) {
    return {text(row, 0),
            text(row, 1),
            word<members::transaction_kind>(row, 2),
            amount(row, 3),
            day(row, 4),
            optional_amount(row, 5),
            text(row, 6),
            word<members::payment_channel>(row, 7),
            text(row, 8),
            text(row, 9)};
}

members::application read_application(const statement& row) {
    return {text(row, 0),         text(row, 1),        word<members::application_type>(row, 2),
            amount(row, 3),       day(row, 4),         text(row, 5),
            optional_day(row, 6), optional_day(row, 7)};
}

members::holiday read_holiday(const statement& row) {
    members::holiday one{text(row, 0), day(row, 1), {text(row, 2), text(row, 3)}, std::nullopt};
    if (!row.is_null(4)) {
        one.rule = word<members::holiday_rule>(row, 4);
    }
    return one;
}

members::moratorium read_moratorium(const statement& row) {
    return {text(row, 0), day(row, 1), day(row, 2), text(row, 3)};
}

} // namespace uthan::db::sqlite
