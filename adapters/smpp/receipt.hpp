#pragma once

#include "adapters/smpp/pdu.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Delivery receipts (SMPP 3.4, 5.2.12 and appendix B), and what peers make of them.
namespace uthan::adapters::smpp {

enum class receipt_state : std::uint8_t {
    delivered,
    expired,
    deleted,
    undeliverable,
    accepted, ///< not final, as is enroute
    enroute,
    rejected,
    unknown
};

/// At most so many; those that are left out are the least trusted.
inline constexpr std::size_t receipt_candidates_max = 24;

struct receipt {
    /// Message ids that it may mean, without repetition: as written (of the parameter, then of the
    /// text), in lower and upper case, without leading zeros, then decimal read as hexadecimal and
    /// back, plain and padded as peers pad. Empty where it names none.
    std::vector<std::string> candidates;
    receipt_state state = receipt_state::unknown;
    /// "err" as written, else the code of network_error_code in decimal; perhaps empty.
    std::string error;
    /// Digits YYMMDDhhmm or YYMMDDhhmmss in the peer's own time, else empty.
    std::string done_date;
    std::optional<std::uint16_t> user_message_reference;
};

enum class receipt_marks : std::uint8_t {
    standard,    ///< esm_class, or the parameters receipted_message_id and message_state
    also_by_text ///< or a text with both "id:" and "stat:", for peers that mark nothing
};

/// Null: a text from a subscriber. Views of the message are copied.
std::optional<receipt> read_receipt(const deliver_sm& message,
                                    receipt_marks by = receipt_marks::standard);

} // namespace uthan::adapters::smpp
