#include "db/redis/endpoint.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace uthan::db::redis {

namespace {

// sockaddr_un's 108 bytes with the terminating NUL.
constexpr std::size_t socket_path_bytes_max = 107;

template <class Integer>
std::optional<Integer> parse_number(std::string_view text) {
    Integer value{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || ec != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned byte = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [end, ec] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (digits.size() != 2 || ec != std::errc{} || end != digits.data() + 2) {
            return std::nullopt;
        }
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

result<endpoint> parse_unix(std::string_view rest) {
    endpoint target;
    constexpr std::string_view database_query = "?db=";
    if (const auto at = rest.find('?'); at != rest.npos) {
        const auto query = rest.substr(at);
        if (!query.starts_with(database_query)) {
            return errc::malformed;
        }
        const auto number = parse_number<std::uint32_t>(query.substr(database_query.size()));
        if (!number) {
            return errc::malformed;
        }
        target.database = *number;
        rest = rest.substr(0, at);
    }
    if (!rest.starts_with('/') || rest.size() > socket_path_bytes_max ||
        rest.find('\0') != rest.npos) {
        return errc::malformed;
    }
    target.path = rest;
    return target;
}

// "user:password", ":password".
bool read_credentials(std::string_view text, endpoint& target) {
    const auto colon = text.find(':');
    if (colon == text.npos) {
        return false;
    }
    auto user = percent_decoded(text.substr(0, colon));
    auto password = percent_decoded(text.substr(colon + 1));
    if (!user || !password || password->empty()) {
        return false;
    }
    target.user = std::move(*user);
    target.password = std::move(*password);
    return true;
}

// "host:port", "[::1]:port".
bool read_host_and_port(std::string_view text, endpoint& target) {
    const auto colon = text.rfind(':');
    if (colon == text.npos) {
        return false;
    }
    auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
    if (bracketed) {
        host = host.substr(1, host.size() - 2);
    }
    const bool plain = host.find_first_of("[]/?#@ ") == host.npos && host.find('\0') == host.npos;
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    if (host.empty() || !plain || !port || *port == 0) {
        return false;
    }
    if (!bracketed && host.find(':') != host.npos) {
        return false;
    }
    target.host = host;
    target.port = *port;
    return true;
}

result<endpoint> parse_tcp(std::string_view rest) {
    endpoint target;
    if (const auto at = rest.rfind('@'); at != rest.npos) {
        if (!read_credentials(rest.substr(0, at), target)) {
            return errc::malformed;
        }
        rest = rest.substr(at + 1);
    }
    if (const auto slash = rest.find('/'); slash != rest.npos) {
        const auto number = parse_number<std::uint32_t>(rest.substr(slash + 1));
        if (!number) {
            return errc::malformed;
        }
        target.database = *number;
        rest = rest.substr(0, slash);
    }
    if (!read_host_and_port(rest, target)) {
        return errc::malformed;
    }
    return target;
}

} // namespace

result<endpoint> parse_endpoint(std::string_view url) {
    constexpr std::string_view unix_scheme = "unix:";
    constexpr std::string_view tcp_scheme = "tcp://";
    if (url.starts_with(unix_scheme)) {
        return parse_unix(url.substr(unix_scheme.size()));
    }
    if (url.starts_with(tcp_scheme)) {
        return parse_tcp(url.substr(tcp_scheme.size()));
    }
    return errc::malformed;
}

std::string describe(const endpoint& target) {
    if (!target.path.empty()) {
        return fmt::format("unix:{}?db={}", target.path, target.database);
    }
    const bool ipv6 = target.host.find(':') != target.host.npos;
    return fmt::format(fmt::runtime(ipv6 ? "tcp://[{}]:{}/{}" : "tcp://{}:{}/{}"), target.host,
                       target.port, target.database);
}

} // namespace uthan::db::redis
