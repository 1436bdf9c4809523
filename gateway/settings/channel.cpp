#include "gateway/settings/channel.hpp"

#include "gateway/links/url.hpp"
#include "gateway/settings/smpp.hpp"

#include <algorithm>
#include <span>

namespace uthan::gateway {
namespace {

namespace bdapps = adapters::bdapps;
namespace ussd_http = adapters::ussd_http;

constexpr std::string_view bdapps_base = "https://developer.bdapps.com";

/// "UTHAN_CHANNEL_AT_KMSS_API_KEY" for at-kmss.
std::string variable_of(std::string_view channel, std::string_view secret) {
    std::string name = "UTHAN_CHANNEL_" + std::string(channel) + "_" + std::string(secret);
    std::ranges::transform(name, name.begin(), [](char c) {
        return c == '-' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return name;
}

/// Reads an adapter's keys and notes in the channel what was said.
class adapter_reader {
public:
    adapter_reader(toml_reader& from, channel_settings& channel, const environment& variables)
        : from_(from), channel_(channel), variables_(variables) {}

    bool text(std::string_view key, std::string& target) {
        if (!from_.text(key, target)) {
            return false;
        }
        channel_.adapter_keys[std::string(key)] = target;
        return true;
    }
    void texts(std::string_view key, std::vector<std::string>& target) {
        if (from_.texts(key, target)) {
            channel_.adapter_lists[std::string(key)] = target;
        }
    }
    /// The value is the word's place in the list.
    template <class Value>
    void word(std::string_view key, Value& target, std::span<const std::string_view> words) {
        std::string written;
        if (!text(key, written)) {
            return;
        }
        const auto found = std::ranges::find(words, written);
        if (found != words.end()) {
            target = static_cast<Value>(found - words.begin());
            return;
        }
        std::string known;
        for (const auto one : words) {
            known += known.empty() ? "" : ", ";
            known += one;
        }
        from_.complain(key, "\"" + written + "\" is none of: " + known);
    }
    /// The environment's wins.
    void secret(std::string_view key, std::string_view variable, std::string& target) {
        text(key, target);
        if (const char* given = variables_(variable_of(channel_.name, variable).c_str())) {
            target = given;
            channel_.adapter_keys[std::string(key)] = target;
        }
    }
    void push_budget() {
        std::uint32_t seconds = 0;
        if (from_.number("push_budget_seconds", seconds, 1, 60)) {
            channel_.push_budget = std::chrono::seconds(seconds);
        }
    }

private:
    toml_reader& from_;
    channel_settings& channel_;
    const environment& variables_;
};

void read_africastalking(adapter_reader& in) {
    std::string kept;
    for (const std::string_view key : {"username", "sender", "url"}) {
        in.text(key, kept);
    }
    in.secret("api_key", "API_KEY", kept);
}

bdapps_settings read_bdapps(adapter_reader& in) {
    bdapps_settings read;
    read.send_url = bdapps_base;
    in.text("url", read.send_url);
    in.text("application_id", read.as.application_id);
    in.secret("password", "PASSWORD", read.as.password);
    static constexpr std::string_view given[] = {"numbers_or_masks", "masks"};
    in.word("addresses", read.given, given);
    in.push_budget();
    return read;
}

/// The key of a service code that nothing in the request names.
void need_service_code(toml_reader& from, const channel_settings& channel) {
    if (channel.service_codes.empty()) {
        from.complain("service_codes",
                      "is needed: the callbacks of this link do not name the code");
    }
}

void check_bdapps(toml_reader& from, const channel_settings& channel, bdapps_settings& read) {
    if (!parse_url(read.send_url) || read.send_url.find('?') != std::string::npos) {
        from.complain("url", "must be like \"https://host/path\", without user or query");
    }
    read.send_url.erase(read.send_url.find_last_not_of('/') + 1);
    read.send_url += "/ussd/send";
    if (const char* fault = adapters::fault_of_id(read.as.application_id)) {
        from.complain("application_id", fault);
    }
    if (read.as.password.empty()) {
        from.complain("password", "is missing; better than here it stands in " +
                                      variable_of(channel.name, "PASSWORD"));
    }
    if (channel.ussd_rendering == texts::rendering::bn) {
        from.complain("ussd_rendering",
                      "bdapps carries ASCII alone: it must be \"bn-Latn\" or \"en\"");
    }
    need_service_code(from, channel);
}

/// Mechanical: one line a key, in description.hpp's order.
ussd_http::description read_description(adapter_reader& in) {
    static constexpr std::string_view styles[] = {"reply", "push"};
    static constexpr std::string_view request_formats[] = {"form", "json", "xml", "query"};
    static constexpr std::string_view reply_formats[] = {"form", "json", "xml", "query", "text"};
    static constexpr std::string_view firsts[] = {"dialled", "ignored"};
    static constexpr std::string_view methods[] = {"POST", "GET"};
    ussd_http::description as;
    in.word("style", as.style, styles);
    in.word("request_format", as.request_format, request_formats);
    in.text("session_from", as.session_from);
    in.text("number_from", as.number_from);
    in.text("input_from", as.input_from);
    in.text("kind_from", as.kind_from);
    in.text("request_id_from", as.request_id_from);
    in.text("service_code_from", as.service_code_from);
    in.text("network_from", as.network_from);
    in.texts("begin_values", as.begin_values);
    in.texts("continue_values", as.continue_values);
    in.texts("end_values", as.end_values);
    in.word("first_input", as.first, firsts);
    in.word("reply_format", as.reply_format, reply_formats);
    in.text("reply", as.reply);
    in.text("reply_type", as.reply_type);
    in.texts("reply_headers", as.reply_headers);
    in.text("continue_value", as.continue_value);
    in.text("end_value", as.end_value);
    in.text("line_break", as.line_break);
    in.text("end_reply", as.end_reply);
    in.text("acknowledgement", as.acknowledgement);
    in.text("acknowledgement_type", as.acknowledgement_type);
    in.word("push_method", as.method, methods);
    in.text("push_url", as.push_url);
    in.text("push_ok_from", as.push_ok_from);
    in.texts("push_ok_values", as.push_ok_values);
    return as;
}

struct read_link {
    ussd_http::description as;
    ussd_http::credentials credentials;
};

read_link read_ussd_http(adapter_reader& in) {
    read_link read;
    read.as = read_description(in);
    in.text("username", read.credentials.username);
    in.secret("api_key", "API_KEY", read.credentials.api_key);
    in.push_budget();
    return read;
}

ussd_http_settings check_ussd_http(toml_reader& from, const channel_settings& channel,
                                   read_link read) {
    std::vector<ussd_http::problem> problems;
    ussd_http_settings made{ussd_http::prepare(std::move(read.as), problems),
                            std::move(read.credentials)};
    for (const auto& problem : problems) {
        from.complain(problem.key, problem.says);
    }
    if (made.link.as.service_code_from.empty()) {
        need_service_code(from, channel);
    }
    if (problems.empty() && made.link.as.style == ussd_http::link_style::push) {
        const adapters::ussd_turn any{{"1", address::opaque(channel.name, "1"), "1", {}, {}},
                                      "1",
                                      std::vector<std::string>(made.link.echo.size(), "1")};
        if (!parse_url(ussd_http::render_push(made.link, {"1", "1"}, any, "1", false).url)) {
            from.complain("push_url", "is no URL when it is filled in, or holds a user");
        }
    }
    return made;
}

void read_adapter(toml_reader& from, channel_settings& channel, const environment& variables) {
    adapter_reader in{from, channel, variables};
    if (channel.adapter == "africastalking") {
        read_africastalking(in);
    } else if (channel.adapter == "bdapps") {
        auto read = read_bdapps(in);
        check_bdapps(from, channel, read);
        channel.link = std::move(read);
    } else if (channel.adapter == "ussd_http") {
        auto read = read_ussd_http(in);
        channel.link = check_ussd_http(from, channel, std::move(read));
    } else if (channel.adapter == "smpp") {
        std::string password;
        in.secret("password", "PASSWORD", password);
        for (const std::string_view key : {"host", "system_id"}) {
            from.require(key);
        }
        read_smpp(from, channel, std::move(password));
    } else {
        if (!channel.adapter.empty()) {
            from.complain("adapter", "\"" + channel.adapter +
                                         "\" is not an adapter of this version: africastalking, "
                                         "bdapps, ussd_http, smpp");
        }
        // Whosever keys they are, they are not the mistake.
        read_africastalking(in);
        read_bdapps(in);
        read_ussd_http(in);
        read_smpp(from, channel, {});
        channel.link = {};
        channel.texts.reset();
    }
}

void read_screen(toml_reader& from, channel_settings& channel) {
    std::string rendering;
    if (from.text("ussd_rendering", rendering)) {
        if (const auto known = texts::parse_rendering(rendering)) {
            channel.ussd_rendering = *known;
        } else {
            from.complain("ussd_rendering", "must be \"bn\", \"bn-Latn\" or \"en\"");
        }
    }
    from.number("screen_units", channel.screen_units, 40, 80);
}

void read_service_codes(toml_reader& from, channel_settings& channel) {
    from.texts("service_codes", channel.service_codes);
    for (const std::string& code : channel.service_codes) {
        const bool dialled = code.size() >= 3 && code.size() <= 32 && code.front() == '*' &&
                             code.back() == '#' &&
                             code.find_first_not_of("0123456789*", 1) == code.size() - 1;
        if (!dialled) {
            from.complain("service_codes", "\"" + code + "\" is not dialled like *384*1#");
        }
    }
}

} // namespace

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

void read_networks(toml_reader& from, std::string_view key, std::vector<network>& target) {
    std::vector<std::string> written;
    if (!from.texts(key, written)) {
        return;
    }
    for (const std::string& one : written) {
        const auto parsed = network::parse(one);
        if (parsed) {
            target.push_back(*parsed);
        } else {
            from.complain(key, "\"" + one + "\" is no address or network (10.0.0.0/8)");
        }
    }
}

channel_settings read_channel(toml_reader& from, const settings& so_far,
                              const environment& variables) {
    channel_settings channel;
    channel.at = from.position();
    for (const std::string_view key : {"name", "adapter", "organisation"}) {
        from.require(key);
    }
    if (from.text("name", channel.name) && !is_name(channel.name)) {
        from.complain("name", "must be of a-z, 0-9, '-' and '_', at most 64 characters");
    }
    from.text("adapter", channel.adapter);
    if (from.text("organisation", channel.organisation) &&
        so_far.find_organisation(channel.organisation) == nullptr) {
        from.complain("organisation",
                      "no [[organisations]] has the code \"" + channel.organisation + "\"");
    }
    read_service_codes(from, channel);
    from.text("operator", channel.network_operator);
    read_screen(from, channel);
    read_networks(from, "allow_from", channel.allow_from);
    from.number("tps", channel.tps, 1, 100'000);
    read_adapter(from, channel, variables);
    from.finish();
    return channel;
}

} // namespace uthan::gateway
