#include "gateway/links/ussd_http.hpp"

#include "adapters/ussd_http/ussd.hpp"

#include <utility>

namespace uthan::gateway {
namespace {

class ussd_http_format final : public push_format {
public:
    explicit ussd_http_format(const ussd_http_settings& as) : as_(as) {}

    std::optional<outbound_request> render(const adapters::ussd_turn& to, std::string_view text,
                                           bool final) const override {
        auto pushed = adapters::ussd_http::render_push(as_.link, as_.as, to, text, final);
        outbound_request request;
        request.post = pushed.method == adapters::ussd_http::push_method::post;
        request.url = std::move(pushed.url);
        request.content_type = pushed.content_type;
        request.body = std::move(pushed.body);
        for (auto& [name, value] : pushed.headers) {
            request.headers.emplace_back(name, std::move(value));
        }
        return request;
    }
    adapters::push_answer read(unsigned http_status, std::string_view body) const override {
        return adapters::ussd_http::read_push_answer(as_.link, http_status, body);
    }

private:
    const ussd_http_settings& as_;
};

http_response response_of(adapters::ussd_http::http_answer from) {
    http_response response;
    response.content_type = from.content_type;
    response.body = std::move(from.body);
    response.headers = std::move(from.headers);
    return response;
}

/// `to` is on the heap: it would make the frame larger than Asio recycles.
task<http_response> screen_of(const adapters::ussd_http::prepared_link& link, ussd_channel& channel,
                              std::unique_ptr<adapters::ussd_turn> to,
                              std::chrono::steady_clock::time_point received) {
    auto answering = channel.hop(sessions::inbound_turn{to->turn});
    const auto hop = co_await std::move(answering);
    channel.count(hop, received);
    co_return response_of(
        adapters::ussd_http::render_screen(link, *to, hop.screen.text, hop.screen.final));
}

} // namespace

std::unique_ptr<push_format> make_ussd_http_format(const ussd_http_settings& as) {
    return std::make_unique<ussd_http_format>(as);
}

task<http_response> ussd_http_link::take(adapters::ussd_turn turn,
                                         std::chrono::steady_clock::time_point received) {
    if (!channel_->take_code(turn.turn)) {
        return answer(channel_->refuse("the service code is not one of this channel", received));
    }
    if (turns_ == nullptr) {
        return screen_of(as_.link, *channel_,
                         std::make_unique<adapters::ussd_turn>(std::move(turn)), received);
    }
    turns_->take(std::move(turn), received);
    return answer(response_of(adapters::ussd_http::render_acknowledgement(as_.link)));
}

task<http_response> ussd_http_link::ussd(http_request request) {
    const auto* headers = request.headers;
    const adapters::ussd_http::request_parts parts{
        request.rest, request.query, request.body, [headers](std::string_view name) {
            const auto found = headers->find(name);
            return found == headers->end()
                       ? std::string_view{}
                       : std::string_view{found->value().data(), found->value().size()};
        }};
    const adapters::channel_context on{channel_->name(), service_code_, channel_->numbers()};
    auto read = adapters::ussd_http::parse_ussd(as_.link, parts, on);
    if (const auto* refused = std::get_if<adapters::rejection>(&read)) {
        return answer(channel_->refuse(refused->reason, request.received));
    }
    auto& event = std::get<adapters::ussd_event>(read);
    if (auto* turn = std::get_if<adapters::ussd_turn>(&event)) {
        return take(std::move(*turn), request.received);
    }
    // A dropped dialogue needs nothing done: its state waits for a redial.
    channel_->metrics().events.add();
    return answer(response_of(
        adapters::ussd_http::render_end(as_.link, std::get<adapters::ussd_ended>(event))));
}

} // namespace uthan::gateway
