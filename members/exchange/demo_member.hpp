#pragma once

#include "members/exchange/demo_loan.hpp"
#include "members/exchange/demo_places.hpp"
#include "members/exchange/demo_shape.hpp"
#include "members/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One made-up member with everything that belongs to her.
namespace uthan::members::exchange {

struct demo_setting {
    const demo_shape* shape = nullptr;
    const organisation_rules* rules = nullptr;
    std::uint64_t seed = 0;
};

/// Where a member stands in the data.
struct demo_seat {
    const demo_leaf* office = nullptr;
    const group* of = nullptr;       ///< null: she is in no group
    std::string_view cohesion;       ///< her cohesion group's code, where there are such
    std::uint32_t number = 0;        ///< in her office, from 1
    std::string_view household_head; ///< the member whose household she is in; empty: her own

    /// The number of her demo_case; 0 = none.
    std::uint32_t case_number() const noexcept;
    bool is(demo_case which) const noexcept { return case_number() == number_of(which); }
};

struct demo_member {
    member who; ///< without a phone number: those are given out in the order of the members
    std::string land_decimal;
    std::string nid_last4;
    std::vector<demo_loan> loans;
    std::vector<savings_account> savings;
    std::vector<transaction> transactions; ///< oldest first
    std::vector<application> applications;
};

std::string demo_member_code(const demo_leaf& office, std::uint32_t number);

demo_member make_demo_member(const demo_setting& setting, const demo_seat& seat);

} // namespace uthan::members::exchange
