#include "service/dialogues.hpp"

#include "access/decisions.hpp"
#include "core/assert.hpp"
#include "core/deadline.hpp"

namespace uthan::service {

using sessions::reply;
using sessions::state;
using sessions::turn_plan;

namespace {

/// Needs are at most: candidates, record, facts, one effect, record and facts again.
constexpr unsigned needs_per_input_max = 8;
/// A race is between a request and its repetition; more rounds mean somebody plays with the
/// channel.
constexpr unsigned save_attempts_max = 4;

constexpr std::uint8_t first_pin_part = 1;
/// Pages of "whose account?", mistyped slips and unequal PINs before the first PIN is set.
constexpr std::size_t enrolment_inputs_max = 12;

/// Where the i-th input ends in the history.
std::size_t end_of(const turn_plan& plan, std::size_t i) {
    std::size_t end = plan.first_at + i;
    for (std::size_t k = 0; k <= i; ++k) {
        end += plan.inputs[k].size();
    }
    return end;
}

bool is_pin_effect(const sessions::effect& what) {
    return std::holds_alternative<sessions::prove_pin>(what) ||
           std::holds_alternative<sessions::count_guess>(what);
}

} // namespace

/// One hop's own variables. Lives in hop()'s coroutine frame.
struct dialogues::hop_context {
    const dialogue_channel& on;
    members::ledger& ledger;
    sessions::inbound_turn turn;
    digest128 key;
    instant now;
    calendar_day today;
    std::chrono::minutes time_of_day;
    std::shared_ptr<const state> base; ///< the caller's last or running dialogue, if known
    std::uint64_t expected = 0;
    knowledge known;
    sessions::replayed_enrolment enrolled = sessions::replayed_enrolment::none;
    /// How much of the history was typed up to and including the input that is being taken.
    std::size_t typed = 0;

    sessions::surroundings surroundings(const secret_key& secret, const digest128& salt) const {
        return {.menu = on.of.menu,
                .texts = on.of.texts,
                .rules = on.of.rules,
                .policy = on.of.policy,
                .key = secret,
                .organisation = on.of.code,
                .subscriber_digits = turn.subscriber.reveal(),
                .form = on.form,
                .now = now,
                .today = today,
                .time_of_day = time_of_day,
                .salt = salt,
                .enrolled = enrolled,
                .candidates = known.candidates.get(),
                .record = known.record ? &*known.record : nullptr,
                .facts = known.facts.get()};
    }
};

/// One effect with all that it needs: it may outlive its hop when its commit is late.
struct dialogues::effect_work {
    sessions::effect what;
    access::member_ref who;
    access::effect_key key;
    access::begin_pin_try guess;
    instant now;
};

task<hop_result> dialogues::hop(const dialogue_channel& on, members::ledger& ledger,
                                sessions::inbound_turn turn) {
    const auto now = clock_.now();
    const auto key = keyed_digest128(
        key_, "dialogue",
        {on.of.code, turn.service_code, turn.subscriber.channel(), turn.subscriber.reveal()});
    hop_context hop{.on = on,
                    .ledger = ledger,
                    .turn = std::move(turn),
                    .key = key,
                    .now = now,
                    .today = on.of.local.day_of(now),
                    .time_of_day = on.of.local.time_of_day(now),
                    .base = nullptr,
                    .expected = 0,
                    .known = {}};
    if (ledger.generation() == 0) {
        co_return apologise(hop);
    }
    if (const auto live = live_.find(key);
        live && now - live->state.last_at < on.of.policy.resume_for) {
        hop.base = {live, &live->state};
        hop.expected = live->state.version;
        hop.known = live->known;
    } else if (!hop.turn.history.empty()) {
        // A beginning needs no look first: if a dropped dialogue is there, the save will say so.
        const auto loaded = co_await load(key);
        if (loaded && *loaded) {
            hop.expected = (*loaded)->version;
            if (auto decoded = sessions::decode((*loaded)->bytes, (*loaded)->version)) {
                hop.base = std::make_shared<const state>(std::move(*decoded));
            }
        }
    }
    for (unsigned attempt = 0; attempt < save_attempts_max; ++attempt) {
        auto plan = sessions::plan_turn(hop.base.get(), hop.turn, key_);
        if (plan.what == turn_plan::kind::repeated) {
            counters_.repeated.add();
            co_return hop_result{{hop.base->last_screen, hop.base->last_final}, true, false};
        }
        auto answered = co_await run(hop, std::move(plan));
        if (!answered) {
            co_return apologise(hop);
        }
        auto& next = answered->next;
        next.version = hop.expected + 1;
        const auto kept_for =
            answered->screen.final
                ? limits_.ended_kept_for
                : std::chrono::duration_cast<std::chrono::seconds>(on.of.policy.resume_for);
        sessions::stored_state bytes{next.version, sessions::encode(next)};
        const auto saved = co_await store_.save(hop.key, hop.expected, std::move(bytes), kept_for);
        if (!saved) {
            // The dialogue goes on from this process's memory or from the transport's history.
            counters_.store_failures.add();
            co_return finish(hop, std::move(*answered));
        }
        if (saved->saved()) {
            co_return finish(hop, std::move(*answered));
        }
        counters_.conflicts.add();
        hop.expected = saved->conflict->version;
        hop.known = {};
        hop.base.reset();
        if (auto winner = sessions::decode(saved->conflict->bytes, saved->conflict->version)) {
            hop.base = std::make_shared<const state>(std::move(*winner));
        }
    }
    co_return apologise(hop);
}

task<result<std::optional<sessions::stored_state>>> dialogues::load(digest128 key) {
    auto loaded = co_await store_.load(key);
    if (!loaded) {
        counters_.store_failures.add();
    }
    co_return loaded;
}

/// All inputs of a turn, one after the other; the last one's screen is the answer.
task<result<reply>> dialogues::run(hop_context& hop, turn_plan plan) {
    const bool from_the_start = plan.what == turn_plan::kind::begin;
    reply answered;
    if (from_the_start) {
        hop.known = {};
        state fresh;
        fresh.session = sessions::session_digest(key_, hop.turn);
        fresh.started_at = hop.now;
        hop.enrolled = sessions::replayed_enrolment::none;
        if (!plan.inputs.empty()) {
            const auto failed = co_await find_enrolment(hop, plan);
            if (failed) {
                co_return failed;
            }
        }
        if (!plan.inputs.empty()) {
            // The keys that follow were pressed in a dialogue of its own, not in answer to "go on
            // where you were?".
            hop.base.reset();
        }
        auto begun = co_await take(hop, std::move(fresh), nullptr, false);
        if (!begun) {
            co_return begun.error();
        }
        answered = std::move(*begun);
        if (!plan.inputs.empty()) {
            counters_.replayed.add();
        }
    } else {
        UTHAN_ASSERT(hop.base != nullptr);
        answered.next = *hop.base;
        answered.next.last_screen.clear();
    }
    for (std::size_t i = 0; i < plan.inputs.size() && !answered.screen.final; ++i) {
        // What came before the last input was answered once already: its effects are looked up.
        const bool replaying = from_the_start && i + 1 < plan.inputs.size();
        auto next = answered.next;
        ++next.step;
        hop.typed = end_of(plan, i);
        auto taken = co_await take(hop, std::move(next), &plan.inputs[i], replaying);
        const bool misfit = taken ? taken->screen.final : taken.error() == errc::not_found;
        if (replaying && misfit) {
            // A change that was never recorded, or an end that cannot have been: the history does
            // not fit. From the beginning, without a guess.
            turn_plan over;
            co_return co_await run(hop, std::move(over));
        }
        if (!taken) {
            co_return taken.error();
        }
        answered = std::move(*taken);
    }
    auto& next = answered.next;
    next.last_at = hop.now;
    next.seen_length = static_cast<std::uint32_t>(hop.turn.history.size());
    next.seen = sessions::history_digest(key_, hop.turn.history);
    next.last_screen = answered.screen.text;
    next.last_final = answered.screen.final;
    co_return answered;
}

/// One step of the engine with whatever it asks for. `typed` null: the beginning.
/// errc::not_found while replaying: an effect of the past that was never recorded.
task<result<reply>> dialogues::take(hop_context& hop, state from, const std::string* typed,
                                    bool replaying) {
    if (hop.known.generation != hop.ledger.generation()) {
        hop.known = {};
        hop.known.generation = hop.ledger.generation();
    }
    if (hop.known.member_code != from.member_code) {
        hop.known.forget_member();
    }
    digest128 salt{};
    if (from.at == sessions::phase::new_pin) {
        random_.fill(std::as_writable_bytes(std::span{salt}));
    }
    std::optional<access::outcome> outcome;
    for (unsigned needs = 0; needs < needs_per_input_max; ++needs) {
        auto w = hop.surroundings(key_, salt);
        w.outcome = outcome ? &*outcome : nullptr;
        auto step = typed == nullptr ? sessions::begin(from, hop.base.get(), w)
                                     : sessions::input(from, *typed, w);
        if (auto* answered = std::get_if<reply>(&step)) {
            co_return std::move(*answered);
        }
        error_code failed;
        if (std::holds_alternative<sessions::need_candidates>(step)) {
            failed = co_await provide_candidates(hop);
        } else if (auto* record = std::get_if<sessions::need_record>(&step)) {
            failed = co_await provide_record(hop, std::move(record->member_code));
        } else if (auto* facts = std::get_if<sessions::need_facts>(&step)) {
            failed = co_await provide_facts(hop, std::move(facts->member_code));
        } else {
            auto& what = std::get<sessions::need_effect>(step).what;
            access::member_ref who{hop.on.of.code, from.member_code};
            auto key = key_of(hop, from, what);
            if (replaying && !is_pin_effect(what)) {
                const auto recorded = co_await registry_.recorded(key);
                if (!recorded) {
                    co_return recorded.error();
                }
                if (!*recorded) {
                    co_return errc::not_found;
                }
                outcome = **recorded;
                continue;
            }
            effect_work work{std::move(what), std::move(who), std::move(key), guess_of(hop),
                             hop.now};
            auto performing = perform(std::move(work));
            auto done = co_await within(limits_.effect_deadline, std::move(performing));
            if (!done) {
                co_return done.error();
            }
            outcome = *done;
            // The record changed with it.
            hop.known.record.reset();
        }
        if (failed) {
            co_return failed == errc::not_found ? make_error_code(errc::store_unavailable) : failed;
        }
    }
    co_return errc::store_unavailable;
}

/// The first PIN has a key of its own, by which a replay finds that it was set in this dialogue.
access::effect_key dialogues::key_of(const hop_context& hop, const state& from,
                                     const sessions::effect& what) const {
    const auto* pin = std::get_if<access::set_pin>(&what);
    const bool first_pin = pin != nullptr && !pin->replace;
    const auto typed = std::string_view{hop.turn.history}.substr(0, hop.typed);
    return {hop.on.name, sessions::effect_digest(key_, hop.key, hop.turn.session_id, typed),
            from.step, first_pin ? first_pin_part : std::uint8_t{0}};
}

/// Whether the first PIN was set by one of these inputs, and whether it was proved before. Before
/// the first PIN nothing else than its proof is an effect.
task<error_code> dialogues::find_enrolment(hop_context& hop, const turn_plan& plan) {
    bool proved = false;
    const auto looked_at = std::min(plan.inputs.size(), enrolment_inputs_max);
    for (std::size_t i = 0; i < looked_at; ++i) {
        const auto typed = std::string_view{hop.turn.history}.substr(0, end_of(plan, i));
        access::effect_key key{hop.on.name,
                               sessions::effect_digest(key_, hop.key, hop.turn.session_id, typed),
                               static_cast<std::uint32_t>(i + 1), first_pin_part};
        const auto first_pin = co_await registry_.recorded(key);
        if (!first_pin) {
            co_return first_pin.error();
        }
        if (*first_pin && (*first_pin)->kind == access::outcome_kind::done) {
            hop.enrolled = proved ? sessions::replayed_enrolment::after_proof
                                  : sessions::replayed_enrolment::direct;
            co_return error_code{};
        }
        key.part = 0;
        const auto proof = co_await registry_.recorded(key);
        if (!proof) {
            co_return proof.error();
        }
        proved = proved || (*proof && (*proof)->kind != access::outcome_kind::done);
    }
    co_return error_code{};
}

task<error_code> dialogues::provide_candidates(hop_context& hop) {
    auto found = co_await hop.ledger.members_of(hop.turn.subscriber);
    if (!found) {
        co_return found.error();
    }
    if (found->empty()) {
        // As much work for a stranger as for a member, so that the time does not tell them apart.
        access::member_ref nobody{hop.on.of.code, {}};
        co_await registry_.find(std::move(nobody));
    }
    hop.known.candidates = std::make_shared<const std::vector<members::member>>(std::move(*found));
    co_return error_code{};
}

task<error_code> dialogues::provide_record(hop_context& hop, std::string member_code) {
    access::member_ref who{hop.on.of.code, member_code};
    auto found = co_await registry_.find(std::move(who));
    if (!found) {
        co_return found.error();
    }
    hop.known.record = *found;
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_facts(hop_context& hop, std::string member_code) {
    auto found = co_await hop.ledger.facts(member_code);
    if (!found) {
        co_return found.error();
    }
    hop.known.facts = std::move(*found);
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

access::begin_pin_try dialogues::guess_of(const hop_context& hop) const {
    return {keyed_digest128(key_, "guessing number",
                            {hop.turn.subscriber.channel(), hop.turn.subscriber.reveal()}),
            hop.on.name};
}

task<result<access::outcome>> dialogues::perform(effect_work work) {
    if (auto* pin = std::get_if<sessions::prove_pin>(&work.what)) {
        auto digits = std::move(pin->digits);
        co_return co_await perform_pin_try(std::move(work), std::move(digits));
    }
    access::change change;
    if (std::holds_alternative<sessions::count_guess>(work.what)) {
        change = work.guess;
    } else if (const auto* set = std::get_if<access::set_pin>(&work.what)) {
        change = *set;
    } else if (const auto* language = std::get_if<access::choose_language>(&work.what)) {
        change = *language;
    } else {
        change = std::get<access::choose_sms>(work.what);
    }
    co_return co_await registry_.apply(std::move(work.key), std::move(work.who), std::move(change),
                                       work.now);
}

/// The try is committed as used before the compare; the compare's result is committed before it is
/// shown.
task<result<access::outcome>> dialogues::perform_pin_try(effect_work work, std::string digits) {
    access::change count = work.guess;
    auto counted = co_await registry_.apply(work.key, work.who, std::move(count), work.now);
    if (!counted || counted->kind != access::outcome_kind::try_allowed || counted->replayed) {
        co_return counted;
    }
    UTHAN_ASSERT(counted->compare_with.has_value());
    const bool matched = access::matches(key_, work.who, *counted->compare_with, digits);
    access::change settle = access::settle_pin_try{matched, work.guess};
    co_return co_await registry_.apply(std::move(work.key), std::move(work.who), std::move(settle),
                                       work.now);
}

hop_result dialogues::finish(hop_context& hop, reply answered) {
    (answered.screen.final ? counters_.ended : counters_.continued).add();
    if (answered.screen.final) {
        // Only a repetition can follow; the facts are not needed for that.
        hop.known = {};
    }
    live_.put(hop.key, {std::move(answered.next), std::move(hop.known)});
    counters_.live.set(static_cast<std::int64_t>(live_.size()));
    return {std::move(answered.screen), false, false};
}

hop_result dialogues::apologise(const hop_context& hop) {
    counters_.apologies.add();
    const auto w = hop.surroundings(key_, {});
    return {sessions::apology(hop.base.get(), w), false, true};
}

} // namespace uthan::service
