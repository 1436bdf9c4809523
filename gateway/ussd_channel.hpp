#pragma once

#include "gateway/channel_handler.hpp"
#include "gateway/metrics.hpp"
#include "service/dialogues.hpp"

#include <chrono>
#include <set>
#include <string>

namespace uthan::gateway {

/// An Africa's Talking channel on one shard: callback → turn → hop → body.
class africastalking_channel final : public channel_handler {
public:
    /// References outlive the handler. `codes`: the service codes that belong to this channel; a
    /// turn for another is refused. Empty = any.
    africastalking_channel(service::dialogue_channel channel, std::set<std::string> codes,
                           members::ledger& ledger, service::dialogues& dialogues,
                           const sessions::store& store, channel_metrics& metrics)
        : channel_(std::move(channel)), codes_(std::move(codes)), ledger_(ledger),
          dialogues_(dialogues), store_(store), metrics_(metrics) {}

    task<http_response> ussd(http_request request) override;
    task<http_response> events(http_request request) override;

private:
    task<http_response> respond(task<service::hop_result> answering,
                                std::chrono::steady_clock::time_point received);

    service::dialogue_channel channel_;
    std::set<std::string> codes_;
    numbering numbers_;
    members::ledger& ledger_;
    service::dialogues& dialogues_;
    const sessions::store& store_;
    channel_metrics& metrics_;
};

} // namespace uthan::gateway
