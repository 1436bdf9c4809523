#include "members/savings.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

savings_account account(savings_product product, std::int64_t balance, std::int64_t available,
                        account_status status = account_status::active) {
    savings_account made;
    made.product = product;
    made.balance = money::taka(balance);
    made.available = money::taka(available);
    made.status = status;
    return made;
}

TEST(Savings, ActiveAccountsAreSummedByProduct) {
    const auto sums = savings_of(
        {account(savings_product::general, 1'000, 800), account(savings_product::general, 50, 50),
         account(savings_product::term, 5'000, 0), account(savings_product::voluntary, 300, 300),
         account(savings_product::general, 9, 9, account_status::closed)});
    EXPECT_EQ(sums.of(savings_product::general), money::taka(1'050));
    EXPECT_EQ(sums.of(savings_product::voluntary), money::taka(300));
    EXPECT_EQ(sums.of(savings_product::term), money::taka(5'000));
    EXPECT_EQ(sums.of(savings_product::security), money{});
    EXPECT_EQ(sums.total, money::taka(6'350));
    EXPECT_EQ(sums.available, money::taka(1'150));
    EXPECT_EQ(sums.accounts, 4U);
}

TEST(Savings, NoAccountIsNothing) {
    const auto sums = savings_of({});
    EXPECT_EQ(sums.total, money{});
    EXPECT_EQ(sums.accounts, 0U);
}

} // namespace
} // namespace uthan::members
