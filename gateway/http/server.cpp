#include "gateway/http/server.hpp"

#include "gateway/http/server_state.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/chrono.h>

#include <sys/socket.h>

#include <cerrno>
#include <ctime>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto sweep_every = 250ms;
constexpr auto sweep_every_draining = 20ms;
/// When the process has no file descriptors left, accepting again at once would only spin.
constexpr auto accept_pause_for = 50ms;

/// "Date: Sat, 21 Nov 2026 10:15:30 GMT\r\n" (RFC 9110 5.6.7).
std::string date_field_now() {
    return fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(std::time(nullptr)));
}

task<void> sweep(std::shared_ptr<http_server_state> state) {
    state->sweeping = true;
    while (!state->draining || !state->connections.empty()) {
        state->date_field = date_field_now();
        const steady_time now = std::chrono::steady_clock::now();
        for (connection_watch* watch : state->connections) {
            const bool late = now >= watch->deadline;
            if (late && !watch->idle && watch->socket.is_open()) {
                state->metrics.timeouts.add();
            }
            if (late || (state->draining && now >= state->drain_deadline)) {
                error_code ignored;
                watch->socket.close(ignored);
            }
        }
        state->sweep_timer.expires_after(state->draining ? sweep_every_draining : sweep_every);
        co_await state->sweep_timer.async_wait(as_result);
    }
    state->sweeping = false;
}

/// Above the limit: a constant refusal without waiting, then closed.
void turn_away(http_server_state& state, tcp_socket& socket) {
    static constexpr std::string_view refusal =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n"
        "Retry-After: 1\r\n\r\n";
    state.metrics.refused.add();
    if (!state.options.tls) {
        error_code ignored;
        socket.write_some(asio::buffer(refusal.data(), refusal.size()), ignored);
    }
}

void serve(const std::shared_ptr<http_server_state>& state, tcp_socket socket) {
    error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (!error) {
        socket.non_blocking(true, error);
    }
    if (error) {
        return; // Gone before it was served.
    }
    if (state->connections.size() >= state->options.limits.connections_max) {
        turn_away(*state, socket);
        return;
    }
    state->metrics.accepted.add();
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto on = state->acceptor.get_executor();
    const auto address = canonical(peer.address());
    if (state->options.tls) {
        asio::co_spawn(on, serve_tls(state, std::move(socket), address), asio::detached);
    } else {
        asio::co_spawn(on, serve_plain(state, std::move(socket), address), asio::detached);
    }
}

task<void> accept_connections(std::shared_ptr<http_server_state> state) {
    while (state->acceptor.is_open()) {
        auto [error, socket] = co_await state->acceptor.async_accept(as_result);
        if (!error) {
            serve(state, std::move(socket));
            continue;
        }
        if (!state->acceptor.is_open()) {
            co_return;
        }
        if (error == asio::error::connection_aborted) {
            continue; // The client left the queue.
        }
        state->metrics.accept_failures.add();
        state->log.warn("event=accept_failed listener={} error=\"{}\"", state->options.name,
                        error.message());
        state->accept_pause.expires_after(accept_pause_for);
        co_await state->accept_pause.async_wait(as_result);
    }
}

void share_port(tcp_acceptor& acceptor) {
    const int on = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
        throw boost::system::system_error(errno, boost::system::system_category(), "SO_REUSEPORT");
    }
}

} // namespace

http_server::http_server(asio::io_context& context, http_server_options options,
                         http_handler& handler, listener_metrics& metrics,
                         counter& unhandled_exceptions, spdlog::logger& log)
    : state_(std::make_shared<http_server_state>(context, std::move(options), handler, metrics,
                                                 unhandled_exceptions, log)) {}
http_server::~http_server() = default;
http_server::http_server(http_server&&) noexcept = default;

void http_server::listen() {
    auto& acceptor = state_->acceptor;
    acceptor.open(state_->options.at.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    if (state_->options.share_port) {
        share_port(acceptor);
    }
    acceptor.bind(state_->options.at);
    acceptor.listen(asio::socket_base::max_listen_connections);
    state_->date_field = date_field_now();
}

std::uint16_t http_server::port() const noexcept {
    error_code ignored;
    return state_->acceptor.local_endpoint(ignored).port();
}

void http_server::start() {
    const auto on = state_->acceptor.get_executor();
    asio::co_spawn(on, accept_connections(state_), asio::detached);
    asio::co_spawn(on, sweep(state_), asio::detached);
}

void http_server::drain() {
    if (state_->draining) {
        return;
    }
    state_->draining = true;
    state_->drain_deadline =
        std::chrono::steady_clock::now() + state_->options.limits.drain_timeout;
    error_code ignored;
    state_->acceptor.close(ignored);
    for (connection_watch* watch : state_->connections) {
        if (watch->idle) {
            watch->socket.close(ignored);
        }
    }
    state_->sweep_timer.cancel();
}

std::size_t http_server::connections() const noexcept {
    return state_->connections.size();
}

} // namespace uthan::gateway
