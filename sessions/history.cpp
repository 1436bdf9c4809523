#include "sessions/history.hpp"

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

} // namespace

digest128 session_digest(const short_key& key, const inbound_turn& turn) {
    return short_digest(key, "transport session", {turn.service_code, turn.session_id});
}

digest128 effect_digest(const short_key& key, const digest128& dialogue,
                        std::string_view session_id, std::string_view typed) {
    return short_digest(key, "effect", {as_bytes(dialogue), session_id, typed});
}

digest128 history_digest(const short_key& key, std::string_view history) {
    return short_digest(key, "history", {history});
}

turn_plan plan_turn(const state* known, const inbound_turn& turn, const short_key& key) {
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

} // namespace uthan::sessions
