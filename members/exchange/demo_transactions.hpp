#pragma once

#include "members/exchange/demo_member.hpp"
#include "members/exchange/demo_random.hpp"

#include <vector>

namespace uthan::members::exchange {

struct demo_transaction_setting {
    const demo_leaf* office = nullptr;
    const group* of = nullptr;
    bool monthly = false;
    bool many = false; ///< a longer time back, and every kind and channel
    bool none = false;
    bool one_reversed = false;
};

/// What was posted in the weeks (monthly: months) before the office's as-of, oldest first; ids and
/// posting times grow with the order. The balances after each lead to those of the accounts and
/// loans.
std::vector<transaction> make_demo_transactions(const demo_transaction_setting& setting,
                                                const demo_member& of, demo_random& random);

} // namespace uthan::members::exchange
