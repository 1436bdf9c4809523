#include "gateway/http/session_loop.hpp"

#include <exception>

namespace uthan::gateway {

task<void> serve_plain(std::shared_ptr<http_server_state> state, tcp_socket socket,
                       asio::ip::address peer) {
    connection_watch watch(socket);
    const watch_scope listed(*state, watch);
    try {
        co_await serve_requests(*state, socket, watch, peer);
    } catch (const std::exception& problem) {
        // What failed may hold a member's data; the type of the exception's text is ours to trust
        // only in that it names no input (docs/operations.md).
        state->unhandled_exceptions.add();
        state->log.error("event=unhandled_exception listener={} what=\"{}\"", state->options.name,
                         problem.what());
    }
}

} // namespace uthan::gateway
