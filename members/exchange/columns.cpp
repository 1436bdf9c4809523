#include "members/exchange/table.hpp"

namespace uthan::members::exchange {
namespace {

constexpr auto required = column_use::required;
constexpr auto optional = column_use::optional;
constexpr auto ignored = column_use::ignored;

constexpr std::pair<std::string_view, office_level> office_levels[]{
    {"branch", office_level::branch},     {"upazila", office_level::upazila},
    {"area", office_level::area},         {"district", office_level::district},
    {"division", office_level::division}, {"ho", office_level::head},
    {"head", office_level::head},         {"", office_level::branch}};

constexpr std::pair<std::string_view, group_kind> group_kinds[]{
    {"kendra", group_kind::kendra},
    {"samity", group_kind::samity},
    {"group", group_kind::group},
    {"cohesion", group_kind::cohesion},
    {"karmadal", group_kind::karmadal},
    {"village_committee", group_kind::village_committee},
    {"", group_kind::group}};

constexpr std::pair<std::string_view, meeting_frequency> frequencies[]{
    {"w", meeting_frequency::weekly},
    {"2w", meeting_frequency::fortnightly},
    {"m", meeting_frequency::monthly},
    {"", meeting_frequency::weekly}};

constexpr std::pair<std::string_view, phone_relation> relations[]{
    {"self", phone_relation::self},
    {"husband", phone_relation::husband},
    {"child", phone_relation::child},
    {"neighbour", phone_relation::neighbour},
    {"", phone_relation::self}};

constexpr std::pair<std::string_view, written_language> languages[]{
    {"bn", written_language::bn}, {"en", written_language::en}, {"", written_language::bn}};

constexpr std::pair<std::string_view, member_status> member_states[]{
    {"active", member_status::active},
    {"dropout", member_status::dropout},
    {"closed", member_status::closed}};

constexpr std::pair<std::string_view, income_class> income_classes[]{{"ka", income_class::ka},
                                                                     {"kha", income_class::kha},
                                                                     {"ga", income_class::ga},
                                                                     {"", income_class::none}};

constexpr std::pair<std::string_view, savings_product> savings_products_named[]{
    {"general", savings_product::general},
    {"voluntary", savings_product::voluntary},
    {"term", savings_product::term},
    {"security", savings_product::security},
    {"group_share", savings_product::group_share},
    {"", savings_product::general}};

constexpr std::pair<std::string_view, account_status> account_states[]{
    {"active", account_status::active},
    {"closed", account_status::closed},
    {"", account_status::active}};

constexpr std::pair<std::string_view, charge_method> charge_methods[]{
    {"flat", charge_method::flat},
    {"declining", charge_method::declining},
    {"service_charge", charge_method::service_charge},
    {"", charge_method::flat}};

constexpr std::pair<std::string_view, repayment_period> periods[]{
    {"w", repayment_period::weekly},
    {"2w", repayment_period::fortnightly},
    {"m", repayment_period::monthly},
    {"x", repayment_period::irregular}};

constexpr std::pair<std::string_view, loan_status> loan_states[]{
    {"active", loan_status::active},
    {"closed", loan_status::closed},
    {"written_off", loan_status::written_off}};

constexpr std::pair<std::string_view, transaction_kind> transaction_kinds[]{
    {"loan_repay", transaction_kind::loan_repay},
    {"sav_deposit", transaction_kind::savings_deposit},
    {"savings_deposit", transaction_kind::savings_deposit},
    {"sav_withdraw", transaction_kind::savings_withdraw},
    {"savings_withdraw", transaction_kind::savings_withdraw},
    {"disburse", transaction_kind::disburse},
    {"interest", transaction_kind::interest},
    {"adjust", transaction_kind::adjust},
    {"reversal", transaction_kind::reversal}};

constexpr std::pair<std::string_view, payment_channel> payment_channels[]{
    {"cash", payment_channel::cash},   {"bkash", payment_channel::bkash},
    {"nagad", payment_channel::nagad}, {"bank", payment_channel::bank},
    {"other", payment_channel::other}, {"", payment_channel::cash}};

constexpr std::pair<std::string_view, std::optional<holiday_rule>> holiday_rules[]{
    {"carry_to_next", holiday_rule::carry_to_next},
    {"shift_all", holiday_rule::shift_all},
    {"next_working_day", holiday_rule::next_working_day},
    {"none", holiday_rule::none},
    {"", std::nullopt}};

constexpr std::pair<std::string_view, application_type> application_types[]{
    {"new", application_type::first},
    {"first", application_type::first},
    {"reinvest", application_type::reinvest},
    {"", application_type::first}};

/// The rule's parts come as columns in any order. Weekday 0 stands for "no day" until the checks
/// drop such a meeting.
meeting_rule& meeting_of(group_row& row) {
    if (!row.value.meeting) {
        row.value.meeting.emplace().weekday = 0;
    }
    return *row.value.meeting;
}

field_problem read_meeting_weekday(std::string_view field, group_row& row) {
    return trimmed(field).empty() ? nullptr : read_number(field, 1, 7, meeting_of(row).weekday);
}

field_problem read_training_weeks(std::string_view field, member_row& row) {
    row.value.training_weeks_done.reset();
    return trimmed(field).empty()
               ? nullptr
               : read_number(field, 0, 520, row.value.training_weeks_done.emplace());
}

field_problem read_available(std::string_view field, savings_row& row) {
    row.available_said = !trimmed(field).empty();
    return read_money_or_zero(field, row.value.available);
}

field_problem read_active(std::string_view field, staff_row& row) {
    std::optional<bool> active;
    const auto problem = read_flag(field, active);
    row.value.active = active.value_or(true);
    return problem;
}

field_problem read_cycle(std::string_view field, loan_row& row) {
    row.value.cycle = 1;
    return trimmed(field).empty() ? nullptr : read_number(field, 1, 999, row.value.cycle);
}

field_problem read_required_text(std::string_view field, std::string& out) {
    const auto problem = read_text(field, out);
    return problem == nullptr && out.empty() ? "is empty" : problem;
}

field_problem read_positive(std::string_view field, money& out) {
    const auto problem = read_money(field, out);
    return problem == nullptr && out <= money{} ? "must be more than 0" : problem;
}

field_problem read_not_negative(std::string_view field, money& out) {
    const auto problem = read_money_or_zero(field, out);
    return problem == nullptr && out < money{} ? "must not be below 0" : problem;
}

} // namespace

/// A column of the rows that the table around it calls `row`: reads the field `f` into the row `r`.
#define UTHAN_COLUMN(name, use, expression) UTHAN_ALIASED(name, use, expression, {})
#define UTHAN_ALIASED(name, use, expression, alias)                                                \
    {                                                                                              \
        name, use, [](std::string_view f, row& r) -> field_problem { return expression; }, alias   \
    }

template <>
std::span<const column<office_row>> columns_of() noexcept {
    using row = office_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("branch_code", required, read_required_code(f, r.value.code)),
        UTHAN_COLUMN("name_bn", required, read_required_text(f, r.value.name.bn)),
        UTHAN_COLUMN("name_en", optional, read_text(f, r.value.name.en)),
        UTHAN_COLUMN("parent_code", optional, read_code(f, r.value.parent_code)),
        UTHAN_COLUMN("level", optional, read_word<office_level>(f, office_levels, r.value.level)),
        UTHAN_COLUMN("district", optional, read_text(f, r.value.district)),
        UTHAN_COLUMN("upazila", optional, read_text(f, r.value.upazila)),
        UTHAN_COLUMN("phone", optional, read_code(f, r.value.phone)),
        UTHAN_COLUMN("officer_name", optional, read_text(f, r.value.officer_name)),
        UTHAN_COLUMN("officer_phone", optional, read_code(f, r.value.officer_phone))};
    return all;
}

template <>
std::span<const column<staff_row>> columns_of() noexcept {
    using row = staff_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("staff_code", required, read_required_code(f, r.value.code)),
        UTHAN_COLUMN("name_bn", required, read_required_text(f, r.value.name.bn)),
        UTHAN_COLUMN("name_en", optional, read_text(f, r.value.name.en)),
        UTHAN_COLUMN("short_name_bn", optional, read_text(f, r.value.short_name.bn)),
        UTHAN_COLUMN("short_name_en", optional, read_text(f, r.value.short_name.en)),
        UTHAN_COLUMN("role", optional, read_text(f, r.value.role)),
        UTHAN_COLUMN("branch_code", optional, read_code(f, r.value.office_code)),
        UTHAN_COLUMN("phone", optional, read_code(f, r.value.phone)),
        UTHAN_COLUMN("active", optional, read_active(f, r))};
    return all;
}

template <>
std::span<const column<group_row>> columns_of() noexcept {
    using row = group_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("group_code", required, read_required_code(f, r.value.code)),
        UTHAN_COLUMN("kind", optional, read_word<group_kind>(f, group_kinds, r.value.kind)),
        UTHAN_COLUMN("parent_group_code", optional, read_code(f, r.value.parent_code)),
        UTHAN_COLUMN("branch_code", required, read_required_code(f, r.value.office_code)),
        UTHAN_COLUMN("name_bn", required, read_required_text(f, r.value.name.bn)),
        UTHAN_COLUMN("name_en", optional, read_text(f, r.value.name.en)),
        UTHAN_COLUMN("meeting_dow", optional, read_meeting_weekday(f, r)),
        UTHAN_COLUMN("meeting_time", optional, read_time(f, meeting_of(r).time_of_day)),
        UTHAN_COLUMN("meeting_place_bn", optional, read_text(f, meeting_of(r).place.bn)),
        UTHAN_COLUMN("meeting_place_en", optional, read_text(f, meeting_of(r).place.en)),
        UTHAN_COLUMN("meeting_freq", optional,
                     read_word<meeting_frequency>(f, frequencies, meeting_of(r).frequency)),
        UTHAN_COLUMN("staff_code", optional, read_code(f, r.value.staff_code)),
        UTHAN_COLUMN("savings_rate", optional, read_not_negative(f, r.value.savings_rate))};
    return all;
}

template <>
std::span<const column<member_row>> columns_of() noexcept {
    using row = member_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("member_code", required, read_member_code(f, r.value.code)),
        UTHAN_COLUMN("name_bn", required, read_required_text(f, r.value.name.bn)),
        UTHAN_COLUMN("name_en", optional, read_text(f, r.value.name.en)),
        UTHAN_COLUMN("gender", optional, read_code(f, r.value.gender)),
        UTHAN_COLUMN("dob", optional, read_day(f, r.value.born_on)),
        UTHAN_COLUMN("household_id", optional, read_code(f, r.value.household_id)),
        UTHAN_COLUMN("group_code", optional, read_code(f, r.value.group_code)),
        UTHAN_COLUMN("cohesion_code", optional, read_code(f, r.value.cohesion_code)),
        UTHAN_COLUMN("branch_code", optional, read_code(f, r.value.office_code)),
        UTHAN_COLUMN("msisdn", optional, read_text(f, r.value.msisdn)),
        UTHAN_COLUMN("msisdn_relation", optional,
                     read_word<phone_relation>(f, relations, r.value.relation)),
        {"alt_msisdn", ignored, nullptr, {}},
        UTHAN_COLUMN("language", optional,
                     read_word<written_language>(f, languages, r.value.language)),
        UTHAN_COLUMN("status", required,
                     read_word<member_status>(f, member_states, r.value.status)),
        UTHAN_COLUMN("joined_on", optional, read_day(f, r.value.joined_on)),
        UTHAN_COLUMN("income_class", optional,
                     read_word<income_class>(f, income_classes, r.value.income)),
        UTHAN_COLUMN("annual_family_income", optional, read_money(f, r.value.annual_family_income)),
        {"land_decimal", ignored, nullptr, {}},
        {"nid_last4", ignored, nullptr, {}},
        UTHAN_COLUMN("sms_consent", optional, read_flag(f, r.value.sms_consent)),
        UTHAN_COLUMN("consent_on", optional, read_day(f, r.value.consent_on)),
        UTHAN_COLUMN("training_weeks_done", optional, read_training_weeks(f, r))};
    return all;
}

template <>
std::span<const column<savings_row>> columns_of() noexcept {
    using row = savings_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("account_no", required, read_required_code(f, r.value.account_no)),
        UTHAN_COLUMN("member_code", required, read_member_code(f, r.member_code)),
        UTHAN_COLUMN("product", optional,
                     read_word<savings_product>(f, savings_products_named, r.value.product)),
        UTHAN_COLUMN("balance", required, read_money(f, r.value.balance)),
        UTHAN_COLUMN("available", optional, read_available(f, r)),
        UTHAN_COLUMN("interest_ytd", optional, read_money_or_zero(f, r.value.interest_ytd)),
        UTHAN_COLUMN("opened_on", optional, read_day(f, r.value.opened_on)),
        UTHAN_COLUMN("matures_on", optional, read_day(f, r.value.matures_on)),
        UTHAN_COLUMN("status", optional,
                     read_word<account_status>(f, account_states, r.value.status)),
        {"as_of", ignored, nullptr, {}}};
    return all;
}

template <>
std::span<const column<loan_row>> columns_of() noexcept {
    using row = loan_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("loan_no", required, read_required_code(f, r.value.loan_no)),
        UTHAN_COLUMN("member_code", required, read_member_code(f, r.member_code)),
        UTHAN_COLUMN("product_code", optional, read_code(f, r.value.product_code)),
        UTHAN_COLUMN("cycle", optional, read_cycle(f, r)),
        UTHAN_COLUMN("principal", required, read_positive(f, r.value.principal)),
        UTHAN_COLUMN("charge_total", required, read_not_negative(f, r.value.charge_total)),
        UTHAN_COLUMN("charge_method", optional,
                     read_word<charge_method>(f, charge_methods, r.value.method)),
        UTHAN_COLUMN("rate", optional, read_code(f, r.value.rate)),
        UTHAN_ALIASED("installments", required,
                      read_number(f, 1, instalments_per_loan_max, r.value.instalments),
                      "instalments"),
        UTHAN_COLUMN("period", required, read_word<repayment_period>(f, periods, r.value.period)),
        UTHAN_COLUMN("disbursed_on", required, read_day(f, r.value.disbursed_on)),
        UTHAN_COLUMN("first_due_on", optional, read_day(f, r.value.first_due_on)),
        UTHAN_COLUMN("last_due_on", optional, read_day(f, r.value.last_due_on)),
        UTHAN_COLUMN("paid_total", required, read_not_negative(f, r.value.paid_total)),
        UTHAN_COLUMN("outstanding_total", required, read_money(f, r.value.outstanding_total)),
        UTHAN_COLUMN("outstanding_principal", optional,
                     read_money_or_zero(f, r.value.outstanding_principal)),
        UTHAN_COLUMN("overdue_amount", optional, read_not_negative(f, r.value.overdue_amount)),
        {"overdue_since", ignored, nullptr, {}},
        UTHAN_COLUMN("status", required, read_word<loan_status>(f, loan_states, r.value.status)),
        UTHAN_COLUMN("staff_code", optional, read_code(f, r.value.staff_code)),
        UTHAN_COLUMN("household_limit", optional, read_money(f, r.value.household_limit)),
        {"as_of", ignored, nullptr, {}}};
    return all;
}

template <>
std::span<const column<instalment_row>> columns_of() noexcept {
    using row = instalment_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("loan_no", required, read_required_code(f, r.loan_no)),
        UTHAN_COLUMN("seq", required, read_number(f, 1, instalments_per_loan_max, r.value.seq)),
        UTHAN_COLUMN("due_on", required, read_day(f, r.value.due_on)),
        UTHAN_COLUMN("principal_due", optional, read_not_negative(f, r.value.principal_due)),
        UTHAN_COLUMN("charge_due", optional, read_not_negative(f, r.value.charge_due)),
        UTHAN_COLUMN("total_due", required, read_not_negative(f, r.value.total_due)),
        UTHAN_COLUMN("paid", required, read_not_negative(f, r.value.paid)),
        UTHAN_COLUMN("paid_on", optional, read_day(f, r.value.paid_on)),
        {"status", ignored, nullptr, {}}};
    return all;
}

template <>
std::span<const column<transaction_row>> columns_of() noexcept {
    using row = transaction_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("txn_id", required, read_required_code(f, r.value.txn_id)),
        UTHAN_COLUMN("member_code", required, read_member_code(f, r.member_code)),
        UTHAN_COLUMN("account_no", optional, read_code(f, r.value.account_no)),
        UTHAN_COLUMN("kind", required,
                     read_word<transaction_kind>(f, transaction_kinds, r.value.kind)),
        UTHAN_COLUMN("amount", required, read_money(f, r.value.amount)),
        UTHAN_COLUMN("txn_on", required, read_day(f, r.value.txn_on)),
        UTHAN_COLUMN("balance_after", optional, read_money(f, r.value.balance_after)),
        UTHAN_COLUMN("receipt_no", optional, read_code(f, r.value.receipt_no)),
        UTHAN_COLUMN("channel", optional,
                     read_word<payment_channel>(f, payment_channels, r.value.channel)),
        UTHAN_COLUMN("reverses_txn_id", optional, read_code(f, r.value.reverses_txn_id)),
        UTHAN_COLUMN("posted_at", optional, read_code(f, r.value.posted_at))};
    return all;
}

template <>
std::span<const column<holiday_row>> columns_of() noexcept {
    using row = holiday_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("scope_code", optional, read_code(f, r.value.scope_code)),
        UTHAN_COLUMN("date", required, read_day(f, r.value.day)),
        UTHAN_COLUMN("name_bn", required, read_text(f, r.value.name.bn)),
        UTHAN_COLUMN("name_en", optional, read_text(f, r.value.name.en)),
        UTHAN_COLUMN("rule", optional,
                     read_word<std::optional<holiday_rule>>(f, holiday_rules, r.value.rule))};
    return all;
}

template <>
std::span<const column<moratorium_row>> columns_of() noexcept {
    using row = moratorium_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("scope_code", optional, read_code(f, r.value.scope_code)),
        UTHAN_COLUMN("from", required, read_day(f, r.value.from)),
        UTHAN_COLUMN("to", required, read_day(f, r.value.to)),
        UTHAN_COLUMN("reason", optional, read_text(f, r.value.reason))};
    return all;
}

template <>
std::span<const column<application_row>> columns_of() noexcept {
    using row = application_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("app_no", required, read_required_code(f, r.value.app_no)),
        UTHAN_COLUMN("member_code", required, read_member_code(f, r.member_code)),
        UTHAN_COLUMN("stage", optional, read_text(f, r.value.stage)),
        UTHAN_COLUMN("type", optional,
                     read_word<application_type>(f, application_types, r.value.type)),
        UTHAN_COLUMN("requested", optional, read_not_negative(f, r.value.requested)),
        UTHAN_COLUMN("applied_on", required, read_day(f, r.value.applied_on)),
        UTHAN_COLUMN("status", optional, read_text(f, r.value.status)),
        UTHAN_COLUMN("status_on", optional, read_day(f, r.value.status_on)),
        UTHAN_COLUMN("deadline_on", optional, read_day(f, r.value.deadline_on))};
    return all;
}

template <>
std::span<const column<ladder_row>> columns_of() noexcept {
    using row = ladder_row;
    static constexpr column<row> all[]{
        UTHAN_COLUMN("rung", required, read_number(f, 0, 20, r.rung)),
        UTHAN_COLUMN("office", optional, read_text(f, r.office)),
        UTHAN_COLUMN("name", required, read_text(f, r.name)),
        UTHAN_COLUMN("phone", optional, read_code(f, r.phone)),
        UTHAN_COLUMN("way", optional, read_text(f, r.way))};
    return all;
}

#undef UTHAN_COLUMN
#undef UTHAN_ALIASED

} // namespace uthan::members::exchange
