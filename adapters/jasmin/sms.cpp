#include "adapters/jasmin/sms.hpp"

#include "adapters/smpp/text.hpp"
#include "adapters/sms_fields.hpp"
#include "adapters/ussd_event.hpp"
#include "core/digest.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace uthan::adapters::jasmin {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::minutes validity_max = std::chrono::days{7};

constexpr std::array keys{sms_key{"url", sms_key_kind::url, true},
                          sms_key{"username", sms_key_kind::text, true},
                          sms_key{"password", sms_key_kind::secret, true},
                          sms_key{"sender", sms_key_kind::text, true},
                          callback_url_key,
                          callback_secret_key};

/// message_status of level 2, and of level 1 the one that is not an error.
constexpr std::array<receipt_word, 8> states{{{"DELIVRD", sms::receipt_state::delivered},
                                              {"UNDELIV", sms::receipt_state::failed},
                                              {"REJECTD", sms::receipt_state::failed},
                                              {"DELETED", sms::receipt_state::failed},
                                              {"EXPIRED", sms::receipt_state::expired},
                                              {"ACCEPTD", sms::receipt_state::underway},
                                              {"UNKNOWN", sms::receipt_state::underway},
                                              {"ESME_ROK", sms::receipt_state::underway}}};

/// What stands between quotes behind `word`; none when the body does not begin so.
std::optional<std::string_view> quoted_behind(std::string_view body, std::string_view word) {
    if (!body.starts_with(word)) {
        return std::nullopt;
    }
    body.remove_prefix(word.size());
    const auto open = body.find('"');
    const auto close = body.rfind('"');
    if (open == std::string_view::npos || close == open) {
        return std::nullopt;
    }
    return body.substr(open + 1, close - open - 1);
}

/// 403 is for credentials, charging and speed alike; only its text tells them apart.
sms_outcome outcome_of_refusal(std::string_view said) noexcept {
    const auto has = [&](std::string_view word) {
        return said.find(word) != std::string_view::npos;
    };
    if (has("throughput exceeded")) {
        return sms_outcome::throttled;
    }
    return has("harg") && !has("uthentication") ? sms_outcome::balance : sms_outcome::credentials;
}

std::string octets_of_hex(std::string_view digits) {
    std::string out;
    for (; digits.size() >= 2; digits.remove_prefix(2)) {
        unsigned octet = 0;
        const auto* const end = digits.data() + 2;
        const auto [stopped, fault] = std::from_chars(digits.data(), end, octet, 16);
        if (fault != std::errc{} || stopped != end) {
            return {};
        }
        out.push_back(static_cast<char>(octet));
    }
    return out;
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
        const auto wide = is_wide ? to_hex(utf16be(item.utf8)) : std::string{};
        const auto minutes = std::to_string(
            std::clamp<std::chrono::minutes>(
                std::chrono::floor<std::chrono::minutes>(item.from.validity), 1min, validity_max)
                .count());
        const auto receipts = callback_url("receipts", {});
        std::vector<std::pair<std::string_view, std::string_view>> body{
            {"username", settings().value("username")},
            {"password", settings().value("password")},
            {"from", settings().value("sender")},
            {"to", item.number()},
            {"coding", is_wide ? "8" : "0"},
            {is_wide ? "hex-content" : "content", is_wide ? wide : item.utf8},
            {"validity-period", minutes},
            {"dlr", receipts.empty() ? "no" : "yes"}};
        if (!receipts.empty()) {
            body.emplace_back("dlr-url", receipts);
            body.emplace_back("dlr-level", "2");
            body.emplace_back("dlr-method", "POST");
        }
        return sms_request{.url = settings().value("url"),
                           .content_type = "application/x-www-form-urlencoded",
                           .body = write_form(body)};
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> /*messages*/) const override {
        sms_result made = result_of_status(reply.status, false);
        const auto id = quoted_behind(reply.body, "Success");
        const auto said = quoted_behind(reply.body, "Error");
        if (reply.status == 200 && id && fault_of_id(*id) == nullptr) {
            made = {sms_outcome::accepted, std::string{*id}, {}};
        } else if (reply.status == 403 && said) {
            made.what = outcome_of_refusal(*said);
        } else if (reply.status == 500 && said) { // Jasmin's own: nothing was handed on
            made.what = sms_outcome::later;
        }
        return {{made}};
    }

    /// Whatever it was, it is answered so: anything else comes again.
    static callback_reading acknowledged(callback_reading made) {
        if (made.status == 200) {
            made.body = "ACK/Jasmin";
        }
        return made;
    }

    callback_reading read(const callback_request& request, instant now) const override {
        const auto in = read_pairs(request.body.empty() ? request.query : request.body);
        if (!in) {
            return refused_callback(400, "the form has a broken percent escape");
        }
        const auto id = only_value(*in, "id").value_or("");
        if (const char* fault = fault_of_id(id)) {
            return refused_callback(400, fmt::format("the field id {}", fault));
        }
        if (!texts::is_valid_utf8(id)) {
            return refused_callback(400, "the field id is not UTF-8");
        }
        return acknowledged(request.at == callback_path::sms ? read_text(*in, id)
                                                             : read_receipt(*in, id, now));
    }

    callback_reading read_text(const octet_pairs& in, std::string_view id) const {
        callback_reading made;
        auto from = read_number(only_value(in, "from").value_or(""), settings().plan);
        const auto to = only_value(in, "to").value_or("");
        auto text = text_in(in);
        if (!from || !text || !texts::is_valid_utf8(to)) {
            made.passed_over = 1;
            return made;
        }
        take_text(made, {std::move(*from), std::string{to}, std::move(*text), std::string{id}});
        return made;
    }

    /// `binary` rather than `content`, which may hold packed septets or any octets.
    static std::optional<std::string> text_in(const octet_pairs& in) {
        const auto binary = only_value(in, "binary");
        if (!binary) {
            const auto content = only_value(in, "content");
            const bool is_text = content && texts::is_valid_utf8(*content);
            return is_text ? std::optional{std::string{*content}} : std::nullopt;
        }
        unsigned coding = 0;
        const auto written = only_value(in, "coding").value_or("");
        std::from_chars(written.data(), written.data() + written.size(), coding);
        texts::received_part part;
        part.coding = smpp::coding_of(static_cast<std::uint8_t>(coding & 0xFF),
                                      texts::user_data_coding::gsm7);
        part.octets = octets_of_hex(*binary);
        return part.coding == texts::user_data_coding::binary ? std::nullopt
                                                              : std::optional{text_of(part)};
    }

    callback_reading read_receipt(const octet_pairs& in, std::string_view id, instant now) const {
        callback_reading made;
        const auto status = only_value(in, "message_status").value_or("");
        sms::receipt receipt{.account = settings().account,
                             .candidates = {std::string{id}},
                             .number = {},
                             .at = now};
        if (status.starts_with("ESME_R") && status != "ESME_ROK") { // the message centre refused
            receipt.state = sms::receipt_state::failed;
            made.receipts.push_back(std::move(receipt));
            return made;
        }
        take_receipt(made, states, status, std::move(receipt));
        return made;
    }
};

} // namespace

const sms_adapter text_messages{"jasmin", keys, make_translator<translator>};

} // namespace uthan::adapters::jasmin
