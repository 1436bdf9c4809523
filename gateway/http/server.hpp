#pragma once

#include "core/task.hpp"
#include "gateway/http/types.hpp"
#include "gateway/metrics.hpp"
#include "gateway/networks.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <spdlog/logger.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace uthan::gateway {

/// What one listener allows, on each shard.
struct http_limits {
    /// Request line and fields together; Beast's own default.
    std::uint32_t header_bytes_max = 8 * 1024;
    std::uint64_t body_bytes_max = 64 * 1024;
    unsigned connections_max = 4096;
    /// Between requests.
    std::chrono::milliseconds idle_timeout{60'000};
    /// From a request's first byte to its response's last.
    std::chrono::milliseconds request_timeout{10'000};
    /// What a draining listener gives to requests that have begun.
    std::chrono::milliseconds drain_timeout{10'000};
};

struct http_server_options {
    /// For logs and metrics: "public", "admin".
    std::string name;
    asio::ip::tcp::endpoint at; ///< port 0: any free port
    /// Several shards listen on one port; false refuses a port that somebody else has.
    bool share_port = false;
    http_limits limits;
    std::vector<network> trusted_proxies;
    /// Absent: plain HTTP.
    std::shared_ptr<asio::ssl::context> tls;
};

struct http_server_state;

/// One listener of one shard: accepts, reads requests within the limits, asks the handler, answers.
/// One coroutine per connection, one timer for all deadlines. Everything runs on the context's
/// thread, also the calls of this class once the context runs. Handler, metrics and log must
/// outlive the context's last turn.
class http_server {
public:
    http_server(asio::io_context& context, http_server_options options, http_handler& handler,
                listener_metrics& metrics, counter& unhandled_exceptions, spdlog::logger& log);
    ~http_server();
    http_server(http_server&&) noexcept;
    http_server& operator=(http_server&&) = delete;

    /// Binds and listens. Throws boost::system::system_error (start-up only).
    void listen();
    std::uint16_t port() const noexcept;

    /// Accepts from now on.
    void start();

    /// Stops accepting, closes connections without a request, lets begun requests finish with
    /// "Connection: close", and cuts what is left after drain_timeout. Once the last connection has
    /// ended no work of this listener is left in the context. May be called again.
    void drain();

    std::size_t connections() const noexcept;

private:
    std::shared_ptr<http_server_state> state_;
};

} // namespace uthan::gateway
