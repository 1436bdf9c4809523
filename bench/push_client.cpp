#include "bench/push_client.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <optional>
#include <stdexcept>

namespace uthan::bench {
namespace {

using steady = std::chrono::steady_clock;

/// Event numbers: dialogues, then the listener, then the gateway's connections.
constexpr std::uint64_t listener_event = 1U << 20U;
constexpr int silence_ms = 10'000;
constexpr std::string_view thanks =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 47\r\n\r\n"
    R"({"statusCode":"S1000","statusDetail":"Success"})";

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

void send_all(int fd, std::string_view bytes) {
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(bytes.size())) {
        throw std::runtime_error("the gateway closed a connection");
    }
}

/// False: the other side has closed.
bool receive(int fd, std::string& into) {
    std::array<char, 16 * 1024> buffer{};
    const auto count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count > 0) {
        into.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return count > 0;
}

/// The size of the whole message at the beginning, and where its body begins; none while bytes are
/// missing.
struct frame {
    std::size_t body_at = 0;
    std::size_t size = 0;
};
std::optional<frame> whole_message(std::string_view bytes) {
    const auto header = bytes.find("\r\n\r\n");
    if (header == std::string_view::npos) {
        return std::nullopt;
    }
    static constexpr std::string_view name = "\r\nContent-Length: ";
    const auto at = bytes.substr(0, header + 2).find(name);
    if (at == std::string_view::npos) {
        throw std::runtime_error("a message without Content-Length");
    }
    std::size_t length = 0;
    std::from_chars(bytes.data() + at + name.size(), bytes.data() + header, length);
    const auto size = header + 4 + length;
    return bytes.size() < size ? std::nullopt : std::optional<frame>{{header + 4, size}};
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

push_client::push_client(push_options options, phone_book& phones)
    : options_(std::move(options)), phones_(phones), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      dialogues_(options_.dialogues), session_prefix_(static_cast<std::uint64_t>(::time(nullptr))) {
    listen();
    for (std::size_t i = 0; i < dialogues_.size(); ++i) {
        connect(i);
    }
}

push_client::~push_client() {
    for (const auto& one : dialogues_) {
        ::close(one.link.fd);
    }
    for (const auto& one : pushing_) {
        if (one.fd >= 0) {
            ::close(one.fd);
        }
    }
    ::close(listener_);
    ::close(epoll_);
}

void push_client::listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto at = loopback(options_.listen);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener_, 256) != 0) {
        throw std::runtime_error("cannot listen for pushes");
    }
    watch(listener_, listener_event);
}

void push_client::watch(int fd, std::uint64_t what) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = what;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
}

void push_client::connect(std::size_t index) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    dialogues_[index].link.fd = fd;
    const auto to = loopback(options_.port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error("cannot connect to the gateway");
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(fd, index);
}

void push_client::begin(std::size_t index) {
    auto& d = dialogues_[index];
    d.number = ++begun_;
    d.phone = phones_.next();
    d.step = 0;
    call(index);
}

/// One key, or the code at the beginning.
void push_client::call(std::size_t index) {
    auto& d = dialogues_[index];
    d.acknowledged = false;
    d.shown = false;
    const auto body = fmt::format(
        R"({{"version":"1.0","applicationId":"{}","sessionId":"{:0{}x}{:x}x{:x}",)"
        R"("ussdOperation":"{}","sourceAddress":"tel:{}","message":"{}","encoding":"440",)"
        R"("requestId":"{:x}x{:x}x{}"}})",
        options_.application, index, index_digits, session_prefix_, d.number,
        d.step == 0 ? "mo-init" : "mo-cont", d.phone,
        d.step == 0 ? options_.service_code : options_.keys[d.step - 1], session_prefix_, d.number,
        d.step);
    send_all(d.link.fd, fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                                    "application/json\r\nContent-Length: {}\r\n\r\n{}",
                                    options_.path, body.size(), body));
}

void push_client::take_answer(std::size_t index) {
    auto& d = dialogues_[index];
    if (!receive(d.link.fd, d.link.received)) {
        throw std::runtime_error("the gateway closed a connection");
    }
    const auto answer = whole_message(d.link.received);
    if (!answer) {
        return;
    }
    if (!d.link.received.starts_with("HTTP/1.1 200")) {
        complain(d.link.received);
    }
    d.link.received.erase(0, answer->size);
    d.acknowledged = true;
    go_on(index);
}

void push_client::accept() {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) {
        return;
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pushing_.push_back({fd, {}});
    watch(fd, listener_event + pushing_.size());
}

void push_client::take_screens(std::size_t slot) {
    auto& from = pushing_[slot];
    if (!receive(from.fd, from.received)) {
        ::close(from.fd);
        from.fd = -1;
        return;
    }
    while (const auto push = whole_message(from.received)) {
        send_all(from.fd, thanks);
        const std::string_view all = from.received;
        take_screen(all.substr(push->body_at, push->size - push->body_at));
        from.received.erase(0, push->size);
    }
}

void push_client::take_screen(std::string_view body) {
    static constexpr std::string_view name = R"("sessionId":")";
    const auto at = body.find(name);
    std::size_t index = dialogues_.size();
    if (at != std::string_view::npos && at + name.size() + index_digits <= body.size()) {
        const auto* digits = body.data() + at + name.size();
        std::from_chars(digits, digits + index_digits, index, 16);
    }
    if (index >= dialogues_.size() || body.find("mt-cont") == std::string_view::npos) {
        complain(body);
    }
    if (index >= dialogues_.size()) {
        return;
    }
    report_.hops += measuring_ ? 1 : 0;
    dialogues_[index].shown = true;
    go_on(index);
}

/// The next key, once the callback is acknowledged and its screen is there; they come in any order.
void push_client::go_on(std::size_t index) {
    auto& d = dialogues_[index];
    if (!d.acknowledged || !d.shown) {
        return;
    }
    if (d.step < options_.keys.size()) {
        ++d.step;
        call(index);
    } else {
        begin(index);
    }
}

void push_client::complain(std::string_view what) {
    if (++report_.wrong == 1) {
        report_.first_wrong = what;
    }
}

push_report push_client::run() {
    const auto start = steady::now();
    const auto from = start + options_.warm_up;
    const auto to = from + options_.measured;
    const auto cpu_at_start = cpu_seconds();
    for (std::size_t i = 0; i < dialogues_.size(); ++i) {
        begin(i);
    }
    std::array<epoll_event, 256> events{};
    for (auto now = start; now < to; now = steady::now()) {
        measuring_ = now >= from;
        const int count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), silence_ms);
        if (count == 0) {
            throw std::runtime_error("nothing was pushed for ten seconds");
        }
        for (int i = 0; i < count; ++i) {
            const auto what = events[static_cast<std::size_t>(i)].data.u64;
            if (what < listener_event) {
                take_answer(what);
            } else if (what == listener_event) {
                accept();
            } else {
                take_screens(what - listener_event - 1);
            }
        }
    }
    const std::chrono::duration<double> wall = steady::now() - start;
    report_.seconds = std::chrono::duration<double>(options_.measured).count();
    report_.client_busy = (cpu_seconds() - cpu_at_start) / wall.count();
    return report_;
}

} // namespace uthan::bench
