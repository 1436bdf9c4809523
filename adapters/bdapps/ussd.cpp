#include "adapters/bdapps/ussd.hpp"

#include "adapters/fields.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace uthan::adapters::bdapps {
namespace {

/// What every callback has.
struct common {
    std::string operation;
    std::string session_id;
    std::string request_id;
    std::string source_address;
};

rejection about(std::string_view field, std::string_view says) {
    return {fmt::format("the field {} {}", field, says)};
}

/// A field that must be there as text; it may be empty.
const std::string* text_of(const fields& in, std::string_view name, rejection& why) {
    const auto* found = in.find(name);
    if (found == nullptr || found->what == fields::kind::none) {
        why = about(name, "is missing or empty");
        return nullptr;
    }
    if (found->what != fields::kind::text) {
        why = about(name, "is not text");
        return nullptr;
    }
    return &found->value;
}

bool read_id(const fields& in, std::string_view name, std::string& target, rejection& why) {
    const auto* value = text_of(in, name, why);
    if (value == nullptr) {
        return false;
    }
    if (const char* fault = fault_of_id(*value)) {
        why = about(name, fault);
        return false;
    }
    target = *value;
    return true;
}

/// "tel:" and a number of the plan, or a mask: an opaque token of this channel, exactly as sent.
address subscriber_of(const std::string& written, const channel_context& on, addresses given) {
    if (given == addresses::numbers_or_masks) {
        if (auto number = on.plan.parse(written)) {
            return std::move(*number);
        }
    }
    return address::opaque(std::string{on.channel}, written);
}

parsed<ussd_event> turn_of(const fields& in, common read, address subscriber,
                           const channel_context& on) {
    rejection why;
    const auto* message = text_of(in, "message", why);
    if (message == nullptr) {
        return why;
    }
    if (message->size() > sessions::history_bytes_max) {
        return about("message", "is too long");
    }
    ussd_turn made{
        {std::move(read.session_id), std::move(subscriber), std::string{on.service_code}, {}, {}},
        std::move(read.source_address),
        {}};
    made.turn.style = sessions::turn_style::input;
    made.turn.begins = read.operation == "mo-init";
    made.turn.request_id = std::move(read.request_id);
    (made.turn.begins ? made.turn.dialled : made.turn.input) = *message;
    return made;
}

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7F) || c == '\n'; });
}

bool is_status_code(std::string_view code) noexcept {
    return code.size() == 5 && (code.front() == 'S' || code.front() == 'E') &&
           code.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

} // namespace

parsed<ussd_event> parse_ussd(std::string_view body, const channel_context& on,
                              std::string_view application_id, addresses given) {
    auto outcome = read_json(body);
    if (const auto* refused = std::get_if<rejection>(&outcome)) {
        return *refused;
    }
    const auto& in = std::get<fields>(outcome);
    common read;
    std::string application;
    rejection why;
    if (!read_id(in, "applicationId", application, why) ||
        !read_id(in, "ussdOperation", read.operation, why) ||
        !read_id(in, "sessionId", read.session_id, why) ||
        !read_id(in, "sourceAddress", read.source_address, why) ||
        !read_id(in, "requestId", read.request_id, why)) {
        return why;
    }
    if (application != application_id) {
        return about("applicationId", "is not this channel's");
    }
    auto subscriber = subscriber_of(read.source_address, on, given);
    if (read.operation == "mo-init" || read.operation == "mo-cont") {
        return turn_of(in, std::move(read), std::move(subscriber), on);
    }
    const bool told = read.operation == "mo-fin" || read.operation == "mo-cancel";
    return ussd_ended{told ? end_notice::told : end_notice::unknown,
                      std::move(read.session_id),
                      std::move(read.request_id),
                      std::move(subscriber),
                      std::move(read.source_address),
                      {}};
}

std::string acknowledgement() {
    return R"({"statusCode":"S1000","statusDetail":"Success"})";
}

result<std::string> render_send(const credentials& as, const ussd_turn& to, std::string_view text,
                                bool final) {
    if (!is_printable(text)) {
        return errc::malformed;
    }
    if (text.size() > message_bytes_max) {
        return errc::too_large;
    }
    boost::json::object body;
    body["applicationId"] = as.application_id;
    body["password"] = as.password;
    body["version"] = "1.0";
    body["message"] = text;
    body["sessionId"] = to.turn.session_id;
    body["ussdOperation"] = final ? "mt-fin" : "mt-cont";
    body["destinationAddress"] = to.number_as_sent;
    body["encoding"] = "440";
    return boost::json::serialize(body);
}

push_answer read_send_answer(unsigned http_status, std::string_view body) {
    const bool answered = http_status >= 200 && http_status < 300;
    const auto outcome = read_json(body);
    if (const auto* in = std::get_if<fields>(&outcome)) {
        rejection why;
        const auto* code = text_of(*in, "statusCode", why);
        if (code != nullptr && is_status_code(*code)) {
            const auto what = class_of(*code);
            // A failure at the HTTP level is none the less one for its body.
            return {!answered && what == push_class::ok ? push_class::unknown : what, *code};
        }
    }
    if (http_status == 429 || http_status >= 500) {
        return {push_class::transient, std::to_string(http_status)};
    }
    return {push_class::unknown, std::to_string(http_status)};
}

} // namespace uthan::adapters::bdapps
