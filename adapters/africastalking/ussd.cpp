#include "adapters/africastalking/ussd.hpp"

#include "adapters/form.hpp"

#include <fmt/format.h>

namespace uthan::adapters::africastalking {
namespace {

constexpr std::size_t id_bytes_max = 128;

rejection missing(std::string_view field) {
    return {fmt::format("the field {} is missing or empty", field)};
}

/// A required field that may not be empty and is of bounded length.
const std::string* required(const form& fields, std::string_view name, rejection& why) {
    const auto* value = fields.find(name);
    if (value == nullptr || value->empty()) {
        why = missing(name);
        return nullptr;
    }
    if (value->size() > id_bytes_max) {
        why = {fmt::format("the field {} is too long", name)};
        return nullptr;
    }
    return value;
}

session_status status_of(std::string_view text) noexcept {
    if (text == "Success") {
        return session_status::success;
    }
    if (text == "Incomplete") {
        return session_status::incomplete;
    }
    if (text == "Failed") {
        return session_status::failed;
    }
    return session_status::unknown;
}

} // namespace

parsed<sessions::inbound_turn> parse_ussd(std::string_view body, const numbering& plan) {
    auto read = form::parse(body);
    if (const auto* refused = std::get_if<rejection>(&read)) {
        return *refused;
    }
    const auto& fields = std::get<form>(read);
    rejection why;
    const auto* session_id = required(fields, "sessionId", why);
    const auto* number = session_id ? required(fields, "phoneNumber", why) : nullptr;
    const auto* code = number ? required(fields, "serviceCode", why) : nullptr;
    if (code == nullptr) {
        return why;
    }
    // Empty on the first turn, but always there.
    const auto* text = fields.find("text");
    if (text == nullptr) {
        return rejection{"the field text is missing"};
    }
    if (text->size() > sessions::history_bytes_max) {
        return rejection{"the field text is too long"};
    }
    auto subscriber = plan.parse(*number);
    if (!subscriber) {
        subscriber = address::e164(*number);
    }
    if (!subscriber) {
        return rejection{"the field phoneNumber is not a number"};
    }
    const auto* network = fields.find("networkCode");
    return sessions::inbound_turn{*session_id, std::move(*subscriber), *code,
                                  network ? *network : std::string{}, *text};
}

std::string render_ussd(std::string_view text, bool final) {
    std::string body{final ? "END " : "CON "};
    body += text;
    return body;
}

parsed<session_end> parse_session_end(std::string_view body) {
    auto read = form::parse(body);
    if (const auto* refused = std::get_if<rejection>(&read)) {
        return *refused;
    }
    const auto& fields = std::get<form>(read);
    rejection why;
    const auto* session_id = required(fields, "sessionId", why);
    if (session_id == nullptr) {
        return why;
    }
    const auto* code = fields.find("serviceCode");
    const auto* status = fields.find("status");
    return session_end{*session_id, code ? *code : std::string{},
                       status ? status_of(*status) : session_status::unknown};
}

} // namespace uthan::adapters::africastalking
