#pragma once

#include "texts/gsm7.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// Text messages that arrive: the user data header (3GPP TS 23.040 9.2.3.24) and the way back from
// parts to a text. Every function takes any octets. Any thread.
namespace uthan::texts {

/// What the octets are. SMPP's data_coding 0 is the message centre's default alphabet, which only
/// the connection's configuration knows. `binary` has no text.
enum class user_data_coding : std::uint8_t { gsm7, ascii, latin1, ucs2, binary };

/// Which part of which message; 1 ≤ number ≤ total. References of one and of two octets are
/// different references.
struct part_of_message {
    std::uint16_t reference = 0;
    bool is_wide = false;
    std::uint8_t total = 1;
    std::uint8_t number = 1;
    bool operator==(const part_of_message&) const = default;
};

struct ports {
    std::uint16_t destination = 0;
    std::uint16_t source = 0;
    bool operator==(const ports&) const = default;
};

struct received_part {
    /// Nothing when the part is a whole message (unless sar_* parameters say otherwise).
    std::optional<part_of_message> part;
    /// Of an application on the phone; such a message is no text of a person.
    std::optional<ports> addressed_to;
    /// The Bengali tables that the header names.
    gsm7_shift shift;
    user_data_coding coding = user_data_coding::gsm7;
    std::string octets; ///< behind the header
};

/// Receiver's rules: an element that is malformed, unknown, or numbers parts impossibly (total 0,
/// number 0 or above the total) is ignored, of a repeated one the last counts. A header whose
/// elements do not fill it exactly is ignored as a whole; one that is longer than the message is
/// none, and all octets are the message.
received_part parse_user_data(std::string_view octets, bool has_header, user_data_coding coding);

/// UTF-8. U+FFFD stands for what cannot be read: half a surrogate pair, an odd last octet, an octet
/// above 7F in GSM-7 or ASCII. Empty for `binary`.
std::string text_of(const received_part& part);

/// Where parts are missing.
inline constexpr std::string_view gap_mark = "[…]";

/// The text of one message's parts, in any order, with a gap mark for each run of missing ones; of
/// two with one number the first counts, and the greatest total. A pair of surrogates or an escape
/// that the sender cut in two is whole again. A part without `part` counts as number 1.
std::string join_sms(std::span<const received_part> parts);

} // namespace uthan::texts
