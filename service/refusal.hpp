#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace uthan::service {

/// Why a request of a machine is not done. gateway/api/problem.cpp gives each its status and its
/// stable type; none says anything of a member.
enum class refusal : std::uint8_t {
    unknown_member,
    outside_of_scope, ///< another office than the key is for
    invalid_number,
    number_of_member, ///< the number is a member's: name her, so that her choices count
    no_number,        ///< she has none that may be written to
    opted_out,
    unknown_template,
    values_do_not_fit, ///< a placeholder is missing, unknown, or its value is not of its kind
    unreadable_text,
    text_too_long,
    asks_for_reply, ///< and nobody would read it
    key_reused,     ///< the idempotency key stands for another message
    unknown_message,
    kind_not_posted, ///< comes with a delivery alone
    amount_not_positive,
    day_not_yet,
    day_too_old,
    unknown_account,
    txn_reused, ///< the txn_id stands for another payment
    unknown_reversed,
    reversed_already,
    differs_from_reversed,
    too_many_waiting
};

struct refused {
    refusal why = refusal::unknown_member;
    std::string_view field = {}; ///< of the request; a literal; empty: as a whole
    bool operator==(const refused&) const = default;
};

template <class T>
using outcome_or_refusal = std::variant<T, refused>;

} // namespace uthan::service
