#include "adapters/fields.hpp"
#include "adapters/form.hpp"
#include "adapters/ussd_http/ussd.hpp"

#include <algorithm>
#include <variant>

namespace uthan::adapters::ussd_http {
namespace {

escaping escaping_of(body_format format) noexcept {
    switch (format) {
    case body_format::json:
        return escaping::json;
    case body_format::xml:
        return escaping::xml;
    case body_format::form:
    case body_format::query:
        return escaping::percent;
    case body_format::text:
        break;
    }
    return escaping::none;
}

std::string_view usual_type(body_format format) noexcept {
    switch (format) {
    case body_format::json:
        return "application/json";
    case body_format::xml:
        return "text/xml; charset=utf-8";
    case body_format::form:
        return "application/x-www-form-urlencoded";
    case body_format::query:
    case body_format::text:
        break;
    }
    return "text/plain; charset=utf-8";
}

std::string_view type_of(const description& as) noexcept {
    return as.reply_type.empty() ? usual_type(as.reply_format) : std::string_view{as.reply_type};
}

std::string with_line_breaks(std::string_view text, std::string_view line_break) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += line_break;
        } else {
            out += c;
        }
    }
    return out;
}

/// A value from outside never ends a header.
std::string header_safe(std::string value) {
    std::ranges::replace_if(
        value, [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return value;
}

std::vector<std::pair<std::string_view, std::string>> headers_of(const prepared_link& link,
                                                                 const template_values& values) {
    std::vector<std::pair<std::string_view, std::string>> out;
    for (const auto& [name, value] : link.headers) {
        out.emplace_back(name, header_safe(fill(value, values, escaping::none)));
    }
    return out;
}

template_values values_of(const prepared_link& link, const ussd_turn& to, std::string_view text,
                          bool final) {
    template_values values;
    values.text = text;
    values.session = to.turn.session_id;
    values.number = to.number_as_sent;
    values.request = to.turn.request_id;
    values.state = final ? link.as.end_value : link.as.continue_value;
    values.echo = to.echo;
    return values;
}

/// The value of `link.push_ok` in a push's answer; empty when it cannot be read.
std::string ok_value(const prepared_link& link, std::string_view body) {
    if (link.as.reply_format == body_format::form) {
        const auto read = form::parse(body);
        const auto* in = std::get_if<form>(&read);
        if (in == nullptr) {
            return {};
        }
        const auto value = in->find(link.push_ok.name);
        return value ? std::string{*value} : std::string{};
    }
    const auto read = link.as.reply_format == body_format::json ? read_json(body) : read_xml(body);
    const auto* in = std::get_if<fields>(&read);
    const auto* found = in == nullptr ? nullptr : in->find(link.push_ok.name);
    return found == nullptr ? std::string{} : found->value;
}

} // namespace

http_answer render_screen(const prepared_link& link, const ussd_turn& to, std::string_view text,
                          bool final) {
    const auto broken = with_line_breaks(text, link.as.line_break);
    const auto values = values_of(link, to, broken, final);
    return {type_of(link.as), fill(link.reply, values, escaping_of(link.as.reply_format)),
            headers_of(link, values)};
}

http_answer render_acknowledgement(const prepared_link& link) {
    return {link.as.acknowledgement_type.empty() ? usual_type(body_format::text)
                                                 : std::string_view{link.as.acknowledgement_type},
            link.as.acknowledgement,
            {}};
}

http_answer render_end(const prepared_link& link, const ussd_ended& notice) {
    if (link.as.style == link_style::push && link.end_reply.empty()) {
        return render_acknowledgement(link);
    }
    template_values values;
    values.session = notice.session_id;
    values.number = notice.number_as_sent;
    values.request = notice.request_id;
    values.echo = notice.echo;
    return {type_of(link.as), fill(link.end_reply, values, escaping_of(link.as.reply_format)), {}};
}

push_request render_push(const prepared_link& link, const credentials& as, const ussd_turn& to,
                         std::string_view text, bool final) {
    const auto broken = with_line_breaks(text, link.as.line_break);
    auto values = values_of(link, to, broken, final);
    values.username = as.username;
    values.api_key = as.api_key;
    push_request made;
    made.method = link.as.method;
    made.url = fill(link.push_url, values, escaping::percent);
    made.headers = headers_of(link, values);
    if (made.method == push_method::post) {
        made.content_type = type_of(link.as);
        made.body = fill(link.reply, values, escaping_of(link.as.reply_format));
    }
    return made;
}

push_answer read_push_answer(const prepared_link& link, unsigned http_status,
                             std::string_view body) {
    push_answer made{push_class::client, std::to_string(http_status)};
    if (http_status == 429 || http_status >= 500) {
        made.what = push_class::transient;
    } else if (http_status == 401 || http_status == 403) {
        made.what = push_class::config;
    } else if (http_status >= 200 && http_status < 300) {
        const bool is_ok = link.push_ok.in == source::place::nowhere ||
                           std::ranges::find(link.as.push_ok_values, ok_value(link, body)) !=
                               link.as.push_ok_values.end();
        made.what = is_ok ? push_class::ok : push_class::unknown;
    }
    return made;
}

} // namespace uthan::adapters::ussd_http
