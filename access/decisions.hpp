#pragma once

#include "access/record.hpp"
#include "core/random.hpp"

#include <string_view>

// Pure decisions about a member's record. No clock, no randomness, no I/O.
namespace uthan::access {

/// Four ASCII digits.
bool is_pin(std::string_view text) noexcept;

/// Easy to guess: all digits alike, a run up or down (1234, 9876), a pair repeated (1212), a year
/// of birth (1940–2029), or the last four digits of the member code or of the number she dials
/// from.
bool is_weak_pin(std::string_view pin, std::string_view member_code,
                 std::string_view subscriber_digits) noexcept;

/// Four digits that are not easy to guess, for a slip.
std::string draw_pin(random_source& random, std::string_view member_code);

pin_verifier make_verifier(const secret_key& key, const member_ref& who, const digest128& salt,
                           std::string_view pin);
/// In constant time.
bool matches(const secret_key& key, const member_ref& who, const pin_verifier& verifier,
             std::string_view pin);

/// How often this number and this channel have tried in the last hour, and how often this member
/// was guessed at in the last day, before this try.
struct recent_tries {
    unsigned by_number = 0;
    unsigned by_channel = 0;
    unsigned of_member = 0;
};

struct decision {
    member_record record; ///< to store
    outcome result;
    bool count_try = false; ///< whether recent_tries grow by one
    bool link = false;      ///< whether set_pin's opaque address becomes hers
};

/// `policy.tries_max` >= 1. settle_pin_try belongs to a try that was begun (the registry sees to
/// it).
decision decide(const member_record& before, const change& what, const recent_tries& tries,
                const pin_policy& policy, instant now);

} // namespace uthan::access
