#include "gateway/links/outbound_connection.hpp"

#include <utility>

namespace uthan::gateway {
outbound_connection::outbound_connection(http_client_state& client)
    : outbound_stream(client.on), owner(client), timer(client.on) {
    owner.open.insert(this);
    owner.counters.connections.set(static_cast<std::int64_t>(owner.open.size()));
}

outbound_connection::~outbound_connection() {
    owner.open.erase(this);
    owner.counters.connections.set(static_cast<std::int64_t>(owner.open.size()));
}

bool outbound_connection::is_fresh() {
    char byte = 0;
    error_code error;
    socket.receive(asio::buffer(&byte, 1), tcp_socket::message_peek, error);
    return socket.is_open() &&
           (error == asio::error::would_block || error == asio::error::try_again);
}

void outbound_connection::close() {
    end();
    timer.cancel();
}

void arm(const std::shared_ptr<outbound_connection>& connection, steady_time when) {
    connection->timer.expires_at(when);
    const std::weak_ptr<outbound_connection> watched = connection;
    connection->timer.async_wait([watched](error_code cancelled) {
        const auto still = watched.lock();
        // Armed again after this had been queued already: not yet.
        if (cancelled || !still || still->timer.expiry() > std::chrono::steady_clock::now()) {
            return;
        }
        still->expired = true;
        still->close();
        if (still->idle_in != nullptr) {
            std::erase(still->idle_in->idle, still);
        }
    });
}

task<bool> connect(std::shared_ptr<outbound_connection> connection, std::string host,
                   std::uint16_t port, bool tls) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        connection->timer.expiry() - std::chrono::steady_clock::now());
    auto context = tls ? connection->owner.tls : nullptr;
    return dial(std::move(connection), std::move(host), port, std::move(context), left);
}

} // namespace uthan::gateway
