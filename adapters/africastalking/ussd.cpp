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
std::optional<std::string_view> required(const form& fields, std::string_view name,
                                         rejection& why) {
    const auto value = fields.find(name);
    if (!value || value->empty()) {
        why = missing(name);
        return std::nullopt;
    }
    if (value->size() > id_bytes_max) {
        why = {fmt::format("the field {} is too long", name)};
        return std::nullopt;
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
    const auto session_id = required(fields, "sessionId", why);
    const auto number = session_id ? required(fields, "phoneNumber", why) : std::nullopt;
    const auto code = number ? required(fields, "serviceCode", why) : std::nullopt;
    if (!code) {
        return why;
    }
    // Empty on the first turn, but always there.
    const auto text = fields.find("text");
    if (!text) {
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
    sessions::inbound_turn turn{.session_id = std::string{*session_id},
                                .subscriber = std::move(*subscriber),
                                .service_code = std::string{*code},
                                .network_code =
                                    std::string{fields.find("networkCode").value_or("")},
                                .history = std::string{*text}};
    return turn;
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
    const auto session_id = required(fields, "sessionId", why);
    if (!session_id) {
        return why;
    }
    const auto status = fields.find("status");
    return session_end{std::string{*session_id},
                       std::string{fields.find("serviceCode").value_or("")},
                       status ? status_of(*status) : session_status::unknown};
}

} // namespace uthan::adapters::africastalking
