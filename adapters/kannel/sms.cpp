#include "adapters/kannel/sms.hpp"

#include "adapters/sms_fields.hpp"
#include "adapters/ussd_event.hpp"
#include "texts/join.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace uthan::adapters::kannel {
namespace {

using namespace std::chrono_literals;

/// Longest validity that is asked for, in minutes.
constexpr std::chrono::minutes validity_max = std::chrono::days{7};

constexpr std::array keys{sms_key{"url", sms_key_kind::url, true},
                          sms_key{"username", sms_key_kind::text, true},
                          sms_key{"password", sms_key_kind::secret, true},
                          sms_key{"sender", sms_key_kind::text, true},
                          sms_key{"smsc"},
                          sms_key{"dlr_mask", sms_key_kind::text, false, "27"},
                          callback_url_key,
                          callback_secret_key};

/// %d, one bit a callback.
constexpr std::array<receipt_word, 6> states{{{"1", sms::receipt_state::delivered},
                                              {"2", sms::receipt_state::failed},
                                              {"4", sms::receipt_state::underway},
                                              {"8", sms::receipt_state::underway},
                                              {"16", sms::receipt_state::failed},
                                              {"32", sms::receipt_state::underway}}};

/// What `charset` says of the octets of `text`: Kannel names it as iconv does.
std::optional<std::string> utf8_of(std::string_view octets, std::string_view charset) {
    const auto as = [&](texts::user_data_coding coding) {
        texts::received_part part;
        part.coding = coding;
        part.octets = octets;
        return texts::text_of(part);
    };
    if (charset == "UTF-16BE" || charset == "UTF-16" || charset == "UCS-2") {
        return as(texts::user_data_coding::ucs2);
    }
    if (charset == "ISO-8859-1" || charset == "WINDOWS-1252") {
        return as(texts::user_data_coding::latin1);
    }
    return texts::is_valid_utf8(octets) ? std::optional{std::string{octets}} : std::nullopt;
}

class translator final : public sms_translator {
public:
    using sms_translator::sms_translator;

    sms_capacity capacity() const noexcept override {
        return {.gives_receipts = !settings().value("callback_url").empty()};
    }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        const auto& item = items.front();
        const bool is_wide = item.plan.in == texts::sms_alphabet::ucs2;
        // Raw UTF-16BE, for which Kannel needs no iconv.
        const auto wide = is_wide ? utf16be(item.utf8) : std::string{};
        const auto minutes = std::to_string(
            std::clamp<std::chrono::minutes>(
                std::chrono::floor<std::chrono::minutes>(item.from.validity), 1min, validity_max)
                .count());
        // %d is Kannel's to fill in.
        const auto receipts = callback_url("receipts", "id=" + item.from.key + "&st=%d");
        std::vector<std::pair<std::string_view, std::string_view>> query{
            {"username", settings().value("username")},
            {"password", settings().value("password")},
            {"from", settings().value("sender")},
            {"to", item.number()},
            {"coding", is_wide ? "2" : "0"},
            {"text", is_wide ? wide : item.utf8},
            {"validity", minutes}};
        if (!is_wide) {
            query.emplace_back("charset", "UTF-8");
        }
        if (!settings().value("smsc").empty()) {
            query.emplace_back("smsc", settings().value("smsc"));
        }
        if (!receipts.empty()) {
            query.emplace_back("dlr-mask", settings().value("dlr_mask"));
            query.emplace_back("dlr-url", receipts);
        }
        return sms_request{.post = false, .url = settings().value("url") + "?" + write_form(query)};
    }

    /// smsbox's bodies. It gives no id: the key in dlr-url is the receipt's.
    sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const override {
        const auto begins = [&](std::string_view word) { return reply.body.starts_with(word); };
        sms_result made = result_of_status(reply.status, false);
        if (reply.status >= 200 && reply.status < 300) {
            const bool is_taken = begins("0:") || begins("3:") || begins("Sent");
            if (is_taken) {
                made = {sms_outcome::accepted, messages.front().key, {}};
            }
        } else if (reply.status == 403 && begins("Not routable")) {
            made.what = sms_outcome::refused;
        } else if (reply.status == 500) { // smsbox's own, before anything is handed on
            made.what = sms_outcome::later;
        }
        return {{made}};
    }

    callback_reading read(const callback_request& request, instant now) const override {
        const auto in = read_pairs(request.body.empty() ? request.query : request.body);
        if (!in) {
            return refused_callback(400, "the query has a broken percent escape");
        }
        const auto id = only_value(*in, "id").value_or("");
        if (const char* fault = fault_of_id(id)) {
            return refused_callback(400, fmt::format("the field id {}", fault));
        }
        if (!texts::is_valid_utf8(id)) {
            return refused_callback(400, "the field id is not UTF-8");
        }
        return request.at == callback_path::sms ? read_text(*in, id) : read_receipt(*in, id, now);
    }

    callback_reading read_text(const octet_pairs& in, std::string_view id) const {
        const auto octets = only_value(in, "text");
        if (!octets) {
            return refused_callback(400, "the field text is missing");
        }
        callback_reading made; // an empty answer: nothing goes back as a text
        auto from = read_number(only_value(in, "from").value_or(""), settings().plan);
        auto text = utf8_of(*octets, only_value(in, "charset").value_or(""));
        const auto to = only_value(in, "to").value_or("");
        if (!from || !text || !texts::is_valid_utf8(to)) {
            made.passed_over = 1;
            return made;
        }
        take_text(made, {std::move(*from), std::string{to}, std::move(*text), std::string{id}});
        return made;
    }

    callback_reading read_receipt(const octet_pairs& in, std::string_view id, instant now) const {
        callback_reading made;
        take_receipt(made, states, only_value(in, "st").value_or(""),
                     {.account = settings().account,
                      .candidates = {std::string{id}},
                      .number = {},
                      .at = now});
        return made;
    }
};

} // namespace

const sms_adapter text_messages{"kannel", keys, make_translator<translator>};

} // namespace uthan::adapters::kannel
