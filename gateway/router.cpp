#include "gateway/router.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace uthan::gateway {
namespace {

struct channel_path {
    std::string_view name;
    route_kind kind;
    std::string_view rest; ///< with its '/'
};

std::optional<channel_path> parse_path(std::string_view path) noexcept {
    static constexpr std::string_view prefix = "/channels/";
    if (!path.starts_with(prefix)) {
        return std::nullopt;
    }
    path.remove_prefix(prefix.size());
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view behind = path.substr(slash + 1);
    const std::string_view kind = behind.substr(0, behind.find('/'));
    const std::string_view rest = behind.substr(kind.size());
    if (kind == "ussd") {
        return channel_path{path.substr(0, slash), route_kind::ussd, rest};
    }
    if (kind == "events") {
        return channel_path{path.substr(0, slash), route_kind::events, rest};
    }
    return std::nullopt;
}

bool leads_somewhere(const channel_path& path, const route_rules& rules) noexcept {
    if (path.kind == route_kind::events) {
        return rules.events && path.rest.empty();
    }
    return path.rest.empty() || rules.rest;
}

bool takes(const channel_path& path, const route_rules& rules, http_method method) noexcept {
    switch (method) {
    case http_method::post:
        return true;
    case http_method::put:
        return path.kind == route_kind::ussd && rules.rest;
    case http_method::get:
        return path.kind == route_kind::ussd && rules.get;
    default:
        return false;
    }
}

http_response refuse_method(const channel_path& path, const route_rules& rules) {
    std::string allowed = "POST";
    if (takes(path, rules, http_method::put)) {
        allowed += ", PUT";
    }
    if (takes(path, rules, http_method::get)) {
        allowed += ", GET";
    }
    http_response refusal = plain_response(405, "this path takes " + allowed);
    refusal.headers.emplace_back("Allow", allowed);
    return refusal;
}

bool reads_path(const adapters::ussd_http::prepared_link& link) noexcept {
    using place = adapters::ussd_http::source::place;
    const auto from_path = [](const adapters::ussd_http::source& s) { return s.in == place::path; };
    return from_path(link.session) || from_path(link.number) || from_path(link.input) ||
           from_path(link.kind) || from_path(link.request_id) || from_path(link.service_code) ||
           from_path(link.network) || std::ranges::any_of(link.echo, from_path);
}

} // namespace

route_rules rules_of(const channel_settings& channel) noexcept {
    if (const auto* described = std::get_if<ussd_http_settings>(&channel.link)) {
        const auto& link = described->link;
        return {.events = false,
                .rest = reads_path(link),
                .get = link.as.request_format == adapters::ussd_http::body_format::query};
    }
    return {.events = !std::holds_alternative<bdapps_settings>(channel.link)};
}

router::router(std::span<const channel_settings> channels, shard_backend& services) {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        by_name_.emplace(channels[i].name,
                         target{&channels[i], &services.channel(i), rules_of(channels[i])});
    }
}

task<http_response> router::handle(http_request request) {
    const auto path = parse_path(request.path);
    const auto found = path ? by_name_.find(path->name) : by_name_.end();
    if (found == by_name_.end() || !leads_somewhere(*path, found->second.rules)) {
        return answer(plain_response(404, "no such path"));
    }
    const target& to = found->second;
    if (!takes(*path, to.rules, request.method)) {
        return answer(refuse_method(*path, to.rules));
    }
    const auto& allowed = to.channel->allow_from;
    if (!allowed.empty() && !contains(allowed, request.remote)) {
        return answer(plain_response(403, "this source may not call this path"));
    }
    request.rest = path->rest;
    return path->kind == route_kind::ussd ? to.handler->ussd(request) : to.handler->events(request);
}

} // namespace uthan::gateway
