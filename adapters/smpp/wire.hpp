#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Big-endian integers, as SMPP writes them. `at` must point to enough octets.
namespace uthan::adapters::smpp {

inline std::uint16_t load_u16(const char* at) noexcept {
    const auto octet = [at](int i) {
        return static_cast<unsigned>(static_cast<unsigned char>(at[i]));
    };
    return static_cast<std::uint16_t>(octet(0) << 8 | octet(1));
}

inline std::uint32_t load_u32(const char* at) noexcept {
    return static_cast<std::uint32_t>(load_u16(at)) << 16 | load_u16(at + 2);
}

inline void store_u16(char* at, std::uint16_t value) noexcept {
    at[0] = static_cast<char>(value >> 8);
    at[1] = static_cast<char>(value & 0xFF);
}

inline void store_u32(char* at, std::uint32_t value) noexcept {
    store_u16(at, static_cast<std::uint16_t>(value >> 16));
    store_u16(at + 2, static_cast<std::uint16_t>(value & 0xFFFF));
}

/// Where the first NUL is; the size where there is none. SMPP's texts are so short that a call of
/// memchr costs more than the search.
inline std::size_t nul_at(std::string_view octets) noexcept {
    constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
    constexpr std::uint64_t highest = ones << 7;
    constexpr std::size_t step = sizeof ones;
    const auto size = octets.size();
    std::size_t at = 0;
    if (std::endian::native == std::endian::little && size >= step) {
        // The last step looks at some octets again.
        for (; at < size; at = std::min(at + step, size - step)) {
            std::uint64_t eight = 0;
            std::memcpy(&eight, octets.data() + at, step);
            if (const auto zero = (eight - ones) & ~eight & highest; zero != 0) {
                return at + static_cast<std::size_t>(std::countr_zero(zero)) / 8;
            }
            if (at == size - step) {
                return size;
            }
        }
    }
    while (at < size && octets[at] != '\0') {
        ++at;
    }
    return at;
}

} // namespace uthan::adapters::smpp
