#pragma once

#include "access/machine_key.hpp"
#include "access/record.hpp"
#include "core/clock.hpp"
#include "members/exchange/rows.hpp"
#include "members/ledger.hpp"
#include "service/channel_snapshots.hpp"
#include "service/office_scope.hpp"
#include "service/payment_book.hpp"
#include "service/refusal.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace uthan::service {

/// What payments of one organisation need on one shard; everything lives longer.
struct payment_ports {
    members::ledger& ledger; ///< with the payments that were posted
    access::registry& registry;
    payment_book& book;
    const clock& time;
    short_key key;
    /// Called when a receipt was accepted with one. Any thread.
    std::function<void()> wake;
};

/// A payment's own day may be so long ago; what is older comes with a delivery.
inline constexpr std::chrono::days payment_age_max{45};
/// A receipt goes out for a day that is at most so long ago.
inline constexpr std::chrono::days receipt_age_max{2};

/// Collections that a core system posts between its deliveries. One per organisation and shard.
class payments {
public:
    explicit payments(payment_ports ports) : ports_(std::move(ports)), scope_(ports_.ledger) {}

    /// What became of it, once it is durable: her facts hold it from then on, and its receipt is
    /// accepted with it. The same row again is the same payment. Only repayments, deposits,
    /// withdrawals and reversals of these. Errors: store_unavailable, queue_full.
    task<result<outcome_or_refusal<posting_outcome>>> post(std::shared_ptr<const organisation> of,
                                                           access::machine_account by,
                                                           members::exchange::transaction_row row);

private:
    task<result<outcome_or_refusal<std::monostate>>> complete_reversal(std::string organisation,
                                                                       payment_posting* posting);
    task<result<std::optional<sms::new_message>>>
    receipt_of(std::shared_ptr<const organisation> of,
               std::shared_ptr<const members::member_facts> facts, members::payment payment);

    payment_ports ports_;
    office_scope scope_;
};

} // namespace uthan::service
