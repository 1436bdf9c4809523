#pragma once

#include "core/money.hpp"
#include "members/facts.hpp"

#include <array>
#include <vector>

namespace uthan::members {

inline constexpr std::size_t savings_products = 5;

/// Active accounts only.
struct savings_summary {
    std::array<money, savings_products> by_product{}; ///< balances, by savings_product
    money total;                                      ///< of all balances
    money available;                                  ///< what could be withdrawn, of all
    unsigned accounts = 0;

    money of(savings_product product) const noexcept {
        return by_product[static_cast<std::size_t>(product)];
    }
};

savings_summary savings_of(const std::vector<savings_account>& accounts) noexcept;

} // namespace uthan::members
