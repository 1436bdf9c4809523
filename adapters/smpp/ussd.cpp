#include "adapters/smpp/ussd.hpp"

#include "adapters/smpp/number.hpp"
#include "texts/forms.hpp"
#include "texts/gsm7.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace uthan::adapters::smpp {
namespace {

constexpr std::uint16_t end_mask = 0x0001;

enum class ussd_kind : std::uint8_t { begin, input, end, unknown };

bool among(const std::vector<std::uint8_t>& ops, std::uint8_t op) noexcept {
    return std::ranges::find(ops, op) != ops.end();
}

ussd_kind kind_of(const deliver_sm& message, const ussd_description& as, std::string_view text) {
    const auto info = message.parameters.u16(tag::its_session_info);
    if (as.end_bit && info && (*info & end_mask) != 0) {
        return ussd_kind::end;
    }
    const auto op = message.parameters.u8(tag::ussd_service_op);
    if (!op) {
        return text.starts_with('*') && text.ends_with('#') ? ussd_kind::begin : ussd_kind::input;
    }
    if (among(as.begin_ops, *op)) {
        return ussd_kind::begin;
    }
    if (among(as.input_ops, *op)) {
        return ussd_kind::input;
    }
    return among(as.end_ops, *op) ? ussd_kind::end : ussd_kind::unknown;
}

/// Null: the parameter that tells dialogues apart is missing.
std::optional<std::string> session_of(const ussd_return& from, ussd_session_key by) {
    switch (by) {
    case ussd_session_key::its_session_info:
        return from.session_info
                   ? std::optional{fmt::format("i{:04X}", *from.session_info & ~end_mask & 0xFFFF)}
                   : std::nullopt;
    case ussd_session_key::session_number:
        return from.session_info ? std::optional{fmt::format("n{:02X}", *from.session_info >> 8)}
                                 : std::nullopt;
    case ussd_session_key::user_message_reference:
        return from.reference ? std::optional{fmt::format("r{:04X}", *from.reference)}
                              : std::nullopt;
    case ussd_session_key::subscriber:
        break;
    }
    return "one";
}

/// Null: its data_coding is of no text.
std::optional<std::string> text_of(const deliver_sm& message, const ussd_description& as) {
    auto coding = as.seven_bit;
    switch (message.data_coding) {
    case 0x00:
    case 0x01:
    case 0x0F:
        break;
    case 0x08:
    case 0x18:
    case 0x48:
        coding = texts::user_data_coding::ucs2;
        break;
    default:
        return std::nullopt;
    }
    const auto octets = message.short_message.empty()
                            ? message.parameters.value(tag::message_payload).value_or("")
                            : message.short_message;
    auto text = texts::text_of(texts::parse_user_data(octets, false, coding));
    // Carriage returns fill up packed strings; a NUL ends them at some peers.
    constexpr std::string_view blank{" \t\r\n\0", 5};
    text.erase(text.find_last_not_of(blank) + 1);
    text.erase(0, std::min(text.find_first_not_of(blank), text.size()));
    return texts::with_ascii_digits(text);
}

std::string dialled_of(const deliver_sm& message, const ussd_description& as, std::string text) {
    const bool is_told = as.code == ussd_code_place::both && !text.empty();
    if (as.code == ussd_code_place::short_message || is_told) {
        return text;
    }
    const auto code = message.destination.address;
    return code.starts_with('*') ? std::string{code} : fmt::format("*{}#", code);
}

ussd_return return_of(const deliver_sm& message) {
    return {std::string{message.source.address},
            std::string{message.destination.address},
            message.source.ton,
            message.source.npi,
            message.destination.ton,
            message.destination.npi,
            message.parameters.u16(tag::its_session_info),
            message.parameters.u16(tag::user_message_reference)};
}

/// Null: the alphabet lacks a character.
std::optional<std::string> in_seven_bit(std::string_view text, texts::user_data_coding as) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto code_point = texts::next_code_point(text, at);
        if (as == texts::user_data_coding::gsm7) {
            const auto code = texts::code_in_gsm7(code_point);
            if (code.septets == 0) {
                return std::nullopt;
            }
            texts::append_septets(out, code);
        } else if (code_point < (as == texts::user_data_coding::latin1 ? 0x100U : 0x80U)) {
            out.push_back(static_cast<char>(code_point));
        } else {
            return std::nullopt;
        }
    }
    return out;
}

std::string in_utf16(std::string_view text) {
    std::string out;
    const auto unit = [&out](char32_t value) {
        out.push_back(static_cast<char>(value >> 8));
        out.push_back(static_cast<char>(value & 0xFF));
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto code_point = texts::next_code_point(text, at);
        if (code_point > 0xFFFF) {
            unit(0xD800 + ((code_point - 0x10000) >> 10));
            unit(0xDC00 + ((code_point - 0x10000) & 0x3FF));
        } else {
            unit(code_point);
        }
    }
    return out;
}

/// Refusals of what we are or how we write, whoever the subscriber is.
bool is_of_our_provisioning(std::uint32_t status) noexcept {
    constexpr std::array statuses{0x03U, 0x0AU, 0x15U, 0x43U, 0x48U, 0x49U,
                                  0x50U, 0x51U, 0xC1U, 0xC3U, 0xC4U};
    return std::ranges::find(statuses, status) != statuses.end();
}

/// Refusals of this subscriber: the network has no dialogue with her any more.
bool is_of_the_subscriber(std::uint32_t status) noexcept {
    constexpr std::array statuses{0x0BU, 0x45U, 0x65U, 0x66U, 0xFEU};
    return std::ranges::find(statuses, status) != statuses.end();
}

push_class class_of_refusal(std::uint32_t status, status_class as) noexcept {
    switch (as) {
    case status_class::ok:
        return push_class::ok;
    case status_class::throttle:
    case status_class::temporary:
        return push_class::transient;
    case status_class::session:
    case status_class::no_money:
        return push_class::config;
    case status_class::permanent:
    case status_class::unknown:
        break;
    }
    if (is_of_our_provisioning(status)) {
        return push_class::config;
    }
    if (is_of_the_subscriber(status)) {
        return push_class::user;
    }
    return as == status_class::permanent ? push_class::client : push_class::unknown;
}

} // namespace

bool is_ussd(const deliver_sm& message, const ussd_description& as) {
    return message.parameters.u8(tag::ussd_service_op).has_value() ||
           (!as.service_type.empty() && message.service_type == as.service_type);
}

parsed<ussd_received> read_ussd(const deliver_sm& message, const ussd_description& as,
                                const channel_context& on, std::string request_id) {
    auto text = text_of(message, as);
    if (!text) {
        return rejection{"data_coding is not of a text"};
    }
    if (text->size() > sessions::history_bytes_max) {
        return rejection{"short_message is too long"};
    }
    const auto what = kind_of(message, as, *text);
    auto back = return_of(message);
    auto session = session_of(back, as.key);
    auto subscriber = number_of(message.source, on.plan);
    if (what == ussd_kind::end || what == ussd_kind::unknown) {
        return ussd_received{
            ussd_ended{what == ussd_kind::end ? end_notice::told : end_notice::unknown,
                       session.value_or(std::string{}),
                       std::move(request_id),
                       std::move(subscriber),
                       back.number,
                       {}},
            std::move(back)};
    }
    if (!session) {
        return rejection{as.key == ussd_session_key::user_message_reference
                             ? "user_message_reference is missing"
                             : "its_session_info is missing"};
    }
    if (!subscriber) {
        return rejection{"source_addr is not a number"};
    }
    ussd_turn made{
        {std::move(*session), std::move(*subscriber), std::string{on.service_code}, {}, {}},
        back.number,
        {}};
    made.turn.style = sessions::turn_style::input;
    made.turn.begins = what == ussd_kind::begin;
    made.turn.request_id = std::move(request_id);
    if (made.turn.begins) {
        made.turn.dialled = dialled_of(message, as, std::move(*text));
    } else {
        made.turn.input = std::move(*text);
    }
    return ussd_received{std::move(made), std::move(back)};
}

submit_sm ussd_screen::pdu() const {
    submit_sm made;
    made.service_type = service_type_;
    made.source = {to_.code_ton, to_.code_npi, to_.code};
    made.destination = {to_.number_ton, to_.number_npi, to_.number};
    made.data_coding = data_coding_;
    made.short_message = text_;
    made.parameters = parameters_view{parameters_};
    return made;
}

data_sm ussd_screen::data() const {
    data_sm made;
    made.service_type = service_type_;
    made.source = {to_.code_ton, to_.code_npi, to_.code};
    made.destination = {to_.number_ton, to_.number_npi, to_.number};
    made.data_coding = data_coding_;
    made.parameters = parameters_view{parameters_};
    return made;
}

result<ussd_screen> render_ussd(const ussd_return& to, const ussd_description& as,
                                std::string_view text, bool final) {
    if (!texts::is_valid_utf8(text)) {
        return errc::invalid_utf8;
    }
    ussd_screen made;
    auto seven_bit = in_seven_bit(text, as.seven_bit);
    made.data_coding_ = seven_bit ? as.seven_bit_coding : as.ucs2_coding;
    made.text_ = seven_bit ? std::move(*seven_bit) : in_utf16(text);
    if (made.text_.size() > ussd_screen_octets_max) {
        return errc::too_large;
    }
    made.to_ = to;
    made.service_type_ = as.service_type;
    auto& parameters = made.parameters_;
    append_parameter(parameters, tag::ussd_service_op, final ? as.final_op : as.continue_op);
    if (to.session_info) {
        const auto kept = static_cast<std::uint16_t>(*to.session_info & ~end_mask);
        append_parameter(parameters, tag::its_session_info,
                         static_cast<std::uint16_t>(kept | (final && as.end_bit ? end_mask : 0)));
    }
    if (to.reference) {
        append_parameter(parameters, tag::user_message_reference, *to.reference);
    }
    if (as.its_reply_type && !final) {
        append_parameter(parameters, tag::its_reply_type, *as.its_reply_type);
    }
    made.is_data_ = as.screen_pdu == ussd_screen_pdu::data_sm;
    if (made.is_data_ || made.text_.size() > short_message_octets_max) {
        append_parameter(parameters, tag::message_payload, std::string_view{made.text_});
        made.text_.clear();
    }
    return made;
}

push_answer read_screen_answer(std::uint32_t status, const status_classes& by) {
    return {class_of_refusal(status, by.of(status)), status_text(status)};
}

} // namespace uthan::adapters::smpp
