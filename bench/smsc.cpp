// A message centre that does next to nothing, for the SMPP benchmarks and for tests that count: one
// thread over raw epoll, written from the layouts of SMPP 3.4 and not with the gateway's codec.
//
//   bench_smsc --port 12775 [--receipts] [--record FILE] [--until N]
//
// Answers bind_*, enquire_link, unbind and submit_sm; with --receipts sends one for every submit
// that asks for it. Prints a line every 100 ms: nanoseconds of the monotonic clock, submits
// answered, receipts answered. --record writes each submit: its message id, destination and
// short_message in hex, before it is answered. --until ends it when so many submits and, with
// --receipts, so many receipts are answered; the last line is a JSON object of what there was and
// of the seconds since the first submit, for the submits and for all.

#include "bench/monotonic.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

namespace uthan::bench {
namespace {

constexpr std::size_t pdu_bytes_max = 68 * 1024;
/// Receipts that a client has not answered; more wait.
constexpr std::size_t receipts_in_flight_max = 200;

enum command : std::uint32_t {
    bind_receiver = 0x1,
    bind_transmitter = 0x2,
    submit_sm = 0x4,
    deliver_sm = 0x5,
    unbind = 0x6,
    bind_transceiver = 0x9,
    enquire_link = 0x15,
    response = 0x8000'0000
};

std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return ntohl(value);
}

void append_u32(std::string& out, std::uint32_t value) {
    const std::uint32_t wire = htonl(value);
    out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void append_header(std::string& out, std::uint32_t length, std::uint32_t id, std::uint32_t status,
                   std::uint32_t sequence) {
    append_u32(out, length);
    append_u32(out, id);
    append_u32(out, status);
    append_u32(out, sequence);
}

/// The fields of a submit that an answer or a receipt repeats.
struct submitted {
    std::string_view source;      ///< with ton and npi before it and the NUL behind
    std::string_view destination; ///< likewise
    std::string_view text;        ///< short_message
    bool wants_receipt = false;
};

/// The field up to and with its NUL; what is behind the end is a defect of the client's.
std::string_view take_string(std::string_view body, std::size_t& at) {
    const auto end = body.find('\0', at);
    if (end == std::string_view::npos) {
        throw std::runtime_error("a submit_sm with a string that does not end");
    }
    const auto field = body.substr(at, end + 1 - at);
    at = end + 1;
    return field;
}

submitted read_submit(std::string_view body) {
    submitted s;
    std::size_t at = 0;
    take_string(body, at); // service_type
    const auto source_at = at;
    at += 2;
    take_string(body, at);
    s.source = body.substr(source_at, at - source_at);
    const auto destination_at = at;
    at += 2;
    take_string(body, at);
    s.destination = body.substr(destination_at, at - destination_at);
    at += 3; // esm_class, protocol_id, priority_flag
    take_string(body, at);
    take_string(body, at);
    if (body.size() < at + 5) {
        throw std::runtime_error("a submit_sm that is cut off");
    }
    s.wants_receipt = (body[at] & 0x3) == 1;
    const auto length = static_cast<unsigned char>(body[at + 4]);
    s.text = body.substr(at + 5, length);
    return s;
}

struct options {
    std::uint16_t port = 0;
    bool receipts = false;
    std::string record;
    std::uint64_t until = 0; ///< 0: for ever
};

class centre {
public:
    explicit centre(options chosen) : options_(std::move(chosen)) {
        if (!options_.record.empty()) {
            record_ = std::fopen(options_.record.c_str(), "ab");
            if (record_ == nullptr) {
                throw std::runtime_error("cannot write " + options_.record);
            }
        }
        listen();
    }

    void run();

private:
    struct client {
        int fd = -1;
        std::string in;
        std::string out;
        std::uint32_t sequence = 0;
        std::size_t unanswered = 0;
        std::deque<std::string> receipts; ///< beyond the limit
        bool wants_write = false;
    };

    void listen();
    void accept_client();
    void receive(client& c);
    void take(client& c, std::string_view pdu);
    void answer_submit(client& c, std::uint32_t sequence, std::string_view body);
    void queue_receipt(client& c, const submitted& s, std::string_view id);
    void send_receipt(client& c, std::string_view body);
    void flush(client& c);
    void drop(client& c);
    void print_sample();
    bool is_done() const;
    void print_report() const;

    options options_;
    std::FILE* record_ = nullptr;
    int listener_ = -1;
    int epoll_ = epoll_create1(EPOLL_CLOEXEC);
    std::unordered_map<int, std::unique_ptr<client>> clients_;
    std::uint32_t next_id_ = 0x1000;
    std::uint64_t submits_ = 0;
    std::uint64_t receipts_answered_ = 0; ///< with status 0
    std::uint64_t receipts_refused_ = 0;  ///< and not sent again
    std::uint64_t first_submit_ns_ = 0;
    std::uint64_t last_submit_ns_ = 0; ///< of those that are asked for
    std::uint64_t next_sample_ns_ = 0;
};

void centre::listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(options_.port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener_, 64) != 0) {
        throw std::runtime_error(fmt::format("cannot listen on {}", options_.port));
    }
    socklen_t size = sizeof at;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
    fmt::print("listening {}\n", ntohs(at.sin_port));
    std::fflush(stdout);
    epoll_event event{.events = EPOLLIN, .data = {.fd = listener_}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

void centre::accept_client() {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto made = std::make_unique<client>();
    made->fd = fd;
    clients_.emplace(fd, std::move(made));
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void centre::receive(client& c) {
    std::array<char, 256 * 1024> bytes;
    const auto n = ::recv(c.fd, bytes.data(), bytes.size(), 0);
    if (n <= 0) {
        drop(c);
        return;
    }
    c.in.append(bytes.data(), static_cast<std::size_t>(n));
    std::size_t at = 0;
    while (c.in.size() - at >= 16) {
        const auto length = read_u32(c.in, at);
        if (length < 16 || length > pdu_bytes_max) {
            drop(c);
            return;
        }
        if (c.in.size() - at < length) {
            break;
        }
        take(c, std::string_view{c.in}.substr(at, length));
        at += length;
    }
    c.in.erase(0, at);
    flush(c);
}

void centre::take(client& c, std::string_view pdu) {
    const auto id = read_u32(pdu, 4);
    const auto sequence = read_u32(pdu, 12);
    switch (id) {
    case bind_receiver:
    case bind_transmitter:
    case bind_transceiver:
        append_header(c.out, 16 + 5, id | response, 0, sequence);
        c.out.append("smsc", 5);
        return;
    case enquire_link:
    case unbind:
        append_header(c.out, 16, id | response, 0, sequence);
        return;
    case submit_sm:
        answer_submit(c, sequence, pdu.substr(16));
        return;
    case deliver_sm | response:
        ++(read_u32(pdu, 8) == 0 ? receipts_answered_ : receipts_refused_);
        --c.unanswered;
        if (!c.receipts.empty()) {
            send_receipt(c, c.receipts.front());
            c.receipts.pop_front();
        }
        return;
    default:
        return; // Answers to nothing that was asked.
    }
}

void centre::answer_submit(client& c, std::uint32_t sequence, std::string_view body) {
    const auto s = read_submit(body);
    const auto id = fmt::format("{:08x}", next_id_++);
    if (record_ != nullptr) {
        fmt::print(record_, "{} {} ", id, s.destination.substr(2, s.destination.size() - 3));
        for (const char octet : s.text) {
            fmt::print(record_, "{:02x}", static_cast<unsigned char>(octet));
        }
        std::fputc('\n', record_);
        std::fflush(record_);
    }
    append_header(c.out, static_cast<std::uint32_t>(16 + id.size() + 1), submit_sm | response, 0,
                  sequence);
    c.out.append(id.c_str(), id.size() + 1);
    ++submits_;
    if (submits_ == 1) {
        first_submit_ns_ = now_ns();
    }
    if (submits_ == options_.until) {
        last_submit_ns_ = now_ns();
    }
    if (options_.receipts && s.wants_receipt) {
        queue_receipt(c, s, id);
    }
}

/// deliver_sm's body: the addresses swapped, a receipt's text, and its two TLVs.
void centre::queue_receipt(client& c, const submitted& s, std::string_view id) {
    const auto text = fmt::format("id:{} sub:001 dlvrd:001 submit date:2611211015 "
                                  "done date:2611211015 stat:DELIVRD err:000 text:",
                                  id);
    std::string body;
    body.push_back('\0'); // service_type
    body.append(s.destination);
    body.append(s.source);
    body.append("\x04\0\0\0\0\0\0\0\0", 9); // esm_class … sm_default_msg_id
    body.push_back(static_cast<char>(text.size()));
    body.append(text);
    body.append("\x00\x1e\x00\x09", 4); // receipted_message_id
    body.append(id);
    body.push_back('\0');
    body.append("\x04\x27\x00\x01\x02", 5); // message_state DELIVERED
    if (c.unanswered < receipts_in_flight_max) {
        send_receipt(c, body);
    } else {
        c.receipts.push_back(std::move(body));
    }
}

void centre::send_receipt(client& c, std::string_view body) {
    append_header(c.out, static_cast<std::uint32_t>(16 + body.size()), deliver_sm, 0,
                  ++c.sequence & 0x7FFF'FFFFU);
    c.out.append(body);
    ++c.unanswered;
}

void centre::flush(client& c) {
    const auto n = ::send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL);
    if (n > 0) {
        c.out.erase(0, static_cast<std::size_t>(n));
    }
    const bool wants_write = !c.out.empty();
    if (wants_write != c.wants_write) {
        c.wants_write = wants_write;
        epoll_event event{.events = wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN,
                          .data = {.fd = c.fd}};
        ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &event);
    }
}

void centre::drop(client& c) {
    const int fd = c.fd;
    ::close(fd);
    clients_.erase(fd);
}

void centre::print_sample() {
    const auto now = now_ns();
    if (now < next_sample_ns_) {
        return;
    }
    next_sample_ns_ = now + 100'000'000;
    fmt::print("{} {} {}\n", now, submits_, receipts_answered_);
    std::fflush(stdout);
}

bool centre::is_done() const {
    return options_.until != 0 && submits_ >= options_.until &&
           (!options_.receipts || receipts_answered_ + receipts_refused_ >= options_.until);
}

void centre::print_report() const {
    const auto seconds_to = [this](std::uint64_t ns) {
        return static_cast<double>(ns - first_submit_ns_) / 1e9;
    };
    fmt::print("{{\"submits\":{},\"receipts\":{},\"refused\":{},\"submit_seconds\":{:.4f},"
               "\"seconds\":{:.4f}}}\n",
               submits_, receipts_answered_, receipts_refused_, seconds_to(last_submit_ns_),
               seconds_to(now_ns()));
}

void centre::run() {
    std::array<epoll_event, 64> events{};
    while (!is_done()) {
        const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
        for (int i = 0; i < n; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            if (event.data.fd == listener_) {
                accept_client();
                continue;
            }
            auto& c = *clients_.at(event.data.fd);
            if ((event.events & EPOLLOUT) != 0) {
                flush(c);
            }
            if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
                receive(c);
            }
        }
        print_sample();
    }
    print_report();
}

int run(int argc, char** argv) {
    CLI::App app{"A message centre that does next to nothing"};
    options chosen;
    app.add_option("--port", chosen.port, "0: a free one, which is printed")->required();
    app.add_flag("--receipts", chosen.receipts);
    app.add_option("--record", chosen.record);
    app.add_option("--until", chosen.until);
    CLI11_PARSE(app, argc, argv);
    centre{std::move(chosen)}.run();
    return 0;
}

} // namespace
} // namespace uthan::bench

int main(int argc, char** argv) {
    try {
        return uthan::bench::run(argc, argv);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "bench_smsc: {}\n", problem.what());
        return 1;
    }
}
