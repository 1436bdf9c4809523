#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What the core banking system knows, as it was imported. Values only; the columns of the import's
// files (docs/import.md) under the same names.
namespace uthan::members {

/// A name in both languages; an empty `en` is filled at import by transliteration. `bn_latn` is for
/// words of the organisation's own file: Bangla in Latin letters where `en` is a translation.
struct label {
    std::string bn;
    std::string en;
    std::string bn_latn = {};
    bool operator==(const label&) const = default;
};

enum class office_level : std::uint8_t { head, division, district, area, upazila, branch };

struct office {
    std::string code;
    std::string parent_code; ///< empty at the root
    label name;
    office_level level = office_level::branch;
    std::string district;
    std::string upazila;
    std::string phone;
    std::string officer_name;
    std::string officer_phone;
    calendar_day as_of{}; ///< the last day whose close these facts contain
};

struct staff {
    std::string code;
    label name;
    label short_name; ///< what members call the officer
    std::string role;
    std::string office_code;
    std::string phone;
    bool active = true;
};

enum class meeting_frequency : std::uint8_t { weekly, fortnightly, monthly };

/// When and where a group meets.
struct meeting_rule {
    unsigned weekday = 1; ///< ISO: 1 = Monday … 7 = Sunday
    std::optional<std::chrono::minutes> time_of_day;
    label place;
    meeting_frequency frequency = meeting_frequency::weekly;
};

enum class group_kind : std::uint8_t {
    kendra,
    samity,
    group,
    cohesion,
    karmadal,
    village_committee
};

struct group {
    std::string code;
    group_kind kind = group_kind::group;
    std::string parent_code;
    std::string office_code;
    label name;
    std::optional<meeting_rule> meeting;
    std::string staff_code;
    money savings_rate; ///< the regular deposit at each meeting; 0 when the group has none
};

enum class member_status : std::uint8_t { active, dropout, closed };
enum class written_language : std::uint8_t { bn, en };
/// RSS: ka and kha may have the interest-free loan, ga may not.
enum class income_class : std::uint8_t { none, ka, kha, ga };
enum class phone_relation : std::uint8_t { self, husband, child, neighbour };

struct member {
    std::string code; ///< the number in her passbook
    label name;
    std::string gender; ///< "F", "M" or empty
    std::optional<calendar_day> born_on;
    std::string household_id;
    std::string group_code;
    std::string cohesion_code;
    std::string office_code;
    std::string msisdn; ///< E.164 digits; empty when she has no phone
    phone_relation relation = phone_relation::self;
    written_language language = written_language::bn;
    member_status status = member_status::active;
    std::optional<calendar_day> joined_on;
    income_class income = income_class::none;
    std::optional<money> annual_family_income;
    std::optional<bool> sms_consent; ///< absent when the file does not say
    std::optional<calendar_day> consent_on;
    std::optional<unsigned> training_weeks_done;
};

/// Of a member who may be meant by a number: what is needed to ask which one.
struct candidate {
    std::string code;
    label name;
    written_language language = written_language::bn;
};

enum class savings_product : std::uint8_t { general, voluntary, term, security, group_share };
enum class account_status : std::uint8_t { active, closed };

struct savings_account {
    std::string account_no;
    savings_product product = savings_product::general;
    money balance;
    money available;
    money interest_ytd;
    std::optional<calendar_day> opened_on;
    std::optional<calendar_day> matures_on;
    account_status status = account_status::active;
};

struct instalment {
    unsigned seq = 0; ///< 1 … n
    calendar_day due_on{};
    money principal_due;
    money charge_due;
    money total_due;
    money paid;
    std::optional<calendar_day> paid_on;

    money open() const noexcept { return total_due > paid ? total_due - paid : money{}; }
};

enum class charge_method : std::uint8_t { flat, declining, service_charge };
enum class repayment_period : std::uint8_t { weekly, fortnightly, monthly, irregular };
enum class loan_status : std::uint8_t { active, closed, written_off };

struct loan {
    std::string loan_no;
    std::string product_code;
    unsigned cycle = 1;
    money principal;
    money charge_total;
    charge_method method = charge_method::flat;
    std::string rate; ///< as the file writes it ("12.5"); shown to nobody
    unsigned instalments = 0;
    repayment_period period = repayment_period::weekly;
    calendar_day disbursed_on{};
    std::optional<calendar_day> first_due_on;
    std::optional<calendar_day> last_due_on;
    money paid_total;
    money outstanding_total;
    money outstanding_principal;
    money overdue_amount;
    loan_status status = loan_status::active;
    std::string staff_code;
    std::optional<money> household_limit;
    /// By seq. As imported; where the delivery had none, computed from the terms above.
    std::vector<instalment> schedule;
};

enum class transaction_kind : std::uint8_t {
    loan_repay,
    savings_deposit,
    savings_withdraw,
    disburse,
    interest,
    adjust,
    reversal
};
enum class payment_channel : std::uint8_t { cash, bkash, nagad, bank, other };

struct transaction {
    std::string txn_id;
    std::string account_no; ///< of a loan or a savings account
    transaction_kind kind = transaction_kind::loan_repay;
    money amount;
    calendar_day txn_on{};
    std::optional<money> balance_after;
    std::string receipt_no;
    payment_channel channel = payment_channel::cash;
    std::string reverses_txn_id;
    std::string posted_at; ///< RFC 3339 as written; empty when not said
};

enum class holiday_rule : std::uint8_t {
    carry_to_next,    ///< MRA 2010: paid on the next instalment date together with that instalment
    shift_all,        ///< this and every later instalment one period later
    next_working_day, ///< this instalment on the next working day
    none              ///< the day counts as any other
};

/// A day off for an office and all below it.
struct holiday {
    std::string scope_code; ///< an office's code; empty = the whole organisation
    calendar_day day{};
    label name;
    std::optional<holiday_rule> rule; ///< absent: the loan product's rule
};

/// Collection suspended in an area: nothing is due or overdue inside.
struct moratorium {
    std::string scope_code;
    calendar_day from{};
    calendar_day to{}; ///< inclusive
    std::string reason;
};

enum class application_type : std::uint8_t { first, reinvest };

struct application {
    std::string app_no;
    std::string stage;
    application_type type = application_type::first;
    money requested;
    calendar_day applied_on{};
    std::string status;
    std::optional<calendar_day> status_on;
    std::optional<calendar_day> deadline_on;
};

/// The days that matter to one office: its own and its ancestors' holidays and moratoria, by day.
struct office_calendar {
    std::vector<holiday> holidays;
    std::vector<moratorium> moratoria;
};

/// What most screens say of one member. From one generation; never mixed.
struct member_facts {
    std::uint32_t generation = 0;
    member who;
    std::optional<group> group_of; ///< absent when her file row named none
    office office_of;
    std::optional<staff> officer;         ///< her group's, else her loan's
    std::vector<savings_account> savings; ///< by account_no
    /// Active first, then by loan_no; with schedules, whose rows say when, how much and how much of
    /// it is paid, not how it divides (principal_due, charge_due) nor when (paid_on).
    std::vector<loan> loans;
    std::shared_ptr<const office_calendar> calendar; ///< never null
    calendar_day as_of() const noexcept { return office_of.as_of; }
};

/// What few screens ask for, read only for them.
struct member_activity {
    std::uint32_t generation = 0;
    std::vector<transaction> recent;       ///< newest first, at most recent_transactions_max
    std::vector<application> applications; ///< newest first
};

inline constexpr std::size_t recent_transactions_max = 12;
/// Members on one phone that a dialogue offers; more are said to ask at the branch.
inline constexpr std::size_t members_per_phone_max = 12;
/// Loans, accounts and instalments that are read for one member. A row beyond is never dropped
/// silently: the import refuses it.
inline constexpr std::size_t loans_per_member_max = 60;
inline constexpr std::size_t accounts_per_member_max = 60;
inline constexpr std::size_t instalments_per_loan_max = 400;
/// Rows of a delivery's holidays and moratoria. Any number of them may be an office's own or the
/// organisation's, and a dialogue looks through all of its office's for every instalment; ten years
/// of an organisation's holidays are about 300.
inline constexpr std::size_t holidays_max = 2000;
inline constexpr std::size_t moratoria_max = 2000;

} // namespace uthan::members
