#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace uthan {

using digest128 = std::array<std::uint8_t, 16>;
using digest256 = std::array<std::uint8_t, 32>;
/// A secret of this installation; lives outside every database.
using secret_key = std::array<std::uint8_t, 32>;

/// Keyed BLAKE2b over the parts, each preceded by its length (so "ab","c" differs from "a","bc").
/// `purpose` separates uses of one key: "pin", "session", "history" …
digest128 keyed_digest128(const secret_key& key, std::string_view purpose,
                          std::initializer_list<std::string_view> parts);
digest256 keyed_digest256(const secret_key& key, std::string_view purpose,
                          std::initializer_list<std::string_view> parts);

/// In constant time.
bool equal(const digest256& a, const digest256& b) noexcept;

template <std::size_t N>
std::string_view as_bytes(const std::array<std::uint8_t, N>& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), N};
}

std::string to_hex(std::string_view bytes);

} // namespace uthan
