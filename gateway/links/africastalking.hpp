#pragma once

#include "gateway/channel_handler.hpp"
#include "gateway/ussd_channel.hpp"

#include <memory>

namespace uthan::gateway {

/// An Africa's Talking channel: callback → turn → hop → body.
class africastalking_link final : public channel_handler {
public:
    explicit africastalking_link(std::unique_ptr<ussd_channel> channel)
        : channel_(std::move(channel)) {}

    task<http_response> ussd(http_request request) override;
    task<http_response> events(http_request request) override;

private:
    std::unique_ptr<ussd_channel> channel_;
};

} // namespace uthan::gateway
