#pragma once

#include "adapters/smpp/parameters.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

// SMPP 3.4's units of data as values. Texts and octets are views: of the frame that was decoded, or
// of whatever the writer of a value named. A default value is what an omitted field is on the wire.
namespace uthan::adapters::smpp {

/// command_id; bit 31 is set in responses.
enum class command : std::uint32_t {
    bind_receiver = 0x01,
    bind_transmitter = 0x02,
    query_sm = 0x03,
    submit_sm = 0x04,
    deliver_sm = 0x05,
    unbind = 0x06,
    replace_sm = 0x07,
    cancel_sm = 0x08,
    bind_transceiver = 0x09,
    outbind = 0x0B,
    enquire_link = 0x15,
    submit_multi = 0x21,
    alert_notification = 0x102,
    data_sm = 0x103,
    generic_nack = 0x8000'0000,
    bind_receiver_resp = 0x8000'0001,
    bind_transmitter_resp = 0x8000'0002,
    query_sm_resp = 0x8000'0003,
    submit_sm_resp = 0x8000'0004,
    deliver_sm_resp = 0x8000'0005,
    unbind_resp = 0x8000'0006,
    replace_sm_resp = 0x8000'0007,
    cancel_sm_resp = 0x8000'0008,
    bind_transceiver_resp = 0x8000'0009,
    enquire_link_resp = 0x8000'0015,
    submit_multi_resp = 0x8000'0021,
    data_sm_resp = 0x8000'0103
};

inline constexpr std::uint32_t response_bit = 0x8000'0000;
constexpr bool is_response(command id) noexcept {
    return (static_cast<std::uint32_t>(id) & response_bit) != 0;
}
constexpr command response_to(command id) noexcept {
    return static_cast<command>(static_cast<std::uint32_t>(id) | response_bit);
}

inline constexpr std::size_t header_octets = 16;
/// A message_payload of 65,535 octets fits. A longer command_length is no frame.
inline constexpr std::size_t frame_octets_max = 68 * 1024;
inline constexpr std::size_t short_message_octets_max = 254;
inline constexpr std::size_t destinations_max = 254;

/// An address of a subscriber, a brand or a service. Never for a log.
struct party {
    std::uint8_t ton = 0;
    std::uint8_t npi = 0;
    std::string_view address = {};
    bool operator==(const party&) const = default;
};

/// What the three binds have in common. At most 15, 8, 12 and 40 octets of text.
struct bind_fields {
    std::string_view system_id = {};
    std::string_view password = {}; ///< never for a log
    std::string_view system_type = {};
    std::uint8_t interface_version = 0x34;
    party addresses = {}; ///< addr_ton, addr_npi, address_range
    bool operator==(const bind_fields&) const = default;
};
struct bind_receiver : bind_fields {
    static constexpr auto id = command::bind_receiver;
    bool operator==(const bind_receiver&) const = default;
};
struct bind_transmitter : bind_fields {
    static constexpr auto id = command::bind_transmitter;
    bool operator==(const bind_transmitter&) const = default;
};
struct bind_transceiver : bind_fields {
    static constexpr auto id = command::bind_transceiver;
    bool operator==(const bind_transceiver&) const = default;
};
struct bind_resp_fields {
    std::string_view system_id = {};
    parameters_view parameters = {};
    bool operator==(const bind_resp_fields&) const = default;
};
struct bind_receiver_resp : bind_resp_fields {
    static constexpr auto id = command::bind_receiver_resp;
    bool operator==(const bind_receiver_resp&) const = default;
};
struct bind_transmitter_resp : bind_resp_fields {
    static constexpr auto id = command::bind_transmitter_resp;
    bool operator==(const bind_transmitter_resp&) const = default;
};
struct bind_transceiver_resp : bind_resp_fields {
    static constexpr auto id = command::bind_transceiver_resp;
    bool operator==(const bind_transceiver_resp&) const = default;
};

struct outbind {
    static constexpr auto id = command::outbind;
    std::string_view system_id = {};
    std::string_view password = {};
    bool operator==(const outbind&) const = default;
};

/// submit_sm and deliver_sm are of one layout.
struct message_fields {
    std::string_view service_type = {};
    party source = {};
    party destination = {};
    std::uint8_t esm_class = 0;
    std::uint8_t protocol_id = 0;
    std::uint8_t priority_flag = 0;
    std::string_view schedule_delivery_time = {}; ///< empty or YYMMDDhhmmsstnnp
    std::string_view validity_period = {};        ///< likewise
    std::uint8_t registered_delivery = 0;
    std::uint8_t replace_if_present_flag = 0;
    std::uint8_t data_coding = 0;
    std::uint8_t sm_default_msg_id = 0;
    std::string_view short_message = {}; ///< octets
    parameters_view parameters = {};
    bool operator==(const message_fields&) const = default;
};
struct submit_sm : message_fields {
    static constexpr auto id = command::submit_sm;
    bool operator==(const submit_sm&) const = default;
};
struct deliver_sm : message_fields {
    static constexpr auto id = command::deliver_sm;
    bool operator==(const deliver_sm&) const = default;
};

/// What answers that name a message have in common.
struct message_resp_fields {
    std::string_view message_id = {};
    parameters_view parameters = {};
    bool operator==(const message_resp_fields&) const = default;
};
struct submit_sm_resp : message_resp_fields {
    static constexpr auto id = command::submit_sm_resp;
    bool operator==(const submit_sm_resp&) const = default;
};
struct deliver_sm_resp : message_resp_fields {
    static constexpr auto id = command::deliver_sm_resp;
    bool operator==(const deliver_sm_resp&) const = default;
};
struct data_sm_resp : message_resp_fields {
    static constexpr auto id = command::data_sm_resp;
    bool operator==(const data_sm_resp&) const = default;
};

struct data_sm {
    static constexpr auto id = command::data_sm;
    std::string_view service_type = {};
    party source = {};
    party destination = {};
    std::uint8_t esm_class = 0;
    std::uint8_t registered_delivery = 0;
    std::uint8_t data_coding = 0;
    parameters_view parameters = {};
    bool operator==(const data_sm&) const = default;
};

struct query_sm {
    static constexpr auto id = command::query_sm;
    std::string_view message_id = {};
    party source = {};
    bool operator==(const query_sm&) const = default;
};
struct query_sm_resp {
    static constexpr auto id = command::query_sm_resp;
    std::string_view message_id = {};
    std::string_view final_date = {};
    std::uint8_t message_state = 0;
    std::uint8_t error_code = 0;
    bool operator==(const query_sm_resp&) const = default;
};

struct cancel_sm {
    static constexpr auto id = command::cancel_sm;
    std::string_view service_type = {};
    std::string_view message_id = {};
    party source = {};
    party destination = {};
    bool operator==(const cancel_sm&) const = default;
};
struct replace_sm {
    static constexpr auto id = command::replace_sm;
    std::string_view message_id = {};
    party source = {};
    std::string_view schedule_delivery_time = {};
    std::string_view validity_period = {};
    std::uint8_t registered_delivery = 0;
    std::uint8_t sm_default_msg_id = 0;
    std::string_view short_message = {};
    bool operator==(const replace_sm&) const = default;
};

struct alert_notification {
    static constexpr auto id = command::alert_notification;
    party source = {};
    party esme = {};
    parameters_view parameters = {};
    bool operator==(const alert_notification&) const = default;
};

/// A destination of submit_multi: an address, or the name of a distribution list.
struct destination {
    party address = {};
    std::string_view list = {}; ///< not empty: a list, and `address` says nothing
    bool operator==(const destination&) const = default;
};
struct submit_multi {
    static constexpr auto id = command::submit_multi;
    std::string_view service_type = {};
    party source = {};
    std::vector<destination> destinations = {}; ///< 1 to destinations_max
    std::uint8_t esm_class = 0;
    std::uint8_t protocol_id = 0;
    std::uint8_t priority_flag = 0;
    std::string_view schedule_delivery_time = {};
    std::string_view validity_period = {};
    std::uint8_t registered_delivery = 0;
    std::uint8_t replace_if_present_flag = 0;
    std::uint8_t data_coding = 0;
    std::uint8_t sm_default_msg_id = 0;
    std::string_view short_message = {};
    parameters_view parameters = {};
    bool operator==(const submit_multi&) const = default;
};
struct failed_destination {
    party address = {};
    std::uint32_t status = 0;
    bool operator==(const failed_destination&) const = default;
};
struct submit_multi_resp {
    static constexpr auto id = command::submit_multi_resp;
    std::string_view message_id = {};
    std::vector<failed_destination> failed = {}; ///< at most 255
    parameters_view parameters = {};
    bool operator==(const submit_multi_resp&) const = default;
};

// Of the header alone. What follows it all the same is passed over.
struct generic_nack {
    static constexpr auto id = command::generic_nack;
    bool operator==(const generic_nack&) const = default;
};
struct unbind {
    static constexpr auto id = command::unbind;
    bool operator==(const unbind&) const = default;
};
struct unbind_resp {
    static constexpr auto id = command::unbind_resp;
    bool operator==(const unbind_resp&) const = default;
};
struct enquire_link {
    static constexpr auto id = command::enquire_link;
    bool operator==(const enquire_link&) const = default;
};
struct enquire_link_resp {
    static constexpr auto id = command::enquire_link_resp;
    bool operator==(const enquire_link_resp&) const = default;
};
struct cancel_sm_resp {
    static constexpr auto id = command::cancel_sm_resp;
    bool operator==(const cancel_sm_resp&) const = default;
};
struct replace_sm_resp {
    static constexpr auto id = command::replace_sm_resp;
    bool operator==(const replace_sm_resp&) const = default;
};

/// Empty: a command that this codec does not know.
using body =
    std::variant<std::monostate, generic_nack, bind_receiver, bind_receiver_resp, bind_transmitter,
                 bind_transmitter_resp, bind_transceiver, bind_transceiver_resp, outbind, unbind,
                 unbind_resp, enquire_link, enquire_link_resp, submit_sm, submit_sm_resp,
                 deliver_sm, deliver_sm_resp, data_sm, data_sm_resp, query_sm, query_sm_resp,
                 cancel_sm, cancel_sm_resp, replace_sm, replace_sm_resp, alert_notification,
                 submit_multi, submit_multi_resp>;

struct header {
    std::uint32_t length = 0;
    command id = command::generic_nack; ///< perhaps none that is named above
    std::uint32_t status = 0;           ///< 0 in requests; any value in responses (status.hpp)
    std::uint32_t sequence = 0;         ///< a response repeats the request's, whatever it was
    bool operator==(const header&) const = default;
};

} // namespace uthan::adapters::smpp
