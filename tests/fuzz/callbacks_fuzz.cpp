#include "adapters/africastalking/ussd.hpp"
#include "adapters/bdapps/ussd.hpp"
#include "adapters/ussd_http/ussd.hpp"
#include "core/assert.hpp"
#include "sessions/history.hpp"
#include "tests/fuzz/fuzz.hpp"

// Callbacks of the USSD links, whole: the first byte says whose.
namespace {

using namespace uthan;

const numbering plan;
const adapters::channel_context channel{"link", "*384*2#", plan};

/// A link of each format with every value read from somewhere else.
adapters::ussd_http::prepared_link described(adapters::ussd_http::body_format format) {
    adapters::ussd_http::description as;
    as.request_format = format;
    const bool xml = format == adapters::ussd_http::body_format::xml;
    const std::string root = xml ? "ussd/" : "";
    as.session_from = root + "session";
    as.number_from = root + "number";
    as.input_from = root + "input";
    as.kind_from = root + "kind";
    as.begin_values = {"1"};
    as.end_values = {"3"};
    as.continue_value = "2";
    as.end_value = "3";
    as.reply_format = format;
    as.reply = xml ? R"(<r s="{{state}}">{{text}}</r>)" : R"({"m":"{{text}}","s":"{{state}}"})";
    as.end_reply = xml ? "<r/>" : "{}";
    std::vector<adapters::ussd_http::problem> problems;
    auto made = adapters::ussd_http::prepare(as, problems);
    UTHAN_ASSERT(problems.empty());
    return made;
}

void read_described(const adapters::ussd_http::prepared_link& link, std::string_view body) {
    const adapters::ussd_http::request_parts request{{}, {}, body, {}};
    const auto parsed = adapters::ussd_http::parse_ussd(link, request, channel);
    const auto* event = std::get_if<adapters::ussd_event>(&parsed);
    if (event == nullptr) {
        return;
    }
    if (const auto* turn = std::get_if<adapters::ussd_turn>(event)) {
        const auto answer = adapters::ussd_http::render_screen(link, *turn, "1 \"<&>\"", false);
        UTHAN_ASSERT(!answer.body.empty());
    }
}

void read_africastalking(std::string_view body) {
    using namespace adapters::africastalking;
    const auto parsed = parse_ussd(body, plan);
    if (const auto* turn = std::get_if<sessions::inbound_turn>(&parsed)) {
        UTHAN_ASSERT(turn->history.size() <= sessions::history_bytes_max);
        const auto planned = sessions::plan_turn(nullptr, *turn, short_key{});
        UTHAN_ASSERT(planned.inputs.size() <= sessions::inputs_max);
    }
    static_cast<void>(parse_session_end(body));
}

} // namespace

void uthan::fuzz_one(std::string_view input) {
    using adapters::ussd_http::body_format;
    static const auto json = described(body_format::json);
    static const auto xml = described(body_format::xml);
    if (input.empty()) {
        return;
    }
    const char link = input.front();
    input.remove_prefix(1);
    switch (link) {
    case 'b':
        static_cast<void>(adapters::bdapps::parse_ussd(input, channel, "APP_000001"));
        static_cast<void>(adapters::bdapps::read_send_answer(200, input));
        return;
    case 'j':
        return read_described(json, input);
    case 'x':
        return read_described(xml, input);
    default:
        return read_africastalking(input);
    }
}
