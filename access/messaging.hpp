#pragma once

#include "access/consent.hpp"
#include "access/record.hpp"
#include "members/facts.hpp"

#include <optional>
#include <string>

// Where a text message to a member goes, and how much it may say. Pure.
namespace uthan::access {

/// Her number (E.164 digits) as of `now`; none when she has none that may be written to.
/// - Without a binding the imported one.
/// - While another number waits, is blocked or refused: the one that was hers; when nobody proved
///   the new one old_number_kept_for after its cool-off, none.
/// - None that is a member of staff's or an office's: who collects the money must not be the one
///   who reads what she is told of it.
std::optional<std::string> number_to_write_to(const member_record& record,
                                              const members::member& who, instant now);

enum class message_scope : std::uint8_t { nothing, without_amounts, with_amounts };

/// What a receipt may say. The switch for receipts is her answer to whether news of instalments and
/// deposits may come by text message: "off" means none. Whoever was not asked yet, or whose file
/// row says yes, is told that something was posted and not how much: the phone may be shared, and a
/// receipt is what shows her a collection that never reached the book.
message_scope receipt_scope(const member_record& record, const members::member& who);

/// Whether a message that is neither a receipt nor about security may be sent to her: after a yes,
/// on the phone or in the file.
bool takes_messages(const member_record& record, const members::member& who);

} // namespace uthan::access
