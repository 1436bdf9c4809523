#pragma once

#include "core/money.hpp"
#include "members/exchange/demo_names.hpp"
#include "members/facts.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// What tells the three organisations apart, as data. Sources are the organisations' own pages;
// whatever they do not publish is named in `assumed`.
namespace uthan::members::exchange {

struct demo_product {
    std::string_view code;
    money principal_min;
    money principal_max;
    money principal_step;
    unsigned charge_bp; ///< of the principal; declining: a year, on what is left of it
    charge_method method;
    std::string_view rate; ///< as the file says it
    unsigned instalments;
    repayment_period period;
    unsigned share; ///< percent of the loans
};

/// A leaf office's name and what stands above it.
struct demo_place {
    demo_word name;
    demo_word district;
    std::string_view division_bn;
    std::string_view division_en;
};

struct demo_shape {
    std::string_view organisation;
    demo_word name;
    std::string_view phone_prefix; ///< the k-th distinct phone is this number + k
    office_level leaf;
    unsigned members_per_office;
    unsigned offices_min; ///< so that demo_office's cases exist
    unsigned offices_max;
    unsigned members_per_group_tenths; ///< KMSS: 11,000 members in 700 groups = 15.7
    unsigned members_per_officer;
    group_kind kind;
    demo_word kind_word;
    meeting_frequency meets;
    holiday_rule holidays;
    std::span<const unsigned> days_off;     ///< ISO weekdays
    std::span<const demo_product> products; ///< the first is the ordinary one
    unsigned borrowers;                     ///< percent of the active members
    std::span<const demo_place> places;
    money savings_min; ///< of the ordinary account of a member without a case
    money savings_max;
    money savings_rate; ///< the deposit at each meeting
    std::span<const std::string_view> assumed;
};

/// Null for any other code.
const demo_shape* find_demo_shape(std::string_view organisation) noexcept;

} // namespace uthan::members::exchange
