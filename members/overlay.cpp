#include "members/overlay.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace uthan::members {
namespace {

/// What each account changes by. Few accounts.
using sums = std::map<std::string_view, money>;

/// What a transaction does to its account: a repayment and a deposit count upwards.
money effect_of(transaction_kind kind, money amount) noexcept {
    switch (kind) {
    case transaction_kind::loan_repay:
    case transaction_kind::savings_deposit:
        return amount;
    case transaction_kind::savings_withdraw:
        return -amount;
    default:
        return {};
    }
}

money effect_of(const payment& one) noexcept {
    return one.takes_back ? -effect_of(*one.takes_back, one.what.amount)
                          : effect_of(one.what.kind, one.what.amount);
}

/// In the order of their ids, each once.
std::vector<const payment*> each_once(std::span<const payment> payments) {
    std::vector<const payment*> all;
    all.reserve(payments.size());
    for (const auto& one : payments) {
        all.push_back(&one);
    }
    const auto id = [](const payment* one) -> const std::string& { return one->what.txn_id; };
    std::ranges::sort(all, {}, id);
    const auto same_id = [&id](const payment* a, const payment* b) { return id(a) == id(b); };
    // Not std::ranges::unique: clang 14, which checks and fuzzes this, cannot read its result.
    all.erase(std::unique(all.begin(), all.end(), same_id), all.end());
    return all;
}

/// Onto open rows, oldest first; the rest stays on the last one.
void pay(std::vector<instalment>& schedule, money sum) noexcept {
    for (auto& row : schedule) {
        const money part = std::min(sum, row.open());
        row.paid += part;
        sum -= part;
    }
    if (!schedule.empty()) {
        schedule.back().paid += sum;
    }
}

/// Off paid rows, newest first.
void take_back(std::vector<instalment>& schedule, money sum) noexcept {
    for (auto row = schedule.rbegin(); row != schedule.rend(); ++row) {
        const money part = std::clamp(row->paid, money{}, sum);
        row->paid -= part;
        sum -= part;
    }
}

/// a × b ÷ c, towards zero; c > 0.
money share_of(money a, money b, money c) noexcept {
    __extension__ using wide = __int128;
    return {static_cast<std::int64_t>(wide{a.poisha} * b.poisha / c.poisha)};
}

void change(loan& of, money sum) noexcept {
    if (sum == money{}) {
        return;
    }
    if (sum > money{}) {
        pay(of.schedule, sum);
        of.overdue_amount = std::max(of.overdue_amount - sum, std::min(of.overdue_amount, money{}));
    } else {
        take_back(of.schedule, -sum);
    }
    of.paid_total += sum;
    const money before = of.outstanding_total;
    of.outstanding_total = std::max(before - sum, std::min(before, money{}));
    const money in_proportion =
        before > money{} ? share_of(of.outstanding_principal, of.outstanding_total, before)
                         : of.outstanding_total;
    of.outstanding_principal = std::min({in_proportion, of.outstanding_total, of.principal});
}

void change(savings_account& of, money sum) noexcept {
    const bool all_available = of.available == of.balance;
    of.balance += sum;
    if (sum < money{}) {
        of.available = std::max(of.available + sum, std::min(of.available, money{}));
    } else if (all_available) {
        of.available = of.balance;
    }
}

bool is_named(const std::string& txn_id, std::span<const std::string> txn_ids) noexcept {
    return std::ranges::binary_search(txn_ids, txn_id);
}

} // namespace

bool is_contained(const payment& one, const generation_view& in) noexcept {
    return is_named(one.what.txn_id, in.txn_ids) ||
           (in.number > one.posted_in && one.what.txn_on <= in.as_of);
}

void merge(member_facts& facts, std::span<const payment> payments,
           std::span<const std::string> txn_ids) {
    const generation_view view{facts.generation, facts.as_of(), txn_ids};
    sums changes;
    for (const auto* one : each_once(payments)) {
        if (!is_contained(*one, view)) {
            changes[one->what.account_no] += effect_of(*one);
        }
    }
    for (auto& of : facts.loans) {
        if (const auto sum = changes.find(of.loan_no); sum != changes.end()) {
            change(of, sum->second);
        }
    }
    for (auto& of : facts.savings) {
        if (const auto sum = changes.find(of.account_no); sum != changes.end()) {
            change(of, sum->second);
        }
    }
}

void merge(member_activity& activity, std::span<const payment> payments,
           std::span<const std::string> txn_ids) {
    for (const auto* one : each_once(payments)) {
        if (!is_named(one->what.txn_id, txn_ids)) {
            activity.recent.push_back(one->what);
        }
    }
    std::ranges::sort(activity.recent, [](const transaction& a, const transaction& b) {
        return std::tie(a.txn_on, a.posted_at, a.txn_id) >
               std::tie(b.txn_on, b.posted_at, b.txn_id);
    });
    if (activity.recent.size() > recent_transactions_max) {
        activity.recent.resize(recent_transactions_max);
    }
}

} // namespace uthan::members
