#include "tests/integration/fault_proxy.hpp"

#include "core/task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <limits>
#include <list>
#include <string>
#include <thread>
#include <utility>

#include <sys/socket.h>

namespace uthan::test {
namespace {

using tcp = asio::ip::tcp;
using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor>;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
using tcp_acceptor = asio::basic_socket_acceptor<tcp, executor>;
using timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, executor>;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr std::size_t chunk_max = 16 * 1024;

struct behaviour {
    std::chrono::milliseconds pause{0};
    std::size_t chunk = chunk_max;
    bool stopped = false;
    bool silent = false;
    /// Left to each connection.
    std::array<std::size_t, 2> left{no_limit, no_limit};
};

/// A caller and the program behind.
struct pair {
    pair(tcp_socket from, executor on)
        : caller(std::move(from)), called(on), gate(on, timer::time_point::max()) {}

    stream_socket caller;
    stream_socket called;
    timer gate; ///< cancelled when the behaviour changes
    std::array<std::size_t, 2> left{no_limit, no_limit};
    bool silent = false;
    bool over = false;

    /// With a reset instead of an orderly end.
    void end(bool abruptly) {
        over = true;
        boost::system::error_code ignored;
        for (auto* socket : {&caller, &called}) {
            if (abruptly && socket->is_open()) {
                socket->set_option(asio::socket_base::linger(true, 0), ignored);
            }
            socket->close(ignored);
        }
        gate.cancel();
    }
};

} // namespace

class fault_proxy::link {
public:
    explicit link(asio::generic::stream_protocol::endpoint to)
        : to_(std::move(to)), reserved_(context_), acceptor_(context_),
          work_(context_.get_executor()) {
        // The port stays ours while nobody listens on it.
        reserved_.open(tcp::v4());
        reserved_.set_option(reuse_port(true));
        reserved_.bind({asio::ip::address_v4::loopback(), 0});
        at_ = reserved_.local_endpoint();
        listen();
        thread_ = std::thread([this] { context_.run(); });
    }
    ~link() {
        on_loop([this] {
            stop_listening();
            end_all(true);
        });
        work_.reset();
        thread_.join();
    }

    /// Runs this on the loop, and returns when it has been done.
    void on_loop(const std::function<void()>& what) {
        std::packaged_task<void()> todo{what};
        auto done = todo.get_future();
        asio::post(context_, [&todo] { todo(); });
        done.get();
    }

    void behave(behaviour next) {
        now_ = next;
        listen();
        for (const auto& one : pairs_) {
            one->left = next.left;
            if (next.silent) {
                one->silent = true;
                boost::system::error_code ignored;
                one->called.close(ignored);
            }
            one->gate.cancel();
        }
    }
    void refuse() {
        stop_listening();
        end_all(true);
    }
    void end_all(bool abruptly) {
        for (const auto& one : pairs_) {
            one->end(abruptly);
        }
    }
    void listen();

    std::size_t open_pairs() const { return pairs_.size(); }

    std::atomic<std::size_t> accepted{0};
    std::atomic<std::size_t> received{0};
    tcp::endpoint at() const { return at_; }

private:
    using pair_pointer = std::shared_ptr<pair>;

    void stop_listening() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }
    task<void> accept();
    task<void> serve(pair_pointer one);
    task<void> pump(pair_pointer one, direction which);
    task<bool> hand_on(pair_pointer one, direction which, std::string bytes);

    asio::io_context context_{1};
    asio::generic::stream_protocol::endpoint to_;
    tcp_socket reserved_;
    tcp_acceptor acceptor_;
    tcp::endpoint at_;
    behaviour now_;
    std::list<pair_pointer> pairs_;
    asio::executor_work_guard<executor> work_;
    std::thread thread_;
};

void fault_proxy::link::listen() {
    if (acceptor_.is_open()) {
        return;
    }
    acceptor_.open(tcp::v4());
    acceptor_.set_option(reuse_port(true));
    acceptor_.bind(at_);
    acceptor_.listen();
    asio::co_spawn(context_, accept(), asio::detached);
}

task<void> fault_proxy::link::accept() {
    while (true) {
        auto [error, from] = co_await acceptor_.async_accept(as_result);
        if (error) {
            co_return;
        }
        ++accepted;
        auto one = std::make_shared<pair>(std::move(from), context_.get_executor());
        one->left = now_.left;
        one->silent = now_.silent;
        pairs_.push_back(one);
        asio::co_spawn(context_, serve(std::move(one)), asio::detached);
    }
}

task<void> fault_proxy::link::serve(pair_pointer one) {
    if (!one->silent) {
        const auto [error] = co_await one->called.async_connect(to_, as_result);
        if (error && !one->silent) {
            one->end(true);
        }
    }
    if (!one->over) {
        asio::co_spawn(context_, pump(one, direction::answers), asio::detached);
    }
    auto pumping = pump(one, direction::requests);
    co_await std::move(pumping);
    one->end(false);
    pairs_.remove(one);
}

/// False: the connection is over.
task<bool> fault_proxy::link::hand_on(pair_pointer one, direction which, std::string bytes) {
    const auto index = static_cast<std::size_t>(which);
    auto& to = which == direction::requests ? one->called : one->caller;
    timer pausing{context_};
    for (std::size_t at = 0; at < bytes.size();) {
        if (now_.pause.count() > 0) {
            pausing.expires_after(now_.pause);
            co_await pausing.async_wait(as_result);
        }
        while (now_.stopped && !one->over) {
            co_await one->gate.async_wait(as_result);
        }
        if (one->over || one->silent) {
            co_return !one->over;
        }
        auto& left = one->left[index];
        const auto part = std::min({bytes.size() - at, now_.chunk, left});
        const auto [error, count] =
            co_await asio::async_write(to, asio::buffer(bytes.data() + at, part), as_result);
        if (error || one->over) {
            co_return false;
        }
        at += part;
        if (left != no_limit) {
            left -= std::min(left, part);
        }
        if (left == 0) {
            co_return false;
        }
    }
    co_return true;
}

task<void> fault_proxy::link::pump(pair_pointer one, direction which) {
    std::array<char, chunk_max> space{};
    auto& from = which == direction::requests ? one->caller : one->called;
    while (!one->over) {
        const auto [error, count] = co_await from.async_read_some(asio::buffer(space), as_result);
        if (error) {
            break;
        }
        if (which == direction::requests) {
            received += count;
        }
        auto handing = hand_on(one, which, std::string(space.data(), count));
        const bool goes_on = co_await std::move(handing);
        if (!goes_on) {
            break;
        }
    }
    // Behind a silent link the caller never learns of the other side's end.
    if (!one->silent) {
        one->end(false);
    }
}

namespace {

asio::generic::stream_protocol::endpoint loopback(unsigned short port) {
    return tcp::endpoint{asio::ip::address_v4::loopback(), port};
}

} // namespace

fault_proxy::fault_proxy(unsigned short to_port)
    : link_(std::make_unique<link>(loopback(to_port))) {}
fault_proxy::fault_proxy(std::string to_socket)
    : link_(std::make_unique<link>(asio::local::stream_protocol::endpoint{to_socket})) {}
fault_proxy::~fault_proxy() = default;

unsigned short fault_proxy::port() const {
    return link_->at().port();
}

void fault_proxy::pass() {
    link_->on_loop([this] { link_->behave({}); });
}

void fault_proxy::refuse() {
    link_->on_loop([this] { link_->refuse(); });
}

void fault_proxy::half_open() {
    behaviour next;
    next.silent = true;
    link_->on_loop([this, next] { link_->behave(next); });
}

void fault_proxy::slow(std::chrono::milliseconds pause, std::size_t bytes) {
    behaviour next;
    next.pause = pause;
    next.chunk = bytes;
    link_->on_loop([this, next] { link_->behave(next); });
}

void fault_proxy::cut_after(std::size_t bytes, direction counted) {
    behaviour next;
    next.left[static_cast<std::size_t>(counted)] = bytes;
    link_->on_loop([this, next] { link_->behave(next); });
}

void fault_proxy::reset() {
    link_->on_loop([this] {
        link_->end_all(true);
        link_->behave({});
    });
}

void fault_proxy::stop_reading() {
    behaviour next;
    next.stopped = true;
    link_->on_loop([this, next] { link_->behave(next); });
}

std::size_t fault_proxy::accepted() const {
    return link_->accepted;
}

std::size_t fault_proxy::open() const {
    std::size_t count = 0;
    link_->on_loop([&] { count = link_->open_pairs(); });
    return count;
}

std::size_t fault_proxy::received() const {
    return link_->received;
}

} // namespace uthan::test
