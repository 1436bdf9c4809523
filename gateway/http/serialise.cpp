#include "gateway/http/server_state.hpp"

#include <boost/beast/http/status.hpp>

#include <charconv>
#include <cstddef>

namespace uthan::gateway {
namespace {

void append_number(std::string& out, std::size_t value) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

void append_status_line(std::string& out, unsigned status) {
    if (status == 200) {
        out += "HTTP/1.1 200 OK\r\n";
        return;
    }
    out += "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    out.append(reason.data(), reason.size());
    out += "\r\n";
}

} // namespace

void serialise(const http_response& response, std::string_view date_field, bool http_1_0,
               bool keep_alive, bool head_only, std::string& out) {
    append_status_line(out, response.status);
    out += "Content-Type: ";
    out += response.content_type;
    out += "\r\nContent-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
    out += date_field;
    // HTTP/1.1 connections persist unless said otherwise, HTTP/1.0 ones do not (RFC 9112 9.3).
    if (!keep_alive) {
        out += "Connection: close\r\n";
    } else if (http_1_0) {
        out += "Connection: keep-alive\r\n";
    }
    for (const auto& [name, value] : response.headers) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    out += "\r\n";
    if (!head_only) {
        out += response.body;
    }
}

} // namespace uthan::gateway
