#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"
#include "members/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// An organisation's rules as data with effective dates: config/organisations/<code>.toml. Districts
// publish other numbers in other years, so none of them is a constant.
namespace uthan::members {

/// One version of a loan product's rules, valid from `effective_from` until the product's next one.
struct product_rules {
    std::string code; ///< as in loans.csv product_code
    calendar_day effective_from{};
    money principal_min;
    money principal_max;
    /// Savings that must be there first, in basis points of the loan (KMSS: 1000 = 10 %).
    unsigned savings_first_bp = 0;
    /// Flat or service charge on the principal in basis points (RSS: 500 = 5 %).
    unsigned charge_bp = 0;
    charge_method method = charge_method::flat;
    unsigned instalments = 0;
    repayment_period period = repayment_period::weekly;
    /// Monthly products: months from disbursement to the first instalment.
    unsigned first_due_offset_months = 0;
    /// Weekly products: the least days from disbursement to the first instalment (MRA 2010: 15).
    unsigned first_due_days_min = 0;
    /// An instalment is rounded up to a multiple of this.
    money rounding_unit = money::taka(5);
    holiday_rule holidays = holiday_rule::carry_to_next;
    /// RSS: the limit is the household's, not the person's.
    bool per_household = false;
    std::vector<income_class> income_classes; ///< empty = everybody
    /// Whether a new loan may be asked for while one is running.
    bool while_running = false;
    /// Fields that the organisation has not published; shown by `check` and in docs.
    std::vector<std::string> assumed;
};

struct group_rules {
    std::optional<unsigned> members_min;
    std::optional<unsigned> members_max;
    std::optional<unsigned> entry_age_min;
    std::optional<unsigned> entry_age_max;
    bool one_member_per_household = false;
};

/// What a member may ask her organisation for.
enum class request_kind : std::uint8_t {
    complaint,
    refund_emergency,
    refund_exit,
    call_me,
    number_change ///< another number for her account was stopped; nobody asks for it in a menu
};
inline constexpr request_kind last_request_kind = request_kind::number_change;

/// One line of "what is it about". The codes of the built-in texts: deposit_missing,
/// asked_for_money, bad_behaviour, loan_late, other.
struct complaint_category {
    std::string code;
    label name;
    /// It accuses her officer, so it goes past him. Of asked_for_money and bad_behaviour this is
    /// true whatever is written here: see `accuses`.
    bool about_staff = false;
};

/// One rung of the ladder that a request climbs; 0 is her own office. What it has no words for is
/// the imported ladder's.
struct ladder_step {
    unsigned rung = 0;        ///< 0 … ladder_rung_max
    unsigned answer_days = 7; ///< working days, 1 … answer_days_max
    label title; ///< "Branch manager"; empty: the imported ladder's or the office's name
    std::optional<office_level> at; ///< answered at her office or its ancestor of this level
    std::vector<std::string> roles; ///< of staff.csv, who answers; empty: anybody of that office
};

/// A kind of request besides complaints that the organisation takes.
struct offered_request {
    request_kind kind = request_kind::call_me;
    unsigned answer_days = 0; ///< working days; 0: the rung's
};

/// Whether a request that was not answered in time moves up when she says so, or without her too.
enum class escalation_way : std::uint8_t { by_member, by_itself };

/// Nothing configured = nothing offered. No organisation has published deadlines per rung or
/// limits: the figures are assumed (seven days is the design's).
struct request_rules {
    std::vector<complaint_category> categories; ///< in the menu's order; empty: no complaints
    std::vector<ladder_step> ladder;            ///< beside the imported one
    std::vector<offered_request> offered;
    unsigned answer_days = 7; ///< of an imported rung that `ladder` does not name
    escalation_way escalation = escalation_way::by_member;
    unsigned open_max = 3;    ///< unfinished requests of one member
    unsigned repeat_days = 7; ///< a closed one of the same category is shown instead of a new one
    unsigned month_max = 10;  ///< opened by one member within 30 days, whatever became of them
    /// What an emergency refund may come from (KMSS: general savings).
    std::vector<savings_product> emergency_products{savings_product::general};
    std::vector<std::string> assumed; ///< as product_rules::assumed
};

inline constexpr unsigned ladder_rung_max = 20;
inline constexpr unsigned answer_days_max = 365;
inline constexpr std::size_t complaint_categories_max = 7;

/// By when a loan application is decided and paid out, in calendar days from applied_on (RSS: 30
/// for the first loan, 20 for reinvestment). Absent: no deadline but an imported one.
struct application_rules {
    std::optional<unsigned> first_days;
    std::optional<unsigned> reinvest_days;
    /// The staff are told this many days before the deadline (assumed).
    unsigned near_days = 5;
    /// Words of applications.csv status that end it, compared without case.
    std::vector<std::string> granted{"disbursed"};
    std::vector<std::string> refused{"UPIC_rejected"};
};

/// Training before a loan, a week at a time (KMSS: eight weeks).
struct training_rules {
    unsigned weeks = 0;               ///< 0: none, or not published
    std::vector<std::string> assumed; ///< as product_rules::assumed
};

inline constexpr unsigned training_weeks_max = 520;

/// What the organisation tells every member: a programme without fixed dates, a service.
struct information {
    label title;
    label text; ///< as long as it needs to be, within information_units_max
};

inline constexpr std::size_t information_max = 12;
inline constexpr std::size_t information_units_max = 600;

struct organisation_rules {
    std::vector<product_rules> products; ///< any order; looked up by code and day
    group_rules groups;
    /// The product that "how much may I borrow" speaks of.
    std::string eligibility_product;
    std::vector<unsigned> weekly_holidays{5}; ///< ISO weekdays; Friday
    /// RSS: class by annual family income, inclusive upper bounds with effective dates.
    struct income_band {
        calendar_day effective_from{};
        money ka_max;
        money kha_max;
    };
    std::vector<income_band> income_bands;
    request_rules requests;
    application_rules applications;
    training_rules training;
    std::vector<information> services; ///< in the menu's order; empty: the menu has no such entry
};

/// The version in force on `day`: the newest whose effective_from is not after it. Null when the
/// organisation has no such product, or not yet.
const product_rules* product_on(const organisation_rules& rules, std::string_view code,
                                calendar_day day) noexcept;

/// The class of a family's yearly income under the bands in force on `day`; none when the
/// organisation has no bands, or not yet.
income_class income_class_on(const organisation_rules& rules, money annual_family_income,
                             calendar_day day) noexcept;

/// Whether a complaint of this category goes past her officer: "asked for extra money" and "bad
/// behaviour" always, others as the organisation says.
bool accuses(const complaint_category& category) noexcept;

/// The category with this code; null when the organisation has none.
const complaint_category* category_of(const request_rules& rules, std::string_view code) noexcept;

/// Complaints: when there are categories. Others: when they are in `offered`.
bool is_offered(const request_rules& rules, request_kind kind) noexcept;

} // namespace uthan::members
