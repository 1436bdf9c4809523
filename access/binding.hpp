#pragma once

#include "core/address.hpp"
#include "core/calendar.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// Which number a member's account answers to. A field officer who skims can also change her number
// in the core system to his own, so what an import says of a number that she has used is a proposal
// only. Pure: no clock, no I/O.
namespace uthan::access {

struct member_record; // record.hpp

/// How a number became hers. Stored by number: never renumber.
enum class number_proof : std::uint8_t {
    imported, ///< the file said so, and nothing said otherwise
    pin,      ///< her PIN was set or proved from it
    branch    ///< an auditor confirmed it; her PIN was not proved from it yet
};

/// Stored by number: never renumber.
enum class change_state : std::uint8_t {
    waiting,
    blocked, ///< from her old number: "not I"
    refused  ///< by an auditor
};

/// Another number that an import said.
struct number_change {
    std::string number{}; ///< E.164 digits; empty: the file has no number for her any more
    instant seen_at{};
    instant opens_at{}; ///< when the cool-off is over
    change_state state = change_state::waiting;
    std::string office_code{};        ///< hers at that import
    std::string staff_code{};         ///< of her group's officer at that import
    std::optional<instant> told_at{}; ///< when she read of it on her old number
    bool operator==(const number_change&) const = default;
};

/// Of a member whose number was proved or changed, or is one of staff; of all others the imported
/// number is hers.
struct number_binding {
    std::string number{}; ///< E.164 digits
    instant since{};
    number_proof proof = number_proof::imported;
    std::optional<number_change> change{};
    /// The imported number is a member of staff's or an office's own.
    bool of_staff = false;
    bool operator==(const number_binding&) const = default;
};

/// What a caller may do with an account that his number leads to.
enum class standing : std::uint8_t {
    own,      ///< as ever
    guarded,  ///< what is personal needs her PIN; a first PIN only by a branch's slip
    pin_only, ///< what is personal needs her PIN; no first PIN from here
    closed    ///< nothing
};

struct caller_view {
    standing stands = standing::own;
    /// This is the old number, and she is to be told of the change.
    bool is_told = false;
    bool operator==(const caller_view&) const = default;
};

/// How long after the cool-off the old number still answers when nobody proved the new one: one
/// that dials once a month is not shut out, and a stranger who gets the number later finds nothing
/// (operators give idle ones out again after 450 days).
inline constexpr std::chrono::days old_number_kept_for{90};

caller_view view_of(const member_record& record, const address& caller, instant now);

/// A change waits, and this is her old number.
bool may_answer(const member_record& record, const address& caller);

/// This is the number that a change waits for, no first PIN may be set from it yet, and her account
/// has none: with a slip in his hand a thief would go on here.
bool is_held_back_change(const member_record& record, const address& caller, instant now);

/// What one import says of one member's number.
struct imported_number {
    std::string previous{}; ///< in the generation before; empty: none, or not known
    std::string number{};   ///< empty: none
    std::string office_code{};
    std::string staff_code{};
    bool has_pin = false;  ///< on the gateway
    bool of_staff = false; ///< the number is a member of staff's or an office's own
};

/// Her binding after an import; none where nothing is to be kept. A number that was blocked or
/// refused stays so for as long as files repeat it; the old number in a file ends the matter.
std::optional<number_binding> after_import(const std::optional<number_binding>& before,
                                           const imported_number& said, std::chrono::hours cool_off,
                                           instant now);

/// Her binding after her PIN was set, or proved, from `caller`. A changed number becomes hers when
/// its cool-off is over.
std::optional<number_binding> after_proof(const std::optional<number_binding>& before,
                                          const address& caller, instant now);

/// From her old number: "not I" (`hers` false) blocks the change, else it is noted that she read
/// it. Unchanged when no change waits or the caller is another.
std::optional<number_binding> after_answer(const std::optional<number_binding>& before,
                                           const address& caller, bool hers, instant now);

/// By an auditor. None when there is no change to a number.
std::optional<number_binding> after_confirm(const number_binding& before, instant now);
std::optional<number_binding> after_refusal(const number_binding& before);

} // namespace uthan::access
