#include "db/sqlite/member_registry.hpp"

#include "access/decisions.hpp"
#include "access/requests.hpp"
#include "core/assert.hpp"
#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/member_tables.hpp"
#include "db/sqlite/message_tables.hpp"
#include "db/sqlite/request_tables.hpp"
#include "db/sqlite/staff_tables.hpp"

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

/// Old numbers of an organisation that one shard remembers; with more of them it asks each time.
constexpr std::size_t old_numbers_max = 50'000;

using access::change;
using access::effect_key;
using access::member_record;
using access::member_ref;
using access::outcome;
using access::outcome_kind;

/// What a recorded outcome means to whoever asks again: a try that was begun and never settled is
/// a wrong one, because nobody knows what its compare said.
outcome replay_of(const recorded_effect& effect) {
    outcome again = effect.result;
    if (again.kind == outcome_kind::try_allowed) {
        again.kind = outcome_kind::pin_wrong;
    }
    again.replayed = true;
    return again;
}

request_step step_of(const change& what) noexcept {
    if (std::holds_alternative<access::open_request>(what)) {
        return request_step::opened;
    }
    return std::holds_alternative<access::escalate_request>(what) ? request_step::escalated
                                                                  : request_step::withdrawn;
}

/// One change in the writer's transaction.
struct change_in_commit {
    using value_type = outcome;

    effect_key key;
    member_ref who;
    change what;
    access::pin_policy policy;
    instant now;

    result<outcome> run(prepared_connection& db) const;

private:
    result<outcome> make(prepared_connection& db) const;
    result<outcome> make_request(prepared_connection& db) const;
    result<outcome> make_report(prepared_connection& db) const;
    result<outcome> open_report(prepared_connection& db, const member_record& before) const;
    result<outcome> make_by_staff(prepared_connection& db) const;
    result<outcome> settle(prepared_connection& db, const recorded_effect& begun) const;
    error_code keep(prepared_connection& db, const member_record& before,
                    const access::decision& decided) const;
    error_code store_changed(prepared_connection& db, const member_record& before,
                             const member_record& after) const;
};

result<outcome> change_in_commit::run(prepared_connection& db) const {
    const auto known = load_effect(db, key);
    if (!known) {
        return known.error();
    }
    const bool settles = std::holds_alternative<access::settle_pin_try>(what);
    const auto& effect = *known;
    if (!effect) {
        if (settles) {
            return outcome{.kind = outcome_kind::refused};
        }
        if (access::is_by_staff(what)) {
            return make_by_staff(db);
        }
        if (std::holds_alternative<access::report_number_change>(what)) {
            return make_report(db);
        }
        return access::is_about_requests(what) ? make_request(db) : make(db);
    }
    // A settled try stays recorded under the change that began it.
    const std::size_t expected = settles ? change{access::begin_pin_try{}}.index() : what.index();
    if (effect->who != who || effect->change != expected) {
        return outcome{.kind = outcome_kind::refused};
    }
    return settles && effect->result.kind == outcome_kind::try_allowed ? settle(db, *effect)
                                                                       : replay_of(*effect);
}

result<outcome> change_in_commit::make(prepared_connection& db) const {
    const auto before = load_record(db, who);
    if (!before) {
        return before.error();
    }
    access::recent_tries recent;
    if (const auto* begun = std::get_if<access::begin_pin_try>(&what)) {
        const auto tries = load_tries(db, *begun, now);
        if (!tries) {
            return tries.error();
        }
        recent = *tries;
    }
    auto decided = access::decide(*before, what, recent, policy, now);
    const auto* said = std::get_if<access::answer_number_change>(&what);
    if (said != nullptr && !said->hers && decided.result.kind == outcome_kind::done) {
        const auto opened = open_report(db, *before);
        if (!opened) {
            return opened.error();
        }
        decided.result.request = opened->request;
    }
    if (decided.link) {
        const auto full = is_phone_full(db, who, *std::get<access::set_pin>(what).from);
        if (!full) {
            return full.error();
        }
        if (*full) {
            decided = {*before, {.kind = outcome_kind::refused}, false};
        }
    }
    if (const auto failed = keep(db, *before, decided)) {
        return failed;
    }
    return decided.result;
}

/// A number that was stopped, on its way past her office.
result<outcome> change_in_commit::open_report(prepared_connection& db,
                                              const member_record& before) const {
    const auto hers = load_requests_of(db, who);
    if (!hers) {
        return hers.error();
    }
    auto decided = access::report(what, before, *hers, now);
    if (decided.stored) {
        const auto number =
            store_request(db, who.organisation, *decided.stored, request_step::opened, {}, now);
        if (!number) {
            return number.error();
        }
        decided.result.request = *number;
    }
    return decided.result;
}

result<outcome> change_in_commit::make_report(prepared_connection& db) const {
    const auto before = load_record(db, who);
    if (!before) {
        return before.error();
    }
    const auto made = open_report(db, *before);
    if (!made) {
        return made.error();
    }
    if (const auto failed = insert_effect(db, key, {who, what.index(), *made, std::nullopt}, now)) {
        return failed;
    }
    if (const auto failed = prune(db, now)) {
        return failed;
    }
    return *made;
}

/// What she has asked for already is read here, so that of two that race one is the first.
result<outcome> change_in_commit::make_request(prepared_connection& db) const {
    const auto hers = load_requests_of(db, who);
    if (!hers) {
        return hers.error();
    }
    auto decided = access::decide(what, *hers, now);
    if (decided.stored) {
        UTHAN_ASSERT(decided.stored->member_code == who.member_code);
        const auto number =
            store_request(db, who.organisation, *decided.stored, step_of(what), {}, now);
        if (!number) {
            return number.error();
        }
        decided.result.request = *number;
    }
    if (const auto failed =
            insert_effect(db, key, {who, what.index(), decided.result, std::nullopt}, now)) {
        return failed;
    }
    if (const auto failed = prune(db, now)) {
        return failed;
    }
    return decided.result;
}

result<outcome> change_in_commit::make_by_staff(prepared_connection& db) const {
    const auto made = make_staff_change(db, who, what, policy, now);
    if (!made) {
        return made.error();
    }
    if (const auto failed = insert_effect(db, key, {who, what.index(), *made, std::nullopt}, now)) {
        return failed;
    }
    if (const auto failed = prune(db, now)) {
        return failed;
    }
    return *made;
}

error_code change_in_commit::store_changed(prepared_connection& db, const member_record& before,
                                           const member_record& after) const {
    if (after.binding && after.binding != before.binding) {
        const auto step = step_between(before.binding, *after.binding);
        if (const auto failed = store_binding(db, who, *after.binding, step, {}, now)) {
            return failed;
        }
    }
    if (after.sms != before.sms) {
        // What waits for her is judged anew, also what is about to be claimed.
        if (const auto failed = bump_facts_version(db, who.organisation, who.member_code)) {
            return failed;
        }
    }
    return after == before ? error_code{} : store_record(db, who, after);
}

error_code change_in_commit::keep(prepared_connection& db, const member_record& before,
                                  const access::decision& decided) const {
    if (const auto failed = store_changed(db, before, decided.record)) {
        return failed;
    }
    if (const auto* chosen = std::get_if<access::set_pin>(&what); chosen && decided.link) {
        if (const auto failed = link_address(db, who, *chosen->from, now)) {
            return failed;
        }
    }
    if (decided.count_try) {
        if (const auto failed = count_try(db, std::get<access::begin_pin_try>(what), now)) {
            return failed;
        }
    }
    recorded_effect effect{who, what.index(), decided.result, std::nullopt};
    if (decided.result.compare_with) {
        effect.compared_salt = decided.result.compare_with->salt;
    }
    if (const auto failed = insert_effect(db, key, effect, now)) {
        return failed;
    }
    return prune(db, now);
}

result<outcome> change_in_commit::settle(prepared_connection& db,
                                         const recorded_effect& begun) const {
    const auto before = load_record(db, who);
    if (!before) {
        return before.error();
    }
    // A PIN that was replaced since the try began proves nothing any more.
    const auto& current = before->pin ? before->pin : before->one_time_pin;
    const bool same = current && current->salt == begun.compared_salt;
    access::settle_pin_try settled = std::get<access::settle_pin_try>(what);
    settled.matched = settled.matched && same;
    const auto decided = access::decide(*before, settled, {}, policy, now);
    if (const auto failed = store_changed(db, *before, decided.record)) {
        return failed;
    }
    if (decided.result.kind == outcome_kind::pin_right) {
        if (const auto failed = take_back_try(db, settled.of, now)) {
            return failed;
        }
    }
    if (const auto failed = settle_effect(db, key, decided.result)) {
        return failed;
    }
    return decided.result;
}

} // namespace

task<result<member_record>> member_registry::find(member_ref who) {
    co_return load_record(reader_, who);
}

task<result<std::vector<members::request>>> member_registry::requests(member_ref who) {
    co_return load_requests_of(reader_, who);
}

/// Only a changed number, or a masked one, needs a look into the database: which ones were changed
/// is remembered for as long as the generation stays the same.
task<result<std::vector<std::string>>>
member_registry::members_bound(std::string organisation, address caller, std::uint32_t generation) {
    if (caller.type() == address::kind::opaque) {
        co_return load_linked(reader_, organisation, caller);
    }
    auto& known = old_numbers_[organisation];
    if (known.generation != generation) {
        if (const auto failed = remember_old_numbers(organisation, known)) {
            co_return failed;
        }
        known.generation = generation;
    }
    const auto digest = std::hash<std::string_view>{}(caller.reveal());
    if (!known.too_many && !std::ranges::binary_search(known.digests, digest)) {
        co_return std::vector<std::string>{};
    }
    co_return load_changed_from(reader_, organisation, caller.reveal());
}

error_code member_registry::remember_old_numbers(std::string_view organisation,
                                                 old_numbers& known) {
    const auto numbers = load_old_numbers(reader_, organisation, old_numbers_max);
    if (!numbers) {
        return numbers.error();
    }
    known.digests.clear();
    known.too_many = numbers->size() > old_numbers_max;
    for (std::size_t i = 0; !known.too_many && i < numbers->size(); ++i) {
        known.digests.push_back(std::hash<std::string_view>{}((*numbers)[i]));
    }
    std::ranges::sort(known.digests);
    return {};
}

task<result<outcome>> member_registry::apply(effect_key key, member_ref who, change what,
                                             instant now) {
    const auto known = policies_.find(who.organisation);
    const auto policy = known != policies_.end() ? known->second : access::pin_policy{};
    change_in_commit work{std::move(key), std::move(who), std::move(what), policy, now};
    co_return co_await writer_.perform(std::move(work));
}

task<result<std::optional<outcome>>> member_registry::recorded(effect_key key) {
    const auto effect = load_effect(reader_, key);
    if (!effect) {
        co_return effect.error();
    }
    co_return *effect ? std::optional{replay_of(**effect)} : std::optional<outcome>{};
}

task<result<std::vector<members::meeting_change>>>
member_registry::meeting_changes(std::string organisation, std::string group_code,
                                 calendar_day today) {
    co_return load_meeting_changes(reader_, organisation, group_code, today);
}

task<result<std::vector<members::request>>>
member_registry::waiting_requests(std::string organisation, std::string office) {
    co_return load_waiting_requests(reader_, organisation, office, access::waiting_requests_max);
}

} // namespace uthan::db::sqlite
