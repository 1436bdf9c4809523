#include "sessions/history.hpp"

#include <algorithm>

namespace uthan::sessions {
namespace {

/// "1*2**4" → "1", "2", "", "4".
std::vector<std::string> split(std::string_view joined) {
    std::vector<std::string> inputs;
    while (inputs.size() < inputs_max) {
        const auto star = joined.find('*');
        inputs.emplace_back(joined.substr(0, star));
        if (star == std::string_view::npos) {
            break;
        }
        joined.remove_prefix(star + 1);
    }
    return inputs;
}

digest128 history_digest(const short_key& key, std::string_view history) {
    return short_digest(key, "history", {history});
}

/// What stands behind the part that was seen; none when the seen part is not its beginning.
std::optional<std::string_view> tail_behind(const state& known, std::string_view history,
                                            const short_key& key) {
    if (history.size() <= known.seen_length ||
        history_digest(key, history.substr(0, known.seen_length)) != known.seen) {
        return std::nullopt;
    }
    if (known.seen_length == 0) {
        return history;
    }
    if (history[known.seen_length] != '*') {
        return std::nullopt;
    }
    return history.substr(known.seen_length + 1);
}

turn_plan from_the_beginning(std::string_view history) {
    if (history.empty()) {
        return {};
    }
    return {turn_plan::kind::begin, split(history), 0};
}

turn_plan plan_history(const state* known, const inbound_turn& turn, const short_key& key) {
    const std::string_view history = turn.history;
    if (known == nullptr || known->session != session_digest(key, turn)) {
        return from_the_beginning(history);
    }
    // The same history again, or an older one that comes late.
    if (history.size() < known->seen_length ||
        (history.size() == known->seen_length && history_digest(key, history) == known->seen)) {
        return {turn_plan::kind::repeated, {}, 0};
    }
    if (const auto tail = tail_behind(*known, history, key)) {
        return {turn_plan::kind::advance, split(*tail), history.size() - tail->size()};
    }
    return from_the_beginning(history);
}

turn_plan plan_input(const state* known, const inbound_turn& turn, const short_key& key) {
    if (known == nullptr || known->session != session_digest(key, turn)) {
        return {};
    }
    if (!turn.request_id.empty()) {
        const auto now = seen_digest(key, turn);
        if (known->seen == now || std::ranges::count(known->seen_before, now) > 0) {
            return {turn_plan::kind::repeated, {}, 0};
        }
    }
    return turn.begins ? turn_plan{} : turn_plan{turn_plan::kind::advance, {turn.input}, 0};
}

} // namespace

turn_plan plan_turn(const state* known, const inbound_turn& turn, const short_key& key) {
    return turn.style == turn_style::history ? plan_history(known, turn, key)
                                             : plan_input(known, turn, key);
}

digest128 session_digest(const short_key& key, const inbound_turn& turn) {
    return short_digest(key, "transport session", {turn.service_code, turn.session_id});
}

digest128 effect_digest(const short_key& key, const digest128& dialogue, const inbound_turn& turn,
                        std::size_t typed, instant began) {
    if (turn.style == turn_style::input) {
        return short_digest(key, "effect of a request",
                            {as_bytes(dialogue), turn.session_id, turn.request_id, turn.input,
                             std::to_string(began.time_since_epoch().count())});
    }
    return short_digest(
        key, "effect",
        {as_bytes(dialogue), turn.session_id, std::string_view{turn.history}.substr(0, typed)});
}

void remember(state& next, const inbound_turn& turn, const short_key& key) {
    if (turn.style == turn_style::input && next.step > 0) {
        if (next.seen_before.size() == requests_remembered_max) {
            next.seen_before.erase(next.seen_before.begin());
        }
        next.seen_before.push_back(next.seen);
    }
    next.seen_length = static_cast<std::uint32_t>(turn.history.size());
    next.seen = seen_digest(key, turn);
}

std::optional<std::string_view> split_dialled(std::string_view dialled, std::string_view code) {
    const auto without_hash = [](std::string_view s) {
        return s.ends_with('#') ? s.substr(0, s.size() - 1) : s;
    };
    const auto all = without_hash(dialled);
    const auto stem = without_hash(code);
    if (stem.empty() || !all.starts_with(stem)) {
        return std::nullopt;
    }
    if (all.size() == stem.size()) {
        return std::string_view{};
    }
    return all[stem.size()] == '*' ? std::optional{all.substr(stem.size() + 1)} : std::nullopt;
}

std::string take_tail(turn_plan& plan, const menus::shortcuts& known) {
    constexpr std::size_t pin_digits = 4;
    if (plan.inputs.empty()) {
        return {};
    }
    std::string first = plan.inputs.front();
    const bool alone = plan.inputs.size() == 1;
    const bool digits =
        std::ranges::all_of(first, [](char c) { return c >= '0' && c <= '9'; }) && first != "00";
    const bool no_key = digits && first.size() > 1 && first.size() != pin_digits;
    const bool shortcut = known.find(first) != nullptr && (alone || first.size() > 1);
    if (!shortcut && !(alone && no_key)) {
        return {};
    }
    plan.inputs.erase(plan.inputs.begin());
    plan.first_at += first.size() + 1;
    return first;
}

digest128 seen_digest(const short_key& key, const inbound_turn& turn) {
    return turn.style == turn_style::history
               ? history_digest(key, turn.history)
               : short_digest(key, "request",
                              {turn.request_id, turn.request_id.empty()
                                                    ? std::string_view{turn.input}
                                                    : std::string_view{}});
}

} // namespace uthan::sessions
