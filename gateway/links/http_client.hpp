#pragma once

#include "core/counter.hpp"
#include "core/task.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boost::asio::ssl {
class context;
}

// Requests of our own to aggregators: screens that are pushed.
namespace uthan::gateway {

struct outbound_limits {
    /// Connections to one host and port, of one shard.
    std::size_t connections_max = 32;
    /// Requests that wait for one of them; more are refused.
    std::size_t waiting_max = 1024;
    /// For a name's addresses, the connection and the handshake together.
    std::chrono::milliseconds connect_timeout{3000};
    /// An unused connection is closed after this.
    std::chrono::milliseconds idle_timeout{30'000};
    std::uint64_t answer_bytes_max = 64 * 1024;
};

struct outbound_request {
    bool post = true; ///< else GET, without a body
    /// http or https. May hold a secret, like headers and body: never for a log.
    std::string url;
    std::string content_type; ///< empty: none
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    /// For everything, the wait for a free connection included.
    std::chrono::steady_clock::time_point deadline;
};

/// How a request ended without an answer.
enum class outbound_failure : unsigned char {
    none,      ///< there is an answer, whatever its status
    refused,   ///< not tried: too many wait, the URL is none, or the client has stopped
    connect,   ///< no address, no connection, or a certificate that is not the host's
    closed,    ///< the connection ended before the answer was whole
    malformed, ///< the answer is no HTTP, or larger than the limit
    deadline   ///< not in time
};
inline constexpr std::array<std::string_view, 6> outbound_failure_names{
    "none", "refused", "connect", "closed", "malformed", "deadline"};

struct outbound_answer {
    outbound_failure failed = outbound_failure::none;
    /// Whether the other side may have seen any of the request. When false, sending it again cannot
    /// do anything twice.
    bool sent = false;
    unsigned status = 0;
    std::string body;
};

/// Written by the shard's thread, read by any.
struct outbound_counters {
    std::array<counter, outbound_failure_names.size()> requests; ///< by failure
    counter connects;                                            ///< connections that were made
    gauge connections;                                           ///< now open
    gauge waiting; ///< requests that wait for a connection
};

struct http_client_state;

/// HTTP/1.1 to any number of hosts, with connections kept for the next request. Never tries twice.
/// Everything runs on the executor's thread. What is under way keeps the client's inside alive.
class http_client {
public:
    http_client(executor on, std::shared_ptr<asio::ssl::context> tls, outbound_limits limits);
    ~http_client();
    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    task<outbound_answer> send(outbound_request request);

    /// Ends everything under way (outbound_failure::closed or refused) and takes nothing more.
    void stop();

    const outbound_counters& counters() const noexcept;

private:
    std::shared_ptr<http_client_state> state_;
};

/// A client's context: TLS 1.2 and newer, certificates are verified against the system's trust
/// store and the authorities of `ca_file` (PEM; empty: none). Throws std::runtime_error with the
/// file's name (start-up only).
std::shared_ptr<asio::ssl::context> make_client_tls(const std::string& ca_file);

} // namespace uthan::gateway
