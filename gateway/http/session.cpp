#include "gateway/http/session_loop.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include <array>

namespace uthan::gateway {
namespace {

namespace beast_http = boost::beast::http;

http_method method_of(beast_http::verb verb) noexcept {
    switch (verb) {
    case beast_http::verb::get:
        return http_method::get;
    case beast_http::verb::head:
        return http_method::head;
    case beast_http::verb::post:
        return http_method::post;
    case beast_http::verb::put:
        return http_method::put;
    default:
        return http_method::other;
    }
}

std::string_view plain(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
}

/// Empty lines before a request line are passed over (RFC 9112 2.2).
void skip_empty_lines(boost::beast::flat_buffer& input) {
    const auto bytes = input.data();
    const char* first = static_cast<const char*>(bytes.data());
    std::size_t empty = 0;
    while (empty < bytes.size() && (first[empty] == '\r' || first[empty] == '\n')) {
        ++empty;
    }
    input.consume(empty);
}

/// What a client may send after our last response before we stop listening.
constexpr std::size_t linger_bytes_max = 256 * 1024;
constexpr std::chrono::seconds linger_for{2};
/// Fields of X-Forwarded-For that are looked at; a chain of more proxies is nobody's.
constexpr std::size_t forwarded_fields_max = 8;

asio::ip::address source_of(const request_parser::value_type& message,
                            const asio::ip::address& peer, const http_server_state& server) {
    const auto& trusted = server.options.trusted_proxies;
    if (trusted.empty() || !contains(trusted, peer)) {
        return peer;
    }
    std::array<std::string_view, forwarded_fields_max> fields;
    std::size_t count = 0;
    const auto [first, last] = message.equal_range("X-Forwarded-For");
    for (auto field = first; field != last; ++field) {
        if (count == fields.size()) {
            return {};
        }
        fields[count++] = plain(field->value());
    }
    return source_address(peer, std::span(fields.data(), count), trusted);
}

/// RFC 9112 6.1: a coding that we do not know leaves the body's end unknown; what followed would be
/// read as the next request.
bool has_unknown_coding(const request_parser& parser) {
    if (!parser.is_header_done()) {
        return false;
    }
    const auto [first, last] = parser.get().equal_range(beast_http::field::transfer_encoding);
    if (first == last) {
        return false;
    }
    return std::next(first) != last || !boost::beast::iequals(first->value(), "chunked");
}

} // namespace

error_code feed(request_parser& parser, boost::beast::flat_buffer& input) {
    if (!parser.got_some()) {
        skip_empty_lines(input);
    }
    while (input.size() > 0 && !parser.is_done()) {
        error_code error;
        const std::size_t used = parser.put(input.data(), error);
        input.consume(used);
        if (has_unknown_coding(parser)) {
            return beast_http::error::bad_transfer_encoding;
        }
        if (error == beast_http::error::need_more) {
            if (input.size() >= input.max_size()) {
                return beast_http::error::buffer_overflow;
            }
            return {};
        }
        if (error) {
            return error;
        }
    }
    return {};
}

http_request view_of(const request_parser::value_type& message, const asio::ip::address& peer,
                     const http_server_state& server, steady_time received) {
    http_request request;
    request.method = method_of(message.method());
    request.target = plain(message.target());
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    if (question != std::string_view::npos) {
        request.query = request.target.substr(question + 1);
    }
    request.body = message.body();
    request.remote = source_of(message, peer, server);
    request.received = received;
    request.headers = &message;
    return request;
}

http_response refusal_of(const error_code& error) {
    if (error == beast_http::error::header_limit) {
        return plain_response(431, "the request's header is larger than 8 KiB");
    }
    if (error == beast_http::error::body_limit) {
        return plain_response(413, "the request's body is larger than this listener takes");
    }
    if (error == beast_http::error::bad_transfer_encoding) {
        return plain_response(400, "of transfer codings only \"chunked\" is read here");
    }
    if (error == beast_http::error::bad_version) {
        return plain_response(400, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    }
    return plain_response(400, "this is not an HTTP request: " + error.message());
}

bool wants_continue(const request_parser& parser) {
    if (!parser.is_header_done()) {
        return false;
    }
    const auto& message = parser.get();
    const auto expect = message.find(beast_http::field::expect);
    return expect != message.end() && message.version() == 11 &&
           boost::beast::iequals(expect->value(), "100-continue");
}

task<void> linger(connection_watch& watch) {
    error_code ignored;
    watch.socket.shutdown(tcp_socket::shutdown_send, ignored);
    watch.idle = true;
    watch.deadline = std::chrono::steady_clock::now() + linger_for;
    std::array<char, 1024> discarded;
    std::size_t total = 0;
    while (total < linger_bytes_max) {
        const auto [error, count] =
            co_await watch.socket.async_read_some(asio::buffer(discarded), as_result);
        if (error) {
            co_return;
        }
        total += count;
    }
}

} // namespace uthan::gateway
