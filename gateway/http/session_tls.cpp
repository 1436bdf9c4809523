#include "gateway/http/session_loop.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <exception>
#include <typeinfo>

namespace uthan::gateway {
namespace {

using tls_stream = asio::ssl::stream<tcp_socket&>;

task<void> handshake_and_serve(http_server_state& server, tls_stream& stream,
                               connection_watch& watch, asio::ip::address peer) {
    // A handshake has the time of a request.
    watch.idle = false;
    watch.deadline = std::chrono::steady_clock::now() + server.options.limits.request_timeout;
    const auto [error] = co_await stream.async_handshake(tls_stream::server, as_result);
    if (error) {
        co_return;
    }
    co_await serve_requests(server, stream, watch, peer);
}

} // namespace

task<void> serve_tls(std::shared_ptr<http_server_state> state, tcp_socket socket,
                     asio::ip::address peer) {
    connection_watch watch(socket);
    const watch_scope listed(*state, watch);
    tls_stream stream(socket, *state->options.tls);
    try {
        co_await handshake_and_serve(*state, stream, watch, peer);
    } catch (const std::exception& problem) {
        state->unhandled_exceptions.add();
        state->log.error("event=unhandled_exception listener={} type={}", state->options.name,
                         typeid(problem).name());
    }
}

} // namespace uthan::gateway
