#pragma once

#include "gateway/http/server_state.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

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

/// What has come of one request.
struct arrival {
    bool client_left = false; ///< or was too slow; nothing is to be answered
    error_code error;         ///< the bytes are no acceptable request
    steady_time received;     ///< its first bytes
};

/// Reads until the request is complete or refused. All arguments outlive the call.
template <class Stream>
task<arrival> read_request(Stream& stream, request_parser& parser, boost::beast::flat_buffer& input,
                           connection_watch& watch, const http_limits& limits) {
    arrival out;
    // A pipelining client's next request may be here already.
    out.received = std::chrono::steady_clock::now();
    watch.idle = input.size() == 0;
    watch.deadline = out.received + (watch.idle ? limits.idle_timeout : limits.request_timeout);
    out.error = feed(parser, input);
    bool continued = false;
    while (!out.error && !parser.is_done()) {
        if (!continued && wants_continue(parser)) {
            continued = true;
            const bool written = co_await write_rest(stream, "HTTP/1.1 100 Continue\r\n\r\n");
            if (!written) {
                out.client_left = true;
                co_return out;
            }
        }
        const std::size_t room = std::min(read_bytes, input.max_size() - input.size());
        const auto place = input.prepare(room);
        const auto [failure, count] = co_await stream.async_read_some(place, as_result);
        if (failure) {
            out.client_left = true; // Gone, half-closed in mid-request, or too slow.
            co_return out;
        }
        if (watch.idle) {
            out.received = std::chrono::steady_clock::now();
            watch.idle = false;
            watch.deadline = out.received + limits.request_timeout;
        }
        input.commit(count);
        out.error = feed(parser, input);
    }
    co_return out;
}

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
        if (input.size() == 0 && server.draining) {
            co_return;
        }
        const arrival got = co_await read_request(stream, *parser, input, watch, limits);
        if (got.client_left) {
            co_return;
        }

        output.clear();
        http_response response;
        const auto& message = parser->get();
        if (got.error) {
            response = refusal_of(got.error);
            keep_alive = false;
        } else {
            const http_request request = view_of(message, peer, server, got.received);
            response = co_await server.handler.handle(request);
            keep_alive = message.keep_alive() && !server.draining;
        }
        const bool head_only = !got.error && message.method() == boost::beast::http::verb::head;
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
        if (keep_alive && input.size() == 0) {
            // The others of this turn first: a client that sends its next request at once has then
            // done so, and neither a read that finds nothing nor a wait for it is paid for.
            co_await asio::post(stream.get_executor(), asio::use_awaitable_t<executor>{});
        }
    }
    co_await linger(watch);
}

} // namespace uthan::gateway
