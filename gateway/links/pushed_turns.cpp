#include "gateway/links/pushed_turns.hpp"

#include "gateway/http/server_state.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <exception>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

namespace uthan::gateway {

namespace {

/// Between two lines of the log about one channel's provisioning.
constexpr std::chrono::seconds complain_every{60};

struct waiting_turn {
    adapters::ussd_turn turn;
    steady_time received;
    std::unique_ptr<screen_way> way; ///< null: the channel's
};

/// One subscriber's turns in their order.
struct line {
    std::string session; ///< of the turn under way
    std::string request;
    bool is_over = false; ///< its session is
    std::vector<waiting_turn> waiting;
};

bool is_same(const adapters::ussd_turn& turn, const std::string& session,
             const std::string& request) {
    return !request.empty() && turn.turn.session_id == session && turn.turn.request_id == request;
}

void begin_turn(line& of, const adapters::ussd_turn& turn) {
    of.session = turn.turn.session_id;
    of.request = turn.turn.request_id;
    of.is_over = false;
}

} // namespace

push_outcome push_outcome_of(adapters::push_class what) noexcept {
    using adapters::push_class;
    switch (what) {
    case push_class::ok:
        return push_outcome::ok;
    case push_class::config:
        return push_outcome::config;
    case push_class::client:
        return push_outcome::client;
    case push_class::user:
        return push_outcome::user;
    case push_class::transient:
        return push_outcome::transient;
    case push_class::unknown:
        break;
    }
    return push_outcome::unknown;
}

struct pushed_turns_state {
    explicit pushed_turns_state(push_parts given) : parts(std::move(given)) {}

    push_parts parts;
    /// By subscriber as the provider writes her, for as long as one of her turns is under way.
    std::unordered_map<std::string, line> lines;
    steady_time complained{};
};

namespace {

using state_pointer = std::shared_ptr<pushed_turns_state>;

void complain(pushed_turns_state& state, const push_result& made) {
    const auto now = std::chrono::steady_clock::now();
    if (made.outcome != push_outcome::config ||
        (state.complained != steady_time{} && now - state.complained < complain_every)) {
        return;
    }
    state.complained = now;
    state.parts.log.error("event=push_refused channel={} code={} "
                          "hint=\"the provider refuses our account, address or application\"",
                          state.parts.channel, made.code);
}

/// A turn's whole way; how its push ended. `of` is its line.
task<push_outcome> serve(state_pointer state, const line* of, std::unique_ptr<waiting_turn> taken) {
    const auto deadline = taken->received + state->parts.budget;
    if (std::chrono::steady_clock::now() >= deadline) {
        co_return push_outcome::late;
    }
    auto answering = state->parts.hop(taken->turn.turn, taken->received);
    auto hop = co_await std::move(answering);
    if (of->is_over) {
        co_return push_outcome::dropped;
    }
    if (std::chrono::steady_clock::now() >= deadline) {
        co_return push_outcome::late;
    }
    auto& way = taken->way != nullptr ? *taken->way : *state->parts.way;
    auto pushing = way.push(taken->turn, std::move(hop.screen.text), hop.screen.final, deadline);
    const auto made = co_await std::move(pushing);
    complain(*state, made);
    if (made.outcome == push_outcome::ok) {
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - taken->received);
        state->parts.metrics.pushes.duration.observe(
            static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
    }
    co_return made.outcome;
}

/// `session`: null for every one.
void drop_waiting(pushed_turns_state& state, line& of, const std::string* session) {
    const auto is_of = [&](const waiting_turn& one) {
        return session == nullptr || one.turn.turn.session_id == *session;
    };
    const auto dropped = std::erase_if(of.waiting, is_of);
    for (std::size_t i = 0; i < dropped; ++i) {
        state.parts.metrics.pushes.done(push_outcome::dropped);
        state.parts.load->end();
    }
}

/// Null when nothing waits.
std::unique_ptr<waiting_turn> next_of(line& of) {
    if (of.waiting.empty()) {
        return nullptr;
    }
    auto next = std::make_unique<waiting_turn>(std::move(of.waiting.front()));
    of.waiting.erase(of.waiting.begin());
    return next;
}

/// An unexpected exception must not leave a line that nobody serves.
task<push_outcome> serve_safely(state_pointer state, const line* of,
                                std::unique_ptr<waiting_turn> taken) {
    try {
        auto serving = serve(state, of, std::move(taken));
        const auto outcome = co_await std::move(serving);
        co_return outcome;
    } catch (const std::exception& problem) {
        state->parts.exceptions.add();
        state->parts.log.error("event=unhandled_exception channel={} type={}", state->parts.channel,
                               typeid(problem).name());
    }
    co_return push_outcome::unknown;
}

/// Serves one subscriber until nothing of hers waits. Holds one of the load for the turn under way.
task<void> serve_line(state_pointer state, std::string subscriber,
                      std::unique_ptr<waiting_turn> first) {
    auto current = std::move(first);
    auto& mine = state->lines.at(subscriber); // Stays in place while the map grows.
    while (current != nullptr) {
        const auto session = mine.session;
        auto serving = serve_safely(state, &mine, std::move(current));
        const auto outcome = co_await std::move(serving);
        state->parts.metrics.pushes.done(outcome);
        state->parts.load->end();
        // What came after its end may be of the next session of this name.
        if (outcome != push_outcome::ok && !mine.is_over) {
            drop_waiting(*state, mine, &session);
        }
        current = next_of(mine);
        if (current != nullptr) {
            begin_turn(mine, current->turn);
        }
    }
    state->lines.erase(subscriber);
}

} // namespace

pushed_turns::pushed_turns(push_parts parts)
    : state_(std::make_shared<pushed_turns_state>(std::move(parts))) {
    state_->parts.metrics.pushes_screens = true;
}

pushed_turns::~pushed_turns() = default;

void pushed_turns::take(adapters::ussd_turn turn, std::chrono::steady_clock::time_point received,
                        std::unique_ptr<screen_way> way) {
    auto& pushes = state_->parts.metrics.pushes;
    const auto& subscriber = turn.number_as_sent;
    const auto found = state_->lines.find(subscriber);
    if (found != state_->lines.end()) {
        const auto& of = found->second;
        const bool repeats =
            is_same(turn, of.session, of.request) ||
            std::ranges::any_of(of.waiting, [&](const waiting_turn& one) {
                return is_same(turn, one.turn.turn.session_id, one.turn.turn.request_id);
            });
        if (repeats) {
            pushes.coalesced.add();
            return;
        }
    }
    const bool is_full =
        found != state_->lines.end() && found->second.waiting.size() >= waiting_max;
    if (is_full || !state_->parts.load->begin()) {
        pushes.done(push_outcome::dropped);
        return;
    }
    if (found != state_->lines.end()) {
        found->second.waiting.push_back({std::move(turn), received, std::move(way)});
        return;
    }
    auto key = subscriber;
    begin_turn(state_->lines[key], turn);
    auto first =
        std::make_unique<waiting_turn>(waiting_turn{std::move(turn), received, std::move(way)});
    asio::co_spawn(state_->parts.on, serve_line(state_, std::move(key), std::move(first)),
                   asio::detached);
}

void pushed_turns::end(const std::string& number_as_sent, const std::string* session) {
    const auto found = state_->lines.find(number_as_sent);
    if (found == state_->lines.end()) {
        return;
    }
    auto& of = found->second;
    of.is_over = of.is_over || session == nullptr || of.session == *session;
    drop_waiting(*state_, of, session);
}

} // namespace uthan::gateway
