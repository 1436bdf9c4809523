#pragma once

#include "gateway/http/server_state.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <type_traits>

// The loop of one connection, the same for plain and TLS streams. Included by the session files
// alone.
namespace uthan::gateway {

/// Room for a header at its limit and the start of what follows; a body passes through in pieces.
inline constexpr std::size_t input_bytes_max = 16 * 1024;
inline constexpr std::size_t read_bytes = 4096;
/// A buffer that one large answer has grown is given back after it.
inline constexpr std::size_t output_bytes_kept = 16 * 1024;

/// Parses what is there. need_more is no error; a buffer that is full without progress is.
error_code feed(request_parser& parser, boost::beast::flat_buffer& input);

/// The request as its handler sees it; views into the parser's message.
http_request view_of(const request_parser::value_type& message, const asio::ip::address& peer,
                     const http_server_state& server, steady_time received);

/// The answer to bytes that are no acceptable request.
http_response refusal_of(const error_code& error);

/// Whether the client waits for "100 Continue" before it sends the body.
bool wants_continue(const request_parser& parser);

/// After the last response: says that no more comes and reads on for a moment, because closing with
/// unread bytes would reset the connection and could take the response with it.
task<void> linger(connection_watch& watch);

/// One write for the whole response: at once where the socket takes it, else when it is ready.
template <class Stream>
task<bool> write_rest(Stream& stream, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto [error, sent] =
            co_await stream.async_write_some(asio::buffer(bytes.data(), bytes.size()), as_result);
        if (error) {
            co_return false;
        }
        bytes.remove_prefix(sent);
    }
    co_return true;
}

/// Sends without waiting as much as the socket takes now. A TLS stream cannot.
template <class Stream>
std::size_t write_now(Stream& stream, std::string_view bytes, bool& failed) {
    if constexpr (std::is_same_v<Stream, tcp_socket>) {
        error_code error;
        const std::size_t sent = stream.write_some(asio::buffer(bytes.data(), bytes.size()), error);
        failed = error && error != asio::error::would_block && error != asio::error::try_again;
        return sent;
    } else {
        (void)stream;
        (void)bytes;
        failed = false;
        return 0;
    }
}

// g++ 12 sees Asio's own operator new of coroutine frames through inlining as aligned_alloc and
// misses that the matching operator delete frees it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

/// Requests one after another until either side ends. All arguments outlive the call.
template <class Stream>
task<void> serve_requests(http_server_state& server, Stream& stream, connection_watch& watch,
                          asio::ip::address peer) {
    const http_limits& limits = server.options.limits;
    boost::beast::flat_buffer input{input_bytes_max};
    input.reserve(read_bytes);
    std::string output;
    std::optional<request_parser> parser; // A parser serves one message.
    bool keep_alive = true;
    while (keep_alive) {
        parser.emplace();
        parser->header_limit(limits.header_bytes_max);
        parser->body_limit(limits.body_bytes_max);
        parser->eager(true);

        // A pipelining client's next request may be here already.
        steady_time received = std::chrono::steady_clock::now();
        watch.idle = input.size() == 0;
        if (watch.idle && server.draining) {
            co_return;
        }
        watch.deadline = received + (watch.idle ? limits.idle_timeout : limits.request_timeout);
        error_code error = feed(*parser, input);
        bool continued = false;
        while (!error && !parser->is_done()) {
            if (!continued && wants_continue(*parser)) {
                continued = true;
                const bool written = co_await write_rest(stream, "HTTP/1.1 100 Continue\r\n\r\n");
                if (!written) {
                    co_return;
                }
            }
            const std::size_t room = std::min(read_bytes, input.max_size() - input.size());
            const auto place = input.prepare(room);
            const auto [failure, count] = co_await stream.async_read_some(place, as_result);
            if (failure) {
                co_return; // The client left, half-closed in mid-request, or was too slow.
            }
            if (watch.idle) {
                received = std::chrono::steady_clock::now();
                watch.idle = false;
                watch.deadline = received + limits.request_timeout;
            }
            input.commit(count);
            error = feed(*parser, input);
        }

        output.clear();
        http_response response;
        const auto& message = parser->get();
        if (error) {
            response = refusal_of(error);
            keep_alive = false;
        } else {
            const http_request request = view_of(message, peer, server, received);
            response = co_await server.handler.handle(request);
            keep_alive = message.keep_alive() && !server.draining;
        }
        const bool head_only = !error && message.method() == boost::beast::http::verb::head;
        serialise(response, server.date_field, message.version() == 10, keep_alive, head_only,
                  output);
        server.metrics.responded(response.status);

        bool failed = false;
        const std::size_t sent = write_now(stream, output, failed);
        if (failed) {
            co_return;
        }
        if (sent < output.size()) {
            const bool written = co_await write_rest(stream, std::string_view(output).substr(sent));
            if (!written) {
                co_return;
            }
        }
        if (output.capacity() > output_bytes_kept) {
            output = std::string();
        }
    }
    co_await linger(watch);
}

#pragma GCC diagnostic pop

} // namespace uthan::gateway
