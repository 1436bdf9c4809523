#include "adapters/bdapps/sms.hpp"

#include "adapters/bdapps/ussd.hpp"
#include "adapters/sms_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace uthan::adapters::bdapps {
namespace {

namespace json = boost::json;

constexpr std::size_t destinations_max = 50;

constexpr std::array keys{sms_key{"url", sms_key_kind::url, false, "https://developer.bdapps.com"},
                          sms_key{"application_id", sms_key_kind::text, true},
                          sms_key{"password", sms_key_kind::secret, true},
                          sms_key{"sender"},
                          sms_key{"addresses", sms_key_kind::text, false, "numbers_or_masks"},
                          callback_secret_key};

/// Subscribers that this application may not reach.
constexpr std::array<std::string_view, 4> blocked_codes{"E1342", "E1356", "E1357", "E1365"};

using enum sms::receipt_state;
constexpr std::array<receipt_word, 11> states{{{"DELIVERED", delivered},
                                               {"DELIVRD", delivered},
                                               {"EXPIRED", expired},
                                               {"DELETED", failed},
                                               {"UNDELIVERABLE", failed},
                                               {"UNDELIV", failed},
                                               {"REJECTED", failed},
                                               {"REJECTD", failed},
                                               {"ACCEPTED", underway},
                                               {"ACCEPTD", underway},
                                               {"UNKNOWN", underway}}};

sms_outcome outcome_of(std::string_view code) noexcept {
    switch (class_of(code)) {
    case push_class::ok:
        return sms_outcome::accepted;
    case push_class::config:
        return sms_outcome::credentials;
    case push_class::client:
        return code == "E1312" || code == "E1340" || code == "E1362" ? sms_outcome::defect
                                                                     : sms_outcome::refused;
    case push_class::user:
        return std::ranges::find(blocked_codes, code) == blocked_codes.end() ? sms_outcome::refused
                                                                             : sms_outcome::blocked;
    case push_class::transient:
        return sms_outcome::later;
    case push_class::unknown:
        break;
    }
    return sms_outcome::unknown;
}

/// A number goes out as a tel URI, a mask byte for byte.
std::string written_address(const address& to) {
    return to.type() == address::kind::msisdn ? "tel:" + to.reveal() : to.reveal();
}

sms_result result_of(std::string_view code, std::string id) {
    const auto what = outcome_of(code);
    if (what != sms_outcome::accepted) {
        id.clear();
    }
    return {what, std::move(id), safe_code(code)};
}

std::string first_of(const json::value& in, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        auto value = text_at(in, name).value_or("");
        if (!value.empty()) {
            return value;
        }
    }
    return {};
}

const json::value* entry_of(const json::value& tree, const std::string& address) {
    const auto* const found = value_at(tree, "destinationResponses");
    const auto* const list = found == nullptr ? nullptr : found->if_array();
    if (list == nullptr) {
        return nullptr;
    }
    const auto is_of = [&](const json::value& one) { return text_at(one, "address") == address; };
    const auto* const entry = std::ranges::find_if(*list, is_of);
    return entry == list->end() ? nullptr : entry;
}

class translator final : public sms_translator {
public:
    using sms_translator::sms_translator;

    sms_capacity capacity() const noexcept override {
        return {
            .messages_per_request = destinations_max, .gives_receipts = true, .takes_masks = true};
    }

    bool joins(std::span<const sms_text> before, const sms_text& next) const override {
        return before.front().utf8 == next.utf8 &&
               std::ranges::find(before, next.to, &sms_text::to) == before.end();
    }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        json::array to;
        for (const auto& one : items) {
            auto written = written_address(one.from.to);
            if (written == "tel:all") { // the whole subscribed base
                return errc::invalid_msisdn;
            }
            to.emplace_back(std::move(written));
        }
        json::object body;
        body["applicationId"] = settings().value("application_id");
        body["password"] = settings().value("password");
        body["version"] = "1.0";
        body["destinationAddresses"] = std::move(to);
        body["message"] = items.front().utf8;
        if (!settings().value("sender").empty()) {
            body["sourceAddress"] = settings().value("sender");
        }
        body["deliveryStatusRequest"] = "1";
        body["encoding"] = "0";
        return sms_request{.url = settings().value("url") + "/sms/send",
                           .content_type = std::string{content_type},
                           .body = json::serialize(body)};
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const override {
        const auto tree = read_json_tree(reply.body);
        const auto code = tree ? text_at(*tree, "statusCode").value_or("") : std::string{};
        const bool is_ok = reply.status >= 200 && reply.status < 300;
        // A failure at the HTTP level is none the less one for its body.
        if (code.empty() || (!is_ok && class_of(code) == push_class::ok)) {
            return {};
        }
        const auto of_send = first_of(*tree, {"messageId", "requestId"});
        sms_answer answer;
        for (const auto& one : messages) {
            const auto* const entry = entry_of(*tree, written_address(one.to));
            if (entry == nullptr) {
                answer.each.push_back(result_of(code, of_send));
                continue;
            }
            // A receipt names the send's messageId, not the destination's.
            auto id = text_at(*tree, "messageId").value_or("");
            answer.each.push_back(
                result_of(text_at(*entry, "statusCode").value_or(""),
                          id.empty() ? first_of(*entry, {"messageId"}) : std::move(id)));
            if (answer.each.back().external_id.empty() &&
                answer.each.back().what == sms_outcome::accepted) {
                answer.each.back().external_id = of_send;
            }
        }
        return answer;
    }

    address subscriber_of(const std::string& written) const {
        if (settings().value("addresses") != "masks") {
            if (auto number = settings().plan.parse(written)) {
                return std::move(*number);
            }
        }
        return address::opaque(settings().channel, written);
    }

    /// Every callback is acknowledged, also one that cannot be read.
    callback_reading read(const callback_request& request, instant now) const override {
        auto made = read_inside(request, now);
        made.status = 200;
        made.content_type = content_type;
        made.body = acknowledgement();
        return made;
    }

    callback_reading read_inside(const callback_request& request, instant now) const {
        const auto read = field_set::read(field_format::json, request.body);
        if (const auto* refused = std::get_if<rejection>(&read)) {
            return refused_callback(400, refused->reason);
        }
        const auto& in = std::get<field_set>(read);
        // One official sample lacks it.
        const auto application = in.find("applicationId");
        if (application && *application != settings().value("application_id")) {
            return refused_callback(403, "the field applicationId is not this channel's");
        }
        switch (request.at) {
        case callback_path::sms:
            return read_text(in);
        case callback_path::receipts:
            return read_receipt(in, now);
        case callback_path::events:
            break;
        }
        return read_subscription(in);
    }

    callback_reading read_text(const field_set& in) const {
        std::string why;
        const auto from = read_id(in, "sourceAddress", why);
        const auto id = from ? read_id(in, "requestId", why) : std::nullopt;
        if (!id) {
            return refused_callback(400, why);
        }
        const auto message = in.find("message");
        if (!message) {
            return refused_callback(400, "the field message is missing or empty");
        }
        callback_reading made;
        take_text(made, {subscriber_of(*from), settings().value("sender"), *message, *id});
        return made;
    }

    callback_reading read_receipt(const field_set& in, instant now) const {
        std::string why;
        const auto to = read_id(in, "destinationAddress", why);
        const auto id = to ? read_id(in, "requestId", why) : std::nullopt;
        if (!id) {
            return refused_callback(400, why);
        }
        const auto subscriber = subscriber_of(*to);
        const bool is_number = subscriber.type() == address::kind::msisdn;
        callback_reading made;
        take_receipt(made, states, in.text("deliveryStatus"),
                     {.account = settings().account,
                      .candidates = {*id},
                      .number = is_number ? subscriber.reveal() : std::string{},
                      .at = now});
        return made;
    }

    /// Subscriptions to the application; `password` comes with them and is not read.
    callback_reading read_subscription(const field_set& in) const {
        std::string why;
        const auto who = read_id(in, "subscriberId", why);
        if (!who) {
            return refused_callback(400, why);
        }
        callback_reading made;
        if (in.text("status") == "UNREGISTERED") {
            made.opt_outs.push_back({subscriber_of(*who), settings().value("sender")});
        } else {
            made.passed_over = 1;
        }
        return made;
    }
};

std::unique_ptr<const sms_translator> make(sms_settings as, std::vector<sms_problem>& problems) {
    if (as.value("addresses") != "masks" && as.value("addresses") != "numbers_or_masks") {
        problems.push_back({"addresses", "must be \"numbers_or_masks\" or \"masks\""});
    }
    return std::make_unique<const translator>(std::move(as));
}

} // namespace

const sms_adapter text_messages{"bdapps", keys, make};

} // namespace uthan::adapters::bdapps
