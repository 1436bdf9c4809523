#pragma once

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

// The other side of our own requests, on plain sockets in the test's thread: it says every byte and
// is as rude as the test likes.
namespace uthan::gateway::testing {

/// Waits for something that will become true, at most half a minute.
inline bool eventually(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > give_up) {
            return false;
        }
        ::poll(nullptr, 0, 1);
    }
    return true;
}

/// One accepted connection.
class rude_peer {
public:
    explicit rude_peer(int fd) : fd_(fd) {
        // No test waits for this: it only keeps a broken client from hanging the suite.
        const timeval patience{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    rude_peer(rude_peer&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
    rude_peer& operator=(rude_peer&&) = delete;
    ~rude_peer() { close(); }

    /// One request with its body; empty when the client closed before.
    std::string request() {
        for (;;) {
            const auto header_end = received_.find("\r\n\r\n");
            if (header_end != std::string::npos) {
                static constexpr std::string_view name = "Content-Length: ";
                const auto at = received_.find(name);
                const std::size_t body = at == std::string::npos || at > header_end
                                             ? 0
                                             : std::stoul(received_.substr(at + name.size()));
                if (received_.size() >= header_end + 4 + body) {
                    std::string one = received_.substr(0, header_end + 4 + body);
                    received_.erase(0, one.size());
                    return one;
                }
            }
            char buffer[4096];
            const auto count = ::recv(fd_, buffer, sizeof buffer, 0);
            if (count <= 0) {
                return {};
            }
            received_.append(buffer, static_cast<std::size_t>(count));
        }
    }
    void send(std::string_view bytes) const {
        EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(bytes.size()));
    }
    void answer(std::string_view body, std::string_view status = "200 OK") const {
        send("HTTP/1.1 " + std::string(status) +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
    }
    /// Ends the connection; returns when the client's system knows it.
    void end() {
        ::shutdown(fd_, SHUT_WR);
        EXPECT_TRUE(eventually([this] {
            tcp_info info{};
            socklen_t size = sizeof info;
            ::getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &size);
            return info.tcpi_state == TCP_FIN_WAIT2 || info.tcpi_state == TCP_CLOSE;
        }));
    }
    void close() {
        if (fd_ >= 0) {
            ::close(fd_);
            fd_ = -1;
        }
    }
    /// For who talks otherwise; it closes the socket.
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
    std::string received_;
};

class rude_server {
public:
    /// `receive_bytes`: how much its system takes in before anybody reads; 0: as usual.
    explicit rude_server(int receive_bytes = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_bytes > 0) {
            ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        }
        const timeval patience{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at;
        EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
        EXPECT_EQ(::listen(fd_, 64), 0);
        ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
    }
    ~rude_server() { close(); }
    rude_server(const rude_server&) = delete;
    rude_server& operator=(const rude_server&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view target) const {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
    }
    rude_peer accept() const { return rude_peer{::accept(fd_, nullptr, nullptr)}; }
    /// Whether somebody has connected and was not accepted yet.
    bool has_caller() const {
        pollfd one{fd_, POLLIN, 0};
        return ::poll(&one, 1, 0) == 1;
    }
    /// From now on connections are refused.
    void close() {
        if (fd_ >= 0) {
            ::close(fd_);
            fd_ = -1;
        }
    }

private:
    int fd_;
    std::uint16_t port_ = 0;
};

} // namespace uthan::gateway::testing
