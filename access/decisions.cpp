#include "access/decisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace uthan::access {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Each digit is the one before plus `step`, around the keypad: 7890 runs up, 2109 runs down.
bool is_run(std::string_view pin, int step) noexcept {
    for (std::size_t i = 1; i < pin.size(); ++i) {
        if ((pin[i - 1] - '0' + step + 10) % 10 != pin[i] - '0') {
            return false;
        }
    }
    return true;
}

bool is_year_of_birth(std::string_view pin) noexcept {
    return pin >= "1940" && pin <= "2029";
}

/// Whether the PIN is the last four digits of a text, whatever stands between its digits.
bool is_tail_of(std::string_view pin, std::string_view text) noexcept {
    std::size_t left = pin.size();
    for (auto c = text.rbegin(); c != text.rend() && left > 0; ++c) {
        if (!is_digit(*c)) {
            continue;
        }
        --left;
        if (*c != pin[left]) {
            return false;
        }
    }
    return left == 0;
}

digest256 digest_of(const secret_key& key, const member_ref& who, const digest128& salt,
                    std::string_view pin) {
    return keyed_digest256(key, "pin", {who.organisation, who.member_code, as_bytes(salt), pin});
}

bool is_locked(const member_record& record, instant now) noexcept {
    return record.locked_until && now < *record.locked_until;
}

/// A lock opens by itself: the tries that led to it are forgotten with it.
void open_lapsed_lock(member_record& record, instant now) noexcept {
    if (record.locked_until && now >= *record.locked_until) {
        record.locked_until.reset();
        record.tries_used = 0;
    }
}

struct comparable {
    std::optional<pin_verifier> verifier;
    bool one_time = false;
};

/// Her own PIN; without one, the one-time PIN while it is good.
comparable what_to_compare(const member_record& record, instant now) {
    if (record.pin) {
        return {record.pin, false};
    }
    if (record.one_time_pin && record.one_time_expires_at && now < *record.one_time_expires_at) {
        return {record.one_time_pin, true};
    }
    return {};
}

unsigned tries_left(const member_record& record, const pin_policy& policy) noexcept {
    return policy.tries_max - std::min(record.tries_used, policy.tries_max);
}

outcome locked_outcome(const member_record& record) {
    return {.kind = outcome_kind::pin_locked, .locked_until = record.locked_until};
}

/// Whoever only types her number shall neither guess her PIN nor lock it, and his wrong slips shall
/// not lock her out of her own phone: they are counted beside her record.
decision begin_strangers_try(const member_record& before, instant now) {
    const auto compare = what_to_compare(before, now);
    if (before.pin || !compare.verifier || is_locked(before, now)) {
        return {before, {.kind = outcome_kind::pin_unset}, true};
    }
    const outcome allowed{
        .kind = outcome_kind::try_allowed, .compare_with = compare.verifier, .one_time = true};
    return {before, allowed, true};
}

decision begin_try(const member_record& before, const begin_pin_try& asked,
                   const recent_tries& tries, const pin_policy& policy, instant now) {
    // The limit comes first and says nothing of the member: a guesser learns no state by it.
    if (tries.by_number >= policy.tries_per_number_per_hour ||
        tries.by_channel >= policy.tries_per_channel_per_hour ||
        (asked.member && tries.of_member >= policy.guesses_per_member_per_day)) {
        return {before, {.kind = outcome_kind::limited}, false};
    }
    if (asked.one_time_only) {
        return begin_strangers_try(before, now);
    }
    if (is_locked(before, now)) {
        return {before, locked_outcome(before), false};
    }
    member_record after = before;
    open_lapsed_lock(after, now);
    const auto compare = what_to_compare(after, now);
    if (!compare.verifier) {
        // Still a guess of this number: at a first PIN it is the passbook's digits that are
        // guessed.
        return {after, {.kind = outcome_kind::pin_unset}, true};
    }
    // Only when the policy has become stricter since the last try.
    if (after.tries_used >= policy.tries_max) {
        after.locked_until = now + policy.lock_for;
        return {after, locked_outcome(after), false};
    }
    ++after.tries_used;
    // The last try locks before its compare, so that a crash between the two gives nothing away.
    if (after.tries_used >= policy.tries_max) {
        after.locked_until = now + policy.lock_for;
    }
    const outcome allowed{.kind = outcome_kind::try_allowed,
                          .tries_left = tries_left(after, policy),
                          .locked_until = after.locked_until,
                          .compare_with = compare.verifier,
                          .one_time = compare.one_time};
    return {after, allowed, true};
}

decision settle_try(const member_record& before, const settle_pin_try& settle,
                    const pin_policy& policy, instant now) {
    // Not whether it is still good: it was when the try began.
    const bool one_time = !before.pin.has_value();
    if (!settle.matched) {
        const outcome wrong{.kind = outcome_kind::pin_wrong,
                            .tries_left = tries_left(before, policy),
                            .locked_until = before.locked_until,
                            .one_time = one_time};
        return {before, wrong, false};
    }
    member_record after = before;
    after.tries_used = 0;
    after.locked_until.reset();
    // A slip is the branch's; her own PIN is hers.
    if (settle.from && !one_time) {
        after.binding = after_proof(before.binding, *settle.from, now);
    }
    const outcome right{.kind = outcome_kind::pin_right,
                        .tries_left = tries_left(after, policy),
                        .one_time = one_time};
    return {after, right, false};
}

/// Another PIN was preceded by the old one in the same dialogue.
bool may_set_from(const member_record& before, const set_pin& chosen, instant now) {
    if (!chosen.from) {
        return true;
    }
    const auto stands = view_of(before, *chosen.from, now).stands;
    return stands == standing::own || stands == standing::guarded ||
           (stands == standing::pin_only && chosen.replace);
}

decision set(const member_record& before, const set_pin& chosen, instant now) {
    if (is_locked(before, now)) {
        return {
            before, {.kind = outcome_kind::refused, .locked_until = before.locked_until}, false};
    }
    if (before.pin.has_value() != chosen.replace || !may_set_from(before, chosen, now)) {
        return {before, {.kind = outcome_kind::refused}, false};
    }
    member_record after = before;
    after.pin = chosen.verifier;
    after.pin_set_at = now;
    after.one_time_pin.reset();
    after.one_time_expires_at.reset();
    after.tries_used = 0;
    after.locked_until.reset();
    if (chosen.from) {
        after.binding = after_proof(before.binding, *chosen.from, now);
    }
    const bool link = chosen.from && chosen.from->type() == address::kind::opaque;
    return {after, {.kind = outcome_kind::done}, false, link};
}

decision answer(const member_record& before, const answer_number_change& said, instant now) {
    if (!said.from || !may_answer(before, *said.from)) {
        return {before, {.kind = outcome_kind::refused}, false};
    }
    member_record after = before;
    after.binding = after_answer(before.binding, *said.from, said.hers, now);
    return {after, {.kind = outcome_kind::done}, false};
}

decision reset(const member_record& before, const reset_pin& issued, const pin_policy& policy,
               instant now) {
    member_record after = before;
    after.pin.reset();
    after.pin_set_at.reset();
    after.one_time_pin = issued.one_time;
    after.one_time_expires_at = now + policy.one_time_valid_for;
    after.tries_used = 0;
    after.locked_until.reset();
    return {after, {.kind = outcome_kind::done}, false};
}

} // namespace

bool is_pin(std::string_view text) noexcept {
    return text.size() == 4 && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_weak_pin(std::string_view pin, std::string_view member_code,
                 std::string_view subscriber_digits) noexcept {
    if (!is_pin(pin)) {
        return true;
    }
    const bool pair_repeated = pin.substr(0, 2) == pin.substr(2, 2);
    return is_run(pin, 0) || is_run(pin, 1) || is_run(pin, -1) || pair_repeated ||
           is_year_of_birth(pin) || is_tail_of(pin, member_code) ||
           is_tail_of(pin, subscriber_digits);
}

std::string draw_pin(random_source& random, std::string_view member_code) {
    std::string pin;
    do {
        pin = fmt::format("{:04}", random.below(10'000));
    } while (is_weak_pin(pin, member_code, {}));
    return pin;
}

pin_verifier make_verifier(const secret_key& key, const member_ref& who, const digest128& salt,
                           std::string_view pin) {
    return {salt, digest_of(key, who, salt, pin)};
}

bool matches(const secret_key& key, const member_ref& who, const pin_verifier& verifier,
             std::string_view pin) {
    return equal(digest_of(key, who, verifier.salt, pin), verifier.digest);
}

decision decide(const member_record& before, const change& what, const recent_tries& tries,
                const pin_policy& policy, instant now) {
    if (const auto* begun = std::get_if<begin_pin_try>(&what)) {
        return begin_try(before, *begun, tries, policy, now);
    }
    if (const auto* settle = std::get_if<settle_pin_try>(&what)) {
        return settle_try(before, *settle, policy, now);
    }
    if (const auto* chosen = std::get_if<set_pin>(&what)) {
        return set(before, *chosen, now);
    }
    if (const auto* issued = std::get_if<reset_pin>(&what)) {
        return reset(before, *issued, policy, now);
    }
    if (const auto* said = std::get_if<answer_number_change>(&what)) {
        return answer(before, *said, now);
    }
    member_record after = before;
    if (const auto* language = std::get_if<choose_language>(&what)) {
        after.language = language->language;
    } else if (const auto* sms = std::get_if<choose_sms>(&what)) {
        after.sms = sms->choice;
        after.sms_chosen_at = now;
    }
    return {after, {.kind = outcome_kind::done}, false};
}

} // namespace uthan::access
