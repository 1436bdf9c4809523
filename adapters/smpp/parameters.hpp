#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The optional parameters (TLVs) at the end of a PDU: tag u16, length u16, value.
namespace uthan::adapters::smpp {

/// Tags that are read or written by name; any other is carried along.
enum class tag : std::uint16_t {
    qos_time_to_live = 0x0017,
    additional_status_info_text = 0x001D,
    receipted_message_id = 0x001E,
    user_message_reference = 0x0204,
    source_port = 0x020A,
    destination_port = 0x020B,
    sar_msg_ref_num = 0x020C,
    sar_total_segments = 0x020E,
    sar_segment_seqnum = 0x020F,
    sc_interface_version = 0x0210,
    network_error_code = 0x0423,
    message_payload = 0x0424,
    delivery_failure_reason = 0x0425,
    more_messages_to_send = 0x0426,
    message_state = 0x0427,
    ussd_service_op = 0x0501,
    its_reply_type = 0x1380,
    its_session_info = 0x1383
};

/// The parameters of one PDU as they stand on the wire, in any order. Of several with one tag the
/// first that has the right length counts; one of a wrong length is as if it were not there.
class parameters_view {
public:
    parameters_view() = default;
    /// `octets` must be whole parameters, as append_parameter writes and `whole` tells.
    explicit parameters_view(std::string_view octets) noexcept : octets_(octets) {}
    /// Whether every parameter ends within the octets and nothing is left over.
    static bool whole(std::string_view octets) noexcept;

    bool empty() const noexcept { return octets_.empty(); }
    std::string_view octets() const noexcept { return octets_; }

    std::optional<std::uint8_t> u8(tag of) const noexcept;
    std::optional<std::uint16_t> u16(tag of) const noexcept;
    std::optional<std::uint32_t> u32(tag of) const noexcept;
    /// A value of `length_min` to `length_max` octets.
    std::optional<std::string_view> value(tag of, std::size_t length_min = 0,
                                          std::size_t length_max = 0xFFFF) const noexcept;
    /// A text, up to its NUL or, as many peers write it, up to its end.
    std::optional<std::string_view> text(tag of, std::size_t length_max) const noexcept;

    /// How many are passed over: of a tag of SMPP 3.4 with a wrong length, or repeated.
    /// callback_num and its companions may repeat.
    unsigned ignored() const noexcept;

    bool operator==(const parameters_view&) const = default;

private:
    std::string_view octets_;
};

void append_parameter(std::string& to, tag of, std::uint8_t value);
void append_parameter(std::string& to, tag of, std::uint16_t value);
void append_parameter(std::string& to, tag of, std::uint32_t value);
/// `value` of at most 65,535 octets; the rest of a longer one is left out.
void append_parameter(std::string& to, tag of, std::string_view value);

} // namespace uthan::adapters::smpp
