#include "adapters/http_sms/sms.hpp"

#include "adapters/http_sms/description.hpp"
#include "adapters/ussd_event.hpp"
#include "core/digest.hpp"

#include <algorithm>

namespace uthan::adapters::http_sms {
namespace {

using namespace std::chrono_literals;

/// A value from a setting never ends a header.
std::string in_header(std::string value) {
    std::ranges::replace_if(
        value, [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return value;
}

/// Receipts that name our own key, which {{callback}} carries.
constexpr std::string_view receipt_by_key = "query:key";

/// What an answer says; nothing where it cannot be read.
struct said {
    std::optional<std::string> code;
    std::string id;
    bool is_status = false; ///< the code is the HTTP status
};

class translator final : public sms_translator {
public:
    translator(sms_settings as, description made)
        : sms_translator(std::move(as)), made_(std::move(made)) {}

    sms_capacity capacity() const noexcept override {
        return {.gives_receipts = !settings().value("receipt_id_from").empty()};
    }

private:
    result<sms_request> write(std::span<const sms_item> items) const override {
        const auto values = values_of(items.front());
        sms_request made{.post = made_.post, .url = fill(made_.url, values, escaping::percent)};
        if (made_.post) {
            made.content_type = made_.content_type;
            made.body = fill(made_.body, values, made_.body_escapes);
        }
        for (const auto& [name, value] : made_.headers) {
            made.headers.emplace_back(name, in_header(fill(value, values, escaping::none)));
        }
        return made;
    }

    std::string local_of(const std::string& digits) const {
        const auto& plan = settings().plan;
        const bool is_ours = digits.starts_with(plan.country_code) &&
                             digits.size() == plan.country_code.size() + plan.national_digits;
        return is_ours ? plan.trunk_prefix + digits.substr(plan.country_code.size()) : digits;
    }

    slot_values values_of(const sms_item& item) const {
        slot_values values;
        const auto set = [&](slot what, std::string value) {
            values[static_cast<std::size_t>(what)] = std::move(value);
        };
        const bool is_wide = item.plan.in == texts::sms_alphabet::ucs2;
        set(slot::to, item.number());
        set(slot::to_plus, "+" + item.number());
        set(slot::to_local, local_of(item.number()));
        set(slot::text, item.utf8);
        set(slot::text_utf16, to_hex(utf16be(item.utf8)));
        set(slot::kind, settings().value(is_wide ? "unicode_kind" : "gsm_kind"));
        set(slot::key, item.from.key);
        for (const auto what :
             {slot::sender, slot::username, slot::password, slot::api_key, slot::api_secret}) {
            set(what, settings().value(slot_names[static_cast<std::size_t>(what)]));
        }
        set(slot::callback, callback_url("receipts", "key=" + item.from.key));
        const auto minutes = std::chrono::floor<std::chrono::minutes>(item.from.validity);
        set(slot::minutes, std::to_string(std::max<std::chrono::minutes>(minutes, 1min).count()));
        return values;
    }

    sms_answer read(const sms_reply& reply, std::span<const sms_text> messages) const override {
        const auto read = read_said(reply);
        const bool is_ok = reply.status >= 200 && reply.status < 300;
        sms_result made = result_of_status(reply.status, false);
        if (!read.code) {
            return {{made}};
        }
        const auto found =
            std::ranges::find(made_.codes, *read.code, &std::pair<std::string, sms_outcome>::first);
        if (found == made_.codes.end()) {
            made.what = is_ok && !read.is_status ? sms_outcome::unknown : made.what;
        } else if (found->second != sms_outcome::accepted || is_ok) {
            made.what = found->second;
        } // a failure at the HTTP level is none the less one for its body
        made.code = safe_code(*read.code);
        if (made.what == sms_outcome::accepted) {
            const bool by_key = settings().value("receipt_id_from") == receipt_by_key;
            made.external_id = by_key ? messages.front().key : read.id;
        }
        return {{made}};
    }

    said read_said(const sms_reply& reply) const {
        if (made_.answers == answer_format::text) {
            auto line = read_line(settings().value("answer_line"), reply.body);
            return line.matches ? said{std::move(line.code), std::move(line.id), false} : said{};
        }
        auto made = read_fields(reply.body);
        if (settings().value("code_from").empty()) { // the status is the code
            made.code = std::to_string(reply.status);
            made.is_status = true;
        }
        return made;
    }

    /// Of a JSON or XML answer; nothing of any other.
    said read_fields(std::string_view body) const {
        const auto& code_from = settings().value("code_from");
        const auto& id_from = settings().value("id_from");
        if (made_.answers == answer_format::json) {
            const auto tree = read_json_tree(body);
            return tree ? said{text_at(*tree, code_from),
                               id_from.empty() ? "" : text_at(*tree, id_from).value_or("")}
                        : said{};
        }
        const auto read = field_set::read(field_format::xml, body);
        const auto* const in = std::get_if<field_set>(&read);
        return in == nullptr ? said{} : said{in->find(code_from), in->text(id_from)};
    }

    callback_reading read(const callback_request& request, instant now) const override {
        const bool is_text = request.at == callback_path::sms;
        const auto& id_from = settings().value(is_text ? "text_id_from" : "receipt_id_from");
        if (request.at == callback_path::events || id_from.empty()) {
            callback_reading none;
            none.passed_over = 1;
            return none;
        }
        const auto as = is_text ? made_.texts_are : made_.receipts_are;
        auto read = as == field_format::form ? field_set::read_form(request)
                                             : field_set::read(as, request.body);
        if (const auto* refused = std::get_if<rejection>(&read)) {
            return refused_callback(400, refused->reason);
        }
        const auto& in = std::get<field_set>(read);
        std::string why;
        const auto id = !is_text && id_from == receipt_by_key ? key_in(request.query, why)
                                                              : read_id(in, id_from, why);
        if (!id) {
            return refused_callback(400, why);
        }
        auto made = is_text ? read_text(in, *id) : read_receipt(in, *id, now);
        made.content_type = settings().value(is_text ? "text_reply_type" : "receipt_reply_type");
        made.body = settings().value(is_text ? "text_reply" : "receipt_reply");
        return made;
    }

    static std::optional<std::string> key_in(std::string_view query, std::string& why) {
        const auto read = field_set::read(field_format::form, query);
        if (const auto* refused = std::get_if<rejection>(&read)) {
            why = refused->reason;
            return std::nullopt;
        }
        return read_id(std::get<field_set>(read), "key", why);
    }

    callback_reading read_text(const field_set& in, const std::string& id) const {
        callback_reading made;
        auto from = read_number(in.text(settings().value("text_number_from")), settings().plan);
        const auto text = in.find(settings().value("text_from"));
        if (!from || !text) {
            made.passed_over = 1;
            return made;
        }
        take_text(made, {std::move(*from), in.text(settings().value("text_to_from")), *text, id});
        return made;
    }

    callback_reading read_receipt(const field_set& in, const std::string& id, instant now) const {
        callback_reading made;
        const auto state = in.text(settings().value("receipt_state_from"));
        const auto found = std::ranges::find(made_.states, state,
                                             &std::pair<std::string, sms::receipt_state>::first);
        if (found == made_.states.end()) {
            made.passed_over = 1;
            return made;
        }
        const auto number =
            read_number(in.text(settings().value("receipt_number_from")), settings().plan);
        made.receipts.push_back({.account = settings().account,
                                 .candidates = {id},
                                 .number = number ? number->reveal() : std::string{},
                                 .state = found->second,
                                 .at = now});
        return made;
    }

    description made_;
};

std::unique_ptr<const sms_translator> make(sms_settings as, std::vector<sms_problem>& problems) {
    auto made = describe(as, problems);
    return std::make_unique<const translator>(std::move(as), std::move(made));
}

} // namespace

const sms_adapter text_messages{"http", description_keys(), make};

} // namespace uthan::adapters::http_sms
