#include "adapters/twilio/sms.hpp"

#include "adapters/escape.hpp"
#include "adapters/sms_fields.hpp"
#include "adapters/twilio/signature.hpp"
#include "adapters/ussd_event.hpp"
#include "core/signature.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace uthan::adapters::twilio {
namespace {

using namespace std::chrono_literals;

/// Of a body; more is error 21617.
constexpr std::size_t body_units_max = 1600;
constexpr std::chrono::seconds validity_max = 4h;

constexpr std::array keys{sms_key{"url", sms_key_kind::url, false, "https://api.twilio.com"},
                          sms_key{"account_sid", sms_key_kind::text, true},
                          sms_key{"auth_token", sms_key_kind::secret, true},
                          sms_key{"username"},
                          sms_key{"api_key", sms_key_kind::secret},
                          sms_key{"sender"},
                          sms_key{"messaging_service"},
                          sms_key{"callback_url", sms_key_kind::url, true},
                          callback_secret_key};

struct row {
    std::string_view code;
    sms_outcome what;
};

using enum sms_outcome;
constexpr std::array table{
    row{"20003", credentials}, // authentication
    row{"20429", throttled},   // too many requests
    row{"21211", refused},     // invalid To
    row{"21408", credentials}, // region not enabled
    row{"21610", blocked},     // opted out
    row{"21614", refused},     // not a mobile number
    row{"21617", refused},     // over 1600 characters
    row{"63018", throttled},   // rate exceeded
};

constexpr std::array<receipt_word, 11> states{
    {{"queued", sms::receipt_state::underway},
     {"accepted", sms::receipt_state::underway},
     {"scheduled", sms::receipt_state::underway},
     {"sending", sms::receipt_state::underway},
     {"sent", sms::receipt_state::underway},
     {"partially_delivered", sms::receipt_state::underway},
     {"delivered", sms::receipt_state::delivered},
     {"read", sms::receipt_state::delivered},
     {"undelivered", sms::receipt_state::failed},
     {"failed", sms::receipt_state::failed},
     {"canceled", sms::receipt_state::failed}}};

constexpr std::string_view no_answer_text = R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)";

/// A parameter that is there once, in UTF-8.
std::optional<std::string_view> value_in(const octet_pairs& in, std::string_view name) {
    const auto found = only_value(in, name);
    return found && texts::is_valid_utf8(*found) ? found : std::nullopt;
}

class translator final : public sms_translator {
public:
    using sms_translator::sms_translator;

    sms_capacity capacity() const noexcept override { return {.gives_receipts = true}; }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        const auto& item = items.front();
        if (texts::utf16_units(item.utf8) > body_units_max) {
            return errc::too_large;
        }
        const auto& sid = settings().value("account_sid");
        const auto to = "+" + item.number();
        const auto receipts = callback_url("receipts", {});
        const auto validity = std::to_string(
            std::clamp<std::chrono::seconds>(item.from.validity, 1s, validity_max).count());
        const auto& service = settings().value("messaging_service");
        const bool has_service = !service.empty();
        return sms_request{
            .url = fmt::format("{}/2010-04-01/Accounts/{}/Messages.json", settings().value("url"),
                               escape(sid, escaping::percent)),
            .content_type = "application/x-www-form-urlencoded",
            .body = write_form({{"To", to},
                                {has_service ? "MessagingServiceSid" : "From",
                                 has_service ? service : settings().value("sender")},
                                {"Body", item.utf8},
                                {"ValidityPeriod", validity},
                                {"StatusCallback", receipts}}),
            .headers = {{"Authorization", "Basic " + to_base64(credentials_pair())}}};
    }

    /// A key of the API's and its secret where there is one, else the account itself.
    std::string credentials_pair() const {
        const auto& key = settings().value("api_key");
        return key.empty() ? settings().value("account_sid") + ":" + settings().value("auth_token")
                           : settings().value("username") + ":" + key;
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> /*messages*/) const override {
        const auto tree = read_json_tree(reply.body);
        if (!tree) {
            return {};
        }
        if (reply.status == 200 || reply.status == 201) {
            return {{result_of_message(*tree, reply.status)}};
        }
        const auto code = text_at(*tree, "code").value_or("");
        if (code.empty()) {
            return {};
        }
        auto made = result_of_status(reply.status, false);
        const auto* const found = std::ranges::find(table, code, &row::code);
        if (found != table.end()) {
            made.what = found->what;
        } else if (reply.status == 400) {
            made.what = unknown;
        }
        made.code = safe_code(code);
        return {{made}};
    }

    static sms_result result_of_message(const boost::json::value& tree, unsigned status) {
        auto sid = text_at(tree, "sid").value_or("");
        const auto state = text_at(tree, "status").value_or("");
        if (sid.empty()) {
            return result_of_status(status, false);
        }
        const auto* const known = std::ranges::find(states, state, &receipt_word::word);
        if (known != states.end() && known->state == sms::receipt_state::failed) {
            return {refused, {}, safe_code(text_at(tree, "error_code").value_or(""))};
        }
        return {accepted, std::move(sid), {}};
    }

    callback_reading read(const callback_request& request, instant now) const override {
        const auto in = read_pairs(request.body);
        if (!in) {
            return refused_callback(400, "the body is not a form");
        }
        if (!is_signed(request, *in)) {
            return refused_callback(403, "the signature is not this account's");
        }
        return request.at == callback_path::sms ? read_text(*in) : read_receipt(*in, now);
    }

    /// The URL is the one that the operator gave Twilio, whatever a proxy made of it.
    bool is_signed(const callback_request& request, const octet_pairs& in) const {
        static constexpr std::array<std::string_view, 3> paths{"sms", "receipts", "events"};
        auto url = settings().value("callback_url") + "/";
        url += paths[static_cast<std::size_t>(request.at)];
        if (!request.query.empty()) {
            url += "?";
            url += request.query;
        }
        const auto given =
            request.header ? request.header("X-Twilio-Signature") : std::string_view{};
        return equal_secrets(given, signature_of(settings().value("auth_token"), url, in));
    }

    callback_reading read_text(const octet_pairs& in) const {
        const auto id = value_in(in, "MessageSid").value_or("");
        if (const char* fault = fault_of_id(id)) {
            return refused_callback(400, fmt::format("the field MessageSid {}", fault));
        }
        const auto text = value_in(in, "Body");
        if (!text) {
            return refused_callback(400, "the field Body is missing");
        }
        callback_reading made;
        made.content_type = "text/xml";
        made.body = no_answer_text;
        auto from = read_number(value_in(in, "From").value_or(""), settings().plan);
        if (!from) {
            made.passed_over = 1;
            return made;
        }
        take_text(made, {std::move(*from), std::string{value_in(in, "To").value_or("")},
                         std::string{*text}, std::string{id}});
        return made;
    }

    callback_reading read_receipt(const octet_pairs& in, instant now) const {
        const auto id = value_in(in, "MessageSid").value_or("");
        if (const char* fault = fault_of_id(id)) {
            return refused_callback(400, fmt::format("the field MessageSid {}", fault));
        }
        const auto to = read_number(value_in(in, "To").value_or(""), settings().plan);
        callback_reading made;
        take_receipt(made, states, value_in(in, "MessageStatus").value_or(""),
                     {.account = settings().account,
                      .candidates = {std::string{id}},
                      .number = to ? to->reveal() : std::string{},
                      .error = number_or_zero(value_in(in, "ErrorCode").value_or("")),
                      .at = now});
        return made;
    }
};

std::unique_ptr<const sms_translator> make(sms_settings as, std::vector<sms_problem>& problems) {
    if (as.value("sender").empty() == as.value("messaging_service").empty()) {
        problems.push_back({"sender", "or messaging_service is needed, and not both"});
    }
    if (as.value("username").empty() != as.value("api_key").empty()) {
        problems.push_back({"username", "and api_key go together: an API key and its secret"});
    }
    return std::make_unique<const translator>(std::move(as));
}

} // namespace

const sms_adapter text_messages{"twilio", keys, make};

} // namespace uthan::adapters::twilio
