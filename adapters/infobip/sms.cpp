#include "adapters/infobip/sms.hpp"

#include "adapters/sms_fields.hpp"
#include "adapters/ussd_event.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace uthan::adapters::infobip {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t batch_max = 100;
constexpr std::chrono::minutes validity_max = 48h;

constexpr std::array keys{
    sms_key{"url", sms_key_kind::url, true}, sms_key{"api_key", sms_key_kind::secret, true},
    sms_key{"sender", sms_key_kind::text, true}, callback_url_key, callback_secret_key};

using rejection_row = std::pair<std::string_view, sms_outcome>;
/// Rejections that are not the message's fault.
constexpr std::array<rejection_row, 5> rejections{
    {{"REJECTED_NOT_ENOUGH_CREDITS", sms_outcome::balance},
     {"REJECTED_PREPAID_PACKAGE_EXPIRED", sms_outcome::balance},
     {"REJECTED_SENDER", sms_outcome::credentials},
     {"REJECTED_SOURCE", sms_outcome::credentials},
     {"REJECTED_DND", sms_outcome::blocked}}};

json::object message_of(const sms_item& item, std::string_view sender,
                        const std::string& receipts_url) {
    json::object made;
    made["sender"] = sender;
    made["destinations"] = {json::object{{"to", item.number()}, {"messageId", item.from.key}}};
    made["content"] = json::object{{"text", item.utf8}};
    const auto minutes = std::clamp<std::chrono::minutes>(
        std::chrono::floor<std::chrono::minutes>(item.from.validity), 1min, validity_max);
    made["options"] = json::object{
        {"validityPeriod", json::object{{"amount", minutes.count()}, {"timeUnit", "MINUTES"}}}};
    if (!receipts_url.empty()) {
        made["webhooks"] =
            json::object{{"delivery", json::object{{"url", receipts_url}, {"notify", true}}},
                         {"contentType", "application/json"},
                         {"callbackData", item.from.key}};
    }
    return made;
}

/// An entry's status in the answer to a send.
sms_result result_of(const json::value& entry) {
    const auto group = text_at(entry, "status/groupId").value_or("");
    const auto name = text_at(entry, "status/name").value_or("");
    const auto* const known = std::ranges::find(rejections, name, &rejection_row::first);
    sms_result made{sms_outcome::unknown, {}, safe_code(name)};
    if (group == "0" || group == "1" || group == "3") {
        made.what = sms_outcome::accepted;
        made.external_id = text_at(entry, "messageId").value_or("");
    } else if (known != rejections.end()) {
        made.what = known->second;
    } else if (group == "2" || group == "4" || group == "5") {
        made.what = sms_outcome::refused;
    }
    return made;
}

/// The name of an error, in either of the two shapes; empty when it is neither.
std::string error_of(const json::value& tree) {
    auto name = text_at(tree, "requestError/serviceException/messageId").value_or("");
    return safe_code(name.empty() ? text_at(tree, "errorCode").value_or("") : name);
}

/// None: a group that nobody described.
std::optional<sms::receipt_state> state_of(const json::value& entry) {
    const auto group = text_at(entry, "status/groupId").value_or("");
    const auto id = text_at(entry, "status/id").value_or("");
    if (group == "0" || group == "1") {
        return sms::receipt_state::underway;
    }
    if (group == "3") { // 2: DELIVERED_TO_OPERATOR
        return id == "2" ? sms::receipt_state::underway : sms::receipt_state::delivered;
    }
    if (group == "4") {
        return sms::receipt_state::expired;
    }
    return group == "2" || group == "5" ? std::optional{sms::receipt_state::failed} : std::nullopt;
}

class translator final : public sms_translator {
public:
    using sms_translator::sms_translator;

    /// Whether a messageId that comes twice is sent twice is not documented.
    sms_capacity capacity() const noexcept override {
        return {.messages_per_request = batch_max,
                .gives_receipts = !settings().value("callback_url").empty()};
    }

    bool joins(std::span<const sms_text> /*before*/, const sms_text& /*next*/) const override {
        return true;
    }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        const auto receipts = callback_url("receipts", {});
        json::array messages;
        for (const auto& one : items) {
            messages.push_back(message_of(one, settings().value("sender"), receipts));
        }
        json::object body;
        body["messages"] = std::move(messages);
        return sms_request{.url = settings().value("url") + "/sms/3/messages",
                           .content_type = "application/json",
                           .body = json::serialize(body),
                           .headers = {{"Authorization", "App " + settings().value("api_key")},
                                       {"Accept", "application/json"}}};
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const override {
        const auto tree = read_json_tree(reply.body);
        if (!tree || reply.status >= 300) {
            auto by_status = result_of_status(reply.status, false);
            if (auto said = tree ? error_of(*tree) : std::string{}; !said.empty()) {
                by_status.code = std::move(said);
            }
            const bool is_of_one = by_status.what == sms_outcome::refused && messages.size() > 1;
            if (is_of_one) { // one of them is wrong, and the answer does not say which
                by_status.what = sms_outcome::later;
            }
            auto answer = answer_for_all(messages.size(), by_status);
            answer.alone = is_of_one;
            return answer;
        }
        const auto* const found = value_at(*tree, "messages");
        const auto* const list = found == nullptr ? nullptr : found->if_array();
        sms_answer answer;
        for (const auto& one : messages) {
            answer.each.push_back(result_in(list, one, reply.status));
        }
        return answer;
    }

    static sms_result result_in(const json::array* list, const sms_text& message, unsigned status) {
        if (list != nullptr) {
            for (const auto& entry : *list) {
                if (text_at(entry, "messageId") == message.key) {
                    return result_of(entry);
                }
            }
        }
        return result_of_status(status, false);
    }

    callback_reading read(const callback_request& request, instant now) const override {
        const auto tree = read_json_tree(request.body);
        const auto* const found = tree ? value_at(*tree, "results") : nullptr;
        const auto* const list = found == nullptr ? nullptr : found->if_array();
        if (list == nullptr) {
            return refused_callback(400, "the body is not JSON with an array results");
        }
        callback_reading made;
        // Each by itself: one that is wrong must not bring the others back.
        for (const auto& entry : *list) {
            if (request.at == callback_path::sms) {
                take_one_text(made, entry);
            } else {
                take_one_receipt(made, entry, now);
            }
        }
        return made;
    }

    void take_one_text(callback_reading& into, const json::value& entry) const {
        auto from = read_number(text_at(entry, "from").value_or(""), settings().plan);
        auto id = text_at(entry, "messageId").value_or("");
        auto text = text_at(entry, "text");
        if (!from || !text || fault_of_id(id) != nullptr) {
            ++into.passed_over;
            return;
        }
        take_text(into, {std::move(*from), text_at(entry, "to").value_or(""), std::move(*text),
                         std::move(id)});
    }

    void take_one_receipt(callback_reading& into, const json::value& entry, instant now) const {
        sms::receipt made;
        made.account = settings().account;
        made.at = now;
        for (const auto* name : {"messageId", "callbackData"}) {
            auto id = text_at(entry, name).value_or("");
            if (fault_of_id(id) == nullptr &&
                std::ranges::find(made.candidates, id) == made.candidates.end()) {
                made.candidates.push_back(std::move(id));
            }
        }
        const auto state = state_of(entry);
        if (made.candidates.empty() || !state) {
            ++into.passed_over;
            return;
        }
        made.state = *state;
        made.error = number_or_zero(text_at(entry, "error/id").value_or(""));
        if (const auto to = read_number(text_at(entry, "to").value_or(""), settings().plan)) {
            made.number = to->reveal();
        }
        into.receipts.push_back(std::move(made));
    }
};

} // namespace

const sms_adapter text_messages{"infobip", keys, make_translator<translator>};

} // namespace uthan::adapters::infobip
