#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uthan::gateway {

/// The parts of an address that we call. Percent-escapes are kept as written.
struct web_url {
    bool tls = false;
    std::string host; ///< a name or a numeric address, an IPv6 one without its brackets
    std::uint16_t port = 0;
    std::string target; ///< path and query; begins with '/'

    /// The Host field: without the port where the scheme implies it.
    std::string authority() const;
};

/// "http://host:8080/path?query" or "https://…". None for another scheme, for a user or a password
/// inside (they would end up in logs), a fragment, or what is no URL.
std::optional<web_url> parse_url(std::string_view written);

} // namespace uthan::gateway
