#pragma once

#include "gateway/http/server.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

// A client of plain sockets, so that the tests can say every byte and be as rude as they like.
namespace uthan::gateway::testing {

class raw_client {
public:
    explicit raw_client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        // No test waits for this: it only keeps a broken server from hanging the suite.
        const timeval patience{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
            ::close(fd_);
            throw std::runtime_error("connection refused");
        }
    }
    ~raw_client() { close(); }
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    void close() {
        if (fd_ >= 0) {
            ::close(fd_);
            fd_ = -1;
        }
    }
    /// What cannot be sent because the server has closed is left out.
    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void half_close() { ::shutdown(fd_, SHUT_WR); }

    /// One response with its body (by Content-Length); empty when the connection ended before.
    std::string response() {
        for (;;) {
            const auto header_end = received_.find("\r\n\r\n");
            if (header_end != std::string::npos) {
                const std::size_t total = header_end + 4 + content_length(header_end);
                if (received_.size() >= total) {
                    std::string one = received_.substr(0, total);
                    received_.erase(0, total);
                    return one;
                }
            }
            if (!more()) {
                return {};
            }
        }
    }
    /// Everything until the server closes.
    std::string rest() {
        while (more()) {
        }
        return std::move(received_);
    }
    /// Whether the server has closed in order (no reset, no time-out).
    bool ends() {
        while (more()) {
        }
        return ended_;
    }

private:
    std::size_t content_length(std::size_t header_end) const {
        static constexpr std::string_view name = "Content-Length: ";
        const auto at = received_.find(name);
        return at == std::string::npos || at > header_end
                   ? 0
                   : std::stoul(received_.substr(at + name.size()));
    }
    bool more() {
        char buffer[4096];
        const auto count = ::recv(fd_, buffer, sizeof buffer, 0);
        if (count <= 0) {
            ended_ = count == 0;
            return false;
        }
        received_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    int fd_;
    std::string received_;
    bool ended_ = false;
};

inline std::string status_of(std::string_view response) {
    return std::string(response.substr(0, response.find('\r')));
}

inline std::string body_of(std::string_view response) {
    const auto end = response.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string() : std::string(response.substr(end + 4));
}

inline std::string post(std::string_view path, std::string_view body,
                        std::string_view more_fields = {}) {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(more_fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

} // namespace uthan::gateway::testing
