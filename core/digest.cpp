#include "core/digest.hpp"

#include "core/assert.hpp"

#include <sodium.h>

namespace uthan {
namespace {

void update(crypto_generichash_state& state, std::string_view part) {
    const auto length = static_cast<std::uint64_t>(part.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&length),
                              sizeof length);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
}

template <std::size_t N>
std::array<std::uint8_t, N> digest(const secret_key& key, std::string_view purpose,
                                   std::initializer_list<std::string_view> parts) {
    crypto_generichash_state state;
    const int started = crypto_generichash_init(&state, key.data(), key.size(), N);
    UTHAN_ASSERT(started == 0);
    update(state, purpose);
    for (const auto part : parts) {
        update(state, part);
    }
    std::array<std::uint8_t, N> out{};
    crypto_generichash_final(&state, out.data(), out.size());
    return out;
}

} // namespace

digest128 keyed_digest128(const secret_key& key, std::string_view purpose,
                          std::initializer_list<std::string_view> parts) {
    return digest<16>(key, purpose, parts);
}

digest256 keyed_digest256(const secret_key& key, std::string_view purpose,
                          std::initializer_list<std::string_view> parts) {
    return digest<32>(key, purpose, parts);
}

bool equal(const digest256& a, const digest256& b) noexcept {
    return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

} // namespace uthan
