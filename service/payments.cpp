#include "service/payments.hpp"

#include "access/messaging.hpp"
#include "service/message_text.hpp"
#include "sms/life.hpp"

#include <algorithm>

namespace uthan::service {
namespace {

using members::transaction_kind;

bool is_posted(transaction_kind kind) noexcept {
    return kind == transaction_kind::loan_repay || kind == transaction_kind::savings_deposit ||
           kind == transaction_kind::savings_withdraw || kind == transaction_kind::reversal;
}

/// Her only loan or account of this kind where the row names none; empty when it is not clear.
std::string account_for(const members::member_facts& facts, transaction_kind kind) {
    std::string only;
    unsigned count = 0;
    if (kind == transaction_kind::loan_repay) {
        for (const auto& loan : facts.loans) {
            if (loan.status == members::loan_status::active) {
                only = loan.loan_no;
                ++count;
            }
        }
    } else {
        for (const auto& account : facts.savings) {
            if (account.status == members::account_status::active) {
                only = account.account_no;
                ++count;
            }
        }
    }
    return count == 1 ? only : std::string{};
}

bool has_account(const members::member_facts& facts, transaction_kind kind,
                 const std::string& account_no) {
    if (kind == transaction_kind::loan_repay) {
        return std::ranges::find(facts.loans, account_no, &members::loan::loan_no) !=
               facts.loans.end();
    }
    return std::ranges::find(facts.savings, account_no, &members::savings_account::account_no) !=
           facts.savings.end();
}

/// Over the row as it came, so that what was completed from her facts does not count.
digest128 body_of(const short_key& key, const members::exchange::transaction_row& row) {
    const auto& what = row.value;
    const auto kind = std::to_string(static_cast<unsigned>(what.kind));
    const auto channel = std::to_string(static_cast<unsigned>(what.channel));
    const auto amount = std::to_string(what.amount.poisha);
    const auto after = what.balance_after ? std::to_string(what.balance_after->poisha) : "";
    return short_digest(key, "payment body",
                        {row.member_code, what.txn_id, what.account_no, kind, amount,
                         to_iso(what.txn_on), after, what.receipt_no, channel, what.reverses_txn_id,
                         what.posted_at});
}

std::optional<refused> fault_of(const members::transaction& what, calendar_day today) {
    if (!is_posted(what.kind)) {
        return refused{refusal::kind_not_posted, "kind"};
    }
    if (what.amount <= money{}) {
        return refused{refusal::amount_not_positive, "amount"};
    }
    if (what.txn_on > today) {
        return refused{refusal::day_not_yet, "txn_on"};
    }
    if (what.txn_on < today - payment_age_max) {
        return refused{refusal::day_too_old, "txn_on"};
    }
    const bool reverses = what.kind == transaction_kind::reversal;
    if (reverses == what.reverses_txn_id.empty()) {
        return refused{refusal::unknown_reversed, "reverses_txn_id"};
    }
    return std::nullopt;
}

std::optional<refused> fault_of(posting_kind kind) {
    switch (kind) {
    case posting_kind::posted:
    case posting_kind::same:
        break;
    case posting_kind::conflict:
        return refused{refusal::txn_reused, "txn_id"};
    case posting_kind::unknown_reversed:
        return refused{refusal::unknown_reversed, "reverses_txn_id"};
    case posting_kind::reversed_already:
        return refused{refusal::reversed_already, "reverses_txn_id"};
    case posting_kind::differs_from_reversed:
        return refused{refusal::differs_from_reversed, "reverses_txn_id"};
    case posting_kind::too_many:
        return refused{refusal::too_many_waiting};
    }
    return std::nullopt;
}

} // namespace

/// What it reverses, from the book or from a delivery; its account where the row names none.
task<result<outcome_or_refusal<std::monostate>>>
payments::complete_reversal(std::string organisation, payment_posting* posting) {
    auto& what = posting->what.what;
    auto original = ports_.book.find(organisation, what.reverses_txn_id);
    if (!original) {
        co_return original.error();
    }
    const bool is_delivered = !*original;
    if (is_delivered) {
        original =
            co_await ports_.ledger.transaction_of(posting->member_code, what.reverses_txn_id);
        if (!original) {
            co_return original.error();
        }
    }
    if (!*original || !is_posted((*original)->kind) ||
        (*original)->kind == transaction_kind::reversal) {
        co_return refused{refusal::unknown_reversed, "reverses_txn_id"};
    }
    const auto& reversed = **original;
    if (what.account_no.empty()) {
        what.account_no = reversed.account_no;
    }
    if (reversed.amount != what.amount || reversed.account_no != what.account_no) {
        co_return refused{refusal::differs_from_reversed, "reverses_txn_id"};
    }
    posting->what.takes_back = reversed.kind;
    co_return std::monostate{};
}

task<result<std::optional<sms::new_message>>>
payments::receipt_of(std::shared_ptr<const organisation> of,
                     std::shared_ptr<const members::member_facts> facts, members::payment payment) {
    const auto now = ports_.time.now();
    const auto& who = facts->who;
    if (payment.what.txn_on < of->local.day_of(now) - receipt_age_max) {
        co_return std::optional<sms::new_message>{};
    }
    access::member_ref ref{of->code, who.code};
    const auto record = co_await ports_.registry.find(std::move(ref));
    if (!record) {
        co_return record.error();
    }
    const auto scope = access::receipt_scope(*record, who);
    const auto number = access::number_to_write_to(*record, who, now);
    const auto to = number ? numbering{}.parse(*number) : result<address>{errc::not_found};
    if (scope == access::message_scope::nothing || !to) {
        co_return std::optional<sms::new_message>{};
    }
    const auto sharing = co_await ports_.ledger.members_of(*to);
    if (!sharing) {
        co_return sharing.error();
    }
    auto after = *facts;
    payment.posted_in = after.generation;
    members::merge(after, {&payment, 1}, {});
    auto text = receipt_text(*of,
                             {.after = after,
                              .payment = payment,
                              .with_amounts = scope == access::message_scope::with_amounts,
                              .is_shared = sharing->size() > 1},
                             rendering_for(*of, record->language, who));
    if (text.empty()) {
        co_return std::optional<sms::new_message>{};
    }
    sms::new_message made{.organisation = of->code,
                          .idempotency_key = "receipt:" + payment.what.txn_id,
                          .of = sms::message_class::receipt,
                          .member_code = who.code,
                          .office_code = who.office_code,
                          .to = *to,
                          .text = std::move(text),
                          .due_at = now,
                          .valid_until = now + sms::rules_of(sms::message_class::receipt).validity};
    co_return std::optional{std::move(made)};
}

task<result<outcome_or_refusal<posting_outcome>>>
payments::post(std::shared_ptr<const organisation> of, access::machine_account by,
               members::exchange::transaction_row row) {
    const auto now = ports_.time.now();
    if (const auto fault = fault_of(row.value, of->local.day_of(now))) {
        co_return *fault;
    }
    auto facts = co_await ports_.ledger.facts(row.member_code);
    if (!facts) {
        if (facts.error() == errc::not_found) {
            co_return refused{refusal::unknown_member, "member_code"};
        }
        co_return facts.error();
    }
    const auto covered = co_await scope_.covers(std::move(by.office_code), *facts);
    if (!covered.has_value()) {
        co_return covered.error();
    }
    if (!*covered) {
        co_return refused{refusal::outside_of_scope, "member_code"};
    }
    payment_posting posting{.organisation = of->code,
                            .member_code = row.member_code,
                            .office_code = (*facts)->who.office_code,
                            .what = {.what = row.value},
                            .body = body_of(ports_.key, row),
                            .at = now,
                            .key_id = std::move(by.key_id)};
    auto& what = posting.what.what;
    if (what.kind == transaction_kind::reversal) {
        const auto completed = co_await complete_reversal(of->code, &posting);
        if (!completed) {
            co_return completed.error();
        }
        if (const auto* no = std::get_if<refused>(&*completed)) {
            co_return *no;
        }
    } else if (what.account_no.empty()) {
        what.account_no = account_for(**facts, what.kind);
    }
    if (!has_account(**facts, posting.what.takes_back.value_or(what.kind), what.account_no)) {
        co_return refused{refusal::unknown_account, "account_no"};
    }
    auto receipt = co_await receipt_of(of, *facts, posting.what);
    if (!receipt) {
        co_return receipt.error();
    }
    posting.receipt = std::move(*receipt);
    if (posting.receipt) {
        posting.receipt->body = posting.body;
    }
    const auto outcome = co_await ports_.book.post(std::move(posting));
    if (!outcome) {
        co_return outcome.error();
    }
    if (const auto fault = fault_of(outcome->kind)) {
        co_return *fault;
    }
    if (outcome->kind == posting_kind::posted && outcome->message != 0) {
        ports_.wake();
    }
    co_return *outcome;
}

} // namespace uthan::service
