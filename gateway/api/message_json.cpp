#include "gateway/api/message_json.hpp"

#include "sms/explanation.hpp"
#include "texts/segments.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace uthan::gateway::api {
namespace {

namespace json = boost::json;

json::string_view text_of(std::string_view text) noexcept {
    return {text.data(), text.size()};
}

json::string_view state_name(sms::message_state state) noexcept {
    return text_of(sms::message_state_names[static_cast<std::size_t>(state)]);
}

/// Those of its last hand-over, else what it will make.
std::uint32_t segments_of(const sms::message_record& message) {
    if (message.segments != 0) {
        return message.segments;
    }
    const auto plan = texts::plan_sms(message.text, {});
    return plan ? plan->parts : 0;
}

} // namespace

std::string message_json(const sms::message_record& message) {
    json::array events;
    events.reserve(message.history.size());
    for (const auto& event : message.history) {
        events.push_back({{"at", to_rfc3339(event.at)},
                          {"state", state_name(event.state)},
                          {"reason", text_of(sms::name_of(event.why))}});
    }
    json::object body{
        {"id", std::to_string(message.id)},
        {"state", state_name(message.state)},
        {"class", text_of(sms::message_class_names[static_cast<std::size_t>(message.of)])},
        {"segments", segments_of(message)},
        {"why", sms::explain(message)},
        {"events", std::move(events)}};
    return json::serialize(body) + "\n";
}

} // namespace uthan::gateway::api
