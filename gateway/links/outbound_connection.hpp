#pragma once

#include "gateway/links/dial.hpp"
#include "gateway/links/http_client.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

// Inside of the client.
namespace uthan::gateway {

struct outbound_pool;
struct outbound_connection;

/// A request that has no connection yet. Lives in its coroutine.
struct outbound_waiter {
    explicit outbound_waiter(executor on) : timer(on) {}
    steady_timer timer;
    bool granted = false; ///< a slot was handed over
};

/// One host and port.
struct outbound_pool {
    std::size_t busy = 0; ///< requests that have a slot
    std::vector<std::shared_ptr<outbound_connection>> idle;
    std::list<outbound_waiter*> waiters;
};

/// Kept alive by every request under way, so that it outlives them, whichever way the context ends.
struct http_client_state {
    http_client_state(executor runs_on, std::shared_ptr<asio::ssl::context> context,
                      outbound_limits bounds)
        : on(std::move(runs_on)), tls(std::move(context)), limits(bounds) {}

    void count_waiting(std::int64_t change) {
        waiting += change;
        counters.waiting.set(waiting);
    }

    executor on;
    std::shared_ptr<asio::ssl::context> tls;
    outbound_limits limits;
    outbound_counters counters;
    std::int64_t waiting = 0;
    bool stopped = false;
    std::set<outbound_connection*> open;
    /// By "https://host:port"; as many as the configuration names hosts.
    std::map<std::string, outbound_pool, std::less<>> pools;
};

/// One connection, busy or idle. Never outlives the client's state.
struct outbound_connection : outbound_stream {
    using response_parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

    explicit outbound_connection(http_client_state& client);
    ~outbound_connection();

    /// Whether the other side is silent as it should be between requests: it has neither closed nor
    /// said anything.
    bool is_fresh();
    void close();

    http_client_state& owner;
    steady_timer timer;
    boost::beast::flat_buffer input;
    std::optional<response_parser> parser; ///< serves one message
    outbound_pool* idle_in = nullptr;
    bool expired = false; ///< closed by its timer
};

/// Closes the connection at this time unless it is armed again before.
void arm(const std::shared_ptr<outbound_connection>& connection, steady_time when);

/// Resolves, connects and, for TLS, shakes hands; false when any of it failed.
task<bool> connect(std::shared_ptr<outbound_connection> connection, std::string host,
                   std::uint16_t port, bool tls);

} // namespace uthan::gateway
