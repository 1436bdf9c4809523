#include "access/binding.hpp"

#include "access/record.hpp"

namespace uthan::access {
namespace {

bool is_waiting(const number_binding& bound) noexcept {
    return bound.change && bound.change->state == change_state::waiting;
}

caller_view view_of_bound(const number_binding& bound, instant now) {
    if (is_waiting(bound) && now >= bound.change->opens_at + old_number_kept_for) {
        return {standing::closed};
    }
    // While a change waits it is the other number that the file calls hers, and perhaps staff's.
    const bool is_staffs = bound.of_staff && !bound.change;
    const bool guarded = is_staffs || bound.proof == number_proof::branch;
    return {guarded ? standing::guarded : standing::own,
            is_waiting(bound) && !bound.change->number.empty()};
}

caller_view view_of_changed(const number_binding& bound, bool has_pin, instant now) {
    if (!is_waiting(bound)) {
        return {standing::closed};
    }
    // Where there was a PIN, a changed number and a new slip together would be all that a thief
    // needs: that takes an auditor.
    const bool never_proved = bound.proof == number_proof::imported && !has_pin;
    const bool by_slip = never_proved && now >= bound.change->opens_at;
    return {by_slip ? standing::guarded : standing::pin_only};
}

} // namespace

caller_view view_of(const member_record& record, const address& caller, instant now) {
    const auto& bound = record.binding;
    if (!bound || caller.type() == address::kind::opaque) {
        return {};
    }
    if (caller.reveal() == bound->number) {
        return view_of_bound(*bound, now);
    }
    if (bound->change && caller.reveal() == bound->change->number) {
        return view_of_changed(*bound, record.pin.has_value(), now);
    }
    // An older generation was published again: neither number is known here.
    return {standing::pin_only};
}

bool may_answer(const member_record& record, const address& caller) {
    return record.binding && is_waiting(*record.binding) &&
           caller.type() != address::kind::opaque && caller.reveal() == record.binding->number;
}

bool is_held_back_change(const member_record& record, const address& caller, instant now) {
    return record.binding && is_waiting(*record.binding) && !record.pin &&
           caller.type() != address::kind::opaque &&
           caller.reveal() == record.binding->change->number &&
           view_of(record, caller, now).stands == standing::pin_only;
}

std::optional<number_binding> after_import(const std::optional<number_binding>& before,
                                           const imported_number& said, std::chrono::hours cool_off,
                                           instant now) {
    const bool is_new = !said.previous.empty() && said.previous != said.number;
    if (!before && !is_new && !said.of_staff) {
        return std::nullopt;
    }
    auto after = before.value_or(
        number_binding{.number = is_new ? said.previous : said.number,
                       .since = now,
                       .proof = said.has_pin ? number_proof::pin : number_proof::imported});
    after.of_staff = said.of_staff;
    if (said.number == after.number) {
        after.change.reset();
    } else if (!after.change || after.change->number != said.number) {
        after.change = number_change{.number = said.number,
                                     .seen_at = now,
                                     .opens_at = now + cool_off,
                                     .office_code = said.office_code,
                                     .staff_code = said.staff_code};
    }
    return after;
}

std::optional<number_binding> after_proof(const std::optional<number_binding>& before,
                                          const address& caller, instant now) {
    if (caller.type() == address::kind::opaque) {
        return before;
    }
    const auto& number = caller.reveal();
    if (!before) {
        return number_binding{.number = number, .since = now, .proof = number_proof::pin};
    }
    auto after = *before;
    if (number == after.number) {
        after.proof = number_proof::pin;
    } else if (is_waiting(after) && after.change->number == number &&
               now >= after.change->opens_at) {
        after = {.number = number,
                 .since = now,
                 .proof = number_proof::pin,
                 .of_staff = before->of_staff};
    }
    return after;
}

std::optional<number_binding> after_answer(const std::optional<number_binding>& before,
                                           const address& caller, bool hers, instant now) {
    if (!before || !is_waiting(*before) || caller.type() == address::kind::opaque ||
        caller.reveal() != before->number) {
        return before;
    }
    auto after = *before;
    after.change->told_at = after.change->told_at.value_or(now);
    if (!hers) {
        after.change->state = change_state::blocked;
    }
    return after;
}

std::optional<number_binding> after_confirm(const number_binding& before, instant now) {
    if (!before.change || before.change->number.empty()) {
        return std::nullopt;
    }
    return number_binding{.number = before.change->number,
                          .since = now,
                          .proof = number_proof::branch,
                          .of_staff = before.of_staff};
}

std::optional<number_binding> after_refusal(const number_binding& before) {
    if (!before.change || before.change->number.empty()) {
        return std::nullopt;
    }
    auto after = before;
    after.change->state = change_state::refused;
    return after;
}

} // namespace uthan::access
