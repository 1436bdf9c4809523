#include "gateway/links/smpp_link_state.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <utility>

namespace uthan::gateway {
namespace {

namespace smpp = adapters::smpp;

steady_time now() {
    return std::chrono::steady_clock::now();
}

void on_timer(const smpp_state_pointer& state, const smpp_connection_pointer& connection) {
    auto& c = *connection;
    c.armed_for = steady_time::max();
    if (!c.is_dialled || (c.close_by && now() >= *c.close_by)) {
        c.end();
        return;
    }
    take_events(state, connection, c.it.on_timer(now()));
    pump(state, connection);
}

/// A timer that is armed for an earlier time stays: being asked too early does no harm.
void arm(const smpp_state_pointer& state, const smpp_connection_pointer& connection,
         std::optional<steady_time> when) {
    auto& c = *connection;
    if (!when || *when >= c.armed_for) {
        return;
    }
    c.armed_for = *when;
    c.timer.expires_at(*when);
    c.timer.async_wait([state, connection](error_code cancelled) {
        if (!cancelled && !connection->ended) {
            on_timer(state, connection);
        }
    });
}

void on_written(const smpp_state_pointer& state, const smpp_connection_pointer& connection,
                error_code failed, std::size_t octets) {
    auto& c = *connection;
    state->ports.metrics.sent_bytes.add(octets);
    c.is_writing = false;
    c.output.clear();
    if (failed) {
        c.end(); // The reader tells the session.
        return;
    }
    pump(state, connection);
}

void start_write(const smpp_state_pointer& state, const smpp_connection_pointer& connection) {
    auto& c = *connection;
    if (c.is_writing || !c.it.take_output(c.output)) {
        return;
    }
    c.is_writing = true;
    auto written = [state, connection](error_code failed, std::size_t octets) {
        on_written(state, connection, failed, octets);
    };
    if (c.tls) {
        asio::async_write(*c.tls, asio::buffer(c.output), std::move(written));
    } else {
        asio::async_write(c.socket, asio::buffer(c.output), std::move(written));
    }
}

/// Until the connection ends. `stream` is the connection's.
template <class Stream>
task<void> read_all(Stream& stream, smpp_state_pointer state, smpp_connection_pointer connection) {
    auto& c = *connection;
    while (!c.ended) {
        const auto [failed, octets] =
            co_await stream.async_read_some(asio::buffer(c.input), as_result);
        if (failed || c.ended) {
            co_return;
        }
        state->ports.metrics.received_bytes.add(octets);
        take_events(state, connection, c.it.on_bytes({c.input.data(), octets}, now()));
        pump(state, connection);
    }
}

task<void> serve(smpp_state_pointer state, smpp_connection_pointer connection) {
    auto& c = *connection;
    const auto& as = state->settings;
    arm(state, connection, now() + as.connect_timeout);
    auto dialling =
        dial(connection, as.host, as.port, as.tls ? state->ports.tls : nullptr, as.connect_timeout);
    const bool is_dialled = co_await std::move(dialling);
    if (!is_dialled || c.ended) {
        if (!state->ending) {
            state->ports.log.warn("event=smpp_unreachable channel={} connection={}", as.channel,
                                  c.number);
        }
        co_return;
    }
    c.is_dialled = true;
    state->ports.metrics.connects.add();
    take_events(state, connection, c.it.on_connected(now()));
    pump(state, connection);
    auto reading =
        c.tls ? read_all(*c.tls, state, connection) : read_all(c.socket, state, connection);
    co_await std::move(reading);
}

/// An unexpected exception ends the connection as a lost link does.
task<void> serve_safely(smpp_state_pointer state, smpp_connection_pointer connection) {
    try {
        auto serving = serve(state, connection);
        co_await std::move(serving);
    } catch (const std::exception& problem) {
        state->ports.log.error("event=unhandled_exception channel={} type={}",
                               state->settings.channel, typeid(problem).name());
    }
    connection->end();
    connection->timer.cancel();
    take_events(state, connection, connection->it.on_closed(now()));
}

smpp_connection_pointer make_connection(smpp_link_state& state, smpp_line& line) {
    auto as = state.settings.session;
    as.mode = line.mode;
    return std::make_shared<smpp_connection>(state.ports.on, line, ++state.last_number,
                                             std::move(as));
}

} // namespace

task<void> serve_line(smpp_state_pointer state, smpp_line* line) {
    while (!state->ending) {
        const auto connection = make_connection(*state, *line);
        line->open = connection;
        auto serving = serve_safely(state, connection);
        co_await std::move(serving);
        line->open.reset();
        if (state->ending) {
            break;
        }
        state->ports.metrics.reconnects.add();
        line->pause.expires_after(
            line->backoff.wait_after(connection->refused, now(), state->ports.random));
        co_await line->pause.async_wait(as_result);
    }
    line->is_running = false;
}

void pump(const smpp_state_pointer& state, const smpp_connection_pointer& connection) {
    auto& c = *connection;
    if (c.ended || !c.is_dialled) {
        return;
    }
    start_write(state, connection);
    if (!c.it.wants_close()) {
        arm(state, connection, c.it.next_deadline());
        return;
    }
    if (!c.is_writing) {
        c.end();
        c.timer.cancel();
        return;
    }
    if (!c.close_by) {
        c.close_by = now() + state->settings.session.unbind_timeout;
    }
    arm(state, connection, c.close_by);
}

void count(smpp_link_state& state, smpp_connection& connection) {
    auto& metrics = state.ports.metrics;
    const auto& counters = connection.it.counters();
    metrics.malformed.add(counters.malformed - connection.counted.malformed +
                          counters.unknown_commands - connection.counted.unknown_commands);
    connection.counted = counters;
    std::int64_t bound = 0;
    std::size_t in_flight = 0;
    auto oldest = steady_time::max();
    for (const auto& line : state.lines) {
        if (line->open != nullptr) {
            const auto& it = line->open->it;
            bound += it.is_bound() ? 1 : 0;
            in_flight += it.in_flight();
            oldest = std::min(oldest, it.oldest_submit().value_or(steady_time::max()));
        }
    }
    metrics.bound.set(bound);
    metrics.in_flight.set(static_cast<std::int64_t>(in_flight));
    const auto since = std::chrono::floor<std::chrono::milliseconds>(oldest.time_since_epoch());
    metrics.oldest_submit_at_ms.set(oldest == steady_time::max() ? 0 : since.count());
}

} // namespace uthan::gateway
