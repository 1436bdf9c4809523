#include "gateway/settings.hpp"
#include "gateway/settings/smpp.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace uthan::gateway {
namespace {

/// A TOML basic string.
std::string toml_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    out += '"';
    return out;
}

template <class Range, class Form>
std::string list(const Range& items, Form form) {
    std::vector<std::string> written;
    written.reserve(items.size());
    for (const auto& item : items) {
        written.push_back(toml_string(form(item)));
    }
    return fmt::format("[{}]", fmt::join(written, ", "));
}

void append_listener(std::string& out, std::string_view name, const listener_settings& l) {
    const auto address = l.at.address();
    out += fmt::format("[{}]\nlisten = \"{}{}{}:{}\"\ntrusted_proxies = {}\n", name,
                       address.is_v6() ? "[" : "", address.to_string(), address.is_v6() ? "]" : "",
                       l.at.port(),
                       list(l.trusted_proxies, [](const network& n) { return n.to_string(); }));
    if (!l.tls_certificate.empty()) {
        out += fmt::format("tls_certificate = {}\ntls_key = {}\n", toml_string(l.tls_certificate),
                           toml_string(l.tls_key));
    }
    out +=
        fmt::format("body_bytes_max = {}\nconnections_max = {}\nidle_timeout_s = {}\n"
                    "request_timeout_s = {}\n",
                    l.limits.body_bytes_max, l.limits.connections_max,
                    l.limits.idle_timeout.count() / 1000, l.limits.request_timeout.count() / 1000);
}

void append_channel(std::string& out, const channel_settings& c) {
    out += fmt::format(
        "\n[[channels]]\nname = {}\nadapter = {}\norganisation = {}\nservice_codes = {}\n"
        "operator = {}\nussd_rendering = \"{}\"\nscreen_units = {}\nallow_from = {}\ntps = {}\n",
        toml_string(c.name), toml_string(c.adapter), toml_string(c.organisation),
        list(c.service_codes, [](const std::string& code) { return code; }),
        toml_string(c.network_operator), texts::to_string(c.ussd_rendering), c.screen_units,
        list(c.allow_from, [](const network& n) { return n.to_string(); }), c.tps);
    for (const auto& [key, value] : c.adapter_keys) {
        const bool secret = key == "api_key" || key == "password";
        out += fmt::format("{} = {}\n", key, toml_string(secret ? "***" : value));
    }
    for (const auto& [key, values] : c.adapter_lists) {
        out += fmt::format("{} = {}\n", key,
                           list(values, [](const std::string& value) { return value; }));
    }
    if (std::holds_alternative<smpp_link_settings>(c.link)) {
        out += smpp_to_string(c);
    } else if (c.adapter != "africastalking") {
        out += fmt::format("push_budget_seconds = {}\n", c.push_budget.count() / 1000);
    }
}

} // namespace

std::string to_string(const settings& s) {
    std::string out;
    append_listener(out, "public", s.public_listener);
    out += fmt::format("shards = {}\n\n", s.shards);
    if (s.opens_staff) {
        append_listener(out, "staff", s.staff_listener);
        out += fmt::format("requests_per_second = {}\n\n", s.staff_requests_per_second);
    }
    append_listener(out, "admin", s.admin_listener);
    out += fmt::format("\n[database]\nledger = {}\ngateway = {}\n",
                       toml_string("sqlite:" + s.database.ledger),
                       toml_string("sqlite:" + s.database.gateway));
    const bool redis = s.sessions.store == session_store_kind::redis;
    out += fmt::format(
        "\n[sessions]\nstore = \"{}\"\nredis = {}\nredis_deadline_ms = {}\n"
        "time_to_live_s = {}\nentries_max = {}\n",
        redis ? "redis" : "memory", toml_string(db::redis::describe(s.sessions.redis)),
        s.sessions.redis_deadline.count(), s.sessions.time_to_live.count(), s.sessions.entries_max);
    out += fmt::format("\n[secrets]\npin_key_file = {}\n", toml_string(s.pin_key_file));
    out += fmt::format("\n[log]\nlevel = {}\nfile = {}\nqueue_max = {}\n", toml_string(s.log.level),
                       toml_string(s.log.file), s.log.queue_max);
    const auto& outbound = s.outbound;
    out += fmt::format("\n[outbound]\nca_file = {}\nconnections_max = {}\nwaiting_max = {}\n"
                       "connect_timeout_ms = {}\nidle_timeout_s = {}\npushes_max = {}\n",
                       toml_string(outbound.ca_file), outbound.limits.connections_max,
                       outbound.limits.waiting_max, outbound.limits.connect_timeout.count(),
                       outbound.limits.idle_timeout.count() / 1000, outbound.pushes_max);
    out += fmt::format("\n[content]\norganisations = {}\nmenus = {}\ntexts = {}\nkeywords = {}\n",
                       toml_string(s.content.organisations), toml_string(s.content.menus),
                       toml_string(s.content.texts), toml_string(s.content.keywords));
    for (const organisation_settings& o : s.organisations) {
        out += fmt::format("\n[[organisations]]\ncode = {}\n", toml_string(o.code));
    }
    for (const auto& one : s.operator_prefixes) {
        out += fmt::format("\n[[operators]]\nname = {}\nprefixes = [{}]\n",
                           toml_string(one.network_operator), toml_string(one.digits));
    }
    for (const channel_settings& c : s.channels) {
        append_channel(out, c);
    }
    return out;
}

} // namespace uthan::gateway
