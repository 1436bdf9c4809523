#include "core/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

namespace uthan {

std::array<std::uint8_t, 20> hmac_sha1(std::string_view key, std::string_view signed_octets) {
    std::array<std::uint8_t, 20> made{};
    unsigned length = 0;
    HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(signed_octets.data()), signed_octets.size(),
         made.data(), &length);
    return made;
}

std::string to_base64(std::string_view octets) {
    constexpr int variant = sodium_base64_VARIANT_ORIGINAL;
    std::string made(sodium_base64_encoded_len(octets.size(), variant), '\0');
    sodium_bin2base64(made.data(), made.size(),
                      reinterpret_cast<const unsigned char*>(octets.data()), octets.size(),
                      variant);
    made.pop_back(); // the end of a C string
    return made;
}

bool equal_secrets(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace uthan
