#pragma once

#include "gateway/channel_handler.hpp"
#include "gateway/links/http_screens.hpp"
#include "gateway/links/pushed_turns.hpp"
#include "gateway/settings.hpp"
#include "gateway/ussd_channel.hpp"

#include <memory>
#include <string>

namespace uthan::gateway {

/// Style push of a configured link. `as` outlives it.
std::unique_ptr<push_format> make_ussd_http_format(const ussd_http_settings& as);

/// A channel whose format is configuration, in both styles. `as` outlives it.
class ussd_http_link final : public channel_handler {
public:
    /// `service_code`: of turns that name none. `turns`: null in style reply.
    ussd_http_link(const ussd_http_settings& as, std::string service_code,
                   std::unique_ptr<ussd_channel> channel, std::unique_ptr<pushed_turns> turns)
        : as_(as), service_code_(std::move(service_code)), channel_(std::move(channel)),
          turns_(std::move(turns)) {}

    task<http_response> ussd(http_request request) override;

private:
    task<http_response> take(adapters::ussd_turn turn,
                             std::chrono::steady_clock::time_point received);

    const ussd_http_settings& as_;
    std::string service_code_;
    std::unique_ptr<ussd_channel> channel_;
    std::unique_ptr<pushed_turns> turns_;
};

} // namespace uthan::gateway
