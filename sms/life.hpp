#pragma once

#include "sms/message.hpp"
#include "sms/outbox.hpp"

#include <chrono>
#include <string>
#include <string_view>

// What becomes of a message, decided from its record and one event. Pure; whoever stores the record
// calls these inside the commit, so that of two events one is the first.
namespace uthan::sms {

struct class_rules {
    /// Refusals for now of each part; then the message fails.
    std::uint16_t attempts_max = 6;
    /// What was handed over and never answered is sent once more and says so. Where false it stays
    /// `unconfirmed`: twice would be worse than perhaps not at all.
    bool resends_unconfirmed = false;
    /// She may have opted out of such since it was accepted, and is asked about at the claim.
    bool is_optional = false;
    /// Validity where whoever sends it names none.
    std::chrono::hours validity{24};
};
const class_rules& rules_of(message_class of) noexcept;

/// unconfirmed < submitted < failed = expired = cancelled < delivered; before the hand-over 0. A
/// message's rank never falls, but for a marked one that is sent again.
unsigned rank_of(message_state state) noexcept;
bool is_final(message_state state) noexcept;

/// Its first copy was handed over and not answered, and the marked one was not begun. A late answer
/// to the first one's parts still settles the message, and no second copy goes.
bool copy_waits(const message_record& message) noexcept;

/// What is handed over: the text, marked where it is sent again.
std::string text_to_send(const message_record& message);

/// The channel that has got a part of it already: the others must go there too, or the phone cannot
/// join them. Empty: any, as for a marked copy that has not begun.
std::string_view bound_channel(const message_record& message) noexcept;

/// How long a message waits after its n-th refusal: 5 s, doubling up to 10 min.
std::chrono::seconds retry_delay(unsigned refusals) noexcept;

// Each returns whether it changed the record; one that does not, leaves it as it was.

/// Whether a part of this concatenation belongs to the copy before the one that is sent now: two
/// copies' parts make no message on the phone, so what becomes of the first one's says nothing.
bool is_of_earlier_copy(const message_record& message, std::uint16_t reference) noexcept;

/// accepted → submitting: its waiting parts are about to be handed over.
bool take(message_record& message, const claim& by, instant now);
/// `part`s that the message has not, and states that it is not in, change nothing.
bool apply(message_record& message, const report& what, instant now);
/// A receipt for one part.
bool apply_receipt(message_record& message, std::size_t part, receipt_state state,
                   std::uint32_t error, instant now);
/// Only before any part was handed over, of whichever copy.
bool cancel(message_record& message, instant now);
/// A waiting message whose validity is over. One whose marked copy was not begun ends as
/// unconfirmed: its first copy may have arrived.
bool expire(message_record& message, instant now);

} // namespace uthan::sms
