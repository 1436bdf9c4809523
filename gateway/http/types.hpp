#pragma once

#include "core/task.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a listener hands to whoever answers, and what it takes back. Everything here belongs to one
// shard's thread.
namespace uthan::gateway {

enum class http_method : unsigned char { get, head, post, put, other };

/// One request, read whole and within the listener's limits. The views point into the connection's
/// buffers and stay valid until the response has been returned, whatever is awaited in between.
struct http_request {
    http_method method = http_method::other;
    std::string_view target; ///< as sent: path and query, still percent-encoded
    std::string_view path;
    std::string_view query; ///< after '?', empty when there is none
    /// What follows the channel's own path, "" or "/…"; the router's work.
    std::string_view rest = {};
    std::string_view body;
    /// Who sent it, seen through the trusted proxies. Unspecified (0.0.0.0) when a trusted proxy
    /// named a source that is no address.
    asio::ip::address remote;
    /// When its first byte was here; deadlines and durations count from it.
    std::chrono::steady_clock::time_point received;
    const boost::beast::http::fields* headers = nullptr; ///< never null inside a handler

    /// The first field of this name, in any case; empty when absent.
    std::string_view header(std::string_view name) const;
};

inline std::string_view http_request::header(std::string_view name) const {
    const auto found = headers->find(name);
    if (found == headers->end()) {
        return {};
    }
    return {found->value().data(), found->value().size()};
}

inline constexpr std::string_view text_plain = "text/plain; charset=utf-8";
inline constexpr std::string_view application_json = "application/json";

struct http_response {
    unsigned status = 200;
    /// A literal: it must outlive the write.
    std::string_view content_type = text_plain;
    std::string body;
    /// Beyond Content-Type, Content-Length, Date and Connection, which the listener writes. Names
    /// and values are ours, never a client's.
    std::vector<std::pair<std::string_view, std::string>> headers;
};

/// A refusal with a reason of one line. The reason speaks of the request's form alone, never of a
/// member.
http_response plain_response(unsigned status, std::string_view reason);

/// An answer that needs no waiting.
task<http_response> answer(http_response response);

/// Whoever answers a listener's requests; one per shard and listener. An exception that leaves
/// `handle` is logged and counted, and closes that connection.
class http_handler {
public:
    virtual ~http_handler() = default;
    virtual task<http_response> handle(http_request request) = 0;
};

} // namespace uthan::gateway
