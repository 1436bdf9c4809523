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

using adapters::push_class;

/// Between two lines of the log about one channel's provisioning.
constexpr std::chrono::seconds complain_every{60};

struct waiting_turn {
    adapters::ussd_turn turn;
    steady_time received;
};

/// One subscriber's turns in their order.
struct line {
    std::string session; ///< of the turn under way
    std::string request;
    std::vector<waiting_turn> waiting;
};

bool is_same(const adapters::ussd_turn& turn, const std::string& session,
             const std::string& request) {
    return !request.empty() && turn.turn.session_id == session && turn.turn.request_id == request;
}

push_outcome outcome_of(push_class what) noexcept {
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

push_outcome outcome_of(const outbound_answer& answer) noexcept {
    if (answer.failed == outbound_failure::deadline && !answer.sent) {
        return push_outcome::late;
    }
    if (answer.failed == outbound_failure::refused) {
        return push_outcome::dropped;
    }
    return answer.sent ? push_outcome::unanswered : push_outcome::unreachable;
}

} // namespace

struct pushed_turns_state {
    explicit pushed_turns_state(push_parts given) : parts(std::move(given)) {}

    push_parts parts;
    /// By subscriber as the provider writes her, for as long as one of her turns is under way.
    std::unordered_map<std::string, line> lines;
    steady_time complained{};
};

namespace {

using state_pointer = std::shared_ptr<pushed_turns_state>;

/// What one try came to.
struct attempt {
    push_outcome outcome = push_outcome::unknown;
    bool again = false; ///< another try can do nothing twice
    std::string code;
};

/// Everything outlives the call. `deadline` is the request's own.
task<attempt> try_once(pushed_turns_state& state, const outbound_request& request) {
    auto sending = state.parts.client.send(request);
    const auto answer = co_await std::move(sending);
    if (answer.failed != outbound_failure::none) {
        const bool untouched = !answer.sent && (answer.failed == outbound_failure::connect ||
                                                answer.failed == outbound_failure::closed);
        co_return attempt{outcome_of(answer), untouched, {}};
    }
    auto said = state.parts.format->read(answer.status, answer.body);
    co_return attempt{outcome_of(said.what), said.what == push_class::transient,
                      std::move(said.code)};
}

/// Within the request's deadline, twice at most.
task<attempt> push(state_pointer state, std::unique_ptr<outbound_request> request) {
    auto first = try_once(*state, *request);
    auto made = co_await std::move(first);
    const auto& options = state->parts.options;
    const auto again_at = std::chrono::steady_clock::now() + options.retry_pause;
    if (!made.again || again_at >= request->deadline) {
        co_return made;
    }
    steady_timer pause{state->parts.on};
    pause.expires_at(again_at);
    co_await pause.async_wait(as_result);
    state->parts.metrics.pushes.retries.add();
    auto second = try_once(*state, *request);
    made = co_await std::move(second);
    co_return made;
}

void complain(pushed_turns_state& state, const attempt& made) {
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

/// A turn's whole way; how its push ended.
task<push_outcome> serve(state_pointer state, std::unique_ptr<waiting_turn> taken) {
    auto& metrics = state->parts.metrics;
    const auto deadline = taken->received + state->parts.options.budget;
    if (std::chrono::steady_clock::now() >= deadline) {
        co_return push_outcome::late;
    }
    auto answering = state->parts.hop(taken->turn.turn, taken->received);
    const auto hop = co_await std::move(answering);
    if (std::chrono::steady_clock::now() >= deadline) {
        co_return push_outcome::late;
    }
    auto request = state->parts.format->render(taken->turn, hop.screen.text, hop.screen.final);
    if (!request) {
        co_return push_outcome::unrenderable;
    }
    request->deadline = deadline;
    auto pushing = push(state, std::make_unique<outbound_request>(std::move(*request)));
    const auto made = co_await std::move(pushing);
    complain(*state, made);
    if (made.outcome == push_outcome::ok) {
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - taken->received);
        metrics.pushes.duration.observe(
            static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
    }
    co_return made.outcome;
}

void drop_session(pushed_turns_state& state, line& of, const std::string& session) {
    const auto is_of = [&](const waiting_turn& one) { return one.turn.turn.session_id == session; };
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
task<push_outcome> serve_safely(state_pointer state, std::unique_ptr<waiting_turn> taken) {
    try {
        auto serving = serve(state, std::move(taken));
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
        const auto session = current->turn.turn.session_id;
        mine.session = session;
        mine.request = current->turn.turn.request_id;
        auto serving = serve_safely(state, std::move(current));
        const auto outcome = co_await std::move(serving);
        state->parts.metrics.pushes.done(outcome);
        state->parts.load->end();
        if (outcome != push_outcome::ok) {
            drop_session(*state, mine, session);
        }
        current = next_of(mine);
    }
    state->lines.erase(subscriber);
}

} // namespace

pushed_turns::pushed_turns(push_parts parts)
    : state_(std::make_shared<pushed_turns_state>(std::move(parts))) {
    state_->parts.metrics.pushes_screens = true;
}

pushed_turns::~pushed_turns() = default;

void pushed_turns::take(adapters::ussd_turn turn, std::chrono::steady_clock::time_point received) {
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
        found->second.waiting.push_back({std::move(turn), received});
        return;
    }
    auto key = subscriber;
    state_->lines.emplace(key, line{});
    auto first = std::make_unique<waiting_turn>(waiting_turn{std::move(turn), received});
    asio::co_spawn(state_->parts.on, serve_line(state_, std::move(key), std::move(first)),
                   asio::detached);
}

} // namespace uthan::gateway
