// Whoever sends texts by HTTP, for the SMS benchmarks: a closed loop over keep-alive connections.
// Prints one JSON object.
//
//   bench_sms --port 18081 --to uthan --key KEY [--connections 64] [--seconds 4]
//   bench_sms --port 13013 --to kannel
//   bench_sms --port 18090 --to null        the same requests as uthan's, to the do-nothing server

#include "bench/histogram.hpp"
#include "bench/http_reply.hpp"
#include "bench/monotonic.hpp"
#include "bench/sample_message.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace uthan::bench {
namespace {

enum class peer { uthan, kannel, null };

struct options {
    std::uint16_t port = 0;
    peer to = peer::uthan;
    std::string key;
    std::string receipts_url; ///< Kannel's dlr-url
    std::size_t connections = 64;
    std::uint64_t start = 0;
    double warm_up = 1;
    double seconds = 4;
};

std::string url_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

std::string to_uthan(const options& o, std::uint64_t n, std::string_view text) {
    const auto body =
        fmt::format(R"({{"to":"{}","text":"{}","class":"answer","idempotency_key":"bench-{}"}})",
                    sample_number(n), text, n);
    return fmt::format("POST /api/v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                       "Authorization: Bearer {}\r\nContent-Type: application/json\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       o.key, body.size(), body);
}

std::string to_kannel(const options& o, std::uint64_t n, std::string_view text) {
    auto target = fmt::format("/cgi-bin/sendsms?username=bench&password=bench&from=KMSS"
                              "&to={}&coding=0&charset=UTF-8&text={}",
                              sample_number(n), url_encoded(text));
    if (!o.receipts_url.empty()) {
        target += "&dlr-mask=1&dlr-url=" + url_encoded(o.receipts_url);
    }
    return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", target);
}

class sender {
public:
    explicit sender(options chosen) : options_(std::move(chosen)), next_(options_.start) {}

    void run();

private:
    struct connection {
        int fd = -1;
        std::uint64_t sent_ns = 0;
        std::size_t received = 0;
        std::array<char, 8192> reply{};
    };

    void open(connection& c);
    void send(connection& c);
    void receive(connection& c);
    void report(double seconds) const;

    options options_;
    std::uint64_t next_;
    int epoll_ = epoll_create1(EPOLL_CLOEXEC);
    std::vector<connection> connections_;
    std::uint64_t from_ns_ = 0;
    std::uint64_t to_ns_ = 0;
    std::uint64_t accepted_ = 0;
    std::uint64_t all_accepted_ = 0;
    std::uint64_t wrong_ = 0;
    std::string first_wrong_;
    histogram latency_;
};

void sender::open(connection& c) {
    c.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(options_.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (c.fd < 0 || ::connect(c.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error(fmt::format("cannot connect: {}", std::strerror(errno)));
    }
    const int on = 1;
    ::setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{.events = EPOLLIN,
                      .data = {.u64 = static_cast<std::uint64_t>(&c - connections_.data())}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
}

void sender::send(connection& c) {
    const auto n = next_++;
    const auto text = sample_text(n);
    const auto request =
        options_.to == peer::kannel ? to_kannel(options_, n, text) : to_uthan(options_, n, text);
    c.received = 0;
    c.sent_ns = now_ns();
    if (::send(c.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
        throw std::runtime_error("the server closed a connection");
    }
}

void sender::receive(connection& c) {
    const auto n = ::recv(c.fd, c.reply.data() + c.received, c.reply.size() - c.received, 0);
    if (n <= 0) {
        throw std::runtime_error("the server closed a connection");
    }
    c.received += static_cast<std::size_t>(n);
    const auto reply = whole_reply({c.reply.data(), c.received});
    if (!reply) {
        return;
    }
    const auto now = now_ns();
    // The do-nothing server says 200; Kannel and the gateway 202.
    if (!reply->status_line.starts_with("HTTP/1.1 20")) {
        ++wrong_;
        if (first_wrong_.empty()) {
            first_wrong_ = fmt::format("{}: {}", reply->status_line, reply->body);
        }
    } else {
        ++all_accepted_;
        if (now >= from_ns_ && now < to_ns_) {
            ++accepted_;
            latency_.record(now - c.sent_ns);
        }
    }
    if (now < to_ns_) {
        send(c);
    }
}

void sender::run() {
    connections_.resize(options_.connections);
    from_ns_ = now_ns() + static_cast<std::uint64_t>(options_.warm_up * 1e9);
    to_ns_ = from_ns_ + static_cast<std::uint64_t>(options_.seconds * 1e9);
    for (auto& c : connections_) {
        open(c);
        send(c);
    }
    std::array<epoll_event, 256> events{};
    // A moment longer, for what is under way.
    while (now_ns() < to_ns_ + 500'000'000) {
        const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
        for (int i = 0; i < n; ++i) {
            receive(connections_[events[static_cast<std::size_t>(i)].data.u64]);
        }
    }
    report(options_.seconds);
}

void sender::report(double seconds) const {
    fmt::print("{{\"accepted\":{},\"all\":{},\"rate\":{:.1f},\"wrong\":{},\"from_ns\":{},"
               "\"to_ns\":{},\"p50_ms\":{:.4f},\"p99_ms\":{:.4f}}}\n",
               accepted_, all_accepted_, static_cast<double>(accepted_) / seconds, wrong_, from_ns_,
               to_ns_, static_cast<double>(latency_.quantile(0.5)) / 1e6,
               static_cast<double>(latency_.quantile(0.99)) / 1e6);
    if (wrong_ > 0) {
        fmt::print(stderr, "{} wrong; first: {}\n", wrong_, first_wrong_);
    }
}

int run(int argc, char** argv) {
    CLI::App app{"Load of the SMS benchmarks"};
    options chosen;
    const std::map<std::string, peer> peers{
        {"uthan", peer::uthan}, {"kannel", peer::kannel}, {"null", peer::null}};
    app.add_option("--port", chosen.port)->required();
    app.add_option("--to", chosen.to)->transform(CLI::CheckedTransformer(peers));
    app.add_option("--key", chosen.key);
    app.add_option("--receipts-url", chosen.receipts_url);
    app.add_option("--connections", chosen.connections)->check(CLI::Range(1, 1024));
    app.add_option("--start", chosen.start, "the first running number");
    app.add_option("--warm-up", chosen.warm_up);
    app.add_option("--seconds", chosen.seconds);
    CLI11_PARSE(app, argc, argv);
    sender{std::move(chosen)}.run();
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    try {
        return uthan::bench::run(argc, argv);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_sms: {}\n", problem.what());
        return 1;
    }
}
