#include "gateway/settings.hpp"
#include "gateway/settings/channel.hpp"
#include "gateway/settings/toml_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <thread>

namespace uthan::gateway {
namespace {

/// "127.0.0.1:8080" or "[::1]:8080"; no names, so that a start never waits for a resolver.
std::optional<asio::ip::tcp::endpoint> parse_listen(std::string_view written) {
    const auto colon = written.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view host = written.substr(0, colon);
    const std::string_view digits = written.substr(colon + 1);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(std::string(host), error);
    if (error || failure != std::errc{} || end != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return asio::ip::tcp::endpoint(address, port);
}

void read_duration(toml_reader& from, std::string_view key, std::chrono::milliseconds& target,
                   std::uint32_t most_seconds) {
    std::uint32_t seconds = 0;
    if (from.number(key, seconds, 1, most_seconds)) {
        target = std::chrono::seconds(seconds);
    }
}

struct context {
    const std::string& file;
    const environment& variables;
    problem_list& problems;
};

/// A number that one of the listeners has and the others have not.
struct own_number {
    std::string_view key;
    std::uint32_t* target = nullptr;
    std::uint32_t least = 0;
    std::uint32_t most = 0;
};

/// Whether the file has its table.
bool read_listener(toml_reader& root, std::string_view key, listener_settings& target,
                   const own_number& own, context& in) {
    const toml::table* table = root.table(key);
    if (table == nullptr) {
        return false;
    }
    toml_reader from(*table, in.file, "[" + std::string(key) + "]", in.problems);
    std::string listen;
    if (from.text("listen", listen)) {
        const auto at = parse_listen(listen);
        if (at) {
            target.at = *at;
        } else {
            from.complain("listen", "must be a numeric address and a port: \"127.0.0.1:8080\"");
        }
    }
    read_networks(from, "trusted_proxies", target.trusted_proxies);
    from.text("tls_certificate", target.tls_certificate);
    from.text("tls_key", target.tls_key);
    if (target.tls_certificate.empty() != target.tls_key.empty()) {
        from.complain(target.tls_key.empty() ? "tls_certificate" : "tls_key",
                      "tls_certificate and tls_key belong together");
    }
    std::uint32_t body = 0;
    if (from.number("body_bytes_max", body, 1024, 16 * 1024 * 1024)) {
        target.limits.body_bytes_max = body;
    }
    from.number("connections_max", target.limits.connections_max, 1, 100'000);
    read_duration(from, "idle_timeout_s", target.limits.idle_timeout, 3600);
    read_duration(from, "request_timeout_s", target.limits.request_timeout, 600);
    if (own.target != nullptr) {
        from.number(own.key, *own.target, own.least, own.most);
    }
    from.finish();
    return true;
}

/// "sqlite:PATH"; other stores may follow.
void read_sqlite(toml_reader& from, std::string_view key, std::string& target) {
    static constexpr std::string_view scheme = "sqlite:";
    std::string written;
    if (!from.text(key, written)) {
        return;
    }
    if (!written.starts_with(scheme) || written.size() == scheme.size()) {
        from.complain(key, "must be \"sqlite:\" and a path");
        return;
    }
    target = written.substr(scheme.size());
}

void read_sessions(toml_reader& root, session_settings& target, context& in) {
    std::string url = "unix:/run/redis/redis.sock";
    const toml::table* table = root.table("sessions");
    static const toml::table nothing;
    toml_reader from(table != nullptr ? *table : nothing, in.file, "[sessions]", in.problems);
    from.word("store", target.store,
              {{"redis", session_store_kind::redis}, {"memory", session_store_kind::memory}});
    const bool given = from.text("redis", url);
    // hiredis wants absolute socket paths; ours are like every other path, from the working
    // directory.
    static constexpr std::string_view unix_scheme = "unix:";
    if (url.starts_with(unix_scheme) && !url.starts_with("unix:/")) {
        url = "unix:" + std::filesystem::absolute(url.substr(unix_scheme.size())).string();
    }
    const auto parsed = db::redis::parse_endpoint(url);
    if (parsed) {
        target.redis = *parsed;
    } else if (given) {
        from.complain("redis", "must be \"unix:PATH\" or \"tcp://HOST:PORT/DATABASE\"");
    }
    if (const char* password = in.variables("UTHAN_REDIS_PASSWORD")) {
        target.redis.password = password;
    }
    std::uint32_t value = 0;
    if (from.number("redis_deadline_ms", value, 10, 5000)) {
        target.redis_deadline = std::chrono::milliseconds(value);
    }
    if (from.number("time_to_live_s", value, 60, 86'400)) {
        target.time_to_live = std::chrono::seconds(value);
    }
    from.number("entries_max", target.entries_max, 1, 10'000'000);
    from.finish();
}

void read_log(toml_reader& root, log_settings& target, context& in) {
    const toml::table* table = root.table("log");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, in.file, "[log]", in.problems);
    from.word("level", target.level,
              {{"debug", std::string("debug")},
               {"info", std::string("info")},
               {"warn", std::string("warn")},
               {"error", std::string("error")}});
    from.text("file", target.file);
    from.number("queue_max", target.queue_max, 64, 1'000'000);
    from.finish();
}

void read_outbound(toml_reader& root, outbound_settings& target, context& in) {
    const toml::table* table = root.table("outbound");
    if (table == nullptr) {
        return;
    }
    toml_reader from(*table, in.file, "[outbound]", in.problems);
    from.text("ca_file", target.ca_file);
    std::uint32_t value = 0;
    if (from.number("connections_max", value, 1, 1024)) {
        target.limits.connections_max = value;
    }
    if (from.number("waiting_max", value, 1, 100'000)) {
        target.limits.waiting_max = value;
    }
    if (from.number("connect_timeout_ms", value, 10, 10'000)) {
        target.limits.connect_timeout = std::chrono::milliseconds(value);
    }
    read_duration(from, "idle_timeout_s", target.limits.idle_timeout, 600);
    from.number("pushes_max", target.pushes_max, 1, 100'000);
    from.finish();
}

void read_places(toml_reader& root, settings& target, context& in) {
    if (const toml::table* table = root.table("database")) {
        toml_reader from(*table, in.file, "[database]", in.problems);
        read_sqlite(from, "ledger", target.database.ledger);
        read_sqlite(from, "gateway", target.database.gateway);
        from.finish();
    }
    if (const toml::table* table = root.table("secrets")) {
        toml_reader from(*table, in.file, "[secrets]", in.problems);
        from.text("pin_key_file", target.pin_key_file);
        from.finish();
    }
    if (const toml::table* table = root.table("content")) {
        toml_reader from(*table, in.file, "[content]", in.problems);
        from.text("organisations", target.content.organisations);
        from.text("menus", target.content.menus);
        from.text("texts", target.content.texts);
        from.text("keywords", target.content.keywords);
        from.finish();
    }
}

void read_organisations(toml_reader& root, settings& target, context& in) {
    std::set<std::string> seen;
    for (const toml::table* table : root.tables("organisations")) {
        toml_reader from(*table, in.file, "[[organisations]]", in.problems);
        from.require("code");
        std::string code;
        if (from.text("code", code)) {
            if (!is_name(code)) {
                from.complain("code", "must be of a-z, 0-9, '-' and '_'");
            } else if (!seen.insert(code).second) {
                from.complain("code", "\"" + code + "\" is there twice");
            } else {
                const auto file =
                    std::filesystem::path(target.content.organisations) / (code + ".toml");
                target.organisations.push_back(load_organisation(file, code, in.problems));
            }
        }
        from.finish();
    }
    if (target.organisations.empty() && in.problems.empty()) {
        in.problems.push_back({root.position(), "there are no [[organisations]]"});
    }
}

void read_channels(toml_reader& root, settings& target, context& in) {
    std::set<std::string> names;
    for (const toml::table* table : root.tables("channels")) {
        toml_reader from(*table, in.file, "[[channels]]", in.problems);
        channel_settings channel = read_channel(from, target, in.variables);
        if (!channel.name.empty() && !names.insert(channel.name).second) {
            from.complain("name", "\"" + channel.name + "\" is there twice");
        }
        target.channels.push_back(std::move(channel));
    }
    if (target.channels.empty() && in.problems.empty()) {
        in.problems.push_back({root.position(), "there are no [[channels]]"});
    }
}

/// E.164 digits of "017" or "88017" as an operator writes them; empty: neither.
std::string prefix_digits(std::string_view written) {
    const numbering plan;
    const bool is_digits =
        written.find_first_not_of("0123456789") == std::string_view::npos && written.size() <= 13;
    if (!is_digits) {
        return {};
    }
    if (written.starts_with(plan.trunk_prefix) && written.size() > plan.trunk_prefix.size()) {
        return plan.country_code + std::string{written.substr(plan.trunk_prefix.size())};
    }
    const bool is_whole =
        written.starts_with(plan.country_code) && written.size() > plan.country_code.size();
    return is_whole ? std::string{written} : std::string{};
}

void read_operators(toml_reader& root, settings& target, context& in) {
    std::set<std::string> seen;
    for (const toml::table* table : root.tables("operators")) {
        toml_reader from(*table, in.file, "[[operators]]", in.problems);
        from.require("name");
        from.require("prefixes");
        std::string name;
        std::vector<std::string> prefixes;
        if (from.text("name", name) && name.empty()) {
            from.complain("name", "is empty");
        }
        from.texts("prefixes", prefixes);
        for (const auto& written : prefixes) {
            auto digits = prefix_digits(written);
            if (digits.empty()) {
                from.complain("prefixes", "\"" + written + "\" must be like \"017\" or \"88017\"");
            } else if (!seen.insert(digits).second) {
                from.complain("prefixes", "\"" + written + "\" is there twice");
            } else {
                target.operator_prefixes.push_back({std::move(digits), name});
            }
        }
        from.finish();
    }
}

settings defaults(const std::filesystem::path& file) {
    settings s;
    s.file = file.string();
    const auto loopback = asio::ip::address_v4::loopback();
    s.public_listener.at = {loopback, 8080};
    s.staff_listener.at = {loopback, 8081};
    s.admin_listener.at = {loopback, 8082};
    s.admin_listener.limits.connections_max = 64;
    s.staff_listener.limits.connections_max = 256;
    const unsigned cores = std::thread::hardware_concurrency();
    s.shards = cores > 1 ? std::min(cores - 1, 64U) : 1;
    return s;
}

} // namespace

const organisation_settings* settings::find_organisation(std::string_view code) const noexcept {
    const auto found = std::ranges::find(organisations, code, &organisation_settings::code);
    return found == organisations.end() ? nullptr : &*found;
}

environment process_environment() {
    return [](const char* name) { return std::getenv(name); };
}

settings load_settings(const std::filesystem::path& file, const environment& from,
                       std::vector<texts::problem>& problems) {
    settings loaded = defaults(file);
    const auto parsed = texts::read_toml(loaded.file, problems);
    if (!parsed) {
        return loaded;
    }
    toml_reader root(*parsed, loaded.file, "configuration", problems);
    context in{loaded.file, from, problems};
    read_listener(root, "public", loaded.public_listener, {"shards", &loaded.shards, 1, 64}, in);
    loaded.opens_staff =
        read_listener(root, "staff", loaded.staff_listener,
                      {"requests_per_second", &loaded.staff_requests_per_second, 0, 1'000'000}, in);
    read_listener(root, "admin", loaded.admin_listener, {}, in);
    read_places(root, loaded, in);
    read_sessions(root, loaded.sessions, in);
    read_log(root, loaded.log, in);
    read_outbound(root, loaded.outbound, in);
    read_organisations(root, loaded, in);
    read_channels(root, loaded, in);
    read_operators(root, loaded, in);
    root.finish();
    return loaded;
}

} // namespace uthan::gateway
