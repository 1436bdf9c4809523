#include "sms/life.hpp"

#include <algorithm>
#include <array>

namespace uthan::sms {
namespace {

using std::chrono::hours;

constexpr std::array<class_rules, message_classes> rules{{
    {.attempts_max = 4, .resends_unconfirmed = false, .validity = hours{1}},  // security
    {.attempts_max = 10, .resends_unconfirmed = true, .validity = hours{72}}, // receipt
    {.attempts_max = 4, .resends_unconfirmed = false, .validity = hours{1}},  // answer
    {.attempts_max = 6, .is_optional = true, .validity = hours{24}},          // meeting
    {.attempts_max = 6, .is_optional = true, .validity = hours{24}},          // reminder
    {.attempts_max = 6, .is_optional = true, .validity = hours{24}},          // broadcast
}};

/// Of what nobody knows the meaning is tried less often.
constexpr unsigned unknown_attempts_max = 3;

bool is_part_final(part_state state) noexcept {
    return state == part_state::delivered || state == part_state::failed ||
           state == part_state::expired;
}

template <class Predicate>
bool any_part(const message_record& message, Predicate holds) {
    return std::ranges::any_of(message.parts, holds);
}

bool has(const message_record& message, part_state state) {
    return any_part(message, [state](part_state one) { return one == state; });
}

bool all_are(const message_record& message, part_state state) {
    return !message.parts.empty() &&
           !any_part(message, [state](part_state one) { return one != state; });
}

bool was_handed_over(const message_record& message) {
    return any_part(message, [](part_state one) { return one != part_state::waiting; });
}

/// The first and the newest lines stay.
void note(message_record& message, message_event line) {
    if (message.history.size() == history_max) {
        message.history.erase(message.history.begin() + 1);
    }
    message.history.push_back(line);
}

void put(message_record& message, message_state state, reason why, instant now,
         std::uint32_t detail = 0) {
    message.state = state;
    note(message, {now, state, why, detail});
}

/// Raises the state, never lowers it.
bool raise(message_record& message, message_state to, reason why, instant now,
           std::uint32_t detail) {
    if (rank_of(to) <= rank_of(message.state)) {
        return false;
    }
    put(message, to, why, now, detail);
    return true;
}

/// A part is one segment, but for a channel that cuts the text itself.
void charge(message_record& message) {
    const auto parts = static_cast<std::uint32_t>(std::max<std::size_t>(message.parts.size(), 1));
    const auto segments = message.segments / parts;
    message.taken += segments;
    message.price += message.price_per_segment * segments;
}

/// Everything goes out once more, and says so. The parts stay until then, for late answers.
void send_again(message_record& message, reason why, instant now) {
    note(message, {now, message_state::unconfirmed, why, 0});
    message.marked = true;
    put(message, message_state::accepted, reason::retried_unconfirmed, now);
}

/// The state that the parts come to; `why` is of the last of them.
void settle(message_record& message, reason why, std::uint32_t detail, instant now) {
    if (all_are(message, part_state::delivered)) {
        raise(message, message_state::delivered, reason::receipt_delivered, now, detail);
        return;
    }
    if (is_final(message.state)) {
        return;
    }
    if (has(message, part_state::failed)) {
        const bool partly = any_part(message, [](part_state one) {
            return one == part_state::submitted || one == part_state::delivered;
        });
        const bool refused = why == reason::permanent_refusal || why == reason::temporary_refusal;
        raise(message, message_state::failed, partly && refused ? reason::partly_sent : why, now,
              detail);
        return;
    }
    if (has(message, part_state::expired)) {
        raise(message, message_state::expired, reason::receipt_expired, now, detail);
        return;
    }
    if (has(message, part_state::submitting)) {
        return;
    }
    if (has(message, part_state::waiting)) {
        // The others went; these are tried again.
        if (message.state == message_state::submitting) {
            put(message, message_state::accepted, why, now, detail);
        }
        return;
    }
    if (has(message, part_state::unconfirmed)) {
        if (message.state != message_state::submitting) {
            return;
        }
        if (rules_of(message.of).resends_unconfirmed && !message.marked &&
            now < message.valid_until) {
            send_again(message, why, now);
        } else {
            put(message, message_state::unconfirmed, why, now, detail);
        }
        return;
    }
    raise(message, message_state::submitted, reason::none, now, detail);
}

bool refuse(message_record& message, const part_refused& r, instant now) {
    auto& part = message.parts[r.part];
    if (part != part_state::submitting && part != part_state::unconfirmed) {
        return false;
    }
    const auto parts = static_cast<unsigned>(message.parts.size());
    const unsigned most =
        r.kind == refusal_kind::unknown ? unknown_attempts_max : rules_of(message.of).attempts_max;
    auto why = r.kind == refusal_kind::throttled ? reason::throttled : reason::temporary_refusal;
    bool again = r.kind != refusal_kind::permanent;
    if (again && r.kind != refusal_kind::throttled) {
        ++message.attempts;
        message.due_at = now + retry_delay(message.attempts / parts);
        again = message.attempts < most * parts;
    }
    if (r.kind == refusal_kind::permanent) {
        why = reason::permanent_refusal;
    }
    part = again ? part_state::waiting : part_state::failed;
    settle(message, why, r.status, now);
    if (message.state == message_state::accepted && message.history.back().why != why) {
        note(message, {now, message_state::accepted, why, r.status});
    }
    return true;
}

/// A message that waits ends; where only its marked copy waited, as what the first one is.
void end_waiting(message_record& message, message_state as, reason why, instant now) {
    if (!copy_waits(message)) {
        put(message, as, why, now);
        return;
    }
    const auto line = std::ranges::find(message.history.rbegin(), message.history.rend(),
                                        message_state::unconfirmed, &message_event::state);
    message.marked = false;
    put(message, message_state::unconfirmed,
        line == message.history.rend() ? reason::no_answer : line->why, now);
}

/// Does what may settle the first copy; then the marked one is not needed.
template <class Change>
bool settling_first_copy(message_record& message, Change change) {
    const bool waited = copy_waits(message);
    const bool changed = change();
    if (waited && !copy_waits(message)) {
        message.marked = false;
    }
    return changed;
}

struct reporting {
    message_record& message;
    instant now;

    part_state* part(std::uint8_t index) const {
        return index < message.parts.size() ? &message.parts[index] : nullptr;
    }

    bool operator()(const part_submitted& r) const {
        auto* one = part(r.part);
        if (one == nullptr || *one == part_state::submitted || is_part_final(*one) ||
            is_of_earlier_copy(message, r.reference)) {
            return false;
        }
        // What was unconfirmed has been charged.
        if (*one != part_state::unconfirmed) {
            charge(message);
        }
        *one = part_state::submitted;
        settle(message, reason::none, 0, now);
        return true;
    }
    bool operator()(const part_refused& r) const {
        return part(r.part) != nullptr && !is_of_earlier_copy(message, r.reference) &&
               refuse(message, r, now);
    }
    bool operator()(const part_unconfirmed& r) const {
        auto* one = part(r.part);
        if (one == nullptr || *one != part_state::submitting) {
            return false;
        }
        charge(message);
        *one = part_state::unconfirmed;
        settle(message, r.why, 0, now);
        return true;
    }
    bool operator()(const part_returned& r) const {
        auto* one = part(r.part);
        if (one == nullptr || *one != part_state::submitting) {
            return false;
        }
        *one = part_state::waiting;
        message.due_at = std::max(message.due_at, r.until);
        settle(message, reason::waits_for_route, 0, now);
        return true;
    }
    bool operator()(const message_held& r) const {
        if (message.state != message_state::accepted) {
            return false;
        }
        if (r.final) {
            end_waiting(message, *r.final, r.why, now);
            return true;
        }
        message.due_at = r.until;
        if (message.history.back().why != r.why) {
            note(message, {now, message_state::accepted, r.why, 0});
        }
        return true;
    }
};

/// Bengali, U+0980–09FF, in UTF-8.
bool has_bangla(std::string_view text) {
    return text.find("\xE0\xA6") != std::string_view::npos ||
           text.find("\xE0\xA7") != std::string_view::npos;
}

} // namespace

const class_rules& rules_of(message_class of) noexcept {
    return rules[static_cast<std::size_t>(of)];
}

unsigned rank_of(message_state state) noexcept {
    switch (state) {
    case message_state::accepted:
    case message_state::submitting:
        return 0;
    case message_state::unconfirmed:
        return 1;
    case message_state::submitted:
        return 2;
    case message_state::failed:
    case message_state::expired:
    case message_state::cancelled:
        return 3;
    case message_state::delivered:
        return 4;
    }
    return 0;
}

bool is_final(message_state state) noexcept {
    return rank_of(state) >= 3;
}

bool copy_waits(const message_record& message) noexcept {
    return message.marked && message.state == message_state::accepted &&
           !has(message, part_state::waiting);
}

std::string text_to_send(const message_record& message) {
    if (!message.marked) {
        return message.text;
    }
    return (has_bangla(message.text) ? "(আবার) " : "(again) ") + message.text;
}

std::string_view bound_channel(const message_record& message) noexcept {
    return was_handed_over(message) && !copy_waits(message) ? std::string_view{message.channel}
                                                            : std::string_view{};
}

std::chrono::seconds retry_delay(unsigned refusals) noexcept {
    using std::chrono::seconds;
    return refusals > 7 ? seconds{600} : std::min(seconds{5} * (1 << refusals), seconds{600});
}

bool is_of_earlier_copy(const message_record& message, std::uint16_t reference) noexcept {
    if (!message.marked || reference == 0) {
        return false;
    }
    return message.parts.empty() || (message.parts.size() > 1 && reference != message.reference);
}

bool take(message_record& message, const claim& by, instant now) {
    const auto bound = bound_channel(message);
    if (message.state != message_state::accepted || (!bound.empty() && bound != by.channel) ||
        by.parts == 0 || by.parts > parts_per_message_max) {
        return false;
    }
    if (bound.empty()) {
        message.parts.assign(by.parts, part_state::waiting);
    }
    for (auto& part : message.parts) {
        if (part == part_state::waiting) {
            part = part_state::submitting;
        }
    }
    message.channel = by.channel;
    message.segments = by.segments;
    message.price_per_segment = by.price_per_segment;
    put(message, message_state::submitting, reason::none, now);
    return true;
}

bool apply(message_record& message, const report& what, instant now) {
    return settling_first_copy(message, [&] { return std::visit(reporting{message, now}, what); });
}

bool apply_receipt(message_record& message, std::size_t part, receipt_state state,
                   std::uint32_t error, instant now) {
    if (part >= message.parts.size() || state == receipt_state::underway) {
        return false;
    }
    auto& one = message.parts[part];
    const auto to = state == receipt_state::delivered ? part_state::delivered
                    : state == receipt_state::expired ? part_state::expired
                                                      : part_state::failed;
    if (one == part_state::delivered || one == to ||
        (is_part_final(one) && to != part_state::delivered)) {
        return false;
    }
    return settling_first_copy(message, [&] {
        one = to;
        settle(message, to == part_state::failed ? reason::receipt_failed : reason::none, error,
               now);
        return true;
    });
}

bool cancel(message_record& message, instant now) {
    if (message.state != message_state::accepted || was_handed_over(message)) {
        return false;
    }
    put(message, message_state::cancelled, reason::cancelled_by_staff, now);
    return true;
}

bool expire(message_record& message, instant now) {
    if (message.state != message_state::accepted || now < message.valid_until) {
        return false;
    }
    const bool partly = was_handed_over(message);
    end_waiting(message, message_state::expired,
                partly ? reason::partly_sent : reason::validity_over, now);
    return true;
}

} // namespace uthan::sms
