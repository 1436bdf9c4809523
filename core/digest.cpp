#include "core/digest.hpp"

#include "core/assert.hpp"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

namespace uthan {
namespace {

void update(crypto_generichash_state& state, std::string_view part) {
    const auto length = static_cast<std::uint64_t>(part.size());
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&length),
                              sizeof length);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()),
                              part.size());
}

static_assert(std::endian::native == std::endian::little,
              "lengths are hashed as they lie in memory");

/// The parts as one piece of memory, each behind its length as eight little-endian bytes.
class message {
public:
    explicit message(std::size_t size) : size_(size) {
        if (size > near_.size()) {
            far_.resize(size);
        }
    }

    void append(std::string_view part) {
        const std::uint64_t length = part.size();
        std::memcpy(data() + at_, &length, sizeof length);
        at_ += sizeof length;
        if (!part.empty()) {
            std::memcpy(data() + at_, part.data(), part.size());
            at_ += part.size();
        }
    }

    unsigned char* data() { return far_.empty() ? near_.data() : far_.data(); }
    std::size_t size() const { return size_; }

private:
    std::array<unsigned char, 384> near_;
    std::vector<unsigned char> far_;
    std::size_t size_;
    std::size_t at_ = 0;
};

constexpr std::size_t length_bytes = 8;

} // namespace

digest256 keyed_digest256(const secret_key& key, std::string_view purpose,
                          std::initializer_list<std::string_view> parts) {
    crypto_generichash_state state;
    digest256 out{};
    const int started = crypto_generichash_init(&state, key.data(), key.size(), out.size());
    UTHAN_ASSERT(started == 0);
    update(state, purpose);
    for (const auto part : parts) {
        update(state, part);
    }
    crypto_generichash_final(&state, out.data(), out.size());
    return out;
}

short_key short_key_of(const secret_key& key) {
    const auto whole = keyed_digest256(key, "short digests", {});
    short_key out{};
    std::copy_n(whole.begin(), out.size(), out.begin());
    return out;
}

digest128 short_digest(const short_key& key, std::string_view purpose,
                       std::initializer_list<std::string_view> parts) {
    static_assert(std::tuple_size_v<digest128> == crypto_shorthash_siphashx24_BYTES);
    static_assert(std::tuple_size_v<short_key> == crypto_shorthash_siphashx24_KEYBYTES);
    std::size_t size = length_bytes + purpose.size();
    for (const auto part : parts) {
        size += length_bytes + part.size();
    }
    message all{size};
    all.append(purpose);
    for (const auto part : parts) {
        all.append(part);
    }
    digest128 out{};
    crypto_shorthash_siphashx24(out.data(), all.data(), all.size(), key.data());
    return out;
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
