#pragma once

#include "core/address.hpp"
#include "core/calendar.hpp"
#include "core/digest.hpp"
#include "core/money.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The life of one text message, as values. What is stored keeps these numbers: append, never
// reorder.
namespace uthan::sms {

/// In strict order of urgency; the lowest has a floor (picker.hpp).
enum class message_class : std::uint8_t { security, receipt, answer, meeting, reminder, broadcast };
inline constexpr std::array<std::string_view, 6> message_class_names{
    "security", "receipt", "answer", "meeting", "reminder", "broadcast"};
inline constexpr std::size_t message_classes = message_class_names.size();

/// `submitting`: claimed, and perhaps handed over. `unconfirmed`: handed over, and no answer came
/// (crash, time-out, lost link); never silently sent again.
enum class message_state : std::uint8_t {
    accepted,
    submitting,
    submitted,
    delivered,
    failed,
    expired,
    cancelled,
    unconfirmed
};
inline constexpr std::array<std::string_view, 8> message_state_names{
    "accepted", "submitting", "submitted", "delivered",
    "failed",   "expired",    "cancelled", "unconfirmed"};

/// Why a message is where it is; each has one sentence in explanation.hpp.
enum class reason : std::uint8_t {
    none,
    waits_for_time,      ///< its due time, or quiet hours
    waits_for_route,     ///< no channel that may carry it is up
    waits_for_budget,    ///< the month's money for its class is used up
    throttled,           ///< the channel asked to be slower; tried again
    temporary_refusal,   ///< by the channel; tried again
    permanent_refusal,   ///< by the channel
    no_route,            ///< no channel carries this number or alphabet
    too_many_parts,      ///< longer than the channel carries
    validity_over,       ///< its validity ended before it was delivered
    no_answer,           ///< handed over; the answer did not come in time
    link_lost,           ///< handed over; the link was lost before the answer
    restarted,           ///< handed over, perhaps, when this program ended
    retried_unconfirmed, ///< sent once more and marked, because its class allows it
    no_longer_true,      ///< the truth fence: what it says is not so any more
    opted_out,           ///< she does not want such messages
    cap_reached,         ///< as many of its class as one member gets
    cancelled_by_staff,
    receipt_delivered, ///< the operator's receipts
    receipt_failed,
    receipt_expired,
    partly_sent, ///< some parts went, a later one was refused
    partly_delivered
};

/// What the truth fence asks at the moment of sending. `none` always holds.
enum class fence_kind : std::uint8_t {
    none,
    instalment_open ///< this loan's instalment of that day still wants exactly this amount
};
struct fence_condition {
    fence_kind kind = fence_kind::none;
    std::string loan_no = {};
    calendar_day due_on{};
    money amount{};
    bool operator==(const fence_condition&) const = default;
};

/// What facts a decision was taken on: an overlay's count of changes of one member, and the
/// published generation. The claim commits only if both are still so.
struct facts_mark {
    std::uint64_t facts_version = 0;
    std::uint32_t generation = 0;
    bool operator==(const facts_mark&) const = default;
};

/// Of one part of a message.
enum class part_state : std::uint8_t {
    waiting,    ///< not handed over, or refused for now
    submitting, ///< handed over, not answered
    submitted,
    delivered,
    failed,
    expired,
    unconfirmed
};

/// A message as it is accepted. Text is UTF-8 in texts' stored form; 1…parts_max segments.
struct new_message {
    std::string organisation;
    /// Unique within the organisation: the same key with the same `body` is the same message.
    std::string idempotency_key;
    digest128 body{}; ///< of what the key stands for
    message_class of = message_class::answer;
    std::string member_code; ///< empty: not about a member
    std::string office_code; ///< for reports and budgets; may be empty
    address to;
    std::string text;
    fence_condition fence = {};
    instant due_at{};      ///< not before
    instant valid_until{}; ///< not after
};

/// One line of a message's history.
struct message_event {
    instant at{};
    message_state state = message_state::accepted;
    reason why = reason::none;
    std::uint32_t detail = 0; ///< a channel's status; 0: none
    bool operator==(const message_event&) const = default;
};

/// A message as the store knows it.
struct message_record {
    std::uint64_t id = 0;
    std::string organisation;
    message_class of = message_class::answer;
    std::string member_code;
    std::string office_code;
    address to = address::opaque({}, {});
    std::string text;
    fence_condition fence;
    instant accepted_at{};
    instant due_at{};
    instant valid_until{};
    message_state state = message_state::accepted;
    std::uint16_t attempts = 0;  ///< parts that were refused for now
    bool marked = false;         ///< sent once more after `unconfirmed`; its text says so
    std::string channel;         ///< of the last claim; empty before
    std::uint16_t reference = 0; ///< of its concatenation; the same for a part that is tried again
    std::uint32_t segments = 0;  ///< of the last claim
    money price_per_segment{};   ///< of the last claim
    std::uint32_t taken = 0;     ///< segments that the channel took, or may have taken
    money price{};               ///< of these
    std::vector<part_state> parts;      ///< none before the first claim
    std::vector<message_event> history; ///< oldest first; at most history_max
};

/// Kept lines of a history; of more, the first and the newest stay.
inline constexpr std::size_t history_max = 48;
inline constexpr std::size_t parts_per_message_max = 16;
inline constexpr std::size_t text_octets_max = 4096;
inline constexpr std::size_t idempotency_key_max = 128;

} // namespace uthan::sms
