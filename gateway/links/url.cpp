#include "gateway/links/url.hpp"

#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include <charconv>

namespace uthan::gateway {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

/// Boost 1.81 cuts a number that is too large.
std::optional<std::uint16_t> port_of(std::string_view digits) {
    std::uint16_t port = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, port);
    if (error != std::errc{} || stopped != end || port == 0) {
        return std::nullopt;
    }
    return port;
}

} // namespace

std::string web_url::authority() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    const auto name = is_v6 ? fmt::format("[{}]", host) : host;
    return port == (tls ? https_port : http_port) ? name : fmt::format("{}:{}", name, port);
}

std::optional<web_url> parse_url(std::string_view written) {
    const auto read = boost::urls::parse_uri(written);
    if (!read) {
        return std::nullopt;
    }
    const auto& url = *read;
    const bool tls = url.scheme() == "https";
    if ((!tls && url.scheme() != "http") || url.has_userinfo() || url.has_fragment() ||
        url.encoded_host().empty()) {
        return std::nullopt;
    }
    const auto implied = tls ? https_port : http_port;
    const auto port = url.has_port() ? port_of(url.port()) : implied;
    if (!port) {
        return std::nullopt;
    }
    web_url made;
    made.tls = tls;
    made.host = url.host_address();
    made.port = *port;
    made.target = std::string{url.encoded_path()};
    if (made.target.empty()) {
        made.target = "/";
    }
    if (url.has_query()) {
        made.target += '?';
        made.target += std::string{url.encoded_query()};
    }
    return made;
}

} // namespace uthan::gateway
