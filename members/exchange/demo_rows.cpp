#include "members/exchange/demo_rows.hpp"

namespace uthan::members::exchange {

namespace {

// The words of the files' columns.

std::string_view word(office_level level) {
    using enum office_level;
    switch (level) {
    case head:
        return "HO";
    case division:
        return "division";
    case district:
        return "district";
    case area:
        return "area";
    case upazila:
        return "upazila";
    case branch:
        break;
    }
    return "branch";
}

std::string_view word(group_kind kind) {
    using enum group_kind;
    switch (kind) {
    case kendra:
        return "kendra";
    case samity:
        return "samity";
    case cohesion:
        return "cohesion";
    case karmadal:
        return "karmadal";
    case village_committee:
        return "village_committee";
    case group:
        break;
    }
    return "group";
}

std::string_view word(meeting_frequency frequency) {
    return frequency == meeting_frequency::weekly        ? "W"
           : frequency == meeting_frequency::fortnightly ? "2W"
                                                         : "M";
}

std::string_view word(member_status status) {
    return status == member_status::active    ? "active"
           : status == member_status::dropout ? "dropout"
                                              : "closed";
}

std::string_view word(income_class income) {
    using enum income_class;
    return income == ka ? "ka" : income == kha ? "kha" : income == ga ? "ga" : "";
}

std::string_view word(phone_relation relation) {
    using enum phone_relation;
    return relation == husband     ? "husband"
           : relation == child     ? "child"
           : relation == neighbour ? "neighbour"
                                   : "self";
}

std::string_view word(savings_product product) {
    using enum savings_product;
    switch (product) {
    case voluntary:
        return "voluntary";
    case term:
        return "term";
    case security:
        return "security";
    case group_share:
        return "group_share";
    case general:
        break;
    }
    return "general";
}

std::string_view word(account_status status) {
    return status == account_status::active ? "active" : "closed";
}

std::string_view word(charge_method method) {
    using enum charge_method;
    return method == declining ? "declining" : method == service_charge ? "service_charge" : "flat";
}

std::string_view word(repayment_period period) {
    using enum repayment_period;
    return period == weekly ? "W" : period == fortnightly ? "2W" : period == monthly ? "M" : "X";
}

std::string_view word(loan_status status) {
    using enum loan_status;
    return status == active ? "active" : status == closed ? "closed" : "written_off";
}

std::string_view word(transaction_kind kind) {
    using enum transaction_kind;
    switch (kind) {
    case savings_deposit:
        return "sav_deposit";
    case savings_withdraw:
        return "sav_withdraw";
    case disburse:
        return "disburse";
    case interest:
        return "interest";
    case adjust:
        return "adjust";
    case reversal:
        return "reversal";
    case loan_repay:
        break;
    }
    return "loan_repay";
}

std::string_view word(payment_channel channel) {
    using enum payment_channel;
    switch (channel) {
    case bkash:
        return "bkash";
    case nagad:
        return "nagad";
    case bank:
        return "bank";
    case other:
        return "other";
    case cash:
        break;
    }
    return "cash";
}

std::string_view word(const std::optional<bool>& said) {
    return !said ? "" : *said ? "yes" : "no";
}

void write_optional(demo_output& file, const std::optional<money>& amount) {
    if (amount) {
        file.amount(*amount);
    } else {
        file.empty();
    }
}

} // namespace

void write_office(demo_output& file, const office& row) {
    file.text(row.code).text(row.name.bn).text(row.name.en).text(row.parent_code);
    file.text(word(row.level)).text(row.district).text(row.upazila).text(row.phone);
    file.text(row.officer_name).text(row.officer_phone).end_row();
}

void write_group(demo_output& file, const group& row) {
    file.text(row.code).text(word(row.kind)).text(row.parent_code).text(row.office_code);
    file.text(row.name.bn).text(row.name.en);
    if (row.meeting) {
        const meeting_rule& meeting = *row.meeting;
        file.number(meeting.weekday);
        if (meeting.time_of_day) {
            const auto minutes = static_cast<std::uint64_t>(meeting.time_of_day->count());
            file.text(padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2));
        } else {
            file.empty();
        }
        file.text(meeting.place.bn).text(meeting.place.en).text(word(meeting.frequency));
    } else {
        file.empty().empty().empty().empty().empty();
    }
    file.text(row.staff_code).amount(row.savings_rate).end_row();
}

void write_person(demo_output& file, const demo_member& one) {
    const member& who = one.who;
    file.text(who.code).text(who.name.bn).text(who.name.en).text(who.gender).day(who.born_on);
    file.text(who.household_id).text(who.group_code).text(who.cohesion_code);
    file.text(who.office_code).text(who.msisdn);
    file.text(who.msisdn.empty() ? "" : word(who.relation)).empty();
    file.text(who.language == written_language::en ? "en" : "bn").text(word(who.status));
    file.day(who.joined_on).text(word(who.income));
    write_optional(file, who.annual_family_income);
    file.text(one.land_decimal).text(one.nid_last4).text(word(who.sms_consent));
    file.day(who.consent_on);
    if (who.training_weeks_done) {
        file.number(*who.training_weeks_done);
    } else {
        file.empty();
    }
    file.end_row();
}

void write_account(demo_output& file, const std::string& member_code, const savings_account& one,
                   calendar_day as_of) {
    file.text(one.account_no).text(member_code).text(word(one.product)).amount(one.balance);
    file.amount(one.available).amount(one.interest_ytd).day(one.opened_on).day(one.matures_on);
    file.text(word(one.status)).day(as_of).end_row();
}

void write_loan(demo_output& file, const std::string& member_code, const demo_loan& one,
                calendar_day as_of) {
    const loan& row = one.row;
    file.text(row.loan_no).text(member_code).text(row.product_code).number(row.cycle);
    file.amount(row.principal).amount(row.charge_total).text(word(row.method)).text(row.rate);
    file.number(row.instalments).text(word(row.period)).day(row.disbursed_on);
    file.day(row.first_due_on).day(row.last_due_on).amount(row.paid_total);
    file.amount(row.outstanding_total).amount(row.outstanding_principal);
    file.amount(row.overdue_amount).day(one.overdue_since).text(word(row.status));
    file.text(row.staff_code).day(as_of);
    write_optional(file, row.household_limit);
    file.end_row();
}

void write_instalment(demo_output& file, const std::string& loan_no, const instalment& one) {
    file.text(loan_no).number(one.seq).day(one.due_on).amount(one.principal_due);
    file.amount(one.charge_due).amount(one.total_due).amount(one.paid).day(one.paid_on);
    file.text(one.open() == money{} ? "paid" : one.paid > money{} ? "partial" : "open").end_row();
}

void write_transaction(demo_output& file, const std::string& member_code, const transaction& one) {
    file.text(one.txn_id).text(member_code).text(one.account_no).text(word(one.kind));
    file.amount(one.amount).day(one.txn_on);
    write_optional(file, one.balance_after);
    file.text(one.receipt_no).text(word(one.channel)).text(one.reverses_txn_id);
    file.text(one.posted_at).end_row();
}

void write_application(demo_output& file, const std::string& member_code, const application& one) {
    file.text(one.app_no).text(member_code).text(one.stage);
    file.text(one.type == application_type::first ? "new" : "reinvest").amount(one.requested);
    file.day(one.applied_on).text(one.status).day(one.status_on).day(one.deadline_on).end_row();
}

} // namespace uthan::members::exchange
