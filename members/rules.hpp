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
};

/// The version in force on `day`: the newest whose effective_from is not after it. Null when the
/// organisation has no such product, or not yet.
const product_rules* product_on(const organisation_rules& rules, std::string_view code,
                                calendar_day day) noexcept;

/// The class of a family's yearly income under the bands in force on `day`; none when the
/// organisation has no bands, or not yet.
income_class income_class_on(const organisation_rules& rules, money annual_family_income,
                             calendar_day day) noexcept;

} // namespace uthan::members
