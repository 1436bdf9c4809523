#include "gateway/links/http_client.hpp"

#include "gateway/links/outbound_connection.hpp"
#include "gateway/links/url.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace uthan::gateway {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::uint32_t answer_header_bytes_max = 16 * 1024;
/// "100 Continue" and the like before the answer.
constexpr unsigned interim_answers_max = 4;

std::string bytes_of(const outbound_request& request, const web_url& url) {
    std::string out = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.post ? "POST" : "GET",
                                  url.target, url.authority());
    if (!request.content_type.empty()) {
        out += fmt::format("Content-Type: {}\r\n", request.content_type);
    }
    if (request.post) {
        out += fmt::format("Content-Length: {}\r\n", request.body.size());
    }
    for (const auto& [name, value] : request.headers) {
        out += fmt::format("{}: {}\r\n", name, value);
    }
    out += "\r\n";
    if (request.post) {
        out += request.body;
    }
    return out;
}

/// Waits in the queue for as long as it lives.
class waiting_place {
public:
    waiting_place(http_client_state& state, outbound_pool& pool, outbound_waiter& waiter)
        : state_(state), pool_(pool), waiter_(waiter) {
        pool_.waiters.push_back(&waiter_);
        state_.count_waiting(1);
    }
    ~waiting_place() {
        std::erase(pool_.waiters, &waiter_);
        state_.count_waiting(-1);
    }
    waiting_place(const waiting_place&) = delete;
    waiting_place& operator=(const waiting_place&) = delete;

private:
    http_client_state& state_;
    outbound_pool& pool_;
    outbound_waiter& waiter_;
};

/// A slot that was taken; hands it to who waits longest, or back.
class slot {
public:
    explicit slot(outbound_pool& pool) : pool_(pool) {}
    ~slot() {
        if (pool_.waiters.empty()) {
            --pool_.busy;
            return;
        }
        outbound_waiter* next = pool_.waiters.front();
        pool_.waiters.pop_front();
        next->granted = true;
        next->timer.cancel();
    }
    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;

private:
    outbound_pool& pool_;
};

/// `none`: a slot is the caller's.
task<outbound_failure> take_slot(http_client_state& state, outbound_pool& pool,
                                 steady_time deadline) {
    if (pool.busy < state.limits.connections_max) {
        ++pool.busy;
        co_return outbound_failure::none;
    }
    if (pool.waiters.size() >= state.limits.waiting_max) {
        co_return outbound_failure::refused;
    }
    outbound_waiter waiter{state.on};
    waiter.timer.expires_at(deadline);
    const waiting_place place(state, pool, waiter);
    co_await waiter.timer.async_wait(as_result);
    if (waiter.granted) {
        co_return outbound_failure::none;
    }
    co_return state.stopped ? outbound_failure::refused : outbound_failure::deadline;
}

/// A connection on which the next request can go out at once; null when there is none.
std::shared_ptr<outbound_connection> take_idle(outbound_pool& pool) {
    while (!pool.idle.empty()) {
        auto one = std::move(pool.idle.back());
        pool.idle.pop_back();
        one->idle_in = nullptr;
        if (one->is_fresh()) {
            return one;
        }
        one->close();
    }
    return nullptr;
}

void put_back(http_client_state& state, outbound_pool& pool,
              const std::shared_ptr<outbound_connection>& connection) {
    connection->parser.reset();
    if (state.stopped) {
        return;
    }
    connection->idle_in = &pool;
    pool.idle.push_back(connection);
    arm(connection, std::chrono::steady_clock::now() + state.limits.idle_timeout);
}

outbound_failure failure_of(const outbound_connection& connection, const error_code& error) {
    if (connection.expired) {
        return outbound_failure::deadline;
    }
    static const auto& http_category =
        beast_http::make_error_code(beast_http::error::end_of_stream).category();
    const bool cut =
        error == beast_http::error::end_of_stream || error == beast_http::error::partial_message;
    return error.category() == http_category && !cut ? outbound_failure::malformed
                                                     : outbound_failure::closed;
}

/// Reads one answer into the connection's parser.
template <class Stream>
task<error_code> read_answer(Stream& stream, outbound_connection& connection) {
    for (unsigned i = 0; i < interim_answers_max; ++i) {
        auto& parser = connection.parser.emplace();
        parser.header_limit(answer_header_bytes_max);
        parser.body_limit(connection.owner.limits.answer_bytes_max);
        const auto [error, count] =
            co_await beast_http::async_read(stream, connection.input, parser, as_result);
        if (error) {
            co_return error;
        }
        if (parser.get().result_int() >= 200) {
            co_return error_code{};
        }
    }
    co_return make_error_code(beast_http::error::bad_status);
}

template <class Stream>
task<outbound_answer> exchange(Stream& stream, outbound_connection& connection, std::string bytes) {
    outbound_answer out;
    // A TLS record may be out before Asio says so.
    out.sent = connection.tls.has_value();
    const auto [unsent, count] = co_await asio::async_write(stream, asio::buffer(bytes), as_result);
    out.sent = out.sent || count > 0;
    if (unsent) {
        out.failed = failure_of(connection, unsent);
        co_return out;
    }
    const auto unread = co_await read_answer(stream, connection);
    if (unread) {
        out.failed = failure_of(connection, unread);
        co_return out;
    }
    out.status = connection.parser->get().result_int();
    out.body = std::move(connection.parser->get().body());
    co_return out;
}

/// Both references outlive the call.
task<outbound_answer> send_on(http_client_state& state, outbound_pool& pool,
                              const outbound_request& request, web_url url) {
    outbound_answer out;
    auto connection = take_idle(pool);
    if (connection == nullptr) {
        connection = std::make_shared<outbound_connection>(state);
        const auto now = std::chrono::steady_clock::now();
        arm(connection, std::min(request.deadline, now + state.limits.connect_timeout));
        const bool connected = co_await connect(connection, url.host, url.port, url.tls);
        if (!connected || connection->expired) {
            connection->close();
            out.failed = std::chrono::steady_clock::now() >= request.deadline
                             ? outbound_failure::deadline
                             : outbound_failure::connect;
            co_return out;
        }
        state.counters.connects.add();
    }
    arm(connection, request.deadline);
    auto bytes = bytes_of(request, url);
    auto exchanging = connection->tls ? exchange(*connection->tls, *connection, std::move(bytes))
                                      : exchange(connection->socket, *connection, std::move(bytes));
    out = co_await std::move(exchanging);
    const bool reusable = out.failed == outbound_failure::none && !connection->expired &&
                          connection->parser->get().keep_alive() && connection->input.size() == 0;
    if (reusable) {
        put_back(state, pool, connection);
    } else {
        connection->close();
    }
    co_return out;
}

task<outbound_answer> run(std::shared_ptr<http_client_state> state,
                          std::unique_ptr<outbound_request> request) {
    outbound_answer out;
    out.failed = outbound_failure::refused;
    auto url = parse_url(request->url);
    if (!url || state->stopped) {
        co_return out;
    }
    auto& pool =
        state->pools[fmt::format("{}://{}:{}", url->tls ? "https" : "http", url->host, url->port)];
    out.failed = co_await take_slot(*state, pool, request->deadline);
    if (out.failed != outbound_failure::none) {
        co_return out;
    }
    const slot taken(pool);
    if (state->stopped) {
        out.failed = outbound_failure::refused;
        co_return out;
    }
    auto sending = send_on(*state, pool, *request, std::move(*url));
    out = co_await std::move(sending);
    co_return out;
}

task<outbound_answer> counted(std::shared_ptr<http_client_state> state,
                              std::unique_ptr<outbound_request> request) {
    auto running = run(state, std::move(request));
    auto out = co_await std::move(running);
    state->counters.requests[static_cast<std::size_t>(out.failed)].add();
    co_return out;
}

} // namespace

http_client::http_client(executor on, std::shared_ptr<asio::ssl::context> tls,
                         outbound_limits limits)
    : state_(std::make_shared<http_client_state>(std::move(on), std::move(tls), limits)) {}

http_client::~http_client() {
    stop();
}

task<outbound_answer> http_client::send(outbound_request request) {
    return counted(state_, std::make_unique<outbound_request>(std::move(request)));
}

void http_client::stop() {
    state_->stopped = true;
    for (auto& [host, pool] : state_->pools) {
        for (auto* waiter : pool.waiters) {
            waiter->timer.cancel();
        }
        pool.idle.clear();
    }
    for (auto* connection : state_->open) {
        connection->close();
    }
}

const outbound_counters& http_client::counters() const noexcept {
    return state_->counters;
}

std::shared_ptr<asio::ssl::context> make_client_tls(const std::string& ca_file) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression);
    context->set_verify_mode(asio::ssl::verify_peer);
    error_code failed;
    context->set_default_verify_paths(failed);
    if (failed) {
        throw std::runtime_error("the system's certificates: " + failed.message());
    }
    if (!ca_file.empty()) {
        context->load_verify_file(ca_file, failed);
        if (failed) {
            throw std::runtime_error("[outbound] ca_file " + ca_file + ": " + failed.message());
        }
    }
    return context;
}

} // namespace uthan::gateway
