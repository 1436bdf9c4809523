#pragma once

#include <cstddef>
#include <string_view>

namespace uthan::texts {

inline constexpr std::size_t sender_id_characters_max = 11;

/// What is wrong with the name that a text message comes from; empty when nothing is. A name has at
/// most 11 characters of GSM-7's default alphabet (3GPP TS 23.040 9.1.2.5), so never Bangla, no
/// control characters, no space at either end, and at least one letter: what has none is a number.
std::string_view sender_id_fault(std::string_view utf8) noexcept;

} // namespace uthan::texts
