#pragma once

#include "adapters/rejection.hpp"
#include "adapters/smpp/pdu.hpp"
#include "adapters/smpp/status.hpp"
#include "adapters/ussd_event.hpp"
#include "core/error.hpp"
#include "texts/join.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// USSD over SMPP: a deliver_sm is a turn, a screen is a submit_sm. No standard says how, so the
// operators' ways are described. README.md beside this file.
namespace uthan::adapters::smpp {

/// What tells dialogues of one subscriber apart.
enum class ussd_session_key : std::uint8_t {
    its_session_info, ///< its upper 15 bits; bit 0 says "end"
    session_number,   ///< its first octet alone; the second one counts within the dialogue
    user_message_reference,
    subscriber ///< nothing: a phone has one dialogue at a time
};

/// Where the first turn has what was dialled.
enum class ussd_code_place : std::uint8_t {
    destination,   ///< destination_addr; the text says nothing
    short_message, ///< the text
    both           ///< the code as destination_addr, what was dialled as text, if anything is
};

/// What a screen goes out as.
enum class ussd_screen_pdu : std::uint8_t { submit_sm, data_sm };

/// When a turn is answered with deliver_sm_resp.
enum class ussd_acknowledgement : std::uint8_t {
    first,       ///< at once
    after_screen ///< right behind its screen
};

/// One operator's way. Operations are values of ussd_service_op.
struct ussd_description {
    ussd_session_key key = ussd_session_key::its_session_info;
    ussd_code_place code = ussd_code_place::short_message;
    std::vector<std::uint8_t> begin_ops{1};
    std::vector<std::uint8_t> input_ops{18, 2};
    std::vector<std::uint8_t> end_ops{0x81, 19}; ///< an abort, a notice that was shown
    std::uint8_t continue_op = 2;
    std::uint8_t final_op = 17;
    /// Bit 0 of its_session_info ends the dialogue, both ways.
    bool end_bit = true;
    std::uint8_t seven_bit_coding = 0; ///< data_coding of screens; 15 at some
    std::uint8_t ucs2_coding = 8;      ///< 0x48 at some
    /// What an octet below data_coding 8 is: gsm7, ascii or latin1.
    texts::user_data_coding seven_bit = texts::user_data_coding::gsm7;
    std::optional<std::uint8_t> its_reply_type;
    std::string service_type = "USSD"; ///< at most 5 characters
    ussd_screen_pdu screen_pdu = ussd_screen_pdu::submit_sm;
    ussd_acknowledgement acknowledgement = ussd_acknowledgement::first;
};

/// Whether a delivery of an account that carries texts too is a turn: it has ussd_service_op, or
/// the service type.
bool is_ussd(const deliver_sm& message, const ussd_description& as);

/// Where a screen goes: what the turn came with. Never for a log.
struct ussd_return {
    std::string number;
    std::string code;
    std::uint8_t number_ton = 0;
    std::uint8_t number_npi = 0;
    std::uint8_t code_ton = 0;
    std::uint8_t code_npi = 0;
    std::optional<std::uint16_t> session_info;
    std::optional<std::uint16_t> reference;
};

struct ussd_received {
    ussd_event event;
    ussd_return back;
};

/// `request_id` must be unique within the subscriber's dialogues over all connections and starts of
/// the program. A begin while a dialogue is open begins anew. Without ussd_service_op a text of the
/// form "*…#" begins, any other is an input. Bangla digits arrive as ASCII ones.
parsed<ussd_received> read_ussd(const deliver_sm& message, const ussd_description& as,
                                const channel_context& on, std::string request_id);

/// More than any phone shows; the channel's own limit is the renderer's.
inline constexpr std::size_t ussd_screen_octets_max = 1024;

/// A screen with what its PDU points to. Views are valid as long as this is neither changed nor
/// moved.
class ussd_screen {
public:
    bool is_data() const noexcept { return is_data_; }
    submit_sm pdu() const; ///< unless is_data()
    data_sm data() const;  ///< if is_data()

private:
    friend result<ussd_screen> render_ussd(const ussd_return&, const ussd_description&,
                                           std::string_view, bool);

    ussd_return to_;
    std::string service_type_;
    std::string text_; ///< empty when it is in message_payload
    std::string parameters_;
    std::uint8_t data_coding_ = 0;
    bool is_data_ = false;
};

/// In the seven-bit alphabet where it has all of the text, else in UTF-16BE; above 254 octets, and
/// in a data_sm, in message_payload. Errors: invalid_utf8, too_large.
result<ussd_screen> render_ussd(const ussd_return& to, const ussd_description& as,
                                std::string_view text, bool final);

/// What the answer to a screen's submit means for it. A screen is never submitted again, so a
/// refusal is the end of the session: `transient` says only that another one would have been taken.
push_answer read_screen_answer(std::uint32_t status, const status_classes& by);

} // namespace uthan::adapters::smpp
