#pragma once

#include "members/exchange/demo_cases.hpp"
#include "members/exchange/demo_shape.hpp"
#include "members/facts.hpp"

#include <cstdint>
#include <string>
#include <vector>

// The offices and groups that the demo members belong to: how many, where, when they meet, and
// which days they do not collect.
namespace uthan::members::exchange {

struct demo_leaf {
    std::uint32_t number = 0; ///< from 1, as in demo_office
    office row;
    std::uint32_t members = 0;
    std::uint32_t groups = 0;
    std::uint32_t officers = 0;
    office_calendar calendar;
    /// The first group's meeting day, where the office's case asks for one; else 0.
    unsigned first_weekday = 0;
    /// The holiday that the office's case is about.
    std::optional<calendar_day> case_holiday;
};

struct demo_offices {
    std::vector<office> above; ///< head office, divisions, districts: parents first
    std::vector<demo_leaf> leaves;
};

demo_offices make_demo_offices(const demo_shape& shape, std::uint32_t members, calendar_day as_of);

/// Holidays of the whole organisation (fixed days in law) around the as-of, by day.
std::vector<holiday> demo_national_holidays(calendar_day as_of);

/// The `index`-th group of an office, from 0. Of the first office there is one more than its
/// `groups`: without a meeting day and an officer (demo_case::group_without_meeting_day).
group make_demo_group(const demo_shape& shape, const demo_leaf& office, std::uint32_t index);

std::string demo_officer_code(const demo_leaf& office, std::uint32_t index);

/// "007" for 7 in three digits.
std::string padded(std::uint64_t value, std::size_t width);

} // namespace uthan::members::exchange
