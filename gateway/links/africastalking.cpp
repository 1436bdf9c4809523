#include "gateway/links/africastalking.hpp"

#include "adapters/africastalking/ussd.hpp"

namespace uthan::gateway {
namespace {

task<http_response> screen_of(ussd_channel& channel, task<service::hop_result> answering,
                              std::chrono::steady_clock::time_point received) {
    const auto hop = co_await std::move(answering);
    channel.count(hop, received);
    http_response response;
    response.content_type = adapters::africastalking::content_type;
    response.body = adapters::africastalking::render_ussd(hop.screen.text, hop.screen.final);
    co_return response;
}

} // namespace

task<http_response> africastalking_link::ussd(http_request request) {
    auto read = adapters::africastalking::parse_ussd(request.body, channel_->numbers());
    if (const auto* refused = std::get_if<adapters::rejection>(&read)) {
        return answer(channel_->refuse(refused->reason, request.received));
    }
    auto& turn = std::get<sessions::inbound_turn>(read);
    if (!channel_->take_code(turn)) {
        return answer(channel_->refuse("the field serviceCode is not a code of this channel",
                                       request.received));
    }
    return screen_of(*channel_, channel_->hop(std::move(turn)), request.received);
}

task<http_response> africastalking_link::events(http_request request) {
    const auto read = adapters::africastalking::parse_session_end(request.body);
    if (const auto* refused = std::get_if<adapters::rejection>(&read)) {
        channel_->metrics().events_rejected.add();
        co_return plain_response(400, refused->reason);
    }
    // A dropped dialogue needs nothing done: its state waits for a redial until its time to live.
    channel_->metrics().events.add();
    co_return http_response{};
}

} // namespace uthan::gateway
