#pragma once

#include "gateway/channel_handler.hpp"
#include "gateway/links/http_screens.hpp"
#include "gateway/links/pushed_turns.hpp"
#include "gateway/settings.hpp"
#include "gateway/ussd_channel.hpp"

#include <memory>
#include <string>

namespace uthan::gateway {

/// Screens as POST {url}/ussd/send. What is no ASCII (a name in a member's file) goes out as '?'.
/// `as` outlives it.
std::unique_ptr<push_format> make_bdapps_format(const bdapps_settings& as);

/// A bdapps channel: every callback is acknowledged at once, also one that cannot be read.
class bdapps_link final : public channel_handler {
public:
    /// `as` outlives it. `service_code`: of every turn, since callbacks name none.
    bdapps_link(const bdapps_settings& as, std::string service_code,
                std::unique_ptr<ussd_channel> channel, std::unique_ptr<pushed_turns> turns)
        : as_(as), service_code_(std::move(service_code)), channel_(std::move(channel)),
          turns_(std::move(turns)) {}

    task<http_response> ussd(http_request request) override;

private:
    const bdapps_settings& as_;
    std::string service_code_;
    std::unique_ptr<ussd_channel> channel_;
    std::unique_ptr<pushed_turns> turns_;
};

} // namespace uthan::gateway
