#include "adapters/smpp/text.hpp"

#include "adapters/smpp/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;
using texts::user_data_coding;

constexpr std::uint8_t esm_header = 0x40; // UDHI
constexpr std::uint8_t receipt_asked = 0x01;

void append_sar(std::string& to, std::uint16_t reference, std::size_t total, std::size_t number) {
    append_parameter(to, tag::sar_msg_ref_num, reference);
    append_parameter(to, tag::sar_total_segments, static_cast<std::uint8_t>(total));
    append_parameter(to, tag::sar_segment_seqnum, static_cast<std::uint8_t>(number));
}

/// The optional parameters of every part.
std::vector<std::string> parameters_of(const texts::sms_segments& made,
                                       texts::concatenation joined_by, std::uint16_t reference) {
    const auto total = made.parts.size();
    std::vector<std::string> out(total);
    for (std::size_t i = 0; i < total; ++i) {
        if (joined_by == texts::concatenation::sar && total > 1) {
            append_sar(out[i], reference, total, i + 1);
        }
        if (joined_by == texts::concatenation::payload && made.plan.parts > 1) {
            append_parameter(out[i], tag::message_payload,
                             std::string_view{made.parts[i].user_data});
        }
    }
    return out;
}

std::string_view octets_of(const deliver_sm& message) {
    return message.short_message.empty()
               ? message.parameters.value(tag::message_payload).value_or("")
               : message.short_message;
}

/// What sar_* say; nothing unless all three do, and fit.
std::optional<texts::part_of_message> sar_of(const parameters_view& parameters) {
    const auto reference = parameters.u16(tag::sar_msg_ref_num);
    const auto total = parameters.u8(tag::sar_total_segments);
    const auto number = parameters.u8(tag::sar_segment_seqnum);
    if (!reference || !total || !number || *number == 0 || *number > *total || *total < 2) {
        return std::nullopt;
    }
    return texts::part_of_message{*reference, true, *total, *number};
}

std::string digest_of(const deliver_sm& message, const sms::inbound_part& made,
                      const short_key& key) {
    const auto kinds = fmt::format("{:02X}{:02X}", message.data_coding, message.esm_class);
    const auto place = made.part ? fmt::format("{:04X}{:02X}{:02X}", made.part->reference,
                                               made.part->total, made.part->number)
                                 : std::string{};
    return to_hex(
        as_bytes(short_digest(key, "smpp-inbound",
                              {made.channel, message.source.address, message.destination.address,
                               kinds, place, made.user_data})));
}

sms::receipt_state state_of(receipt_state read) noexcept {
    switch (read) {
    case receipt_state::delivered:
        return sms::receipt_state::delivered;
    case receipt_state::expired:
        return sms::receipt_state::expired;
    case receipt_state::deleted:
    case receipt_state::undeliverable:
    case receipt_state::rejected:
        return sms::receipt_state::failed;
    case receipt_state::accepted:
    case receipt_state::enroute:
    case receipt_state::unknown:
        break;
    }
    return sms::receipt_state::underway;
}

/// Decimal or, where that is none, hexadecimal; 0 for anything else.
std::uint32_t error_code_of(std::string_view written) noexcept {
    for (const int base : {10, 16}) {
        std::uint32_t value = 0;
        const auto* const end = written.data() + written.size();
        const auto [stopped, fault] = std::from_chars(written.data(), end, value, base);
        if (fault == std::errc{} && stopped == end) {
            return value;
        }
    }
    return 0;
}

std::string subscriber_of(const deliver_sm& message, const numbering& plan) {
    for (const auto& one : {message.source, message.destination}) {
        if (const auto known = plan.parse(one.address)) {
            return known->reveal();
        }
    }
    const auto foreign = number_of(message.source, plan);
    return foreign ? foreign->reveal() : std::string{};
}

} // namespace

submit_sm text_submits::pdu(std::size_t part) const {
    const auto& one = segments_.parts[part];
    const bool is_wide = segments_.plan.in == texts::sms_alphabet::ucs2;
    const bool in_payload =
        as_.form.joined_by == texts::concatenation::payload && segments_.plan.parts > 1;
    submit_sm made;
    made.service_type = as_.service_type;
    made.source = {as_.sender_ton, as_.sender_npi, as_.sender};
    made.destination = {as_.number_ton, as_.number_npi, to_};
    made.esm_class = one.header_octets > 0 ? esm_header : std::uint8_t{0};
    made.validity_period = validity_period_;
    made.registered_delivery = as_.asks_receipt ? receipt_asked : std::uint8_t{0};
    made.data_coding = is_wide ? as_.ucs2_coding : as_.seven_bit_coding;
    made.short_message = in_payload ? std::string_view{} : std::string_view{one.user_data};
    made.parameters = parameters_view{parameters_[part]};
    return made;
}

result<text_submits> render_text(const text_terms& as, const outgoing_text& what, instant now) {
    if (what.to.type() != address::kind::msisdn) {
        return errc::invalid_msisdn;
    }
    auto segments = texts::split_sms(what.utf8, as.form, what.reference);
    if (!segments) {
        return segments.error();
    }
    text_submits made;
    made.as_ = as;
    made.to_ = what.to.reveal();
    if (as.says_validity) {
        made.validity_period_ = relative_time(now, what.valid_until);
    }
    made.parameters_ = parameters_of(*segments, as.form.joined_by, what.reference);
    made.segments_ = std::move(*segments);
    return made;
}

std::string relative_time(instant now, instant then) {
    constexpr std::chrono::seconds longest = std::chrono::days{30};
    const auto exact = std::chrono::floor<std::chrono::seconds>(then - now);
    const auto left = std::clamp<std::chrono::seconds>(exact, 1min, longest);
    const auto days = std::chrono::floor<std::chrono::days>(left);
    const std::chrono::hh_mm_ss rest{left - days};
    return fmt::format("0000{:02}{:02}{:02}{:02}000R", days.count(), rest.hours().count(),
                       rest.minutes().count(), rest.seconds().count());
}

user_data_coding coding_of(std::uint8_t data_coding, user_data_coding of_zero) noexcept {
    const unsigned value = data_coding;
    if (value == 0x00) {
        return of_zero;
    }
    if (value == 0x01) {
        return user_data_coding::ascii;
    }
    if (value == 0x03) {
        return user_data_coding::latin1;
    }
    if (value >= 0xF0) { // a class
        return (value & 0x04) == 0 ? user_data_coding::gsm7 : user_data_coding::binary;
    }
    if (value >= 0xC0) { // a message waits
        return value >= 0xE0 ? user_data_coding::ucs2 : user_data_coding::gsm7;
    }
    const auto alphabet = value & 0x0C;
    if (value == 0x08 || (value >= 0x10 && value < 0x80 && alphabet == 0x08)) {
        return user_data_coding::ucs2;
    }
    const bool is_septets = value >= 0x10 && value < 0x80 && alphabet == 0;
    return is_septets || value == 0x0F ? user_data_coding::gsm7 : user_data_coding::binary;
}

result<sms::inbound_part> inbound_of(const deliver_sm& message, const inbound_terms& as,
                                     instant now) {
    const auto from = number_of(message.source, as.plan);
    if (!from) {
        return errc::invalid_msisdn;
    }
    const auto octets = octets_of(message);
    if (octets.size() > sms::inbound_octets_max) {
        return errc::too_large;
    }
    const auto to = message.destination.address;
    sms::inbound_part made;
    made.channel = as.channel;
    made.from = from->reveal();
    made.to = to.substr(to.starts_with('+') ? 1 : 0);
    made.user_data = octets;
    made.has_header = (message.esm_class & esm_header) != 0;
    made.coding = coding_of(message.data_coding, as.seven_bit);
    made.part = sar_of(message.parameters);
    made.at = now;
    made.external_id = digest_of(message, made, as.key);
    return made;
}

sms::receipt receipt_of(const deliver_sm& message, const receipt& read, const inbound_terms& as,
                        instant now) {
    sms::receipt made;
    made.account = as.account;
    made.candidates = read.candidates;
    made.number = subscriber_of(message, as.plan);
    made.state = state_of(read.state);
    made.error = error_code_of(read.error);
    made.at = now;
    return made;
}

} // namespace uthan::adapters::smpp
