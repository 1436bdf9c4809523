#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace uthan::bench {

struct reply_view {
    std::string_view status_line;
    std::string_view body;
};

/// A whole reply, or none while bytes are missing. Replies have Content-Length and no chunks.
inline std::optional<reply_view> whole_reply(std::string_view bytes) {
    const auto header_end = bytes.find("\r\n\r\n");
    if (header_end == std::string_view::npos) {
        return std::nullopt;
    }
    static constexpr std::string_view name = "\r\nContent-Length: ";
    const auto header = bytes.substr(0, header_end + 2);
    const auto at = header.find(name);
    if (at == std::string_view::npos) {
        throw std::runtime_error("a reply without Content-Length");
    }
    std::size_t length = 0;
    std::from_chars(header.data() + at + name.size(), header.data() + header.size(), length);
    const auto body = bytes.substr(header_end + 4);
    if (body.size() < length) {
        return std::nullopt;
    }
    return reply_view{header.substr(0, header.find("\r\n")), body.substr(0, length)};
}

} // namespace uthan::bench
