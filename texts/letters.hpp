#pragma once

// Code points that more than one rule about Bangla asks for.
namespace uthan::texts {

inline constexpr char32_t nukta = 0x09BC;
inline constexpr char32_t hasanta = 0x09CD;
inline constexpr char32_t zero_width_non_joiner = 0x200C;
inline constexpr char32_t zero_width_joiner = 0x200D;

constexpr bool is_joiner(char32_t c) noexcept {
    return c == zero_width_joiner || c == zero_width_non_joiner;
}

constexpr bool is_bangla_consonant(char32_t c) noexcept {
    return (c >= 0x0995 && c <= 0x09B9) || (c >= 0x09DC && c <= 0x09DF) || c == 0x09F0 ||
           c == 0x09F1;
}

constexpr bool is_bangla_digit(char32_t c) noexcept {
    return c >= 0x09E6 && c <= 0x09EF;
}

} // namespace uthan::texts
