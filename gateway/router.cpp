#include "gateway/router.hpp"

#include <optional>

namespace uthan::gateway {
namespace {

struct channel_path {
    std::string_view name;
    route_kind kind;
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
    const std::string_view kind = path.substr(slash + 1);
    if (kind == "ussd") {
        return channel_path{path.substr(0, slash), route_kind::ussd};
    }
    if (kind == "events") {
        return channel_path{path.substr(0, slash), route_kind::events};
    }
    return std::nullopt;
}

} // namespace

router::router(std::span<const channel_settings> channels, shard_backend& services) {
    for (std::size_t i = 0; i < channels.size(); ++i) {
        by_name_.emplace(channels[i].name, target{&channels[i], &services.channel(i)});
    }
}

task<http_response> router::handle(http_request request) {
    const auto path = parse_path(request.path);
    const auto found = path ? by_name_.find(path->name) : by_name_.end();
    if (found == by_name_.end()) {
        return answer(plain_response(404, "no such path"));
    }
    if (request.method != http_method::post) {
        http_response refusal = plain_response(405, "this path takes POST");
        refusal.headers.emplace_back("Allow", "POST");
        return answer(std::move(refusal));
    }
    const target& to = found->second;
    const auto& allowed = to.channel->allow_from;
    if (!allowed.empty() && !contains(allowed, request.remote)) {
        return answer(plain_response(403, "this source may not call this path"));
    }
    return path->kind == route_kind::ussd ? to.handler->ussd(request) : to.handler->events(request);
}

} // namespace uthan::gateway
