#include "members/overlay.hpp"

#include "example_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace uthan::members {
namespace {

using examples::day;
using testing::ElementsAre;

constexpr money each = money::taka(100);

savings_account account(const char* no, money balance, money available) {
    savings_account made;
    made.account_no = no;
    made.balance = balance;
    made.available = available;
    return made;
}

/// Ten weekly instalments of 100, two of them paid, and 500 of savings; generation 7, closed on the
/// 20th.
member_facts hers() {
    auto facts = examples::facts_of(day("2026-11-20"),
                                    {examples::weekly_loan(day("2026-11-10"), 10, each, 2)});
    facts.generation = 7;
    auto& loan = facts.loans.front();
    loan.paid_total = each * 2;
    loan.outstanding_principal = each * 8;
    facts.savings = {account("S1", money::taka(500), money::taka(500)),
                     account("S2", money::taka(900), money::taka(100))};
    return facts;
}

payment posted(const char* id, transaction_kind kind, money amount, const char* account_no = "L1",
               const char* on = "2026-11-21") {
    payment made;
    made.what.txn_id = id;
    made.what.kind = kind;
    made.what.amount = amount;
    made.what.account_no = account_no;
    made.what.txn_on = day(on);
    made.posted_in = 7;
    return made;
}

payment reversal(const char* id, const payment& of, const char* on = "2026-11-22") {
    auto made =
        posted(id, transaction_kind::reversal, of.what.amount, of.what.account_no.c_str(), on);
    made.what.reverses_txn_id = of.what.txn_id;
    made.takes_back = of.what.kind;
    return made;
}

std::vector<std::int64_t> paid_rows(const loan& of) {
    std::vector<std::int64_t> paid;
    for (const auto& row : of.schedule) {
        paid.push_back(row.paid.poisha / 100);
    }
    return paid;
}

/// All that a merge may change.
std::string figures(const member_facts& facts) {
    std::string all;
    for (const auto& one : facts.loans) {
        all += to_decimal(one.paid_total) + ' ' + to_decimal(one.outstanding_total) + ' ' +
               to_decimal(one.outstanding_principal) + ' ' + to_decimal(one.overdue_amount);
        for (const auto& row : one.schedule) {
            all += ' ' + to_decimal(row.paid);
        }
    }
    for (const auto& one : facts.savings) {
        all += '|' + to_decimal(one.balance) + ' ' + to_decimal(one.available);
    }
    return all;
}

std::string merged(std::vector<payment> payments, std::vector<std::string> txn_ids = {}) {
    auto facts = hers();
    merge(facts, payments, txn_ids);
    return figures(facts);
}

TEST(Overlay, ARepaymentPaysTheOpenInstalmentsInTheirOrder) {
    auto facts = hers();
    const std::vector payments{posted("T1", transaction_kind::loan_repay, money::taka(250))};
    merge(facts, payments, {});
    const auto& loan = facts.loans.front();
    EXPECT_THAT(paid_rows(loan), ElementsAre(100, 100, 100, 100, 50, 0, 0, 0, 0, 0));
    EXPECT_EQ(loan.paid_total, money::taka(450));
    EXPECT_EQ(loan.outstanding_total, money::taka(550));
    EXPECT_EQ(loan.outstanding_principal, money::taka(550));
}

TEST(Overlay, WhatExceedsTheScheduleStaysOnItsLastRow) {
    auto facts = hers();
    const std::vector payments{posted("T1", transaction_kind::loan_repay, money::taka(830))};
    merge(facts, payments, {});
    EXPECT_EQ(facts.loans.front().schedule.back().paid, money::taka(130));
    EXPECT_EQ(facts.loans.front().paid_total, money::taka(1030));
    EXPECT_EQ(facts.loans.front().outstanding_total, money{});
    EXPECT_EQ(facts.loans.front().outstanding_principal, money{});
}

TEST(Overlay, ALoanWithoutAScheduleChangesItsFigures) {
    auto facts = hers();
    facts.loans.front().schedule.clear();
    facts.loans.front().overdue_amount = money::taka(150);
    const std::vector payments{posted("T1", transaction_kind::loan_repay, money::taka(100))};
    merge(facts, payments, {});
    EXPECT_EQ(facts.loans.front().overdue_amount, money::taka(50));
    EXPECT_EQ(facts.loans.front().outstanding_total, money::taka(700));
}

TEST(Overlay, SavingsRiseAndFall) {
    auto facts = hers();
    const std::vector payments{
        posted("T1", transaction_kind::savings_deposit, money::taka(50), "S1"),
        posted("T2", transaction_kind::savings_withdraw, money::taka(20), "S1"),
        posted("T3", transaction_kind::savings_deposit, money::taka(40), "S2"),
        posted("T4", transaction_kind::savings_withdraw, money::taka(70), "GONE")};
    merge(facts, payments, {});
    EXPECT_EQ(facts.savings[0].balance, money::taka(530));
    EXPECT_EQ(facts.savings[0].available, money::taka(530));
    // A part of the second account is locked: a deposit promises nothing.
    EXPECT_EQ(facts.savings[1].balance, money::taka(940));
    EXPECT_EQ(facts.savings[1].available, money::taka(100));
}

TEST(Overlay, AWithdrawalTakesWhatIsAvailable) {
    auto facts = hers();
    const std::vector payments{
        posted("T1", transaction_kind::savings_withdraw, money::taka(130), "S2")};
    merge(facts, payments, {});
    EXPECT_EQ(facts.savings[1].balance, money::taka(770));
    EXPECT_EQ(facts.savings[1].available, money{});
}

TEST(Overlay, AReversalOfADeliveredPaymentTakesTheNewestRowsBack) {
    auto facts = hers();
    const auto old =
        posted("T0", transaction_kind::loan_repay, money::taka(150), "L1", "2026-11-17");
    const std::vector payments{reversal("R0", old)};
    merge(facts, payments, {});
    EXPECT_THAT(paid_rows(facts.loans.front()), ElementsAre(50, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    EXPECT_EQ(facts.loans.front().outstanding_total, money::taka(950));
    EXPECT_EQ(facts.loans.front().overdue_amount, money{});
}

TEST(Overlay, APaymentAndItsReversalChangeNothing) {
    const auto repaid = posted("T1", transaction_kind::loan_repay, money::taka(250));
    const auto taken = posted("T2", transaction_kind::savings_withdraw, money::taka(70), "S2");
    EXPECT_EQ(merged({repaid, reversal("R1", repaid), reversal("R2", taken), taken}), merged({}));
}

TEST(Overlay, WhatTheGenerationHoldsIsNotTakenTwice) {
    struct example {
        const char* what;
        const char* on;
        std::uint32_t posted_in;
        std::vector<std::string> named;
        bool contained;
    };
    const example table[] = {
        {"posted since, for a later day", "2026-11-21", 7, {}, false},
        {"posted since, though the day was closed", "2026-11-20", 7, {}, false},
        {"posted before it, for a day that it closed", "2026-11-20", 6, {}, true},
        {"posted before it, for a day that the office had not closed", "2026-11-21", 6, {}, false},
        {"named by it", "2026-11-21", 7, {"A", "T1", "Z"}, true},
        {"another is named", "2026-11-21", 7, {"A", "Z"}, false},
        {"an older generation was published again", "2026-11-20", 9, {}, false},
    };
    for (const auto& one : table) {
        SCOPED_TRACE(one.what);
        auto payment = posted("T1", transaction_kind::loan_repay, each, "L1", one.on);
        payment.posted_in = one.posted_in;
        EXPECT_EQ(is_contained(payment, {7, day("2026-11-20"), one.named}), one.contained);
        EXPECT_EQ(merged({payment}, one.named) == merged({}), one.contained);
    }
}

TEST(Overlay, ActivityShowsThemOnceAndNewestFirst) {
    member_activity activity;
    activity.generation = 7;
    for (unsigned i = 0; i < recent_transactions_max; ++i) {
        activity.recent.push_back(posted(("D" + std::to_string(10 + i)).c_str(),
                                         transaction_kind::loan_repay, each, "L1", "2026-11-17")
                                      .what);
    }
    const std::vector payments{
        posted("T1", transaction_kind::loan_repay, each),
        posted("D15", transaction_kind::loan_repay, each, "L1", "2026-11-17"),
        posted("T2", transaction_kind::loan_repay, each)};
    const std::vector<std::string> named{"D15"};
    merge(activity, payments, named);
    ASSERT_EQ(activity.recent.size(), recent_transactions_max);
    EXPECT_EQ(activity.recent[0].txn_id, "T2");
    EXPECT_EQ(activity.recent[1].txn_id, "T1");
    EXPECT_EQ(std::ranges::count(activity.recent, "D15", &transaction::txn_id), 1);
}

/// Payments that a core system could post to her, each with its reversal now and then.
std::vector<payment> some_payments(std::mt19937& random) {
    constexpr transaction_kind kinds[]{transaction_kind::loan_repay,
                                       transaction_kind::savings_deposit,
                                       transaction_kind::savings_withdraw};
    std::vector<payment> made;
    const auto count = random() % 8;
    for (unsigned i = 0; i < count; ++i) {
        const auto kind = kinds[random() % 3];
        const char* on = kind == transaction_kind::loan_repay ? "L1" : random() % 2 ? "S1" : "S2";
        made.push_back(posted(("T" + std::to_string(i)).c_str(), kind,
                              money{static_cast<std::int64_t>(random() % 40'000 + 1)}, on));
        if (random() % 4 == 0) {
            made.push_back(reversal(("R" + std::to_string(i)).c_str(), made.back()));
        }
    }
    return made;
}

TEST(Overlay, AnyOrderAndAnyRepetitionIsTheSame) {
    std::mt19937 random{20261121};
    for (unsigned round = 0; round < 500; ++round) {
        auto payments = some_payments(random);
        const auto once = merged(payments);
        const auto repeated = payments.size() ? random() % payments.size() : 0;
        for (std::size_t i = 0; i < repeated; ++i) {
            payments.push_back(payments[i]);
        }
        std::ranges::shuffle(payments, random);
        EXPECT_EQ(merged(payments), once) << round;
    }
}

TEST(Overlay, NothingIsLostAndNothingIsMade) {
    std::mt19937 random{20261122};
    for (unsigned round = 0; round < 500; ++round) {
        const auto payments = some_payments(random);
        money repaid;
        money saved;
        for (const auto& one : payments) {
            const auto kind = one.takes_back.value_or(one.what.kind);
            const money amount = one.takes_back ? -one.what.amount : one.what.amount;
            (kind == transaction_kind::loan_repay ? repaid : saved) +=
                kind == transaction_kind::savings_withdraw ? -amount : amount;
        }
        const auto before = hers();
        auto after = hers();
        merge(after, payments, {});
        money rows;
        for (const auto& row : after.loans.front().schedule) {
            rows += row.paid;
        }
        const auto& loan = after.loans.front();
        EXPECT_EQ(loan.paid_total, before.loans.front().paid_total + repaid) << round;
        EXPECT_EQ(rows, loan.paid_total) << round;
        EXPECT_GE(loan.outstanding_principal, money{}) << round;
        EXPECT_LE(loan.outstanding_principal, loan.outstanding_total) << round;
        EXPECT_EQ(after.savings[0].balance + after.savings[1].balance,
                  before.savings[0].balance + before.savings[1].balance + saved)
            << round;
    }
}

TEST(Overlay, AfterTheDeliveryThatContainsThemHerFiguresStayAsTheyWere) {
    // Goal: between two deliveries she sees the figures of the second one, and the second one
    // changes none of them.
    std::mt19937 random{20261123};
    for (unsigned round = 0; round < 200; ++round) {
        const auto payments = some_payments(random);
        auto shown = hers();
        merge(shown, payments, {});
        auto delivered = shown;
        delivered.generation = 8;
        delivered.office_of.as_of = day("2026-11-22");
        auto then = delivered;
        merge(then, payments, {});
        EXPECT_EQ(figures(then), figures(shown)) << round;
    }
}

} // namespace
} // namespace uthan::members
