#include "service/dialogues.hpp"

#include "access/decisions.hpp"
#include "core/assert.hpp"
#include "core/deadline.hpp"
#include "service/identity.hpp"
#include "service/staff.hpp"

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

/// What was found a moment ago and is gone is no ordinary answer.
error_code unavailable(error_code failed) {
    return failed == errc::not_found ? make_error_code(errc::store_unavailable) : failed;
}

bool is_pin_effect(const sessions::effect& what) {
    return std::holds_alternative<sessions::prove_pin>(what) ||
           std::holds_alternative<sessions::count_guess>(what);
}

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

/// One hop's own variables. On the heap, not in a coroutine's frame: Asio recycles only frames
/// below a kilobyte, and a larger one also costs a smaller one its place.
struct dialogues::hop_context {
    const channel_snapshots& channel;
    members::ledger& ledger;
    sessions::inbound_turn turn;
    digest128 key;
    instant now;
    calendar_day today;
    std::chrono::minutes time_of_day;
    channel_snapshots::snapshot on; ///< the dialogue's own
    std::shared_ptr<const state> base =
        nullptr; ///< the caller's last or running dialogue, if known
    std::uint64_t expected = 0;
    knowledge known = {};
    sessions::replayed_enrolment enrolled = sessions::replayed_enrolment::none;
    /// The last step's screen, and the state from which the next one goes on.
    reply answered = {};
    /// What the step under way still asks for.
    need missing = sessions::need_candidates{};
    std::optional<access::outcome> outcome = std::nullopt; ///< of its effect
    digest128 salt{};
    /// Of `base`'s screen, where this shard showed it.
    std::optional<screen_slot> base_slot = std::nullopt;
    bool goes_on = false; ///< a key was typed at `base`'s screen
    bool store_asked = false;
    bool store_answered = false;
    /// What the history says of its past was never answered here: its transport session is not
    /// known, and the store would know. Whoever dials behind the code may say anything.
    bool untold = false;
    std::string one_time_pin = {};         ///< of an effect that resets a member's PIN
    const std::string* shortcut = nullptr; ///< where what was dialled behind the code leads
    /// How much of the history was typed up to and including the input that is being taken.
    std::size_t typed = 0;

    service::staff_sources staff_sources(access::registry& registry) const {
        return {.ledger = ledger,
                .registry = registry,
                .rules = on->of->rules,
                .organisation = on->of->code,
                .caller = turn.subscriber,
                .account = answered.next.member_code,
                .today = today,
                .now = time_of_day};
    }

    sessions::surroundings surroundings(const secret_key& secret) const {
        return {.menu = on->of->menu,
                .texts = on->of->texts,
                .rules = on->of->rules,
                .policy = on->of->policy,
                .key = secret,
                .organisation = on->of->code,
                .subscriber_digits = turn.subscriber.reveal(),
                .caller = &turn.subscriber,
                .form = on->form,
                .fixed = &on->fixed,
                .now = now,
                .today = today,
                .time_of_day = time_of_day,
                .salt = salt,
                .enrolled = enrolled,
                .candidates = known.candidates.get(),
                .record = known.record.get(),
                .facts = known.facts.get(),
                .activity = known.activity.get(),
                .household = known.household.get(),
                .requests = known.requests.get(),
                .ladder = known.ladder.get(),
                .outcome = outcome ? &*outcome : nullptr,
                .meeting_changes = known.meeting_changes.get(),
                .staff = known.staff.get(),
                .staff_view = known.staff_view.get(),
                .one_time_pin = one_time_pin,
                .shortcut = shortcut};
    }
};

/// One effect with all that it needs: it may outlive its hop when its commit is late.
struct dialogues::effect_work {
    sessions::effect what;
    access::member_ref who;
    access::effect_key key;
    access::begin_pin_try guess;
    address from;
    access::request_ground ground; ///< of an effect about requests
    instant now;
    std::shared_ptr<const organisation> of; ///< whose rules the ground names
};

task<hop_result> dialogues::hop(const channel_snapshots& channel, members::ledger& ledger,
                                sessions::inbound_turn turn) {
    const auto now = clock_.now();
    const auto& on = channel.newest();
    const auto wall = on->of->local.at(now);
    const auto key = short_digest(
        short_key_, "dialogue",
        {on->of->code, turn.service_code, turn.subscriber.channel(), turn.subscriber.reveal()});
    return hop_of(std::make_unique<hop_context>(hop_context{.channel = channel,
                                                            .ledger = ledger,
                                                            .turn = std::move(turn),
                                                            .key = key,
                                                            .now = now,
                                                            .today = wall.day,
                                                            .time_of_day = wall.since_midnight,
                                                            .on = on}));
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
    hop.known = live->known;
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
        hop.answered = {.next = *hop.base, .screen = {}};
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

task<error_code> dialogues::provide(hop_context& hop, bool replaying) {
    if (std::holds_alternative<sessions::need_effect>(hop.missing)) {
        return provide_outcome(hop, replaying);
    }
    if (auto* record = std::get_if<sessions::need_record>(&hop.missing)) {
        return provide_record(hop, std::move(record->member_code));
    }
    if (auto* facts = std::get_if<sessions::need_facts>(&hop.missing)) {
        return provide_facts(hop, std::move(facts->member_code));
    }
    if (auto* activity = std::get_if<sessions::need_activity>(&hop.missing)) {
        return provide_activity(hop, std::move(activity->member_code));
    }
    if (auto* household = std::get_if<sessions::need_household>(&hop.missing)) {
        return provide_household(hop, std::move(household->member_code));
    }
    if (auto* requests = std::get_if<sessions::need_requests>(&hop.missing)) {
        return provide_requests(hop, std::move(requests->member_code));
    }
    if (auto* ladder = std::get_if<sessions::need_ladder>(&hop.missing)) {
        return provide_ladder(hop, std::move(ladder->member_code));
    }
    if (auto* changes = std::get_if<sessions::need_meeting_changes>(&hop.missing)) {
        return provide_meeting_changes(hop, std::move(changes->group_code));
    }
    if (auto* staff = std::get_if<sessions::need_staff>(&hop.missing)) {
        return provide_staff(hop, std::move(*staff));
    }
    return provide_candidates(hop);
}

task<error_code> dialogues::provide_outcome(hop_context& hop, bool replaying) {
    auto& what = std::get<sessions::need_effect>(hop.missing).what;
    auto key = key_of(hop, what);
    const bool pin = is_pin_effect(what);
    if (const auto* reset = std::get_if<sessions::reset_member>(&what)) {
        hop.one_time_pin = one_time_pin_of(key_, key, reset->member_code);
    }
    if (hop.untold || (replaying && !pin)) {
        const auto recorded = co_await registry_.recorded(key);
        if (!recorded) {
            co_return recorded.error();
        }
        if (!*recorded) {
            co_return errc::not_found;
        }
        if (!pin) {
            hop.outcome = **recorded;
            co_return error_code{};
        }
    }
    if (is_of_staff(what)) {
        auto asking = may_do(hop.staff_sources(registry_), what);
        const auto failed = co_await std::move(asking);
        if (failed && failed != errc::not_found) {
            co_return failed;
        }
        if (failed) {
            hop.known.staff_view.reset();
            hop.outcome = access::outcome{.kind = access::outcome_kind::refused};
            co_return error_code{};
        }
    }
    effect_work work{std::move(what),
                     {hop.on->of->code, hop.answered.next.member_code},
                     std::move(key),
                     guess_of(hop),
                     hop.turn.subscriber,
                     {hop.known.facts, hop.known.ladder, &hop.on->of->rules, hop.today},
                     hop.now,
                     hop.on->of};
    auto performing = perform(std::move(work));
    auto done = co_await within(limits_.effect_deadline, std::move(performing));
    if (!done) {
        co_return done.error();
    }
    hop.outcome = *done;
    // The record or her requests changed with it.
    hop.known.record.reset();
    hop.known.requests.reset();
    hop.known.staff_view.reset();
    co_return error_code{};
}

/// The first PIN has a key of its own, by which a replay finds that it was set in this dialogue.
access::effect_key dialogues::key_of(const hop_context& hop, const sessions::effect& what) const {
    const auto* pin = std::get_if<access::set_pin>(&what);
    const bool first_pin = pin != nullptr && !pin->replace;
    return {hop.on->name,
            sessions::effect_digest(short_key_, hop.key, hop.turn, hop.typed,
                                    hop.answered.next.started_at),
            hop.answered.next.step, first_pin ? first_pin_part : std::uint8_t{0}};
}

/// Whether the first PIN was set by one of these inputs, and whether it was proved before. Before
/// the first PIN nothing else than its proof is an effect.
task<error_code> dialogues::find_enrolment(hop_context& hop, const turn_plan& plan) {
    bool proved = false;
    const auto looked_at = std::min(plan.inputs.size(), enrolment_inputs_max);
    for (std::size_t i = 0; i < looked_at; ++i) {
        access::effect_key key{hop.on->name,
                               sessions::effect_digest(short_key_, hop.key, hop.turn,
                                                       end_of(plan, i),
                                                       hop.answered.next.started_at),
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
    auto found =
        co_await find_candidates(hop.ledger, registry_, hop.on->of->code, hop.turn.subscriber);
    if (!found) {
        co_return unavailable(found.error());
    }
    if (found->empty()) {
        // As much work for a stranger as for a member, so that the time does not tell them apart.
        access::member_ref nobody{hop.on->of->code, {}};
        co_await registry_.find(std::move(nobody));
    }
    if (auto* staff = hop.ledger.staff(); staff && !hop.on->of->menu.staff_start().empty()) {
        auto who = staff->staff_with_number(hop.turn.subscriber);
        if (!who) {
            co_return unavailable(who.error());
        }
        hop.known.staff = std::move(*who);
    }
    hop.known.candidates =
        std::make_shared<const std::vector<members::candidate>>(std::move(*found));
    co_return error_code{};
}

task<error_code> dialogues::provide_record(hop_context& hop, std::string member_code) {
    access::member_ref who{hop.on->of->code, member_code};
    auto found = co_await registry_.find(std::move(who));
    if (!found) {
        co_return unavailable(found.error());
    }
    hop.known.record = std::make_shared<const access::member_record>(*found);
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_facts(hop_context& hop, std::string member_code) {
    auto found = co_await hop.ledger.facts(member_code);
    if (!found) {
        co_return unavailable(found.error());
    }
    hop.known.facts = std::move(*found);
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_activity(hop_context& hop, std::string member_code) {
    auto found = co_await hop.ledger.activity(member_code);
    if (!found) {
        co_return unavailable(found.error());
    }
    hop.known.activity = std::move(*found);
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_household(hop_context& hop, std::string member_code) {
    auto found = co_await hop.ledger.household_of(member_code);
    if (!found) {
        co_return unavailable(found.error());
    }
    hop.known.household = std::move(*found);
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_requests(hop_context& hop, std::string member_code) {
    access::member_ref who{hop.on->of->code, member_code};
    auto found = co_await registry_.requests(std::move(who));
    if (!found) {
        co_return unavailable(found.error());
    }
    hop.known.requests = std::make_shared<const std::vector<members::request>>(std::move(*found));
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_ladder(hop_context& hop, std::string member_code) {
    auto found = co_await hop.ledger.ladder(member_code);
    if (!found) {
        co_return unavailable(found.error());
    }
    hop.known.ladder = std::move(*found);
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_meeting_changes(hop_context& hop, std::string group_code) {
    std::vector<members::meeting_change> changes;
    if (auto* desk = registry_.desk(); desk != nullptr && !group_code.empty()) {
        auto found =
            co_await desk->meeting_changes(hop.on->of->code, std::move(group_code), hop.today);
        if (!found) {
            co_return unavailable(found.error());
        }
        changes = std::move(*found);
    }
    hop.known.meeting_changes =
        std::make_shared<const std::vector<members::meeting_change>>(std::move(changes));
    hop.known.member_code = hop.answered.next.member_code;
    co_return error_code{};
}

task<error_code> dialogues::provide_staff(hop_context& hop, sessions::need_staff wanted) {
    auto reading =
        read_staff_view(hop.staff_sources(registry_), hop.known.staff_view, std::move(wanted));
    auto view = co_await std::move(reading);
    if (!view) {
        co_return unavailable(view.error());
    }
    hop.known.staff_view = std::move(*view);
    hop.known.member_code = hop.answered.next.member_code;
    co_return error_code{};
}

access::begin_pin_try dialogues::guess_of(const hop_context& hop) const {
    return {short_digest(short_key_, "guessing number",
                         {hop.turn.subscriber.channel(), hop.turn.subscriber.reveal()}),
            hop.on->name};
}

task<result<access::outcome>> dialogues::perform(effect_work work) {
    if (auto* pin = std::get_if<sessions::prove_pin>(&work.what)) {
        auto digits = std::move(pin->digits);
        work.guess.one_time_only = pin->slip_only;
        co_return co_await perform_pin_try(std::move(work), std::move(digits));
    }
    access::change change;
    if (std::holds_alternative<sessions::count_guess>(work.what)) {
        change = work.guess;
    } else if (auto* asked = std::get_if<sessions::ask_request>(&work.what)) {
        change = access::open_request{std::move(asked->form), std::move(work.ground)};
    } else if (const auto* pressed = std::get_if<sessions::press_request>(&work.what)) {
        change = access::escalate_request{pressed->number, std::move(work.ground)};
    } else if (const auto* taken = std::get_if<sessions::take_back_request>(&work.what)) {
        change = access::withdraw_request{taken->number, work.ground.today};
    } else if (auto* meeting = std::get_if<sessions::reword_meeting>(&work.what)) {
        change = access::change_meeting{std::move(meeting->what)};
    } else if (auto* reset = std::get_if<sessions::reset_member>(&work.what)) {
        const std::string staff_code{access::staff_code_of(work.who.member_code)};
        work.who.member_code = std::move(reset->member_code);
        change = reset_with(key_, work.key, work.who, staff_code);
    } else if (const auto* set = std::get_if<access::set_pin>(&work.what)) {
        change = access::set_pin{set->verifier, set->replace, std::move(work.from)};
    } else if (const auto* said = std::get_if<sessions::answer_number_change>(&work.what)) {
        change = access::answer_number_change{said->hers, std::move(work.from)};
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
    access::change settle = access::settle_pin_try{matched, work.guess, std::move(work.from)};
    co_return co_await registry_.apply(std::move(work.key), std::move(work.who), std::move(settle),
                                       work.now);
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
