#include "service/hop_context.hpp"

#include "access/decisions.hpp"
#include "core/assert.hpp"
#include "core/deadline.hpp"
#include "service/accused.hpp"
#include "service/identity.hpp"
#include "service/staff.hpp"

// What a step asks for: facts, records and effects.
namespace uthan::service {

using sessions::turn_plan;

namespace {

constexpr std::uint8_t first_pin_part = 1;
/// Pages of "whose account?", mistyped slips and unequal PINs before the first PIN is set.
constexpr std::size_t enrolment_inputs_max = 12;

/// What was found a moment ago and is gone is no ordinary answer.
error_code unavailable(error_code failed) {
    return failed == errc::not_found ? make_error_code(errc::store_unavailable) : failed;
}

/// Whom her requests accuse, and who may have written another number for her.
std::vector<std::string> accused_codes(const std::vector<members::request>* requests,
                                       const access::member_record* record) {
    std::vector<std::string> codes;
    for (std::size_t i = 0; requests != nullptr && i < requests->size(); ++i) {
        codes.push_back((*requests)[i].accused_code);
    }
    if (record != nullptr && record->binding && record->binding->change) {
        codes.push_back(record->binding->change->staff_code);
    }
    return codes;
}

bool is_pin_effect(const sessions::effect& what) {
    return std::holds_alternative<sessions::prove_pin>(what) ||
           std::holds_alternative<sessions::count_guess>(what);
}

} // namespace

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
        if (!*recorded && std::holds_alternative<sessions::report_number_change>(what)) {
            // Nobody typed it, so its absence says nothing about the history.
            hop.outcome = access::outcome{.kind = access::outcome_kind::refused};
            co_return error_code{};
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
                     hop.known.staff_view ? hop.known.staff_view->who : nullptr,
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
    hop.known.ladder.reset(); // Whom it leaves out, the requests say.
    hop.known.member_code = std::move(member_code);
    co_return error_code{};
}

task<error_code> dialogues::provide_ladder(hop_context& hop, std::string member_code) {
    auto found = co_await find_ladder(
        hop.ledger, member_code, accused_codes(hop.known.requests.get(), hop.known.record.get()));
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

/// What strangers guess and what is guessed on her own phone are counted apart: neither shuts the
/// other out.
digest128 dialogues::guessed_member(const access::member_ref& who, std::string_view proof) const {
    return short_digest(short_key_, "guessed member", {who.organisation, who.member_code, proof});
}

task<result<access::outcome>> dialogues::perform(effect_work work) {
    if (auto* pin = std::get_if<sessions::prove_pin>(&work.what)) {
        auto digits = std::move(pin->digits);
        if (pin->slip_only) {
            work.guess.one_time_only = true;
            work.guess.member = guessed_member(work.who, "slip");
        }
        co_return co_await perform_pin_try(std::move(work), std::move(digits));
    }
    access::change change;
    if (std::holds_alternative<sessions::count_guess>(work.what)) {
        work.guess.member = guessed_member(work.who, "passbook");
        change = work.guess;
    } else if (auto* asked = std::get_if<sessions::ask_request>(&work.what)) {
        change = access::open_request{std::move(asked->form), std::move(work.ground)};
    } else if (const auto* pressed = std::get_if<sessions::press_request>(&work.what)) {
        change = access::escalate_request{pressed->number, std::move(work.ground)};
    } else if (const auto* taken = std::get_if<sessions::take_back_request>(&work.what)) {
        change = access::withdraw_request{taken->number, work.ground.today};
    } else if (auto* meeting = std::get_if<sessions::reword_meeting>(&work.what)) {
        change = access::change_meeting{std::move(meeting->what)};
    } else if (const auto* answered = std::get_if<sessions::answer_waiting>(&work.what)) {
        change =
            access::answer_by_staff{answered->number, std::move(work.staff), work.ground.today};
    } else if (auto* reset = std::get_if<sessions::reset_member>(&work.what)) {
        const std::string staff_code{access::staff_code_of(work.who.member_code)};
        work.who.member_code = std::move(reset->member_code);
        change = reset_with(key_, work.key, work.who, staff_code);
    } else if (const auto* set = std::get_if<access::set_pin>(&work.what)) {
        change = access::set_pin{set->verifier, set->replace, std::move(work.from)};
    } else if (const auto* said = std::get_if<sessions::answer_number_change>(&work.what)) {
        change =
            access::answer_number_change{said->hers, std::move(work.from), std::move(work.ground)};
    } else if (auto* held = std::get_if<sessions::report_number_change>(&work.what)) {
        work.who.member_code = std::move(held->member_code);
        change = access::report_number_change{std::move(work.from), std::move(work.ground)};
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

} // namespace uthan::service
