#pragma once

#include "sms/message.hpp"

#include <string>
#include <string_view>

namespace uthan::sms {

/// A reason's name, as the API writes it; empty for `none`.
std::string_view name_of(reason why) noexcept;

/// Where a message is, since when, and why: one sentence, or two where it was sent again. English,
/// for staff; moments in RFC 3339 UTC. Holds neither its number nor its text.
std::string explain(const message_record& message);

} // namespace uthan::sms
