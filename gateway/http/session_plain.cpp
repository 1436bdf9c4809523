#include "gateway/http/session_loop.hpp"

#include <exception>
#include <typeinfo>

namespace uthan::gateway {

task<void> serve_plain(std::shared_ptr<http_server_state> state, tcp_socket socket,
                       asio::ip::address peer) {
    connection_watch watch(socket);
    const watch_scope listed(*state, watch);
    try {
        co_await serve_requests(*state, socket, watch, peer);
    } catch (const std::exception& problem) {
        // Its text may quote what a member typed; its type cannot.
        state->unhandled_exceptions.add();
        state->log.error("event=unhandled_exception listener={} type={}", state->options.name,
                         typeid(problem).name());
    }
}

} // namespace uthan::gateway
