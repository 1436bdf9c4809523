#pragma once

#include "core/calendar.hpp"
#include "core/error.hpp"
#include "core/money.hpp"
#include "core/task.hpp"
#include "members/facts.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the core system posted since its last delivery, and how it changes what that delivery says.
// Pure, but for the port at the end.
namespace uthan::members {

/// A payment that was posted between two deliveries. Kinds: loan_repay, savings_deposit,
/// savings_withdraw, and a reversal of one of these.
struct payment {
    transaction what; ///< amount > 0; the account is one of hers
    /// Of a reversal: the kind of what it takes back. Of all others: absent.
    std::optional<transaction_kind> takes_back = {};
    /// The generation that was published when this was posted.
    std::uint32_t posted_in = 0;
};

/// What of a generation says which payments are in it already.
struct generation_view {
    std::uint32_t number = 0;
    calendar_day as_of{};                   ///< of her office
    std::span<const std::string> txn_ids{}; ///< of her transactions in it, sorted
};

/// Whether a generation's figures hold this payment already: it names the transaction; or it was
/// published after the payment was posted, and her office had closed the payment's day in it. A
/// payment that is posted after the delivery, even for a day that the delivery has closed, is not
/// in it.
bool is_contained(const payment& one, const generation_view& in) noexcept;

/// Her facts with the payments that are not contained in them. What counts is the set: neither the
/// order nor a txn_id that comes twice changes the result, and a payment and its reversal change
/// nothing together.
/// - A loan's sum is paid onto its open instalments, oldest first, so a part of one or several at
///   once; what exceeds the schedule stays on the last row, as in allocate(). A negative sum is
///   taken off the rows that are paid, newest first. paid_total changes by the whole sum;
///   outstanding_total and overdue_amount never fall below zero; outstanding_principal falls in
///   their proportion, because facts do not say how a row divides. A reversal makes nothing
///   overdue that the office has not called so.
/// - An account's balance changes by its sum; what is available follows a withdrawal, and a deposit
///   only where all of it was available before.
/// A payment of an account that she does not have any more changes nothing.
void merge(member_facts& facts, std::span<const payment> payments,
           std::span<const std::string> txn_ids);

/// Her newest transactions with the payments that are not among those of the generation, newest
/// first, still at most recent_transactions_max.
void merge(member_activity& activity, std::span<const payment> payments,
           std::span<const std::string> txn_ids);

/// Payments of one member that wait for a delivery, at most; the next one is refused.
inline constexpr std::size_t payments_per_member_max = 200;

/// The port to the payments of one organisation that wait for a delivery. A shard's thread.
class payments_source {
public:
    virtual ~payments_source() = default;
    /// False: nothing waits for any member. No I/O, any thread.
    virtual bool any() const noexcept = 0;
    /// Hers that wait, or that only later generations than this one contain; in no order. Errors:
    /// store_unavailable.
    virtual result<std::vector<payment>> payments_of(std::string_view member_code,
                                                     std::uint32_t generation) = 0;
};

} // namespace uthan::members
