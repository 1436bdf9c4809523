#include "gateway/links/smpp_link.hpp"

#include "core/assert.hpp"
#include "gateway/links/smpp_link_state.hpp"
#include "gateway/part_metrics.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

namespace uthan::gateway {

namespace smpp = adapters::smpp;

smpp_link_state::smpp_link_state(smpp_link_settings given, smpp_link_ports given_ports)
    : settings(std::move(given)),
      ports(std::move(given_ports)), terms{settings.channel, settings.account, settings.seven_bit,
                                           settings.plan, ports.key} {
    UTHAN_ASSERT(!settings.tls || ports.tls != nullptr);
    using enum smpp::bind_mode;
    const bool is_pair = settings.binds == smpp_binds::pair;
    const auto places = std::clamp(settings.connections, 1U, smpp_connections_max);
    for (unsigned i = 0; i < places; ++i) {
        lines.push_back(std::make_unique<smpp_line>(ports.on, is_pair ? transmitter : transceiver));
        if (is_pair) {
            lines.push_back(std::make_unique<smpp_line>(ports.on, receiver));
        }
    }
}

namespace {

bool is_without_money(const smpp_link_state& state) noexcept {
    return state.no_money_until && std::chrono::steady_clock::now() < *state.no_money_until;
}

/// Ends the pauses between tries; calls `end` for every connection.
template <class End>
void end_lines(smpp_link_state& state, End end) {
    state.ending = true;
    for (const auto& line : state.lines) {
        line->pause.cancel();
        const auto open = line->open; // Kept while it is ended.
        if (open != nullptr) {
            end(open);
        }
    }
}

void close_lines(const smpp_state_pointer& state) {
    end_lines(*state, [&](const smpp_connection_pointer& one) {
        one->end();
        one->timer.cancel();
        take_events(state, one, one->it.on_closed(std::chrono::steady_clock::now()));
    });
}

} // namespace

smpp_link::smpp_link(smpp_link_settings as, smpp_link_ports ports)
    : state_(std::make_shared<smpp_link_state>(std::move(as), std::move(ports))) {}

// A timer that cannot be cancelled ends the process.
// NOLINTNEXTLINE(bugprone-exception-escape)
smpp_link::~smpp_link() {
    state_->events = nullptr;
    close_lines(state_);
}

void smpp_link::start(sms::link_events& events) {
    UTHAN_ASSERT(state_->events == nullptr);
    state_->events = &events;
    for (const auto& line : state_->lines) {
        line->is_running = true;
        asio::co_spawn(state_->ports.on, serve_line(state_, line.get()), asio::detached);
    }
}

void smpp_link::drain() {
    end_lines(*state_, [this](const smpp_connection_pointer& one) {
        if (!one->is_dialled) {
            one->end();
            return;
        }
        take_events(state_, one, one->it.drain(std::chrono::steady_clock::now()));
        pump(state_, one);
    });
}

void smpp_link::stop() {
    close_lines(state_);
    tell_all(*state_);
}

bool smpp_link::is_idle() const noexcept {
    return !state_->is_keeping &&
           std::ranges::none_of(state_->lines, [](const auto& line) { return line->is_running; });
}

void smpp_link::set_window(std::size_t window) {
    if (state_->settings.session.window == window) {
        return;
    }
    state_->settings.session.window = window;
    for (const auto& line : state_->lines) {
        if (line->open != nullptr) {
            line->open->it.set_window(window);
        }
    }
    tell_change(*state_);
}

sms::link_state smpp_link::state() const noexcept {
    if (is_without_money(*state_)) {
        return sms::link_state::stopped;
    }
    bool is_stopped = false;
    for (const auto& line : state_->lines) {
        if (line->mode == smpp::bind_mode::receiver) {
            continue;
        }
        if (line->open != nullptr && line->open->it.is_bound()) {
            return sms::link_state::up;
        }
        is_stopped = is_stopped || line->is_stopped;
    }
    return is_stopped ? sms::link_state::stopped : sms::link_state::down;
}

std::size_t smpp_link::free_slots() const noexcept {
    if (is_without_money(*state_)) {
        return 0;
    }
    std::size_t sum = 0;
    for (const auto& line : state_->lines) {
        sum += line->open == nullptr ? 0 : free_slots_of(*line->open);
    }
    return sum;
}

std::size_t smpp_link::in_flight() const noexcept {
    return state_->unreported;
}

void smpp_link::submit(std::vector<sms::outgoing_part> parts) {
    const std::span<const sms::outgoing_part> all{parts};
    for (std::size_t begin = 0; begin < all.size();) {
        auto end = begin + 1;
        while (end < all.size() && all[end].id == all[begin].id) {
            ++end;
        }
        submit_message(*state_, all.subspan(begin, end - begin));
        begin = end;
    }
    for (const auto& line : state_->lines) {
        if (line->open != nullptr) {
            pump(state_, line->open);
            count(*state_, *line->open);
        }
    }
}

void smpp_link::collect(metric_sink& into) const {
    collect_smpp(state_->ports.metrics, state_->settings.channel, into);
}

bool smpp_link::answer(std::uint32_t connection, std::uint32_t sequence, std::uint32_t status) {
    for (const auto& line : state_->lines) {
        if (line->open != nullptr && line->open->number == connection) {
            const bool is_known =
                line->open->it.answer_deliver(sequence, status, std::chrono::steady_clock::now());
            pump(state_, line->open);
            return is_known;
        }
    }
    return false;
}

} // namespace uthan::gateway
