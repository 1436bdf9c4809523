#include "gateway/links/bdapps.hpp"

#include "adapters/bdapps/ussd.hpp"

#include <string_view>

namespace uthan::gateway {
namespace {

/// One '?' for each character that this link cannot carry.
std::string in_ascii(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else if (byte >= 0xC0) {
            out += '?';
        }
    }
    return out;
}

class bdapps_format final : public push_format {
public:
    explicit bdapps_format(const bdapps_settings& as) : as_(as) {}

    std::optional<outbound_request> render(const adapters::ussd_turn& to, std::string_view text,
                                           bool final) const override {
        auto body = adapters::bdapps::render_send(as_.as, to, in_ascii(text), final);
        if (!body) {
            return std::nullopt;
        }
        outbound_request request;
        request.url = as_.send_url;
        request.content_type = adapters::bdapps::content_type;
        request.body = std::move(*body);
        return request;
    }
    adapters::push_answer read(unsigned http_status, std::string_view body) const override {
        return adapters::bdapps::read_send_answer(http_status, body);
    }

private:
    const bdapps_settings& as_;
};

} // namespace

std::unique_ptr<push_format> make_bdapps_format(const bdapps_settings& as) {
    return std::make_unique<bdapps_format>(as);
}

task<http_response> bdapps_link::ussd(http_request request) {
    const adapters::channel_context on{channel_->name(), service_code_, channel_->numbers()};
    auto read = adapters::bdapps::parse_ussd(request.body, on, as_.as.application_id, as_.given);
    if (std::holds_alternative<adapters::rejection>(read)) {
        channel_->refuse({}, request.received);
    } else if (auto* event = std::get_if<adapters::ussd_event>(&read)) {
        if (auto* turn = std::get_if<adapters::ussd_turn>(event)) {
            channel_->take_code(turn->turn);
            turns_->take(std::move(*turn), request.received);
        } else {
            // A dropped dialogue needs nothing done: its state waits for a redial.
            channel_->metrics().events.add();
        }
    }
    http_response acknowledged;
    acknowledged.content_type = application_json;
    acknowledged.body = adapters::bdapps::acknowledgement();
    return answer(std::move(acknowledged));
}

} // namespace uthan::gateway
