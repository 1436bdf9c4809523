#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What a text weighs on the wire of a USSD string.
namespace uthan::texts {

enum class alphabet : std::uint8_t { gsm7, ucs2 };

/// `units`: septets in GSM-7 (3GPP TS 23.038 6.2.1; an extension character costs two), UTF-16 code
/// units in UCS-2. `octets`: what they fill of a USSD string (septets packed eight in seven
/// octets).
struct weight {
    alphabet in = alphabet::gsm7;
    std::size_t units = 0;
    std::size_t octets = 0;
    bool operator==(const weight&) const = default;
};

/// A USSD string holds 160 octets (3GPP TS 24.080): 182 septets or 80 UCS-2 units. One character
/// outside the GSM-7 default alphabet makes the whole string UCS-2; national tables do not exist
/// for USSD. `utf8` must be valid.
inline constexpr std::size_t ussd_octets_max = 160;
weight ussd_weight(std::string_view utf8) noexcept;

/// The code points of valid UTF-8 are counted as UTF-16 units.
std::size_t utf16_units(std::string_view utf8) noexcept;

/// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view bytes) noexcept;

} // namespace uthan::texts
