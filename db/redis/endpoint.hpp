#pragma once

#include "core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace uthan::db::redis {

/// Where a Redis listens and how to greet it. Holds a password: never for a log; `describe` is.
struct endpoint {
    std::string path; ///< of a unix socket; empty for TCP
    std::string host; ///< a numeric address or a name; no brackets around IPv6
    std::uint16_t port = 0;
    std::uint32_t database = 0;
    std::string user;     ///< empty: the default user
    std::string password; ///< empty: no AUTH
    bool operator==(const endpoint&) const = default;
};

/// Reads "unix:/path", "unix:/path?db=2", "tcp://host:port", "tcp://host:port/2" and
/// "tcp://user:password@host:port/2" (percent escapes in user and password; the user may be empty;
/// IPv6 in brackets). The path of a socket is absolute and at most 107 bytes (sockaddr_un).
/// errc::malformed for anything else.
result<endpoint> parse_endpoint(std::string_view url);

/// The address without user and password.
std::string describe(const endpoint& target);

} // namespace uthan::db::redis
