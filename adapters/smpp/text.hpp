#pragma once

#include "adapters/smpp/pdu.hpp"
#include "adapters/smpp/receipt.hpp"
#include "core/address.hpp"
#include "core/calendar.hpp"
#include "core/digest.hpp"
#include "core/error.hpp"
#include "sms/outbox.hpp"
#include "texts/join.hpp"
#include "texts/segments.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Text messages over SMPP: a message as its submit_sm, a deliver_sm as a subscriber's text or as a
// receipt. Any thread.
namespace uthan::adapters::smpp {

/// How one account wants its texts.
struct text_terms {
    std::string sender; ///< as the contract has it: a brand, a short code or a number
    texts::sms_form form;
    std::string service_type;
    std::uint8_t sender_ton = 5; ///< fits the sender: 5 a brand, 3 a short code, 1 a number
    std::uint8_t sender_npi = 0;
    std::uint8_t number_ton = 1;
    std::uint8_t number_npi = 1;
    std::uint8_t seven_bit_coding = 0; ///< data_coding of both 7-bit alphabets
    std::uint8_t ucs2_coding = 8;
    bool asks_receipt = true;
    bool says_validity = true;
};

/// A message to be sent.
struct outgoing_text {
    std::string_view utf8; ///< the whole text
    std::uint16_t reference = 0;
    const address& to;
    instant valid_until{};
};

/// All parts of one message with what their PDUs point to. For a message that is tried again in
/// part, the same text, terms and reference make the same parts.
class text_submits {
public:
    /// What is submitted: with `concatenation::payload` always 1.
    std::size_t parts() const noexcept { return segments_.parts.size(); }
    /// `part` below parts(). Valid as long as this is neither changed nor moved.
    submit_sm pdu(std::size_t part) const;

private:
    friend result<text_submits> render_text(const text_terms&, const outgoing_text&, instant);

    text_terms as_;
    std::string to_;
    std::string validity_period_; ///< empty: the message centre's own
    texts::sms_segments segments_;
    std::vector<std::string> parameters_; ///< of each part
};

/// Errors: invalid_utf8, too_large (more parts than the form allows), invalid_msisdn (`to` is no
/// number).
result<text_submits> render_text(const text_terms& as, const outgoing_text& what, instant now);

/// SMPP's relative time ("000001020304000R": a day, 2 h, 3 min, 4 s) from now to then. At least a
/// minute. At most 30 days: peers do not agree how long a month is.
std::string relative_time(instant now, instant then);

/// What an account's deliver_sm mean.
struct inbound_terms {
    std::string channel;
    std::string account;
    /// data_coding 0: the message centre's default alphabet.
    texts::user_data_coding seven_bit = texts::user_data_coding::gsm7;
    numbering plan;
    /// For the ids of texts; the same one after a restart.
    short_key key{};
};

/// A subscriber's text, or a part of one. Its id is a digest of all that it says, so that a text
/// which the peer sends again has the same one. Errors: invalid_msisdn (it is from a brand, not
/// from a number), too_large.
result<sms::inbound_part> inbound_of(const deliver_sm& message, const inbound_terms& as,
                                     instant now);

/// `read`: of read_receipt. The subscriber is its source or, at peers that do not swap the
/// addresses, its destination: the first that is a number of the plan.
sms::receipt receipt_of(const deliver_sm& message, const receipt& read, const inbound_terms& as,
                        instant now);

/// What data_coding says of the octets: SMPP 3.4, 5.2.19, and the groups of 3GPP TS 23.038 that
/// message centres pass on. `binary` for alphabets that nobody here writes.
texts::user_data_coding coding_of(std::uint8_t data_coding,
                                  texts::user_data_coding of_zero) noexcept;

} // namespace uthan::adapters::smpp
