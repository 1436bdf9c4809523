#include "adapters/ussd_http/text_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace uthan::adapters::ussd_http {
namespace {

constexpr std::array names{
    std::pair<std::string_view, placeholder>{"text", placeholder::text},
    std::pair<std::string_view, placeholder>{"session", placeholder::session},
    std::pair<std::string_view, placeholder>{"number", placeholder::number},
    std::pair<std::string_view, placeholder>{"request", placeholder::request},
    std::pair<std::string_view, placeholder>{"state", placeholder::state},
    std::pair<std::string_view, placeholder>{"username", placeholder::username},
    std::pair<std::string_view, placeholder>{"api_key", placeholder::api_key}};

std::size_t place_in(std::vector<source>& echo, source what) {
    const auto known = std::ranges::find(echo, what);
    if (known == echo.end()) {
        echo.push_back(std::move(what));
        return echo.size() - 1;
    }
    return static_cast<std::size_t>(known - echo.begin());
}

std::optional<piece> piece_of(std::string_view name, std::vector<source>& echo) {
    if (name.starts_with("in:")) {
        auto what = parse_source(name.substr(3));
        if (!what || what->in == source::place::nowhere) {
            return std::nullopt;
        }
        return piece{placeholder::in, {}, place_in(echo, std::move(*what))};
    }
    for (const auto& [known, what] : names) {
        if (known == name) {
            return piece{what, {}, 0};
        }
    }
    return std::nullopt;
}

std::string_view value_of(const piece& p, const template_values& values) {
    switch (p.what) {
    case placeholder::literal:
        return p.literal;
    case placeholder::text:
        return values.text;
    case placeholder::session:
        return values.session;
    case placeholder::number:
        return values.number;
    case placeholder::request:
        return values.request;
    case placeholder::state:
        return values.state;
    case placeholder::username:
        return values.username;
    case placeholder::api_key:
        return values.api_key;
    case placeholder::in:
        return p.echo < values.echo.size() ? std::string_view{values.echo[p.echo]}
                                           : std::string_view{};
    }
    return {};
}

} // namespace

std::string parse_template(std::string_view written, text_template& target,
                           std::vector<source>& echo) {
    while (!written.empty()) {
        const auto open = std::min(written.find("{{"), written.size());
        if (open != 0) {
            target.push_back({placeholder::literal, std::string{written.substr(0, open)}, 0});
        }
        written.remove_prefix(open);
        if (written.empty()) {
            break;
        }
        const auto close = written.find("}}");
        if (close == std::string_view::npos) {
            return "has a {{ without its }}";
        }
        const auto name = written.substr(2, close - 2);
        auto made = piece_of(name, echo);
        if (!made) {
            return fmt::format("has a placeholder that is not known: {{{{{}}}}}", name);
        }
        target.push_back(std::move(*made));
        written.remove_prefix(close + 2);
    }
    return {};
}

bool uses(const text_template& in, placeholder what) noexcept {
    return std::ranges::find(in, what, &piece::what) != in.end();
}

std::string fill(const text_template& from, const template_values& values, escaping as) {
    std::string out;
    for (const piece& p : from) {
        const bool raw = p.what == placeholder::literal || p.what == placeholder::state;
        const auto value = value_of(p, values);
        if (raw) {
            out += value;
        } else {
            out += escape(value, as);
        }
    }
    return out;
}

} // namespace uthan::adapters::ussd_http
