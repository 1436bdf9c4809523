#include "members/savings.hpp"

namespace uthan::members {

savings_summary savings_of(const std::vector<savings_account>& accounts) noexcept {
    savings_summary sums;
    for (const savings_account& account : accounts) {
        if (account.status != account_status::active) {
            continue;
        }
        sums.by_product[static_cast<std::size_t>(account.product)] += account.balance;
        sums.total += account.balance;
        sums.available += account.available;
        ++sums.accounts;
    }
    return sums;
}

} // namespace uthan::members
