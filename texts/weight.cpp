#include "texts/weight.hpp"

#include "texts/gsm7.hpp"
#include "texts/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace uthan::texts {
namespace {

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
