#pragma once

#include "gateway/http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>

// Inside of a listener: shared by server.cpp and the session files.
namespace uthan::gateway {

using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;
using steady_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, executor>;
using steady_time = std::chrono::steady_clock::time_point;
using request_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// What the sweeper must know of a connection. Lives in the connection's coroutine.
struct connection_watch {
    explicit connection_watch(tcp_socket& watched) : socket(watched) {}
    tcp_socket& socket;
    steady_time deadline{};
    /// Waiting for the first byte of a request.
    bool idle = true;
};

/// Kept alive by every coroutine of the listener, so that it outlives them all, whichever way the
/// context ends.
struct http_server_state {
    http_server_state(asio::io_context& context, http_server_options given, http_handler& answers,
                      listener_metrics& counts, counter& exceptions, spdlog::logger& logger)
        : options(std::move(given)), handler(answers), metrics(counts),
          unhandled_exceptions(exceptions), log(logger), acceptor(context.get_executor()),
          sweep_timer(context.get_executor()), accept_pause(context.get_executor()) {}

    http_server_options options;
    http_handler& handler;
    listener_metrics& metrics;
    counter& unhandled_exceptions;
    spdlog::logger& log;
    tcp_acceptor acceptor;
    steady_timer sweep_timer;
    steady_timer accept_pause;
    std::list<connection_watch*> connections;
    /// "Date: …\r\n", renewed by the sweeper.
    std::string date_field;
    bool draining = false;
    bool sweeping = false;
    steady_time drain_deadline{};
};

/// Puts a connection into the listener's list for as long as it lives.
class watch_scope {
public:
    watch_scope(http_server_state& state, connection_watch& watch)
        : state_(state), place_(state.connections.insert(state.connections.end(), &watch)) {
        count();
    }
    ~watch_scope() {
        state_.connections.erase(place_);
        count();
    }
    watch_scope(const watch_scope&) = delete;
    watch_scope& operator=(const watch_scope&) = delete;

private:
    void count() noexcept {
        state_.metrics.connections.set(static_cast<std::int64_t>(state_.connections.size()));
    }
    http_server_state& state_;
    std::list<connection_watch*>::iterator place_;
};

/// Appends status line, fields and body to `out`. `head_only`: the answer to HEAD.
void serialise(const http_response& response, std::string_view date_field, bool http_1_0,
               bool keep_alive, bool head_only, std::string& out);

/// Serves one accepted connection to its end. Free coroutines; session_plain.cpp, session_tls.cpp.
task<void> serve_plain(std::shared_ptr<http_server_state> state, tcp_socket socket,
                       asio::ip::address peer);
task<void> serve_tls(std::shared_ptr<http_server_state> state, tcp_socket socket,
                     asio::ip::address peer);

} // namespace uthan::gateway
