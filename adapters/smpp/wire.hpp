#pragma once

#include <cstdint>
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

} // namespace uthan::adapters::smpp
