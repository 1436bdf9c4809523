#include "service/fence.hpp"

#include <gtest/gtest.h>

namespace uthan::service {
namespace {

constexpr calendar_day due{std::chrono::year{2026} / 11 / 30};

members::member_facts owing(money total, money paid) {
    members::member_facts facts;
    members::loan loan;
    loan.loan_no = "L1";
    members::instalment row;
    row.due_on = due;
    row.total_due = total;
    row.paid = paid;
    loan.schedule.push_back(row);
    facts.loans.push_back(loan);
    return facts;
}

TEST(Fence, HoldsOnlyWhileExactlyTheAmountIsOpen) {
    const sms::fence_condition says{sms::fence_kind::instalment_open, "L1", due, money::taka(500)};
    EXPECT_TRUE(holds(says, owing(money::taka(500), {})));
    EXPECT_FALSE(holds(says, owing(money::taka(500), money::taka(500))));
    EXPECT_FALSE(holds(says, owing(money::taka(500), money::taka(100))));
    EXPECT_FALSE(holds(says, {}));
    EXPECT_TRUE(holds({}, {}));

    auto other = says;
    other.loan_no = "L2";
    EXPECT_FALSE(holds(other, owing(money::taka(500), {})));
    other = says;
    other.due_on += std::chrono::days{7};
    EXPECT_FALSE(holds(other, owing(money::taka(500), {})));
    auto closed = owing(money::taka(500), {});
    closed.loans[0].status = members::loan_status::closed;
    EXPECT_FALSE(holds(says, closed));
    auto left = owing(money::taka(500), {});
    left.who.status = members::member_status::closed;
    EXPECT_FALSE(holds(says, left));
}

} // namespace
} // namespace uthan::service
