#pragma once

#include "service/dialogues.hpp"
#include "service/staff.hpp"

#include <optional>

// What one hop carries from step to step. Private to dialogues.cpp and dialogue_needs.cpp.
namespace uthan::service {

/// One hop's own variables. On the heap, not in a coroutine's frame: Asio recycles only frames
/// below a kilobyte, and a larger one also costs a smaller one its place.
struct dialogues::hop_context {
    hop_context(const channel_snapshots& of, members::ledger& facts, sessions::inbound_turn&& what,
                const digest128& dialogue, instant moment, const zone::wall_time& wall,
                channel_snapshots::snapshot newest)
        : channel(of), ledger(facts), turn(std::move(what)), key(dialogue), now(moment),
          today(wall.day), time_of_day(wall.since_midnight), on(std::move(newest)) {}

    const channel_snapshots& channel;
    members::ledger& ledger;
    sessions::inbound_turn turn;
    digest128 key;
    instant now;
    calendar_day today;
    std::chrono::minutes time_of_day;
    channel_snapshots::snapshot on; ///< the dialogue's own
    std::shared_ptr<const sessions::state> base =
        nullptr; ///< the caller's last or running dialogue, if known
    std::uint64_t expected = 0;
    knowledge known = {};
    sessions::replayed_enrolment enrolled = sessions::replayed_enrolment::none;
    /// The last step's screen, and the state from which the next one goes on.
    sessions::reply answered = {};
    /// What the step under way still asks for.
    sessions::need missing = sessions::need_candidates{};
    std::optional<access::outcome> outcome = std::nullopt; ///< of its effect
    digest128 salt{};
    /// Where `base` is this shard's own: what it has read.
    std::shared_ptr<live_dialogue> remembered = nullptr;
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
    access::request_ground ground;               ///< of an effect about requests
    std::shared_ptr<const members::staff> staff; ///< who dials, of an effect of staff
    instant now;
    std::shared_ptr<const organisation> of; ///< whose rules the ground names
};

/// Where the i-th input ends in the history.
inline std::size_t end_of(const sessions::turn_plan& plan, std::size_t i) {
    std::size_t end = plan.first_at + i;
    for (std::size_t k = 0; k <= i; ++k) {
        end += plan.inputs[k].size();
    }
    return end;
}

} // namespace uthan::service
