#pragma once

#include "gateway/settings.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace uthan::gateway {

/// A server's context of TLS 1.2 and newer from the listener's files; null when it has none. Throws
/// std::runtime_error with the file's name (start-up only).
std::shared_ptr<asio::ssl::context> make_tls(const listener_settings& from);

} // namespace uthan::gateway
