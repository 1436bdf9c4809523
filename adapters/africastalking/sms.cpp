#include "adapters/africastalking/sms.hpp"

#include "adapters/sms_fields.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace uthan::adapters::africastalking {
namespace {

namespace json = boost::json;

constexpr std::size_t recipients_max = 100;

constexpr std::array keys{
    sms_key{"url", sms_key_kind::url, false, "https://api.africastalking.com"},
    sms_key{"username", sms_key_kind::text, true}, sms_key{"api_key", sms_key_kind::secret, true},
    sms_key{"sender"}, callback_secret_key};

struct row {
    std::string_view code;
    sms_outcome what;
};

using enum sms_outcome;
/// A recipient's statusCode.
constexpr std::array table{
    row{"100", accepted},    // Processed
    row{"101", accepted},    // Sent
    row{"102", accepted},    // Queued
    row{"401", refused},     // RiskHold
    row{"402", credentials}, // InvalidSenderId
    row{"403", refused},     // InvalidPhoneNumber
    row{"404", refused},     // UnsupportedNumberType
    row{"405", balance},     // InsufficientBalance
    row{"406", blocked},     // UserInBlacklist
    row{"407", refused},     // CouldNotRoute
    row{"409", blocked},     // DoNotDisturbRejection
    row{"500", later},       // InternalServerError
    row{"501", later},       // GatewayError
    row{"502", unknown},     // RejectedByGateway: few more tries
};

constexpr std::array<receipt_word, 8> states{{{"Success", sms::receipt_state::delivered},
                                              {"Sent", sms::receipt_state::underway},
                                              {"Submitted", sms::receipt_state::underway},
                                              {"Buffered", sms::receipt_state::underway},
                                              {"Rejected", sms::receipt_state::failed},
                                              {"Failed", sms::receipt_state::failed},
                                              {"AbsentSubscriber", sms::receipt_state::failed},
                                              {"Expired", sms::receipt_state::expired}}};

sms_result result_of(const json::value& recipient) {
    const auto code = text_at(recipient, "statusCode").value_or("");
    const auto* const found = std::ranges::find(table, code, &row::code);
    sms_result made{found == table.end() ? unknown : found->what, {}, safe_code(code)};
    auto id = text_at(recipient, "messageId").value_or("");
    if (made.what == accepted && id != "None") {
        made.external_id = std::move(id);
    }
    return made;
}

class translator final : public sms_translator {
public:
    using sms_translator::sms_translator;

    sms_capacity capacity() const noexcept override {
        return {.messages_per_request = recipients_max, .gives_receipts = true};
    }

    bool joins(std::span<const sms_text> before, const sms_text& next) const override {
        return before.front().utf8 == next.utf8 &&
               std::ranges::find(before, next.to, &sms_text::to) == before.end();
    }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        std::string to;
        for (const auto& one : items) {
            to += (to.empty() ? "+" : ",+") + one.number();
        }
        std::vector<std::pair<std::string_view, std::string_view>> body{
            {"username", settings().value("username")},
            {"to", to},
            {"message", items.front().utf8}};
        if (!settings().value("sender").empty()) {
            body.emplace_back("from", settings().value("sender"));
        }
        body.emplace_back("bulkSMSMode", "1");
        body.emplace_back("enqueue", "1");
        return sms_request{
            .url = settings().value("url") + "/version1/messaging",
            .content_type = "application/x-www-form-urlencoded",
            .body = write_form(body),
            .headers = {{"apiKey", settings().value("api_key")}, {"Accept", "application/json"}}};
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const override {
        const auto tree = read_json_tree(reply.body);
        const auto* const found = tree ? value_at(*tree, "SMSMessageData/Recipients") : nullptr;
        const auto* const recipients = found == nullptr ? nullptr : found->if_array();
        if (recipients == nullptr) {
            return {};
        }
        if (recipients->empty()) {
            const auto said = text_at(*tree, "SMSMessageData/Message").value_or("");
            return answer_for_all(
                messages.size(),
                {said == "InvalidSenderId" ? credentials : unknown, {}, safe_code(said)});
        }
        sms_answer answer;
        for (const auto& one : messages) {
            const auto number = "+" + one.to.reveal();
            const auto* const entry =
                std::ranges::find_if(*recipients, [&](const json::value& recipient) {
                    return text_at(recipient, "number") == number;
                });
            answer.each.push_back(entry == recipients->end() ? result_of_status(reply.status, false)
                                                             : result_of(*entry));
        }
        return answer;
    }

    callback_reading read(const callback_request& request, instant now) const override {
        const auto read = field_set::read(field_format::form, request.body);
        if (const auto* refused = std::get_if<rejection>(&read)) {
            return refused_callback(400, refused->reason);
        }
        const auto& in = std::get<field_set>(read);
        switch (request.at) {
        case callback_path::sms:
            return read_text(in);
        case callback_path::receipts:
            return read_receipt(in, now);
        case callback_path::events:
            break;
        }
        return read_event(in);
    }

    callback_reading read_text(const field_set& in) const {
        std::string why;
        const auto id = read_id(in, "id", why);
        const auto from = id ? read_id(in, "from", why) : std::nullopt;
        if (!from) {
            return refused_callback(400, why);
        }
        const auto text = in.find("text");
        if (!text) {
            return refused_callback(400, "the field text is missing");
        }
        callback_reading made;
        auto number = read_number(*from, settings().plan);
        if (!number) { // a brand: nobody whom an answer reaches
            made.passed_over = 1;
            return made;
        }
        take_text(made, {std::move(*number), in.text("to"), *text, *id});
        return made;
    }

    callback_reading read_receipt(const field_set& in, instant now) const {
        std::string why;
        const auto id = read_id(in, "id", why);
        if (!id) {
            return refused_callback(400, why);
        }
        const auto number = read_number(in.text("phoneNumber"), settings().plan);
        callback_reading made;
        take_receipt(made, states, in.text("status"),
                     {.account = settings().account,
                      .candidates = {*id},
                      .number = number ? number->reveal() : std::string{},
                      .at = now});
        return made;
    }

    /// Opt-outs and subscriptions. The end of a USSD session, on the same path, is not for here.
    callback_reading read_event(const field_set& in) const {
        callback_reading made;
        const auto number = read_number(in.text("phoneNumber"), settings().plan);
        const auto update = in.text("updateType");
        const bool leaves = update == "deletion" || update == "Deletion";
        const auto sender = in.find("senderId");
        if (!number || (!sender && !leaves)) {
            made.passed_over = 1;
            return made;
        }
        made.opt_outs.push_back({*number, sender ? *sender : in.text("shortCode")});
        return made;
    }
};

} // namespace

const sms_adapter text_messages{"africastalking", keys, make_translator<translator>};

} // namespace uthan::adapters::africastalking
