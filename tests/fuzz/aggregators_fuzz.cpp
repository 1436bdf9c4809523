#include "adapters/sms_registry.hpp"
#include "adapters/twilio/signature.hpp"
#include "core/assert.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "texts/weight.hpp"

#include <algorithm>
#include <map>
#include <memory>

// What aggregators of text messages send: callbacks and answers. The first byte says whose ('b'
// bdapps, 's' SSL Wireless, 'h' http, 'k' Kannel, 'a' Africa's Talking, 'i' Infobip, 't' Twilio,
// 'j' Jasmin), the second which path ('s', 'r', 'e') or 'x' for an answer; the query goes up to the
// first line feed.
namespace {

using namespace uthan;
using namespace uthan::adapters;

sms_settings settings_for(const sms_adapter& row) {
    sms_settings as;
    as.channel = "c";
    as.account = "c";
    for (const auto& key : row.keys) {
        if (key.is_needed && key.kind != sms_key_kind::list) {
            as.values[std::string{key.name}] =
                key.kind == sms_key_kind::url ? "https://h.example/c" : "v";
        }
    }
    as.values["sender"] = "77000";
    if (row.name == "http") {
        as.values["url"] = "https://h.example/send";
        as.values["body"] = "to={{to}}&text={{text}}";
        as.values["code_from"] = "code";
        as.values["id_from"] = "ids/0";
        as.values["text_format"] = "xml";
        as.values["text_number_from"] = "m/@from";
        as.values["text_from"] = "m/t";
        as.values["text_id_from"] = "m/@id";
        as.values["receipt_id_from"] = "id";
        as.values["receipt_state_from"] = "st";
        as.lists["accepted_codes"] = {"0"};
        as.lists["delivered_states"] = {"1"};
    }
    return as;
}

const sms_translator* translator_of(char first) {
    static const auto all = [] {
        std::map<char, std::unique_ptr<const sms_translator>> made;
        for (const auto* row : sms_adapters()) {
            std::vector<sms_problem> problems;
            made[row->name.front()] = make_sms_translator(*row, settings_for(*row), problems);
            UTHAN_ASSERT(problems.empty());
        }
        return made;
    }();
    const auto found = all.find(first);
    return found == all.end() ? nullptr : found->second.get();
}

void check_callback(const sms_translator& it, callback_path at, std::string_view query,
                    std::string_view body) {
    // Twilio's are signed, or nothing behind the signature would be read.
    std::string signature;
    if (const auto pairs = read_pairs(body)) {
        const std::string path = at == callback_path::sms        ? "/sms"
                                 : at == callback_path::receipts ? "/receipts"
                                                                 : "/events";
        const auto url =
            "https://h.example/c" + path + (query.empty() ? "" : "?" + std::string{query});
        signature = twilio::signature_of("v", url, *pairs);
    }
    const auto header = [&](std::string_view) -> std::string_view { return signature; };
    const auto reading = it.read_callback({at, query, body, header}, {});
    UTHAN_ASSERT(texts::is_valid_utf8(reading.reason) && texts::is_valid_utf8(reading.body));
    UTHAN_ASSERT(reading.status == 200 || !reading.reason.empty());
    for (const auto& one : reading.texts) {
        UTHAN_ASSERT(texts::is_valid_utf8(one.utf8) && texts::is_valid_utf8(one.to));
        UTHAN_ASSERT(!one.id.empty() && texts::is_valid_utf8(one.id));
        const auto part = part_of(one, "c", {});
        UTHAN_ASSERT(part || part.error() == errc::invalid_msisdn);
    }
    for (const auto& one : reading.receipts) {
        UTHAN_ASSERT(!one.candidates.empty());
    }
}

void check_answer(const sms_translator& it, std::string_view body) {
    static const std::vector<sms_text> messages{
        {"m1", address::e164("+8801712345678").value(), "x"},
        {"m2", address::e164("+8801812345678").value(), "x"}};
    const auto count = std::min<std::size_t>(2, it.capacity().messages_per_request);
    for (const unsigned status : {200U, 201U, 400U, 403U, 500U}) {
        const auto answer = it.read_answer({status, body}, {messages.data(), count});
        UTHAN_ASSERT(answer.each.size() == count);
        for (const auto& one : answer.each) {
            UTHAN_ASSERT(texts::is_valid_utf8(one.external_id) && one.code.size() <= 32);
        }
    }
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    const auto* const it = input.size() < 2 ? nullptr : translator_of(input[0]);
    if (it == nullptr) {
        return;
    }
    const char kind = input[1];
    input.remove_prefix(2);
    if (kind == 'x') {
        return check_answer(*it, input);
    }
    const auto end = std::min(input.find('\n'), input.size());
    const auto at = kind == 's'   ? callback_path::sms
                    : kind == 'r' ? callback_path::receipts
                                  : callback_path::events;
    check_callback(*it, at, input.substr(0, end), input.substr(std::min(end + 1, input.size())));
}
