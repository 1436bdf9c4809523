#pragma once

#include "gateway/backend.hpp"
#include "gateway/http/types.hpp"
#include "gateway/settings.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace uthan::gateway {

/// What the path /channels/<name>/<kind> leads to.
enum class route_kind : std::uint8_t { ussd, events };

/// What a channel's adapter is called with, as its format demands. The narrowest is the default.
struct route_rules {
    bool events = false; ///< /channels/<name>/events is there
    bool rest = false;   ///< /channels/<name>/ussd/… is there too, also with PUT
    bool get = false;    ///< a turn may come in a query string
};
route_rules rules_of(const channel_settings& channel) noexcept;

/// The public listener's handler on one shard: path → channel, after method and source. A path that
/// leads nowhere is 404, another method 405, a source that the channel does not allow 403.
class router final : public http_handler {
public:
    /// `channels` and `services` must outlive the router.
    router(std::span<const channel_settings> channels, shard_backend& services);

    task<http_response> handle(http_request request) override;

private:
    struct target {
        const channel_settings* channel;
        channel_handler* handler;
        route_rules rules;
    };
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept {
            return std::hash<std::string_view>{}(s);
        }
    };
    std::unordered_map<std::string, target, hash, std::equal_to<>> by_name_;
};

} // namespace uthan::gateway
