#pragma once

#include "core/task.hpp"
#include "gateway/http/server_state.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

// Connections that we make. Inside of the clients.
namespace uthan::gateway {

/// TCP, and TLS over it where it was asked for.
struct outbound_stream {
    using tls_stream = asio::ssl::stream<tcp_socket&>;

    explicit outbound_stream(executor on) : socket(on) {}
    outbound_stream(const outbound_stream&) = delete;
    outbound_stream& operator=(const outbound_stream&) = delete;

    /// For good: a dial under way tries no other address.
    void end() {
        ended = true;
        error_code ignored;
        socket.close(ignored);
    }

    tcp_socket socket;
    std::optional<tls_stream> tls;
    bool ended = false;
};

/// Resolves, connects and, with a context, shakes hands: certificates must be the host's. False
/// when any of it failed or the stream has ended meanwhile. `look_up_limit` is for the name's
/// addresses; ending the stream ends everything else. Both outlive the call.
task<bool> dial(std::shared_ptr<outbound_stream> to, std::string host, std::uint16_t port,
                std::shared_ptr<asio::ssl::context> tls, std::chrono::milliseconds look_up_limit);

} // namespace uthan::gateway
