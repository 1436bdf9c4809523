#include "adapters/http_sms/description.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace uthan::adapters::http_sms {
namespace {

using kind = sms_key_kind;

constexpr std::array keys{sms_key{"url", kind::text, true},
                          sms_key{"sender"},
                          sms_key{"username"},
                          sms_key{"password", kind::secret},
                          sms_key{"api_key", kind::secret},
                          sms_key{"api_secret", kind::secret},
                          callback_url_key,
                          callback_secret_key,
                          sms_key{"method", kind::text, false, "POST"},
                          sms_key{"body_format", kind::text, false, "form"},
                          sms_key{"body"},
                          sms_key{"body_type"},
                          sms_key{"headers", kind::list},
                          sms_key{"gsm_kind"},
                          sms_key{"unicode_kind"},
                          sms_key{"answer_format", kind::text, false, "json"},
                          sms_key{"answer_line"},
                          sms_key{"code_from"},
                          sms_key{"id_from"},
                          sms_key{"accepted_codes", kind::list, true},
                          sms_key{"refused_codes", kind::list},
                          sms_key{"blocked_codes", kind::list},
                          sms_key{"defect_codes", kind::list},
                          sms_key{"retry_codes", kind::list},
                          sms_key{"throttled_codes", kind::list},
                          sms_key{"credentials_codes", kind::list},
                          sms_key{"balance_codes", kind::list},
                          sms_key{"text_format", kind::text, false, "form"},
                          sms_key{"text_number_from"},
                          sms_key{"text_to_from"},
                          sms_key{"text_from"},
                          sms_key{"text_id_from"},
                          sms_key{"text_reply"},
                          sms_key{"text_reply_type", kind::text, false, "text/plain"},
                          sms_key{"receipt_format", kind::text, false, "form"},
                          sms_key{"receipt_id_from"},
                          sms_key{"receipt_state_from"},
                          sms_key{"receipt_number_from"},
                          sms_key{"delivered_states", kind::list},
                          sms_key{"failed_states", kind::list},
                          sms_key{"expired_states", kind::list},
                          sms_key{"underway_states", kind::list},
                          sms_key{"receipt_reply"},
                          sms_key{"receipt_reply_type", kind::text, false, "text/plain"}};

constexpr std::size_t headers_max = 8;

template <class Value>
using words = std::initializer_list<std::pair<std::string_view, Value>>;

class preparation {
public:
    preparation(const sms_settings& as, std::vector<sms_problem>& problems)
        : as_(as), problems_(problems), before_(problems.size()) {}

    description run() {
        made_.post = word<bool>("method", {{"POST", true}, {"GET", false}});
        made_.body_escapes = word<escaping>(
            "body_format",
            {{"form", escaping::percent}, {"json", escaping::json}, {"xml", escaping::xml}});
        made_.content_type = type();
        template_of("url", as_.value("url"), made_.url);
        template_of("body", as_.value("body"), made_.body);
        host();
        headers();
        contents();
        answers();
        texts();
        receipts();
        if (problems_.size() == before_) {
            try_out();
        }
        return std::move(made_);
    }

private:
    void complain(std::string_view key, std::string says) {
        problems_.push_back({std::string{key}, std::move(says)});
    }

    template <class Value>
    Value word(std::string_view key, words<Value> known) {
        std::string all;
        for (const auto& [name, value] : known) {
            if (as_.value(key) == name) {
                return value;
            }
            all += all.empty() ? "" : ", ";
            all += name;
        }
        complain(key, "must be one of: " + all);
        return known.begin()->second;
    }

    std::string type() const {
        if (!as_.value("body_type").empty()) {
            return as_.value("body_type");
        }
        switch (made_.body_escapes) {
        case escaping::json:
            return "application/json";
        case escaping::xml:
            return "text/xml; charset=utf-8";
        case escaping::percent:
        case escaping::none:
            break;
        }
        return "application/x-www-form-urlencoded";
    }

    void template_of(std::string_view key, const std::string& written, sms_template& target) {
        if (auto says = parse_template(written, target); !says.empty()) {
            complain(key, std::move(says));
        }
    }

    /// No value may choose whom we call.
    void host() {
        const auto& url = as_.value("url");
        const bool is_web = url.starts_with("https://") || url.starts_with("http://");
        const bool is_fixed =
            is_web && !made_.url.empty() && made_.url.front().what == slot::literal &&
            made_.url.front().literal.find('/', url.find("://") + 3) != std::string::npos;
        const auto authority =
            is_fixed ? url.substr(0, url.find('/', url.find("://") + 3)) : std::string{};
        if (!is_fixed || authority.find('@') != std::string::npos ||
            url.find('#') != std::string::npos) {
            complain("url", "must begin with http:// or https://, a fixed host and a path");
        }
        if (!made_.post && !made_.body.empty()) {
            complain("body", "does not go with GET: everything stands in url");
        }
    }

    void headers() {
        if (as_.list("headers").size() > headers_max) {
            complain("headers", fmt::format("are more than {}", headers_max));
        }
        for (const auto& line : as_.list("headers")) {
            const auto colon = std::min(line.find(": "), line.size());
            const auto name = line.substr(0, colon);
            const bool is_name =
                !name.empty() && colon != line.size() && std::ranges::all_of(name, [](char c) {
                    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
                });
            sms_template value;
            template_of("headers", is_name ? line.substr(colon + 2) : std::string{}, value);
            if (!is_name || uses(value, slot::text) || uses(value, slot::text_utf16)) {
                complain("headers", "must be like \"Name: value\", without the text");
            }
            made_.headers.emplace_back(name, std::move(value));
        }
    }

    bool is_used(slot what) const {
        return uses(made_.url, what) || uses(made_.body, what) ||
               std::ranges::any_of(made_.headers,
                                   [what](const auto& one) { return uses(one.second, what); });
    }

    void contents() {
        if (!is_used(slot::text) && !is_used(slot::text_utf16)) {
            complain("body", "has no {{text}}");
        }
        if (!is_used(slot::to) && !is_used(slot::to_plus) && !is_used(slot::to_local)) {
            complain("body", "has no {{to}}");
        }
        for (const auto what :
             {slot::sender, slot::username, slot::password, slot::api_key, slot::api_secret}) {
            const auto name = slot_names[static_cast<std::size_t>(what)];
            if (is_used(what) && as_.value(name).empty()) {
                complain(name, "is missing, but a template has it");
            }
        }
        if (is_used(slot::callback) && as_.value("callback_url").empty()) {
            complain("callback_url", "is missing, but a template has {{callback}}");
        }
        if (is_used(slot::kind) && as_.value("gsm_kind") == as_.value("unicode_kind")) {
            complain("unicode_kind", "is the same as gsm_kind");
        }
    }

    void answers() {
        made_.answers = word<answer_format>("answer_format", {{"json", answer_format::json},
                                                              {"xml", answer_format::xml},
                                                              {"text", answer_format::text}});
        const bool is_text = made_.answers == answer_format::text;
        if (is_text == as_.value("answer_line").empty()) {
            complain("answer_line", "and answer_format \"text\" go together");
        } else if (is_text) {
            if (auto says = pattern_fault(as_.value("answer_line")); !says.empty()) {
                complain("answer_line", std::move(says));
            }
        }
        using enum sms_outcome;
        for (const auto& [key, what] : words<sms_outcome>{{"accepted_codes", accepted},
                                                          {"refused_codes", refused},
                                                          {"blocked_codes", blocked},
                                                          {"defect_codes", defect},
                                                          {"retry_codes", later},
                                                          {"throttled_codes", throttled},
                                                          {"credentials_codes", credentials},
                                                          {"balance_codes", balance}}) {
            take_values(key, what, made_.codes);
        }
    }

    template <class Value>
    void take_values(std::string_view key, Value what,
                     std::vector<std::pair<std::string, Value>>& into) {
        for (const auto& one : as_.list(key)) {
            const auto is_same = [&](const auto& known) { return known.first == one; };
            if (one.empty() || std::ranges::any_of(into, is_same)) {
                complain(key, "has a value that is empty or stands twice");
            }
            into.emplace_back(one, what);
        }
    }

    field_format format(std::string_view key) {
        return word<field_format>(key, {{"form", field_format::form},
                                        {"json", field_format::json},
                                        {"xml", field_format::xml}});
    }

    /// All of them or none.
    bool together(std::initializer_list<std::string_view> needed) {
        const auto is_said = [&](std::string_view key) { return !as_.value(key).empty(); };
        if (std::ranges::none_of(needed, is_said)) {
            return false;
        }
        for (const auto key : needed) {
            if (!is_said(key)) {
                complain(key, fmt::format("is missing beside {}",
                                          *std::ranges::find_if(needed, is_said)));
            }
        }
        return true;
    }

    void texts() {
        made_.texts_are = format("text_format");
        together({"text_number_from", "text_from", "text_id_from"});
    }

    void receipts() {
        made_.receipts_are = format("receipt_format");
        using enum sms::receipt_state;
        for (const auto& [key, what] : words<sms::receipt_state>{{"delivered_states", delivered},
                                                                 {"failed_states", failed},
                                                                 {"expired_states", expired},
                                                                 {"underway_states", underway}}) {
            take_values(key, what, made_.states);
        }
        if (together({"receipt_id_from", "receipt_state_from"}) && made_.states.empty()) {
            complain("delivered_states", "is missing beside receipt_state_from");
        }
    }

    /// Fills the body with what breaks one that forgot its quotes, and reads it back.
    void try_out() {
        const bool is_json = made_.body_escapes == escaping::json;
        if (made_.body.empty() || (!is_json && made_.body_escapes != escaping::xml)) {
            return;
        }
        slot_values values;
        values.fill("a \"b\" <c> & 'd'\n{\\}");
        for (const auto* key : {"gsm_kind", "unicode_kind"}) {
            values[static_cast<std::size_t>(slot::kind)] = as_.value(key);
            const auto body = fill(made_.body, values, made_.body_escapes);
            const bool is_read =
                is_json
                    ? read_json_tree(body).has_value()
                    : std::holds_alternative<field_set>(field_set::read(field_format::xml, body));
            if (!is_read) {
                complain("body", is_json ? "is no JSON when it is filled in"
                                         : "is no XML when it is filled in");
                return;
            }
        }
    }

    const sms_settings& as_;
    std::vector<sms_problem>& problems_;
    std::size_t before_;
    description made_;
};

} // namespace

description describe(const sms_settings& as, std::vector<sms_problem>& problems) {
    return preparation{as, problems}.run();
}

std::span<const sms_key> description_keys() noexcept {
    return keys;
}

} // namespace uthan::adapters::http_sms
