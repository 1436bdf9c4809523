#include "adapters/ussd_http/ussd.hpp"

#include "adapters/ussd_http/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace uthan::adapters::ussd_http {
namespace {

std::string trimmed(std::string value) {
    constexpr const char* space = " \t\r\n";
    value.erase(value.find_last_not_of(space) + 1);
    value.erase(0, std::min(value.find_first_not_of(space), value.size()));
    return value;
}

rejection about(const std::string& written, std::string_view says) {
    return {fmt::format("the field {} {}", written, says)};
}

/// Reads sources one after the other; the first fault stays.
class field_reader {
public:
    explicit field_reader(const opened_request& from) : from_(from) {}

    std::optional<rejection> fault;

    std::string id(const source& where, const std::string& written, bool required) {
        auto value = trimmed(any(where, written).value_or(std::string{}));
        if (fault || (value.empty() && !required)) {
            return {};
        }
        if (const char* says = fault_of_id(value)) {
            fault = about(written, says);
        }
        return value;
    }

    std::optional<std::string> any(const source& where, const std::string& written) {
        if (fault) {
            return std::nullopt;
        }
        auto found = from_.find(where);
        if (found.fault != nullptr) {
            fault = about(written, found.fault);
        } else if (found.value && found.value->size() > sessions::history_bytes_max) {
            fault = about(written, "is too long");
        }
        return fault ? std::nullopt : std::move(found.value);
    }

private:
    const opened_request& from_;
};

enum class event_kind : std::uint8_t { begin, go_on, end, unknown };

event_kind kind_of(const description& as, const std::string& value) {
    const auto among = [&](const std::vector<std::string>& values) {
        return std::ranges::find(values, value) != values.end();
    };
    if (among(as.begin_values)) {
        return event_kind::begin;
    }
    if (among(as.end_values)) {
        return event_kind::end;
    }
    return as.continue_values.empty() || among(as.continue_values) ? event_kind::go_on
                                                                   : event_kind::unknown;
}

/// A number of the plan, or of another country, with or without '+'.
std::optional<address> number_of(const std::string& written, const numbering& plan) {
    if (auto known = plan.parse(written)) {
        return std::move(*known);
    }
    std::string_view digits = written;
    if (digits.starts_with("tel:")) {
        digits.remove_prefix(4);
    }
    if (digits.starts_with('+')) {
        digits.remove_prefix(1);
    }
    if (auto foreign = address::e164("+" + std::string{digits})) {
        return std::move(*foreign);
    }
    return std::nullopt;
}

/// What every event has.
struct common {
    std::string session_id;
    std::string request_id;
    std::string number_as_sent;
    std::optional<address> subscriber;
    std::vector<std::string> echo;
};

std::optional<common> read_common(const prepared_link& link, field_reader& in, bool ends,
                                  const numbering& plan) {
    common made;
    made.session_id = in.id(link.session, link.as.session_from, true);
    made.request_id = in.id(link.request_id, link.as.request_id_from, false);
    // A notice of the end need not say whose session it was.
    made.number_as_sent = in.id(link.number, link.as.number_from, !ends);
    if (!in.fault) {
        made.subscriber = number_of(made.number_as_sent, plan);
        if (!made.subscriber && !ends) {
            in.fault = about(link.as.number_from, "is not a number");
        }
    }
    for (const auto& where : link.echo) {
        made.echo.push_back(in.any(where, "that the answer repeats").value_or(std::string{}));
    }
    return in.fault ? std::nullopt : std::optional{std::move(made)};
}

parsed<ussd_event> turn_of(const prepared_link& link, field_reader& in, common read, bool begins,
                           const channel_context& on) {
    auto code = in.id(link.service_code, link.as.service_code_from,
                      link.service_code.in != source::place::nowhere);
    auto network = in.id(link.network, link.as.network_from, false);
    auto typed = in.any(link.input, link.as.input_from);
    if (!in.fault && !typed && !begins) {
        in.fault = about(link.as.input_from, "is missing");
    }
    if (in.fault) {
        return *in.fault;
    }
    ussd_turn made{{std::move(read.session_id),
                    std::move(*read.subscriber),
                    code.empty() ? std::string{on.service_code} : std::move(code),
                    std::move(network),
                    {}},
                   std::move(read.number_as_sent),
                   std::move(read.echo)};
    made.turn.style = sessions::turn_style::input;
    made.turn.begins = begins;
    made.turn.request_id = std::move(read.request_id);
    if (!begins) {
        made.turn.input = std::move(*typed);
    } else if (link.as.first == first_input::dialled) {
        made.turn.dialled = std::move(typed).value_or(std::string{});
    }
    return made;
}

} // namespace

parsed<ussd_event> parse_ussd(const prepared_link& link, const request_parts& request,
                              const channel_context& on) {
    auto opened = opened_request::open(link, request);
    if (const auto* refused = std::get_if<rejection>(&opened)) {
        return *refused;
    }
    field_reader in{std::get<opened_request>(opened)};
    const auto kind_value = in.id(link.kind, link.as.kind_from, true);
    if (in.fault) {
        return *in.fault;
    }
    const auto kind = kind_of(link.as, kind_value);
    const bool is_turn = kind == event_kind::begin || kind == event_kind::go_on;
    auto read = read_common(link, in, !is_turn, on.plan);
    if (!read) {
        return *in.fault;
    }
    if (is_turn) {
        return turn_of(link, in, std::move(*read), kind == event_kind::begin, on);
    }
    return ussd_ended{kind == event_kind::end ? end_notice::told : end_notice::unknown,
                      std::move(read->session_id),
                      std::move(read->request_id),
                      std::move(read->subscriber),
                      std::move(read->number_as_sent),
                      std::move(read->echo)};
}

} // namespace uthan::adapters::ussd_http
