#include "members/exchange/demo_transactions.hpp"

#include "members/exchange/demo_loan.hpp"

#include <algorithm>
#include <array>

namespace uthan::members::exchange {

namespace {

using std::chrono::days;

constexpr days weekly_window{30};
constexpr days monthly_window{100};
constexpr days many_window{150};

/// A change of one savings account, oldest first; balances are filled in afterwards.
struct saving {
    calendar_day on{};
    transaction_kind kind = transaction_kind::savings_deposit;
    money amount;

    money effect() const noexcept {
        return kind == transaction_kind::savings_withdraw ? -amount : amount;
    }
};

days window_of(const demo_transaction_setting& setting) {
    return setting.many ? many_window : setting.monthly ? monthly_window : weekly_window;
}

bool is_day_off(const demo_leaf& office, calendar_day day) {
    const auto& all = office.calendar.holidays;
    return iso_weekday(day) == friday ||
           std::any_of(all.begin(), all.end(), [day](const holiday& h) { return h.day == day; });
}

/// The days on which the group's regular deposit was made: its meetings, or monthly the tenth.
std::vector<calendar_day> deposit_days(const demo_transaction_setting& setting) {
    const calendar_day as_of = setting.office->row.as_of;
    const unsigned weekday =
        setting.of != nullptr && setting.of->meeting ? setting.of->meeting->weekday : 7;
    std::vector<calendar_day> found;
    for (calendar_day day = as_of - window_of(setting) + days{1}; day <= as_of; day += days{1}) {
        const bool tenth = std::chrono::year_month_day{day}.day() == std::chrono::day{10};
        if ((setting.monthly ? tenth : iso_weekday(day) == weekday) &&
            !is_day_off(*setting.office, day)) {
            found.push_back(day);
        }
    }
    return found;
}

/// Adds the kinds that a member seldom sees.
void add_rare_kinds(std::vector<saving>& all, calendar_day as_of) {
    using enum transaction_kind;
    const std::array<saving, 4> rare{{
        {as_of - days{40}, interest, money::taka(137)},
        {as_of - days{25}, savings_withdraw, money::taka(200)},
        {as_of - days{12}, adjust, money::taka(15)},
        {as_of - days{6}, savings_withdraw, money::taka(50)},
    }};
    all.insert(all.end(), rare.begin(), rare.end());
    std::stable_sort(all.begin(), all.end(),
                     [](const saving& a, const saving& b) { return a.on < b.on; });
}

/// Balances lead back from the account's; the oldest are left out where it would have been
/// overdrawn.
void post_savings(const savings_account& account, const std::vector<saving>& changes,
                  std::vector<transaction>& out) {
    std::vector<transaction> newest_first;
    money balance = account.balance;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (balance < change->effect()) {
            break;
        }
        transaction posted;
        posted.account_no = account.account_no;
        posted.kind = change->kind;
        posted.amount = change->amount;
        posted.txn_on = change->on;
        posted.balance_after = balance;
        newest_first.push_back(std::move(posted));
        balance -= change->effect();
    }
    out.insert(out.end(), std::make_move_iterator(newest_first.rbegin()),
               std::make_move_iterator(newest_first.rend()));
}

void post_all_savings(const demo_transaction_setting& setting, const demo_member& of,
                      std::vector<transaction>& out) {
    if (of.savings.empty() || of.savings.front().status != account_status::active ||
        setting.of == nullptr) {
        return;
    }
    std::vector<saving> changes;
    for (const calendar_day day : deposit_days(setting)) {
        changes.push_back({day, transaction_kind::savings_deposit, setting.of->savings_rate});
    }
    if (setting.many) {
        add_rare_kinds(changes, setting.office->row.as_of);
    }
    post_savings(of.savings.front(), changes, out);
}

void post_loan(const demo_loan& of, calendar_day since, std::vector<transaction>& out) {
    const auto post = [&](transaction_kind kind, calendar_day on, money amount, money after) {
        if (on <= since) {
            return;
        }
        transaction posted;
        posted.account_no = of.row.loan_no;
        posted.kind = kind;
        posted.amount = amount;
        posted.txn_on = on;
        posted.balance_after = after;
        out.push_back(std::move(posted));
    };
    post(transaction_kind::disburse, of.row.disbursed_on, of.row.principal,
         of.row.principal + of.row.charge_total);
    for (const demo_payment& payment : of.payments) {
        post(transaction_kind::loan_repay, payment.on, payment.amount, payment.balance_after);
    }
}

/// A payment that was posted twice and taken back the same day: the balance is as if it had never
/// been.
void post_reversed(const demo_loan& of, calendar_day as_of, std::vector<transaction>& out) {
    transaction twice;
    twice.account_no = of.row.loan_no;
    twice.kind = transaction_kind::loan_repay;
    twice.amount = money::taka(300);
    twice.txn_on = as_of;
    twice.balance_after = of.row.outstanding_total - twice.amount;
    transaction back = twice;
    back.kind = transaction_kind::reversal;
    back.balance_after = of.row.outstanding_total;
    out.push_back(std::move(twice));
    out.push_back(std::move(back));
}

void number_and_sign(const demo_transaction_setting& setting, const member& who,
                     std::vector<transaction>& all, demo_random& random) {
    using enum payment_channel;
    static constexpr std::array<payment_channel, 5> channels{cash, bkash, nagad, bank, other};
    for (std::size_t i = 0; i < all.size(); ++i) {
        transaction& one = all[i];
        one.txn_id = "T" + who.code + padded(i + 1, 4);
        one.receipt_no = "R" + who.code + padded(i + 1, 4);
        if (setting.many) {
            one.channel = channels[i % channels.size()];
        } else if (one.kind == transaction_kind::loan_repay && random.chance(12)) {
            one.channel = channels[1 + random.below(3)];
        }
        if (one.kind == transaction_kind::reversal && i > 0) {
            one.reverses_txn_id = all[i - 1].txn_id;
        }
        const std::size_t minute = std::min<std::size_t>(i, 13 * 60);
        one.posted_at = to_iso(one.txn_on) + "T" + padded(10 + minute / 60, 2) + ":" +
                        padded(minute % 60, 2) + ":00+06:00";
    }
}

} // namespace

std::vector<transaction> make_demo_transactions(const demo_transaction_setting& setting,
                                                const demo_member& of, demo_random& random) {
    std::vector<transaction> all;
    if (setting.none) {
        return all;
    }
    const calendar_day as_of = setting.office->row.as_of;
    for (const demo_loan& one : of.loans) {
        post_loan(one, as_of - window_of(setting), all);
    }
    post_all_savings(setting, of, all);
    std::stable_sort(all.begin(), all.end(), [](const transaction& a, const transaction& b) {
        return a.txn_on < b.txn_on;
    });
    if (setting.one_reversed && !of.loans.empty()) {
        post_reversed(of.loans.front(), as_of, all);
    }
    number_and_sign(setting, of.who, all, random);
    return all;
}

} // namespace uthan::members::exchange
