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

/// What short digests are keyed by; derived from the secret key, so that one says nothing of the
/// other.
using short_key = std::array<std::uint8_t, 16>;

/// Keyed BLAKE2b over the parts, each preceded by its length (so "ab","c" differs from "a","bc").
/// `purpose` separates uses of one key. For what is kept for years: PINs.
digest256 keyed_digest256(const secret_key& key, std::string_view purpose,
                          std::initializer_list<std::string_view> parts);

short_key short_key_of(const secret_key& key);

/// SipHash-2-4 with 128 bits over the same sequence; a tenth of BLAKE2b's price, and a dialogue
/// takes several at every hop. For what is looked up or compared: dialogues, sessions, histories.
digest128 short_digest(const short_key& key, std::string_view purpose,
                       std::initializer_list<std::string_view> parts);

/// In constant time.
bool equal(const digest256& a, const digest256& b) noexcept;

template <std::size_t N>
std::string_view as_bytes(const std::array<std::uint8_t, N>& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), N};
}

std::string to_hex(std::string_view bytes);

} // namespace uthan
