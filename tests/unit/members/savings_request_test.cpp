#include "members/savings_request.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::members {
namespace {

using examples::day;

organisation_rules rules() {
    return examples::request_rules_of();
}

savings_account account(savings_product product, std::int64_t balance, std::int64_t available) {
    savings_account made;
    made.product = product;
    made.balance = money::taka(balance);
    made.available = money::taka(available);
    return made;
}

member_facts saver(std::vector<savings_account> accounts, std::vector<loan> loans = {}) {
    auto facts = examples::facts_of(day("2026-11-21"), std::move(loans));
    facts.savings = std::move(accounts);
    return facts;
}

loan owing(std::int64_t taka, loan_status status = loan_status::active) {
    loan made;
    made.status = status;
    made.outstanding_total = money::taka(taka);
    return made;
}

TEST(EmergencyRefund, IsWhatIsAvailableOfGeneralSavings) {
    const auto general = savings_product::general;
    struct row {
        std::vector<savings_account> accounts;
        refund_answer answer;
        std::int64_t at_most;
        std::int64_t savings;
    };
    const row rows[] = {
        {{}, refund_answer::nothing, 0, 0},
        {{account(general, 700, 700)}, refund_answer::allowed, 700, 700},
        {{account(general, 700, 200)}, refund_answer::allowed, 200, 700},
        {{account(general, 700, 0)}, refund_answer::locked, 0, 700},
        {{account(general, 700, -5)}, refund_answer::locked, 0, 700},
        {{account(general, 700, 900)}, refund_answer::allowed, 700, 700},
        {{account(general, 0, 0)}, refund_answer::nothing, 0, 0},
        {{account(general, -50, 0)}, refund_answer::nothing, 0, -50},
        {{account(general, 300, 300), account(general, 400, 100)},
         refund_answer::allowed,
         400,
         700},
        {{account(general, 300, 300), account(general, -200, 0)}, refund_answer::allowed, 100, 100},
        {{account(savings_product::term, 9'000, 9'000)}, refund_answer::nothing, 0, 0},
        {{account(savings_product::voluntary, 9'000, 9'000), account(general, 10, 10)},
         refund_answer::allowed,
         10,
         10},
    };
    for (const row& r : rows) {
        const auto offer = refund_of(saver(r.accounts), rules(), refund_kind::emergency);
        SCOPED_TRACE(r.savings);
        EXPECT_EQ(offer.answer, r.answer);
        EXPECT_EQ(offer.at_most, money::taka(r.at_most));
        EXPECT_EQ(offer.savings, money::taka(r.savings));
    }
}

TEST(EmergencyRefund, FurtherProductsAreTheOrganisationsWord) {
    auto wider = rules();
    wider.requests.emergency_products.push_back(savings_product::voluntary);
    const auto facts = saver(
        {account(savings_product::general, 100, 100), account(savings_product::voluntary, 50, 40)});
    EXPECT_EQ(refund_of(facts, wider, refund_kind::emergency).at_most, money::taka(140));
    EXPECT_EQ(refund_of(facts, rules(), refund_kind::emergency).at_most, money::taka(100));
}

TEST(LeavingRefund, IsEverythingAfterTheLoans) {
    const auto general = savings_product::general;
    struct row {
        std::vector<loan> loans;
        refund_answer answer;
        std::int64_t at_most;
        std::int64_t loans_left;
    };
    const row rows[] = {
        {{}, refund_answer::allowed, 1'500, 0},
        {{owing(1'000)}, refund_answer::after_loans, 500, 1'000},
        {{owing(600), owing(300)}, refund_answer::after_loans, 600, 900},
        {{owing(1'499)}, refund_answer::after_loans, 1, 1'499},
        {{owing(1'500)}, refund_answer::loans_exceed, 0, 1'500},
        {{owing(90'000)}, refund_answer::loans_exceed, 0, 90'000},
        {{owing(90'000, loan_status::closed)}, refund_answer::allowed, 1'500, 0},
        {{owing(100, loan_status::written_off)}, refund_answer::after_loans, 1'400, 100},
        {{owing(-100)}, refund_answer::allowed, 1'500, 0}, // paid too much: not savings
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.loans_left);
        const auto facts =
            saver({account(general, 1'000, 200), account(savings_product::term, 500, 0)}, r.loans);
        const auto offer = refund_of(facts, rules(), refund_kind::leaving);
        EXPECT_EQ(offer.answer, r.answer);
        EXPECT_EQ(offer.at_most, money::taka(r.at_most));
        EXPECT_EQ(offer.loans_left, money::taka(r.loans_left));
        EXPECT_EQ(offer.savings, money::taka(1'500));
    }
    EXPECT_EQ(refund_of(saver({}, {owing(5)}), rules(), refund_kind::leaving).answer,
              refund_answer::nothing);
}

TEST(Refund, ClosedAccountsCountForNothing) {
    auto closed = account(savings_product::general, 900, 900);
    closed.status = account_status::closed;
    for (const auto kind : {refund_kind::emergency, refund_kind::leaving}) {
        EXPECT_EQ(refund_of(saver({closed}), rules(), kind).answer, refund_answer::nothing);
    }
}

TEST(Refund, IsOfferedWhereConfiguredAndToMembers) {
    const auto accounts = std::vector{account(savings_product::general, 900, 900)};
    struct row {
        member_status status;
        refund_answer emergency;
        refund_answer leaving;
    };
    const row rows[] = {
        {member_status::active, refund_answer::allowed, refund_answer::allowed},
        {member_status::dropout, refund_answer::not_member, refund_answer::allowed},
        {member_status::closed, refund_answer::not_member, refund_answer::not_member},
    };
    for (const row& r : rows) {
        auto facts = saver(accounts);
        facts.who.status = r.status;
        EXPECT_EQ(refund_of(facts, rules(), refund_kind::emergency).answer, r.emergency);
        EXPECT_EQ(refund_of(facts, rules(), refund_kind::leaving).answer, r.leaving);
    }
    auto only_leaving = rules();
    only_leaving.requests.offered = {{request_kind::refund_exit, 0}};
    const auto facts = saver(accounts);
    EXPECT_EQ(refund_of(facts, only_leaving, refund_kind::emergency).answer,
              refund_answer::not_offered);
    EXPECT_EQ(refund_of(facts, only_leaving, refund_kind::leaving).answer, refund_answer::allowed);
    EXPECT_EQ(refund_of(facts, {}, refund_kind::leaving).answer, refund_answer::not_offered);
}

TEST(Refund, AnAmountIsHeldAgainstTheOffer) {
    refund_offer offer;
    offer.answer = refund_answer::allowed;
    offer.at_most = money::taka(700);
    EXPECT_EQ(refund_for(offer, money::taka(700)), refund_amount::possible);
    EXPECT_EQ(refund_for(offer, money{1}), refund_amount::possible);
    EXPECT_EQ(refund_for(offer, money{70'001}), refund_amount::too_much);
    EXPECT_EQ(refund_for(offer, money{}), refund_amount::none);
    EXPECT_EQ(refund_for(offer, money{-1}), refund_amount::none);
    EXPECT_EQ(refund_for({}, money{1}), refund_amount::too_much);
}

TEST(Refund, NeverMoreThanIsSavedAndNeverLessThanNothing) {
    std::mt19937 random(46);
    const auto amount = [&] { return static_cast<std::int64_t>(random() % 2'000) - 300; };
    for (int round = 0; round < 5'000; ++round) {
        std::vector<savings_account> accounts;
        for (auto i = random() % 5; i > 0; --i) {
            accounts.push_back(
                account(static_cast<savings_product>(random() % 5), amount(), amount()));
        }
        std::vector<loan> loans;
        for (auto i = random() % 3; i > 0; --i) {
            loans.push_back(owing(amount(), static_cast<loan_status>(random() % 3)));
        }
        const auto facts = saver(accounts, loans);
        for (const auto kind : {refund_kind::emergency, refund_kind::leaving}) {
            const auto offer = refund_of(facts, rules(), kind);
            const bool may = offer.answer == refund_answer::allowed ||
                             offer.answer == refund_answer::after_loans;
            ASSERT_EQ(may, offer.at_most > money{});
            ASSERT_GE(offer.at_most, money{});
            ASSERT_LE(offer.at_most, std::max(offer.savings, money{}));
            ASSERT_GE(offer.loans_left, money{});
            if (offer.answer == refund_answer::after_loans) {
                ASSERT_EQ(offer.at_most + offer.loans_left, offer.savings);
            }
        }
    }
}

} // namespace
} // namespace uthan::members
