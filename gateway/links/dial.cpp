#include "gateway/links/dial.hpp"

#include "core/deadline.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

#include <utility>
#include <vector>

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

task<bool> shake_hands(outbound_stream& to, const std::string& host, asio::ssl::context& context) {
    auto& stream = to.tls.emplace(to.socket, context);
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
        co_await stream.async_handshake(outbound_stream::tls_stream::client, as_result);
    co_return !error;
}

} // namespace

task<bool> dial(std::shared_ptr<outbound_stream> to, std::string host, std::uint16_t port,
                std::shared_ptr<asio::ssl::context> tls, std::chrono::milliseconds look_up_limit) {
    const auto found = co_await addresses_of(to->socket.get_executor(), host, port, look_up_limit);
    if (!found) {
        co_return false;
    }
    for (const auto& at : *found) {
        if (to->ended) {
            co_return false;
        }
        error_code ignored;
        to->socket.close(ignored);
        const auto [error] = co_await to->socket.async_connect(at, as_result);
        if (error) {
            continue;
        }
        to->socket.set_option(tcp::no_delay(true), ignored);
        to->socket.non_blocking(true, ignored);
        if (!tls) {
            co_return !to->ended;
        }
        // A name's other addresses would show the same certificate.
        auto shaking = shake_hands(*to, host, *tls);
        co_return co_await std::move(shaking);
    }
    co_return false;
}

} // namespace uthan::gateway
