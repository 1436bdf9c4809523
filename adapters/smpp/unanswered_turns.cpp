#include "adapters/smpp/unanswered_turns.hpp"

namespace uthan::adapters::smpp {

unanswered_turns::taken unanswered_turns::take(sessions::inbound_turn& turn, time_point now) {
    forget(now);
    const turn_id id{digest_of(turn.subscriber),
                     short_digest(key_, "delivered turn",
                                  {turn.session_id, turn.begins ? "begin" : "input",
                                   turn.begins ? turn.dialled : turn.input})};
    if (const auto at = turns_.find(id); at != turns_.end()) {
        turn.request_id = at->second.request_id;
        return {id, true};
    }
    if (turn.begins) {
        end(id.first);
    }
    turns_.emplace(id, entry{turn.request_id, now});
    order_.emplace_back(id, now);
    return {id, false};
}

void unanswered_turns::end(const address& subscriber) {
    end(digest_of(subscriber));
}

void unanswered_turns::end(const digest128& subscriber) {
    const auto first = turns_.lower_bound({subscriber, digest128{}});
    auto last = first;
    while (last != turns_.end() && last->first.first == subscriber) {
        ++last;
    }
    turns_.erase(first, last);
}

digest128 unanswered_turns::digest_of(const address& subscriber) const {
    return short_digest(key_, "delivered to", {subscriber.reveal()});
}

void unanswered_turns::forget(time_point now) {
    while (!order_.empty() &&
           (order_.size() >= turns_max || now - order_.front().second >= known_for)) {
        const auto [id, since] = order_.front();
        order_.pop_front();
        // It may have been answered, and come anew since.
        if (const auto at = turns_.find(id); at != turns_.end() && at->second.since == since) {
            turns_.erase(at);
        }
    }
}

} // namespace uthan::adapters::smpp
