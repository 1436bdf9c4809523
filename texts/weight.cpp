#include "texts/weight.hpp"

#include "texts/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace uthan::texts {
namespace {

/// 3GPP TS 23.038 6.2.1: the characters of the default alphabet above U+007F, in order.
constexpr std::array<char16_t, 34> gsm7_beyond_ascii{
    0x00A1, 0x00A3, 0x00A4, 0x00A5, 0x00A7, 0x00BF, 0x00C4, 0x00C5, 0x00C6, 0x00C7, 0x00C9, 0x00D1,
    0x00D6, 0x00D8, 0x00DC, 0x00DF, 0x00E0, 0x00E4, 0x00E5, 0x00E6, 0x00E8, 0x00E9, 0x00EC, 0x00F1,
    0x00F2, 0x00F6, 0x00F8, 0x00F9, 0x00FC, 0x0393, 0x0394, 0x0398, 0x039B, 0x039E};
/// The capitals Π Σ Φ Ψ Ω, of the same alphabet.
constexpr std::array<char16_t, 5> gsm7_greek_tail{0x03A0, 0x03A3, 0x03A6, 0x03A8, 0x03A9};
constexpr char32_t euro_sign = 0x20AC;

/// Septets of each ASCII character. 6.2.1.1 puts form feed and ^ { } \ [ ~ ] | behind an escape;
/// the backtick and the other controls do not exist.
constexpr std::array<std::uint8_t, 128> ascii_septets = [] {
    std::array<std::uint8_t, 128> septets{};
    for (std::size_t c = 0x20; c < 0x7F; ++c) {
        septets[c] = 1;
    }
    septets['\n'] = 1;
    septets['\r'] = 1;
    septets['`'] = 0;
    for (const char c : std::string_view{"\f^{}\\[~]|"}) {
        septets[static_cast<unsigned char>(c)] = 2;
    }
    return septets;
}();

constexpr bool is_continuation(unsigned char octet) noexcept {
    return (octet & 0xC0) == 0x80;
}

constexpr std::uint64_t each_octet = 0x0101010101010101;

/// The sum of eight octets that are 0 or 1.
constexpr std::size_t sum_of_octets(std::uint64_t octets) noexcept {
    return static_cast<std::size_t>(octets * each_octet >> 56);
}

/// The length of the valid character that begins `octets`; 0 when there is none (Unicode 15, table
/// 3-7: the second octet's range excludes overlong forms, surrogates and what is above U+10FFFF).
std::size_t valid_character_length(const unsigned char* octets, std::size_t left) noexcept {
    const unsigned char lead = octets[0];
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    const std::size_t length = utf8_length(lead);
    if (left < length) {
        return 0;
    }
    const unsigned char second_min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char second_max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (octets[1] < second_min || octets[1] > second_max) {
        return 0;
    }
    const bool rest_valid = std::all_of(octets + 2, octets + length, is_continuation);
    return rest_valid ? length : 0;
}

} // namespace

unsigned gsm7_septets(char32_t code_point) noexcept {
    if (code_point < ascii_septets.size()) {
        return ascii_septets[code_point];
    }
    if (code_point == euro_sign) {
        return 2;
    }
    const auto is_in = [code_point](const auto& table) {
        return std::binary_search(table.begin(), table.end(), code_point);
    };
    return is_in(gsm7_beyond_ascii) || is_in(gsm7_greek_tail) ? 1 : 0;
}

std::size_t utf16_units(std::string_view utf8) noexcept {
    // One unit per character, two above U+FFFF (a lead octet of F0 or more). Every value and every
    // screen is counted at every hop, so eight octets at a time.
    std::size_t units = 0;
    std::size_t at = 0;
    for (; utf8.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, utf8.data() + at, sizeof(eight));
        const std::uint64_t high = eight >> 7 & each_octet;
        const std::uint64_t leads = high & (eight >> 6);
        const std::uint64_t long_leads = leads & (eight >> 5) & (eight >> 4);
        units += sizeof(eight) - sum_of_octets(high ^ leads) + sum_of_octets(long_leads);
    }
    for (; at < utf8.size(); ++at) {
        const auto octet = static_cast<unsigned char>(utf8[at]);
        units += static_cast<std::size_t>(!is_continuation(octet)) +
                 static_cast<std::size_t>(octet >= 0xF0);
    }
    return units;
}

weight ussd_weight(std::string_view utf8) noexcept {
    std::size_t septets = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const unsigned of_this = gsm7_septets(next_code_point(utf8, at));
        if (of_this == 0) {
            const std::size_t units = utf16_units(utf8);
            return {.in = alphabet::ucs2, .units = units, .octets = 2 * units};
        }
        septets += of_this;
    }
    return {.in = alphabet::gsm7, .units = septets, .octets = (septets * 7 + 7) / 8};
}

bool is_valid_utf8(std::string_view bytes) noexcept {
    const auto* octets = reinterpret_cast<const unsigned char*>(bytes.data());
    const std::size_t size = bytes.size();
    for (std::size_t at = 0; at < size;) {
        // Most of what arrives is ASCII: eight octets at a time.
        std::uint64_t eight = 0;
        if (size - at >= sizeof(eight)) {
            std::memcpy(&eight, octets + at, sizeof(eight));
            if ((eight & 0x8080808080808080U) == 0) {
                at += sizeof(eight);
                continue;
            }
        }
        const std::size_t length =
            octets[at] < 0x80 ? 1 : valid_character_length(octets + at, size - at);
        if (length == 0) {
            return false;
        }
        at += length;
    }
    return true;
}

} // namespace uthan::texts
