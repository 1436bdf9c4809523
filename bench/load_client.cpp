#include "bench/load_client.hpp"

#include "bench/http_reply.hpp"
#include "bench/monotonic.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <stdexcept>

namespace uthan::bench {
namespace {

/// An open loop that falls this far behind does not measure the server any more.
constexpr std::size_t backlog_max = 2'000'000;
/// Replies that were wrong before the run is given up: it would measure errors.
constexpr std::uint64_t wrong_max = 10'000;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

load_client::load_client(load_options options, request_plan& plan, phone_book& phones)
    : options_(options), plan_(plan), phones_(phones), epoll_(epoll_create1(EPOLL_CLOEXEC)),
      connections_(options.connections) {
    // Session ids never repeat from run to run: the first half is the time of this one.
    timespec t{};
    clock_gettime(CLOCK_REALTIME, &t);
    session_prefix_ = static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000U +
                      static_cast<std::uint64_t>(t.tv_nsec);
}

load_client::~load_client() {
    for (const auto& c : connections_) {
        if (c.fd >= 0) {
            ::close(c.fd);
        }
    }
    ::close(epoll_);
}

void load_client::open(connection& c) {
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
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<std::uint64_t>(&c - connections_.data());
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
}

void load_client::begin_dialogue(connection& c) {
    static constexpr char digits[] = "0123456789abcdef";
    ++begun_;
    ++session_count_;
    std::uint64_t high = session_prefix_;
    std::uint64_t low = session_count_;
    for (std::size_t i = 16; i-- > 0;) {
        c.session[i] = digits[high & 15U];
        c.session[16 + i] = digits[low & 15U];
        high >>= 4;
        low >>= 4;
    }
    const auto phone = phones_.next();
    std::memcpy(c.phone.data(), phone.data(), phone.size());
    c.step = 0;
    c.shown = session_count_ <= options_.shown;
}

void load_client::send(connection& c, std::uint64_t intended_ns) {
    const auto request = plan_.request(c.step, {c.session.data(), c.session.size()},
                                       {c.phone.data(), c.phone.size()});
    c.intended_ns = intended_ns;
    c.received = 0;
    c.waiting = true;
    const auto sent = ::send(c.fd, request.data(), request.size(), MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(request.size())) {
        give_up(c, "the connection was closed");
    }
}

void load_client::receive(connection& c) {
    const auto n = ::recv(c.fd, c.reply.data() + c.received, c.reply.size() - c.received, 0);
    if (n <= 0) {
        give_up(c, "the connection was closed");
        return;
    }
    c.received += static_cast<std::size_t>(n);
    const auto reply = whole_reply({c.reply.data(), c.received});
    if (reply) {
        finish(c, reply->status_line, reply->body);
    } else if (c.received == c.reply.size()) {
        give_up(c, "a reply above 16 KiB");
    }
}

void load_client::finish(connection& c, std::string_view status_line, std::string_view body) {
    const auto now = now_ns();
    const bool last = c.step + 1 == plan_.steps();
    const bool right = status_line.starts_with("HTTP/1.1 200") &&
                       body.starts_with(last && options_.last_ends ? "END " : "CON ");
    if (c.shown) {
        fmt::print(stderr, "step {}\n{}\n\n", c.step, body);
    }
    c.waiting = false;
    if (!right) {
        ++report_.wrong;
        if (report_.first_wrong.empty()) {
            report_.first_wrong = fmt::format("step {}: {}: {}", c.step, status_line, body);
        }
    } else if (now >= measure_from_ns_ && now < measure_to_ns_) {
        ++report_.hops;
        report_.latency.record(now - c.intended_ns);
    }
    if (right && !last) {
        ++c.step;
        release(c);
        return;
    }
    ++finished_;
    report_.dialogues += right ? 1 : 0;
    if (may_begin()) {
        begin_dialogue(c);
        release(c);
    }
}

void load_client::give_up(connection& c, std::string_view why) {
    ++report_.wrong;
    ++finished_;
    if (report_.first_wrong.empty()) {
        report_.first_wrong = fmt::format("step {}: {}", c.step, why);
    }
    if (report_.wrong > wrong_max) {
        throw std::runtime_error("too many wrong replies; first " + report_.first_wrong);
    }
    ::close(c.fd);
    c.waiting = false;
    if (may_begin()) {
        open(c);
        begin_dialogue(c);
        release(c);
    } else {
        c.fd = -1;
    }
}

/// The connection is free for its dialogue's next hop: at once in a closed loop, at the next
/// arrival in an open one.
void load_client::release(connection& c) {
    if (options_.rate <= 0) {
        send(c, now_ns());
        return;
    }
    if (!backlog_.empty()) {
        const auto intended = backlog_.front();
        backlog_.pop_front();
        send(c, intended);
        return;
    }
    idle_.push_back(static_cast<std::size_t>(&c - connections_.data()));
}

/// Arrivals are a Poisson process: members do not wait for each other.
void load_client::offer_due(std::uint64_t now) {
    std::exponential_distribution<double> gap{options_.rate / 1e9};
    while (next_arrival_ns_ <= now && next_arrival_ns_ < measure_to_ns_) {
        if (idle_.empty()) {
            backlog_.push_back(next_arrival_ns_);
            if (backlog_.size() > backlog_max) {
                throw std::runtime_error("the server does not keep up with the offered rate");
            }
        } else {
            connection& c = connections_[idle_.back()];
            idle_.pop_back();
            send(c, next_arrival_ns_);
        }
        next_arrival_ns_ += static_cast<std::uint64_t>(gap(random_)) + 1;
    }
}

bool load_client::may_begin() const noexcept {
    return options_.dialogues_max == 0 || begun_ < options_.dialogues_max;
}

bool load_client::done(std::uint64_t now) const noexcept {
    if (options_.dialogues_max > 0) {
        return finished_ >= options_.dialogues_max;
    }
    return now >= measure_to_ns_;
}

load_report load_client::run() {
    const auto start = now_ns();
    measure_from_ns_ = start + static_cast<std::uint64_t>(options_.warm_up.count());
    measure_to_ns_ = measure_from_ns_ + static_cast<std::uint64_t>(options_.measured.count());
    next_arrival_ns_ = start;
    const auto cpu_at_start = cpu_seconds();
    for (auto& c : connections_) {
        open(c);
    }
    for (auto& c : connections_) {
        if (may_begin()) {
            begin_dialogue(c);
            release(c);
        }
    }
    std::array<epoll_event, 256> events{};
    for (auto now = start; !done(now); now = now_ns()) {
        if (options_.rate > 0) {
            offer_due(now);
        }
        // An open loop spins: a sleeping client would send late and call it the server's time.
        const int timeout_ms = options_.rate > 0 ? 0 : 1000;
        const int n =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
        for (int i = 0; i < n; ++i) {
            connection& c = connections_[events[static_cast<std::size_t>(i)].data.u64];
            if (c.waiting) {
                receive(c);
            }
        }
    }
    const auto wall = static_cast<double>(now_ns() - start) / 1e9;
    report_.seconds = static_cast<double>(options_.measured.count()) / 1e9;
    report_.client_busy = (cpu_seconds() - cpu_at_start) / wall;
    return report_;
}

} // namespace uthan::bench
