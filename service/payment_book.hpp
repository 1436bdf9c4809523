#pragma once

#include "core/digest.hpp"
#include "core/error.hpp"
#include "core/task.hpp"
#include "members/overlay.hpp"
#include "sms/message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace uthan::service {

/// A payment as it is to be kept, with the receipt that goes out with it.
struct payment_posting {
    std::string organisation;
    std::string member_code;
    std::string office_code; ///< hers
    /// `takes_back` of a reversal may be absent: then what it reverses must be known to the book.
    members::payment what;
    digest128 body{}; ///< of all that was posted under the txn_id
    instant at{};
    std::string key_id; ///< of whoever posted it
    std::optional<sms::new_message> receipt = {};
};

enum class posting_kind : std::uint8_t {
    posted,
    same,                  ///< the txn_id is known with this body; nothing was done again
    conflict,              ///< the txn_id is known with another body
    unknown_reversed,      ///< what it reverses is not known, or is no payment that can be reversed
    reversed_already,      ///< another reversal of the same was posted
    differs_from_reversed, ///< another member, account or amount than what it reverses
    too_many               ///< payments_per_member_max of hers wait for a delivery
};

struct posting_outcome {
    posting_kind kind = posting_kind::posted;
    std::uint64_t message = 0; ///< the receipt's id; 0: none
};

/// The port to the payments that wait for a delivery. A shard's thread.
class payment_book {
public:
    virtual ~payment_book() = default;

    /// In one commit: the payment, one more of her facts' version, and the receipt. Returns when it
    /// is durable. Errors: store_unavailable, queue_full.
    virtual task<result<posting_outcome>> post(payment_posting posting) = 0;

    /// What was posted under this txn_id, waiting or delivered since; none when it is not known.
    /// Errors: store_unavailable.
    virtual result<std::optional<members::transaction>> find(std::string_view organisation,
                                                             std::string_view txn_id) = 0;
};

} // namespace uthan::service
