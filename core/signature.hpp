#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

// What providers sign their requests with. Any thread.
namespace uthan {

/// RFC 2104 with SHA-1: for what a peer demands, nothing of our own.
std::array<std::uint8_t, 20> hmac_sha1(std::string_view key, std::string_view signed_octets);

/// RFC 4648, section 4, with padding.
std::string to_base64(std::string_view octets);

/// Whether two secrets are the same, in a time that depends on their lengths alone.
bool equal_secrets(std::string_view a, std::string_view b) noexcept;

} // namespace uthan
