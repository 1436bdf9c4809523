#pragma once

#include "sms/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The packed columns of a message's row.
namespace uthan::db::sqlite {

/// One octet a part.
std::string pack_parts(const std::vector<sms::part_state>& parts);
std::optional<std::vector<sms::part_state>> unpack_parts(std::string_view bytes);

/// Twelve octets a line: moment (6), state, reason, detail (4); little-endian.
std::string pack_history(const std::vector<sms::message_event>& history);
std::optional<std::vector<sms::message_event>> unpack_history(std::string_view bytes);

} // namespace uthan::db::sqlite
