#pragma once

#include "access/record.hpp"
#include "core/calendar.hpp"
#include "core/digest.hpp"
#include "core/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One USSD dialogue between two hops. What was typed is never in it: only lengths and keyed
// digests.
namespace uthan::sessions {

/// What the next input answers.
enum class phase : std::uint8_t {
    fresh,         ///< nothing shown yet
    whose,         ///< whose account, on a shared phone
    enrol_proof,   ///< a branch's slip or the passbook's last digits, before the first PIN
    new_pin,       ///< the first typing of a new PIN
    new_pin_again, ///< the second
    ask_pin,       ///< the PIN, before `stack`'s top screen is shown
    resume,        ///< go on where the dropped dialogue was?
    consent,       ///< the one question after the first fact
    menu,          ///< the top screen of `stack`
    ended,
    number_notice, ///< her number is about to change: is it she?
    link_code,     ///< the member number, on a masked phone that nobody was linked to
    link_proof,    ///< a branch's slip, before that link
    own_or_staff   ///< her own account or her work, where a number has both
};

/// A screen on the way back. `param`: what was chosen or typed for it (a loan's number, an amount).
struct frame {
    std::string screen;
    std::string param;
    std::uint8_t page = 0;
    bool operator==(const frame&) const = default;
};

inline constexpr std::size_t stack_depth_max = 8;
inline constexpr std::size_t requests_remembered_max = 6;

struct state {
    /// Compare-and-set counter of the store.
    std::uint64_t version = 0;
    /// Keyed digest of the transport's session id.
    digest128 session{};
    instant started_at{};
    instant last_at{};
    /// Inputs taken in this transport session; numbers its effects.
    std::uint32_t step = 0;
    /// Of a transport that sends its whole history: how much was seen, and its digest; of one that
    /// sends each input alone, the digest of the last request's id.
    std::uint32_t seen_length = 0;
    digest128 seen{};
    /// Of the latter: the requests before, newest last. A late repetition is none of her keys.
    std::vector<digest128> seen_before;
    /// What was answered last: a repeated request gets the same screen.
    std::string last_screen;
    bool last_final = false;

    phase at = phase::fresh;
    std::string member_code;
    bool shared_phone = false;
    /// The number is not yet trusted with her account, or is one of staff: what is personal needs
    /// the PIN, whatever the organisation asks for.
    bool guarded = false;
    std::uint8_t whose_page = 0;
    members::written_language language = members::written_language::bn;
    bool pin_proved = false;
    /// The PIN was set in this dialogue: after the first fact the consent question comes.
    bool enrolling = false;
    /// Whether the new PIN replaces one that was proved (else it is the first).
    bool replacing = false;
    /// The new PIN as it will be stored, between its two typings.
    std::optional<access::pin_verifier> new_pin;
    std::vector<frame> stack;
    bool operator==(const state&) const = default;
};

/// Versioned, compact, at most state_bytes_max of store.hpp. Decoding anything else than what
/// encode made gives errc::corrupt; the store's version is not inside.
std::string encode(const state& s);
result<state> decode(std::string_view bytes, std::uint64_t version);

} // namespace uthan::sessions
