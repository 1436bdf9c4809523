#include "adapters/sslwireless/sms.hpp"

#include "adapters/sms_fields.hpp"
#include "core/digest.hpp"
#include "texts/weight.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace uthan::adapters::sslwireless {
namespace {

namespace json = boost::json;

constexpr std::size_t batch_max = 100;
constexpr std::size_t text_units_max = 1000;

constexpr std::array keys{
    sms_key{"url", sms_key_kind::url, false, "https://smsplus.sslwireless.com"},
    sms_key{"api_key", sms_key_kind::secret, true}, sms_key{"sender", sms_key_kind::text, true},
    sms_key{"batch", sms_key_kind::text, false, "dynamic"}, callback_secret_key};

/// What a code says of the request.
struct row {
    std::string_view code;
    sms_outcome what;
    /// The code is about one message: in a batch nobody knows which.
    bool is_of_message = false;
};

using enum sms_outcome;
constexpr std::array table{
    row{"4001", credentials},    // token
    row{"4002", credentials},    // sender not permitted
    row{"4003", credentials},    // our address is not allowed
    row{"4004", credentials},    // bad URL or bad format: two sources swap the two
    row{"4005", credentials},    //
    row{"4020", defect, true},   // csms_id invalid
    row{"4022", defect},         // a parameter is missing
    row{"4023", accepted, true}, // csms_id is known: it was taken before
    row{"4024", refused, true},  // number twice
    row{"4025", refused, true},  // number invalid
    row{"4026", blocked, true},  // number blocked
    row{"4027", refused, true},  // too long
    row{"4028", refused, true},  // none succeeded
    row{"4029", throttled},      // too many requests
    row{"4030", balance, true},  // too many numbers, or the limit is reached
    row{"4031", throttled},      // too many a second
    row{"4032", refused, true},  // text invalid
    row{"4033", later, true},    // too many one-time passwords to a number
    row{"4034", credentials},    // the secure endpoint's
    row{"4035", credentials},    //
    row{"5000", later},          // internal
};

sms_outcome outcome_of(std::string_view sms_status) noexcept {
    if (sms_status == "SUCCESS") {
        return accepted;
    }
    // A number is in a request once only, so it is the csms_id that came before.
    if (sms_status == "DUPLICATE") {
        return accepted;
    }
    if (sms_status == "INVALID") {
        return refused;
    }
    return sms_status == "BLOCKED" ? blocked : unknown;
}

/// The entry of `smsinfo` that is about the message: by csms_id, and where there is none (bulk) by
/// number.
const json::value* entry_of(const json::value* entries, const sms_text& message) {
    const auto* const list = entries == nullptr ? nullptr : entries->if_array();
    if (list == nullptr) {
        return nullptr;
    }
    const json::value* by_number = nullptr;
    for (const auto& one : *list) {
        if (text_at(one, "csms_id") == message.key) {
            return &one;
        }
        if (text_at(one, "msisdn") == message.to.reveal()) {
            by_number = &one;
        }
    }
    return by_number;
}

sms_result result_of(const json::value& entry) {
    const auto status = text_at(entry, "sms_status").value_or("");
    return {outcome_of(status), text_at(entry, "reference_id").value_or(""), safe_code(status)};
}

class translator final : public sms_translator {
public:
    using sms_translator::sms_translator;

    sms_capacity capacity() const noexcept override {
        const bool is_single = settings().value("batch") == "single";
        return {.messages_per_request = is_single ? 1 : batch_max, .is_idempotent = true};
    }

    bool joins(std::span<const sms_text> before, const sms_text& next) const override {
        const bool needs_same = settings().value("batch") == "bulk";
        return std::ranges::find(before, next.to, &sms_text::to) == before.end() &&
               (!needs_same || before.front().utf8 == next.utf8);
    }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        const auto is_long = [](const sms_item& one) {
            return texts::utf16_units(one.utf8) > text_units_max;
        };
        if (std::ranges::any_of(items, is_long)) {
            return errc::too_large;
        }
        json::object body;
        body["api_token"] = settings().value("api_key");
        body["sid"] = settings().value("sender");
        std::string_view path = "/api/v3/send-sms";
        if (items.size() == 1) {
            body["msisdn"] = items.front().number();
            body["sms"] = items.front().utf8;
            body["csms_id"] = items.front().from.key;
        } else if (settings().value("batch") == "bulk") {
            path = "/api/v3/send-sms/bulk";
            write_bulk(items, body);
        } else {
            path = "/api/v3/send-sms/dynamic";
            write_dynamic(items, body);
        }
        return sms_request{.url = settings().value("url") + std::string{path},
                           .content_type = "application/json",
                           .body = json::serialize(body),
                           .headers = {{"Accept", "application/json"}}};
    }

    static void write_dynamic(std::span<const sms_item> items, json::object& body) {
        json::array list;
        for (const auto& one : items) {
            list.push_back(json::object{
                {"msisdn", one.number()}, {"text", one.utf8}, {"csms_id", one.from.key}});
        }
        body["sms"] = std::move(list);
    }

    /// The batch's id is made of its messages' keys: the same messages are the same batch.
    static void write_bulk(std::span<const sms_item> items, json::object& body) {
        json::array numbers;
        std::string all;
        for (const auto& one : items) {
            numbers.emplace_back(one.number());
            all += one.from.key + ".";
        }
        const auto digest = to_hex(as_bytes(short_digest({}, "sslwireless-batch", {all})));
        body["msisdn"] = std::move(numbers);
        body["sms"] = items.front().utf8;
        body["batch_csms_id"] = digest.substr(0, key_characters_max);
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const override {
        const auto tree = read_json_tree(reply.body);
        const auto code = tree ? text_at(*tree, "status_code") : std::nullopt;
        if (!code) {
            return {};
        }
        auto answer = read_whole(*code, messages.size());
        const auto* const entries = value_at(*tree, "smsinfo");
        for (std::size_t i = 0; i < messages.size(); ++i) {
            if (const auto* const entry = entry_of(entries, messages[i])) {
                answer.each[i] = result_of(*entry);
            }
        }
        return answer;
    }

    /// What the code says of messages that have no entry.
    static sms_answer read_whole(const std::string& code, std::size_t messages) {
        if (code == "200") { // and yet no word of this message: again, with the same csms_id
            return answer_for_all(messages, {later, {}, code});
        }
        const auto* const found = std::ranges::find(table, code, &row::code);
        if (found == table.end()) {
            return answer_for_all(messages, {unknown, {}, safe_code(code)});
        }
        const bool is_of_one = found->is_of_message && messages > 1;
        auto answer = answer_for_all(messages, {is_of_one ? later : found->what, {}, code});
        answer.alone = is_of_one;
        return answer;
    }

    /// Neither receipts nor texts are documented.
    callback_reading read(const callback_request& /*request*/, instant /*now*/) const override {
        callback_reading made;
        made.passed_over = 1;
        return made;
    }
};

std::unique_ptr<const sms_translator> make(sms_settings as, std::vector<sms_problem>& problems) {
    constexpr std::array<std::string_view, 3> batches{"dynamic", "bulk", "single"};
    if (std::ranges::find(batches, as.value("batch")) == batches.end()) {
        problems.push_back({"batch", "must be \"dynamic\", \"bulk\" or \"single\""});
    }
    if (as.value("sender").size() > 20) {
        problems.push_back({"sender", "is longer than 20 characters"});
    }
    return std::make_unique<const translator>(std::move(as));
}

} // namespace

const sms_adapter text_messages{"sslwireless", keys, make};

} // namespace uthan::adapters::sslwireless
