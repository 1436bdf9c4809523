#include "gateway/ussd_channel.hpp"

#include "adapters/africastalking/ussd.hpp"

namespace uthan::gateway {
namespace {

namespace wire = adapters::africastalking;

hop_outcome outcome_of(const service::hop_result& hop, bool store_answers) noexcept {
    if (hop.apology) {
        return hop_outcome::failed;
    }
    if (hop.repeated) {
        return hop_outcome::repeated;
    }
    if (!store_answers) {
        return hop_outcome::degraded;
    }
    return hop.screen.final ? hop_outcome::ended : hop_outcome::continued;
}

} // namespace

task<http_response> africastalking_channel::ussd(http_request request) {
    auto read = wire::parse_ussd(request.body, numbers_);
    if (const auto* refused = std::get_if<adapters::rejection>(&read)) {
        metrics_.hop_done(hop_outcome::refused, request.received);
        return answer(plain_response(400, refused->reason));
    }
    auto& turn = std::get<sessions::inbound_turn>(read);
    if (!codes_.empty() && !codes_.contains(turn.service_code)) {
        metrics_.hop_done(hop_outcome::refused, request.received);
        return answer(plain_response(400, "the field serviceCode is not a code of this channel"));
    }
    return respond(dialogues_.hop(channel_, ledger_, std::move(turn)), request.received);
}

task<http_response>
africastalking_channel::respond(task<service::hop_result> answering,
                                std::chrono::steady_clock::time_point received) {
    const auto hop = co_await std::move(answering);
    metrics_.hop_done(outcome_of(hop, store_.healthy()), received);
    http_response response;
    response.content_type = wire::content_type;
    response.body = wire::render_ussd(hop.screen.text, hop.screen.final);
    co_return response;
}

task<http_response> africastalking_channel::events(http_request request) {
    const auto read = wire::parse_session_end(request.body);
    if (const auto* refused = std::get_if<adapters::rejection>(&read)) {
        metrics_.events_rejected.add();
        co_return plain_response(400, refused->reason);
    }
    // A dropped dialogue needs nothing done: its state waits for a redial until its time to live.
    metrics_.events.add();
    co_return http_response{};
}

} // namespace uthan::gateway
