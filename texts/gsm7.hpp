#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The 7-bit alphabets of short messages (3GPP TS 23.038 V16): the default alphabet with its
// extension, and the Bengali locking shift (A.3.4) and single shift (A.2.4) tables, national
// language 4. Septets are unpacked, one in each octet, as SMPP carries them.
namespace uthan::texts {

inline constexpr std::uint8_t gsm7_escape = 0x1B;

/// How a code point is written: not at all (`septets` 0), as `septet` (1), or as an escape and
/// `septet` (2).
struct gsm7_code {
    std::uint8_t septets = 0;
    std::uint8_t septet = 0;
    bool operator==(const gsm7_code&) const = default;
};

/// In the default alphabet and its extension.
gsm7_code code_in_gsm7(char32_t code_point) noexcept;
/// In the two Bengali tables together. They lack the danda (U+0964), which ends nearly every
/// sentence, and the joiners.
gsm7_code code_in_bengali(char32_t code_point) noexcept;

/// Whether the code point is in the GSM-7 default alphabet (1 septet), its extension (2), or not
/// (0).
unsigned gsm7_septets(char32_t code_point) noexcept;

/// Appends the septets of a code; nothing for a code point that cannot be written.
void append_septets(std::string& out, gsm7_code code);

/// Which Bengali tables a received message names in its header; each stands by itself.
struct gsm7_shift {
    bool locking = false;
    bool single = false;
    bool operator==(const gsm7_shift&) const = default;
};

/// UTF-8 of any octets, as a receiver shows them (6.2.1.1): behind an escape what the extension
/// lacks is the plain table's character; an unassigned place, two escapes and an escape at the end
/// are a space; an octet that is no septet is U+FFFD.
std::string decode_gsm7(std::string_view septets, gsm7_shift shift = {});

} // namespace uthan::texts
