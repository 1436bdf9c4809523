#include "gateway/links/outbound_connection.hpp"

#include "core/deadline.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace uthan::gateway {
namespace {

using tcp = asio::ip::tcp;
using endpoints = std::vector<tcp::endpoint>;
using tcp_resolver = asio::ip::basic_resolver<tcp, executor>;

constexpr std::size_t addresses_max = 4;

task<result<endpoints>> look_up(executor on, std::string host, std::uint16_t port) {
    tcp_resolver resolver{on};
    const auto service = std::to_string(port);
    const auto [error, found] =
        co_await resolver.async_resolve(host, service, tcp_resolver::numeric_service, as_result);
    if (error) {
        co_return error;
    }
    endpoints out;
    for (const auto& one : found) {
        if (out.size() < addresses_max) {
            out.push_back(one.endpoint());
        }
    }
    co_return out;
}

/// A numeric address is not looked up; getaddrinfo is, on Asio's own thread, and cannot be ended
/// before its time: what comes too late is dropped.
task<result<endpoints>> addresses_of(executor on, std::string host, std::uint16_t port,
                                     std::chrono::milliseconds limit) {
    error_code no_address;
    const auto numeric = asio::ip::make_address(host, no_address);
    if (!no_address) {
        co_return endpoints{tcp::endpoint{numeric, port}};
    }
    auto looking = look_up(on, std::move(host), port);
    co_return co_await within(limit, std::move(looking));
}

task<bool> shake_hands(outbound_connection& connection, const std::string& host) {
    auto& stream = connection.tls.emplace(connection.socket, *connection.owner.tls);
    error_code numeric;
    asio::ip::make_address(host, numeric);
    const bool is_name = static_cast<bool>(numeric);
    if (is_name && SSL_set_tlsext_host_name(stream.native_handle(), host.c_str()) != 1) {
        co_return false;
    }
    error_code failed;
    stream.set_verify_callback(asio::ssl::host_name_verification(host), failed);
    if (failed) {
        co_return false;
    }
    const auto [error] =
        co_await stream.async_handshake(outbound_connection::tls_stream::client, as_result);
    co_return !error;
}

} // namespace

outbound_connection::outbound_connection(http_client_state& client)
    : owner(client), socket(client.on), timer(client.on) {
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
    error_code ignored;
    socket.close(ignored);
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
    const auto found = co_await addresses_of(connection->owner.on, host, port, left);
    if (!found) {
        co_return false;
    }
    for (const auto& at : *found) {
        if (connection->expired || connection->owner.stopped) {
            co_return false;
        }
        error_code ignored;
        connection->socket.close(ignored);
        const auto [error] = co_await connection->socket.async_connect(at, as_result);
        if (error) {
            continue;
        }
        connection->socket.set_option(tcp::no_delay(true), ignored);
        connection->socket.non_blocking(true, ignored);
        if (!tls) {
            co_return true;
        }
        // A name's other addresses would show the same certificate.
        co_return co_await shake_hands(*connection, host);
    }
    co_return false;
}

} // namespace uthan::gateway
