#include "service/dialogues.hpp"

#include "core/assert.hpp"
#include "service/hop_context.hpp"

#include <utility>

namespace uthan::service {

using sessions::need;
using sessions::reply;
using sessions::state;
using sessions::turn_plan;

namespace {

/// Needs are at most: candidates, record, facts, activity, household, requests, ladder, one effect,
/// and what changed with it again.
constexpr unsigned needs_per_input_max = 12;
/// A race is between a request and its repetition; more rounds mean somebody plays with the
/// channel.
constexpr unsigned save_attempts_max = 4;

/// Where a state's screen is counted.
screen_slot slot_of(const state& s, const menus::screen* shown, const dialogue_channel& on) {
    if (s.at != sessions::phase::menu) {
        return static_cast<screen_slot>(s.at);
    }
    if (shown == nullptr && !s.stack.empty()) {
        shown = on.of->menu.find(s.stack.back().screen);
    }
    return shown != nullptr && shown->index < on.counted_as.size() ? on.counted_as[shown->index]
                                                                   : other_screens;
}

} // namespace

task<hop_result> dialogues::hop(const channel_snapshots& channel, members::ledger& ledger,
                                sessions::inbound_turn&& turn) {
    const auto now = clock_.now();
    const auto& on = channel.newest();
    const auto wall = on->of->local.at(now);
    const auto key = short_digest(
        short_key_, "dialogue",
        {on->of->code, turn.service_code, turn.subscriber.channel(), turn.subscriber.reveal()});
    return hop_of(
        std::make_unique<hop_context>(channel, ledger, std::move(turn), key, now, wall, on));
}

task<hop_result> dialogues::hop_of(std::unique_ptr<hop_context> context) {
    auto& hop = *context;
    if (hop.ledger.generation() == 0) {
        co_return apologise(hop);
    }
    const bool goes_on = hop.turn.style == sessions::turn_style::history ? !hop.turn.history.empty()
                                                                         : !hop.turn.begins;
    if (!recall(hop) && goes_on) {
        // A beginning needs no look first: if a dropped dialogue is there, the save will say so.
        co_await look_up(hop);
    }
    for (unsigned attempt = 0; attempt < save_attempts_max; ++attempt) {
        auto plan = sessions::plan_turn(hop.base.get(), hop.turn, short_key_);
        if (plan.what == turn_plan::kind::begin && !plan.inputs.empty() && !hop.store_asked) {
            // Another shard may have answered what came before.
            co_await look_up(hop);
            plan = sessions::plan_turn(hop.base.get(), hop.turn, short_key_);
        }
        if (plan.what == turn_plan::kind::repeated) {
            counters_.repeated.add();
            co_return hop_result{{hop.base->last_screen, hop.base->last_final}, true, false};
        }
        const auto failed = co_await run(hop, std::move(plan));
        if (failed) {
            co_return apologise(hop);
        }
        auto saved = co_await save(hop);
        if (saved && !saved->saved() && missed_ours(hop, *saved->conflict)) {
            hop.expected = saved->conflict->version;
            saved = co_await save(hop);
        }
        if (!saved) {
            // The dialogue goes on from this process's memory or from the transport's history.
            counters_.store_failures.add();
            co_return finish(hop);
        }
        if (saved->saved()) {
            co_return finish(hop);
        }
        counters_.conflicts.add();
        const auto before = std::move(hop.base);
        hop.known = {};
        take_over(hop, *saved->conflict);
        if (before && hop.base && won_by_its_twin(hop, *before)) {
            counters_.repeated.add();
            co_return hop_result{{hop.base->last_screen, hop.base->last_final}, true, false};
        }
    }
    co_return apologise(hop);
}

/// From this shard's memory.
bool dialogues::recall(hop_context& hop) {
    const auto live = live_.find(hop.key);
    if (!live || hop.now - live->state.last_at >= hop.on->of->policy.resume_for) {
        return false;
    }
    hop.base = {live, &live->state};
    hop.expected = live->state.version;
    hop.remembered = live;
    hop.base_slot = live->slot;
    return true;
}

/// Whether the store holds an older moment of the dialogue that we know: it was away, and what was
/// answered meanwhile never came there. Then ours goes on; taking the input again from there would
/// give it to a screen that she no longer sees.
bool dialogues::missed_ours(const hop_context& hop, const sessions::stored_state& stored) {
    if (!hop.base) {
        return false;
    }
    const auto theirs = sessions::decode(stored.bytes, stored.version);
    return theirs && theirs->session == hop.base->session &&
           theirs->started_at == hop.base->started_at && theirs->step < hop.base->step;
}

/// Two copies of one callback that raced from `before`, of a transport whose requests have no ids:
/// the other one has been answered.
bool dialogues::won_by_its_twin(const hop_context& hop, const state& before) const {
    return hop.turn.style == sessions::turn_style::input && hop.turn.request_id.empty() &&
           !hop.turn.begins && hop.base->session == before.session &&
           hop.base->started_at == before.started_at && hop.base->step == before.step + 1 &&
           hop.base->seen == sessions::seen_digest(short_key_, hop.turn);
}

void dialogues::take_over(hop_context& hop, const sessions::stored_state& stored) {
    hop.expected = stored.version;
    hop.base.reset();
    hop.base_slot.reset();
    hop.remembered.reset();
    if (auto decoded = sessions::decode(stored.bytes, stored.version)) {
        hop.base = std::make_shared<const state>(std::move(*decoded));
    }
}

/// Once a hop.
task<void> dialogues::look_up(hop_context& hop) {
    hop.store_asked = true;
    const auto failed = co_await load(hop);
    hop.store_answered = !failed;
    if (failed) {
        counters_.store_failures.add();
    }
}

task<error_code> dialogues::load(hop_context& hop) {
    const auto loaded = co_await store_.load(hop.key);
    if (!loaded) {
        co_return loaded.error();
    }
    if (*loaded) {
        take_over(hop, **loaded);
    }
    co_return error_code{};
}

task<result<sessions::save_result>> dialogues::save(hop_context& hop) {
    auto& next = hop.answered.next;
    next.version = hop.expected + 1;
    const auto kept_for =
        hop.answered.screen.final
            ? limits_.ended_kept_for
            : std::chrono::duration_cast<std::chrono::seconds>(hop.on->of->policy.resume_for);
    sessions::stored_state bytes{next.version, sessions::encode(next)};
    return store_.save(hop.key, hop.expected, std::move(bytes), kept_for);
}

/// All inputs of a turn, one after the other; the last one's screen is the answer.
task<error_code> dialogues::run(hop_context& hop, turn_plan plan) {
    const bool from_the_start = plan.what == turn_plan::kind::begin;
    hop.on = hop.channel.at(from_the_start ? hop.now : hop.base->started_at);
    hop.untold = from_the_start && hop.store_answered &&
                 !(hop.base && hop.base->session == sessions::session_digest(short_key_, hop.turn));
    hop.goes_on = !from_the_start;
    if (from_the_start) {
        find_shortcut(hop, plan);
        const auto failed = co_await begin(hop, plan);
        if (failed) {
            co_return failed;
        }
    } else {
        UTHAN_ASSERT(hop.base != nullptr);
        hop.answered.next = *hop.base;
        hop.answered.screen = {};
        if (hop.remembered) {
            // Moved: counting what is shared takes longer than all else of a recollection. A
            // request that races this one reads again.
            hop.known = std::exchange(hop.remembered->known, {});
            hop.remembered.reset();
        }
    }
    for (std::size_t i = 0; i < plan.inputs.size() && !hop.answered.screen.final; ++i) {
        // What came before the last input was answered once already: its effects are looked up.
        const bool replaying = from_the_start && i + 1 < plan.inputs.size();
        hop.answered.next.last_screen.clear();
        ++hop.answered.next.step;
        hop.typed = end_of(plan, i);
        error_code failed;
        if (!step_from_known(hop, &plan.inputs[i])) {
            failed = co_await take(hop, &plan.inputs[i], replaying);
        }
        const bool misfit = failed ? failed == errc::not_found : hop.answered.screen.final;
        if (replaying && misfit) {
            // A change that was never recorded, or an end that cannot have been: the history does
            // not fit. From the beginning, without a guess.
            turn_plan over;
            co_return co_await run(hop, std::move(over));
        }
        if (hop.untold && failed == errc::not_found) {
            break; // Neither a PIN nor a confirmation is dialled: what asked for it is shown again.
        }
        if (failed) {
            co_return failed;
        }
    }
    auto& next = hop.answered.next;
    next.last_at = hop.now;
    sessions::remember(next, hop.turn, short_key_);
    next.last_screen = hop.answered.screen.text;
    next.last_final = hop.answered.screen.final;
    co_return error_code{};
}

/// What was dialled behind the code is no answer to anything; it may lead to a screen.
void dialogues::find_shortcut(hop_context& hop, turn_plan& plan) {
    const auto& known = hop.on->of->shortcuts;
    auto tail = hop.turn.tail;
    if (tail.empty() && hop.untold) {
        tail = sessions::take_tail(plan, known);
    }
    hop.shortcut = known.find(tail);
    if (hop.shortcut == nullptr && !tail.empty()) {
        hop.shortcut = &hop.on->of->menu.start();
    }
}

/// The beginning of a dialogue, also of one whose inputs follow.
task<error_code> dialogues::begin(hop_context& hop, const turn_plan& plan) {
    hop.known = {};
    hop.answered = {};
    hop.answered.next.session = sessions::session_digest(short_key_, hop.turn);
    hop.answered.next.started_at = hop.now;
    hop.enrolled = sessions::replayed_enrolment::none;
    if (!plan.inputs.empty()) {
        const auto failed = co_await find_enrolment(hop, plan);
        if (failed) {
            co_return failed;
        }
        // The keys that follow were pressed in a dialogue of its own, not in answer to "go on
        // where you were?".
        hop.base.reset();
        counters_.replayed.add();
    }
    co_return co_await take(hop, nullptr, false);
}

/// What was read of an older generation, or of another member, is no knowledge.
void dialogues::forget_outdated(hop_context& hop) {
    if (hop.known.generation != hop.ledger.generation()) {
        hop.known = {};
        hop.known.generation = hop.ledger.generation();
    }
}

/// Most steps need nothing that is not known already. False: hop.missing is still needed.
bool dialogues::step_from_known(hop_context& hop, const std::string* typed) {
    if (hop.known.member_code != hop.answered.next.member_code) {
        hop.known.forget_member();
    }
    hop.outcome.reset();
    if (hop.answered.next.at == sessions::phase::new_pin) {
        random_.fill(std::as_writable_bytes(std::span{hop.salt}));
    }
    return step(hop, typed);
}

/// One step of the engine; `typed` null: the beginning.
bool dialogues::step(hop_context& hop, const std::string* typed) {
    forget_outdated(hop);
    const auto w = hop.surroundings(key_);
    auto made = typed == nullptr ? sessions::begin(hop.answered.next, hop.base.get(), w)
                                 : sessions::input(hop.answered.next, *typed, w);
    if (auto* answered = std::get_if<reply>(&made)) {
        hop.answered = std::move(*answered);
        return true;
    }
    hop.missing = std::get<need>(std::move(made));
    return false;
}

/// One step with whatever it asks for. errc::not_found while replaying: an effect of the past that
/// was never recorded.
task<error_code> dialogues::take(hop_context& hop, const std::string* typed, bool replaying) {
    if (step_from_known(hop, typed)) {
        co_return error_code{};
    }
    for (unsigned needs = 0; needs < needs_per_input_max; ++needs) {
        const auto failed = co_await provide(hop, replaying);
        if (failed) {
            co_return failed;
        }
        if (step(hop, typed)) {
            co_return error_code{};
        }
    }
    co_return errc::store_unavailable;
}

/// The screen that was answered, and the one that is shown.
screen_slot dialogues::count_screen(const hop_context& hop) {
    const auto& on = *hop.on;
    if (hop.goes_on && !hop.base->last_final) {
        const auto slot = hop.base_slot ? *hop.base_slot : slot_of(*hop.base, nullptr, on);
        screens_.answered(slot, hop.base->last_at, hop.now);
    }
    if (hop.answered.screen.final) {
        return other_screens;
    }
    const auto slot = slot_of(hop.answered.next, hop.answered.screen.of, on);
    screens_.shown(slot, hop.now);
    return slot;
}

hop_result dialogues::finish(hop_context& hop) {
    auto& answered = hop.answered;
    const auto slot = count_screen(hop);
    answered.screen.of = nullptr; // Its snapshot may go before the answer.
    (answered.screen.final ? counters_.ended : counters_.continued).add();
    if (answered.screen.final) {
        // Only a repetition can follow; the facts are not needed for that.
        hop.known = {};
    }
    live_.put(hop.key, {std::move(answered.next), std::move(hop.known), slot});
    counters_.live.set(static_cast<std::int64_t>(live_.size()));
    return {std::move(answered.screen), false, false};
}

hop_result dialogues::apologise(const hop_context& hop) {
    counters_.apologies.add();
    return {sessions::apology(hop.base.get(), hop.surroundings(key_)), false, true};
}

} // namespace uthan::service
