#include "adapters/fields.hpp"
#include "adapters/ussd_http/ussd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace uthan::adapters::ussd_http {
namespace {

constexpr std::size_t template_bytes_max = 4096;
constexpr std::size_t headers_max = 8;
constexpr std::size_t line_break_bytes_max = 16;

bool is_plain(std::string_view written) noexcept {
    return std::ranges::all_of(written, [](char c) { return c >= 0x20 && c < 0x7F; });
}

class preparation {
public:
    preparation(prepared_link& link, std::vector<problem>& problems)
        : link_(link), problems_(problems), before_(problems.size()) {}

    void run() {
        sources();
        kinds();
        templates();
        headers();
        states();
        if (link_.as.style == link_style::push) {
            push();
        } else {
            no_push();
        }
    }

private:
    void complain(std::string_view key, std::string says) {
        problems_.push_back({std::string{key}, std::move(says)});
    }

    void read(std::string_view key, const std::string& written, source& target, bool required) {
        if (required && written.empty()) {
            complain(key, "is missing");
            return;
        }
        if (auto made = parse_source(written)) {
            target = std::move(*made);
        } else {
            complain(key, fmt::format("\"{}\" is not a field, query:NAME, header:NAME or path:N",
                                      written));
        }
    }

    void sources() {
        const auto& as = link_.as;
        if (as.request_format == body_format::text) {
            complain("request_format", "must be form, json, xml or query");
        }
        read("session_from", as.session_from, link_.session, true);
        read("number_from", as.number_from, link_.number, true);
        read("input_from", as.input_from, link_.input, true);
        read("kind_from", as.kind_from, link_.kind, true);
        read("request_id_from", as.request_id_from, link_.request_id, false);
        read("service_code_from", as.service_code_from, link_.service_code, false);
        read("network_from", as.network_from, link_.network, false);
    }

    void kinds() {
        if (link_.as.begin_values.empty()) {
            complain("begin_values", "is missing");
        }
        std::set<std::string> seen;
        const auto take = [&](std::string_view key, const std::vector<std::string>& values) {
            for (const auto& value : values) {
                if (value.empty()) {
                    complain(key, "has an empty value");
                } else if (!seen.insert(value).second) {
                    complain(key, fmt::format("\"{}\" is there twice", value));
                }
            }
        };
        take("begin_values", link_.as.begin_values);
        take("continue_values", link_.as.continue_values);
        take("end_values", link_.as.end_values);
    }

    void parse(std::string_view key, const std::string& written, text_template& target) {
        if (written.size() > template_bytes_max) {
            complain(key, fmt::format("is longer than {} bytes", template_bytes_max));
            return;
        }
        auto says = parse_template(written, target, link_.echo);
        if (!says.empty()) {
            complain(key, std::move(says));
        }
    }

    void refuse(std::string_view key, const text_template& in, placeholder what,
                std::string_view name, std::string_view why) {
        if (uses(in, what)) {
            complain(key, fmt::format("must not have {{{{{}}}}}: {}", name, why));
        }
    }

    void templates() {
        const auto& as = link_.as;
        if (as.reply_format == body_format::query) {
            complain("reply_format", "must be json, xml, form or text");
        }
        parse("reply", as.reply, link_.reply);
        parse("end_reply", as.end_reply, link_.end_reply);
        refuse("end_reply", link_.end_reply, placeholder::text, "text", "there is no screen");
        refuse("end_reply", link_.end_reply, placeholder::state, "state", "there is no screen");
        content_type("reply_type", as.reply_type);
        content_type("acknowledgement_type", as.acknowledgement_type);
        if (as.line_break.size() > line_break_bytes_max) {
            complain("line_break", fmt::format("is longer than {} bytes", line_break_bytes_max));
        }
        if (problems_.size() == before_) {
            try_out("reply", link_.reply);
            try_out("end_reply", link_.end_reply);
        }
    }

    /// Fills a template with what breaks a body that forgot its quotes, and reads it back.
    void try_out(std::string_view key, const text_template& in) {
        const auto format = link_.as.reply_format;
        if (in.empty() || (format != body_format::json && format != body_format::xml)) {
            return;
        }
        constexpr std::string_view hard = "a \"b\" <c> & 'd'\n{\\}";
        for (const auto& state : {link_.as.continue_value, link_.as.end_value}) {
            const std::vector<std::string> echo(link_.echo.size(), std::string{hard});
            const template_values values{hard, hard, hard, hard, state, hard, hard, echo};
            const bool is_json = format == body_format::json;
            const auto body = fill(in, values, is_json ? escaping::json : escaping::xml);
            const auto read = is_json ? read_json(body) : read_xml(body);
            if (const auto* refused = std::get_if<rejection>(&read)) {
                complain(key, fmt::format("filled in with \"{}\": {}", state, refused->reason));
                return;
            }
        }
    }

    void content_type(std::string_view key, const std::string& written) {
        if (!is_plain(written)) {
            complain(key, "is not plain ASCII");
        }
    }

    void headers() {
        if (link_.as.reply_headers.size() > headers_max) {
            complain("reply_headers", fmt::format("are more than {}", headers_max));
            return;
        }
        for (const auto& line : link_.as.reply_headers) {
            header(line);
        }
    }

    void header(const std::string& line) {
        static constexpr std::array<std::string_view, 5> ours{
            "content-type", "content-length", "connection", "date", "transfer-encoding"};
        const auto colon = line.find(": ");
        auto name = line.substr(0, colon);
        const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   c == '-' || c == '_';
        });
        if (colon == std::string::npos || !is_name || !is_plain(line)) {
            complain("reply_headers", fmt::format("\"{}\" is not like \"Name: value\"", name));
            return;
        }
        auto small = name;
        std::ranges::transform(small, small.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        if (std::ranges::find(ours, small) != ours.end()) {
            complain("reply_headers", fmt::format("{} is written by the listener", name));
        }
        text_template value;
        parse("reply_headers", line.substr(colon + 2), value);
        refuse("reply_headers", value, placeholder::text, "text", "a header holds no screen");
        if (link_.as.style == link_style::reply) {
            refuse_secrets("reply_headers", value);
        }
        link_.headers.emplace_back(std::move(name), std::move(value));
    }

    void refuse_secrets(std::string_view key, const text_template& in) {
        constexpr std::string_view why = "credentials go out in a push alone";
        refuse(key, in, placeholder::username, "username", why);
        refuse(key, in, placeholder::api_key, "api_key", why);
    }

    void states() {
        parse("push_url", link_.as.push_url, link_.push_url);
        const auto everywhere = [&](placeholder what) {
            return uses(link_.reply, what) || uses(link_.push_url, what) ||
                   std::ranges::any_of(link_.headers,
                                       [&](const auto& h) { return uses(h.second, what); });
        };
        if (!everywhere(placeholder::text)) {
            complain("reply", "has no {{text}}");
        }
        if (!everywhere(placeholder::state)) {
            complain("reply", "says nowhere whether the session goes on: {{state}} is missing");
        }
        if (link_.as.continue_value == link_.as.end_value) {
            complain("end_value", "is the same as continue_value");
        }
        if (everywhere(placeholder::request) && link_.request_id.in == source::place::nowhere) {
            complain("request_id_from", "is missing, but a template has {{request}}");
        }
        refuse_secrets("end_reply", link_.end_reply);
    }

    void push() {
        const auto& as = link_.as;
        const auto host = as.push_url.find("://");
        const bool is_web =
            as.push_url.starts_with("https://") || as.push_url.starts_with("http://");
        const bool is_fixed =
            is_web && !link_.push_url.empty() &&
            link_.push_url.front().what == placeholder::literal &&
            link_.push_url.front().literal.find('/', host + 4) != std::string::npos;
        if (!is_fixed) {
            complain("push_url", "must begin with http:// or https://, a fixed host and a path");
        }
        if (as.method == push_method::get && !as.reply.empty()) {
            complain("reply", "a GET has no body: everything goes into push_url");
        }
        read("push_ok_from", as.push_ok_from, link_.push_ok, false);
        if (link_.push_ok.in != source::place::nowhere &&
            (link_.push_ok.in != source::place::body || as.reply_format == body_format::text)) {
            complain("push_ok_from", "must be a field of a json, xml or form answer");
        }
        if (as.push_ok_from.empty() != as.push_ok_values.empty()) {
            complain("push_ok_values", "and push_ok_from go together");
        }
    }

    void no_push() {
        const auto& as = link_.as;
        refuse_secrets("reply", link_.reply);
        const auto absent = [&](std::string_view key, bool is_empty) {
            if (!is_empty) {
                complain(key, "belongs to style \"push\"");
            }
        };
        absent("acknowledgement", as.acknowledgement.empty());
        absent("acknowledgement_type", as.acknowledgement_type.empty());
        absent("push_url", as.push_url.empty());
        absent("push_ok_from", as.push_ok_from.empty());
        absent("push_ok_values", as.push_ok_values.empty());
        absent("push_method", as.method == push_method::post);
    }

    prepared_link& link_;
    std::vector<problem>& problems_;
    std::size_t before_; ///< problems of others
};

} // namespace

prepared_link prepare(description described, std::vector<problem>& problems) {
    prepared_link made;
    made.as = std::move(described);
    preparation{made, problems}.run();
    return made;
}

} // namespace uthan::adapters::ussd_http
