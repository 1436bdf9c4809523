#include "access/requests.hpp"

#include "core/assert.hpp"

#include <algorithm>

namespace uthan::access {
namespace {

using members::opening_kind;

const members::request* find(std::span<const members::request> hers, std::uint64_t number) {
    const auto found = std::ranges::find(hers, number, &members::request::number);
    return found == hers.end() ? nullptr : &*found;
}

request_decision refused(std::uint64_t number) {
    return {{.kind = outcome_kind::refused, .request = number}, std::nullopt};
}

request_decision open(const open_request& what, std::span<const members::request> hers,
                      instant now) {
    const auto& on = what.on;
    const auto* category = members::category_of(on.rules->requests, what.form.category);
    const bool accusing = category != nullptr && members::accuses(*category);
    const auto* avoided = accusing && on.facts->officer ? &*on.facts->officer : nullptr;
    const auto ladder =
        members::ladder_of(on.rules->requests, on.ladder->imported, on.ladder->chain, avoided);
    auto opening =
        members::open_request(what.form, *on.facts, *on.rules, ladder, hers, now, on.today);
    switch (opening.kind) {
    case opening_kind::opened:
        return {{.kind = outcome_kind::opened}, std::move(opening.made)};
    case opening_kind::already:
        return {{.kind = outcome_kind::already, .request = opening.existing}, std::nullopt};
    case opening_kind::too_many:
        return {{.kind = outcome_kind::too_many, .request = opening.existing}, std::nullopt};
    case opening_kind::not_offered:
    case opening_kind::not_member:
        break;
    }
    return refused(0);
}

request_decision escalate(const escalate_request& what, std::span<const members::request> hers) {
    const auto* one = find(hers, what.number);
    if (one == nullptr) {
        return refused(0);
    }
    const auto& on = what.on;
    const auto ladder = ladder_for(*one, *on.facts, *on.rules, *on.ladder);
    auto climbed = members::escalate(*one, members::climber::member, *on.rules, ladder,
                                     *on.facts->calendar, on.today);
    if (climbed.kind != members::climb_kind::moved) {
        return refused(what.number);
    }
    return {{.kind = outcome_kind::done, .request = what.number}, std::move(climbed.after)};
}

request_decision withdraw(const withdraw_request& what, std::span<const members::request> hers) {
    const auto* one = find(hers, what.number);
    if (one == nullptr) {
        return refused(0);
    }
    auto after = members::acted(*one, members::request_action::withdraw, what.today);
    if (!after) {
        return refused(what.number);
    }
    return {{.kind = outcome_kind::done, .request = what.number}, std::move(after)};
}

} // namespace

bool is_about_requests(const change& what) noexcept {
    return std::holds_alternative<open_request>(what) ||
           std::holds_alternative<escalate_request>(what) ||
           std::holds_alternative<withdraw_request>(what);
}

const members::staff* accused_of(const members::request& one, const members::member_facts& facts,
                                 const members::ladder_source& source) noexcept {
    if (!one.about_staff || one.accused_code.empty()) {
        return nullptr;
    }
    const auto found = std::ranges::find(source.accused, one.accused_code, &members::staff::code);
    if (found != source.accused.end()) {
        return &*found;
    }
    const bool is_hers = facts.officer && facts.officer->code == one.accused_code;
    return is_hers ? &*facts.officer : nullptr;
}

std::vector<members::ladder_rung> ladder_for(const members::request& one,
                                             const members::member_facts& facts,
                                             const members::organisation_rules& rules,
                                             const members::ladder_source& source) {
    return members::ladder_of(rules.requests, source.imported, source.chain,
                              accused_of(one, facts, source));
}

request_decision decide(const change& what, std::span<const members::request> hers, instant now) {
    if (const auto* opened = std::get_if<open_request>(&what)) {
        return open(*opened, hers, now);
    }
    if (const auto* escalated = std::get_if<escalate_request>(&what)) {
        return escalate(*escalated, hers);
    }
    UTHAN_ASSERT(std::holds_alternative<withdraw_request>(what));
    return withdraw(std::get<withdraw_request>(what), hers);
}

request_decision report(const change& what, const member_record& before,
                        std::span<const members::request> hers, instant now) {
    const auto* said = std::get_if<answer_number_change>(&what);
    const auto* seen = std::get_if<report_number_change>(&what);
    UTHAN_ASSERT(said != nullptr || seen != nullptr);
    const auto& on = said != nullptr ? said->on : seen->on;
    const auto& from = said != nullptr ? said->from : seen->from;
    const bool stopped = from && (said != nullptr ? !said->hers && may_answer(before, *from)
                                                  : is_held_back_change(before, *from, now));
    if (!stopped || !on.facts || !on.ladder || on.rules == nullptr) {
        return refused(0);
    }
    const auto& accused_code = before.binding->change->staff_code;
    members::request accusing;
    accusing.about_staff = true;
    accusing.accused_code = accused_code;
    const auto ladder = ladder_for(accusing, *on.facts, *on.rules, *on.ladder);
    auto opening = members::open_number_change(*on.facts, *on.rules, ladder, accused_code,
                                               accused_of(accusing, *on.facts, *on.ladder), hers,
                                               now, on.today);
    if (opening.kind == opening_kind::already) {
        return {{.kind = outcome_kind::already, .request = opening.existing}, std::nullopt};
    }
    return {{.kind = outcome_kind::opened}, std::move(opening.made)};
}

std::optional<members::request> answered(const answer_by_staff& what, const members::request& one) {
    return members::may_see(one, *what.by)
               ? members::acted(one, members::request_action::answer, what.today)
               : std::nullopt;
}

std::optional<members::request> risen(const members::request& one,
                                      const members::member_facts& facts,
                                      const members::organisation_rules& rules,
                                      const members::ladder_source& source, calendar_day today) {
    const auto ladder = ladder_for(one, facts, rules, source);
    auto climbed =
        members::escalate(one, members::climber::clock, rules, ladder, *facts.calendar, today);
    if (climbed.kind != members::climb_kind::moved) {
        return std::nullopt;
    }
    return std::move(climbed.after);
}

} // namespace uthan::access
