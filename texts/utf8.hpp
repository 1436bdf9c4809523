#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace uthan::texts {

/// How many octets the character that begins with `lead` has in valid UTF-8.
constexpr std::size_t utf8_length(unsigned char lead) noexcept {
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// The code point at `at`, which moves behind it. `utf8` must be valid and longer than `at`; what
/// is cut off in the middle reads as U+FFFD, never past the end.
constexpr char32_t next_code_point(std::string_view utf8, std::size_t& at) noexcept {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t length = utf8_length(lead);
    if (length == 1) {
        ++at;
        return lead;
    }
    if (utf8.size() - at < length) {
        at = utf8.size();
        return 0xFFFD;
    }
    char32_t code_point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        code_point = code_point << 6 | (static_cast<unsigned char>(utf8[at + i]) & 0x3FU);
    }
    at += length;
    return code_point;
}

/// The code point that ends before `at`, which moves to its beginning. `utf8` must be valid and
/// `at` the boundary of a character, not the first.
constexpr char32_t previous_code_point(std::string_view utf8, std::size_t& at) noexcept {
    do {
        --at;
    } while (at > 0 && (static_cast<unsigned char>(utf8[at]) & 0xC0) == 0x80);
    std::size_t forward = at;
    return next_code_point(utf8, forward);
}

constexpr std::size_t utf16_length(char32_t code_point) noexcept {
    return code_point > 0xFFFF ? 2 : 1;
}

inline void append_utf8(std::string& out, char32_t code_point) {
    const auto octet = [&out](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (code_point < 0x80) {
        octet(code_point);
    } else if (code_point < 0x800) {
        octet(0xC0 | code_point >> 6);
        octet(0x80 | (code_point & 0x3F));
    } else if (code_point < 0x10000) {
        octet(0xE0 | code_point >> 12);
        octet(0x80 | (code_point >> 6 & 0x3F));
        octet(0x80 | (code_point & 0x3F));
    } else {
        octet(0xF0 | code_point >> 18);
        octet(0x80 | (code_point >> 12 & 0x3F));
        octet(0x80 | (code_point >> 6 & 0x3F));
        octet(0x80 | (code_point & 0x3F));
    }
}

} // namespace uthan::texts
