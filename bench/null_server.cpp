// The ceiling of every hop: a Beast server that reads the same requests under the same limits as
// the gateway and answers each with one constant screen. One thread, one io_context, the concrete
// executor, awaitables – the way the gateway's own session is built, without anything in it.
//
//   bench_null PORT        ends on SIGTERM or SIGINT

#include "core/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>

namespace uthan::bench {
namespace {

namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;

// The limits of the gateway's public listener.
constexpr std::uint32_t header_bytes_max = 8 * 1024;
constexpr std::uint64_t body_bytes_max = 64 * 1024;

// As long as a main menu in Bangla.
constexpr std::string_view screen =
    "CON 1 কিস্তি\n2 শেষ জমা\n3 সঞ্চয়\n4 মিটিং\n5 ঋণ বাকি\n6 কত ঋণ পাব\n7 অভিযোগ\n8 আরও\n0 শেষ";

task<void> serve_connection(tcp_socket socket) {
    boost::beast::flat_buffer buffer{header_bytes_max + body_bytes_max};
    buffer.reserve(4096);
    http::response<http::span_body<const char>> response{http::status::ok, 11};
    response.set(http::field::content_type, "text/plain; charset=utf-8");
    response.body() = {screen.data(), screen.size()};
    response.prepare_payload();
    while (true) {
        std::optional<http::request_parser<http::string_body>> parser;
        parser.emplace();
        parser->header_limit(header_bytes_max);
        parser->body_limit(body_bytes_max);
        const auto [read_error, bytes_read] =
            co_await http::async_read(socket, buffer, *parser, as_result);
        if (read_error) {
            co_return;
        }
        const bool keep_alive = parser->get().keep_alive();
        response.keep_alive(keep_alive);
        const auto [write_error, bytes_written] =
            co_await http::async_write(socket, response, as_result);
        if (write_error || !keep_alive) {
            co_return;
        }
    }
}

task<void> accept_connections(tcp_acceptor acceptor, executor on) {
    while (true) {
        tcp_socket socket{on};
        const auto [error] = co_await acceptor.async_accept(socket, as_result);
        if (error) {
            co_return;
        }
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        asio::co_spawn(on, serve_connection(std::move(socket)), asio::detached);
    }
}

int run(std::uint16_t port) {
    asio::io_context context{1};
    tcp_acceptor acceptor{context.get_executor(), tcp::endpoint{tcp::v4(), port}};
    asio::signal_set signals{context, SIGTERM, SIGINT};
    signals.async_wait([&context](boost::system::error_code, int) { context.stop(); });
    asio::co_spawn(context, accept_connections(std::move(acceptor), context.get_executor()),
                   asio::detached);
    context.run();
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) try {
    const std::string_view text = argc == 2 ? argv[1] : "";
    std::uint16_t port = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{}) {
        std::fputs("usage: bench_null PORT\n", stderr);
        return 2;
    }
    return uthan::bench::run(port);
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench_null: %s\n", error.what());
    return 1;
}
