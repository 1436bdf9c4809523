#include "gateway/links/smpp_link_state.hpp"

#include <algorithm>
#include <utility>

namespace uthan::gateway {
namespace {

namespace smpp = adapters::smpp;

void tell_screen(smpp_link_state& state, std::uint64_t id, smpp_screen_fate fate,
                 std::uint32_t status = 0) {
    if (fate == smpp_screen_fate::unsent) {
        state.ports.metrics.unsent.add();
    }
    if (state.ports.screens) {
        state.ports.screens({id, fate, status});
    }
}

smpp::submit_outcome submit(smpp_connection& c, const smpp::ussd_screen& what,
                            std::uint64_t token) {
    const auto now = std::chrono::steady_clock::now();
    return what.is_data() ? c.it.submit(what.data(), token, now)
                          : c.it.submit(what.pdu(), token, now);
}

void give_screen(smpp_link_state& state, smpp_connection& c, const smpp_screen& one) {
    if (std::chrono::steady_clock::now() >= one.deadline) {
        tell_screen(state, one.id, smpp_screen_fate::late);
        return;
    }
    const auto token = ++state.last_token;
    switch (submit(c, one.what, token)) {
    case smpp::submit_outcome::taken:
        c.given_screens.emplace(token, one.id);
        state.ports.metrics.submitted.add();
        return;
    case smpp::submit_outcome::unencodable:
        tell_screen(state, one.id, smpp_screen_fate::unencodable);
        return;
    case smpp::submit_outcome::window_full:
    case smpp::submit_outcome::not_bound:
        break;
    }
    tell_screen(state, one.id, smpp_screen_fate::unsent);
}

bool may_send(const smpp_line& line) noexcept {
    return line.open != nullptr && line.open->it.is_bound() &&
           line.mode != smpp::bind_mode::receiver;
}

/// The line on which the turn came, or its pair's transmitter, which stands before the receiver.
/// Null: that one cannot send.
smpp_connection_pointer own_connection(const smpp_link_state& state, std::uint32_t number) {
    const auto& lines = state.lines;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i]->open == nullptr || lines[i]->open->number != number) {
            continue;
        }
        const auto& sends = lines[i]->mode == smpp::bind_mode::receiver ? *lines[i - 1] : *lines[i];
        return may_send(sends) ? sends.open : nullptr;
    }
    return nullptr;
}

smpp_connection_pointer any_connection(const smpp_link_state& state) {
    smpp_connection_pointer best;
    for (const auto& line : state.lines) {
        if (may_send(*line) &&
            (best == nullptr || free_slots_of(*line->open) > free_slots_of(*best))) {
            best = line->open;
        }
    }
    return best;
}

/// Behind the screen when it went out on the connection of the delivery.
void answer_behind(smpp_link_state& state, std::uint32_t connection, std::uint32_t sequence) {
    for (const auto& line : state.lines) {
        if (line->open != nullptr && line->open->number == connection) {
            static_cast<void>(line->open->it.answer_deliver(sequence, smpp::status::ok,
                                                            std::chrono::steady_clock::now(),
                                                            smpp::answer_order::behind_submits));
        }
    }
}

} // namespace

bool settle_screen(smpp_link_state& state, smpp_connection& connection, std::uint64_t token,
                   smpp_screen_fate fate, std::uint32_t status) {
    const auto found = connection.given_screens.find(token);
    if (found == connection.given_screens.end()) {
        return false;
    }
    const auto id = found->second;
    connection.given_screens.erase(found);
    tell_screen(state, id, fate, status);
    return true;
}

void feed_screens(smpp_link_state& state, smpp_connection& connection) {
    auto& waiting = connection.waiting_screens;
    while (!waiting.empty() && (connection.it.free_slots() > 0 || !connection.it.is_bound())) {
        const auto next = std::move(waiting.front());
        waiting.pop_front();
        give_screen(state, connection, next);
        if (next.answers) {
            answer_behind(state, next.connection, *next.answers);
        }
    }
}

void smpp_link::submit_screen(smpp_screen what) {
    auto to = own_connection(*state_, what.connection);
    if (to == nullptr) {
        to = any_connection(*state_);
    }
    if (to == nullptr) {
        tell_screen(*state_, what.id, smpp_screen_fate::unsent);
        if (what.answers) {
            static_cast<void>(answer(what.connection, *what.answers, smpp::status::ok));
        }
        return;
    }
    to->waiting_screens.push_back(std::move(what));
    feed_screens(*state_, *to);
    for (const auto& line : state_->lines) {
        if (line->open != nullptr) {
            pump(state_, line->open);
        }
    }
    count(*state_, *to);
}

} // namespace uthan::gateway
