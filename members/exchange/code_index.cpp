#include "members/exchange/code_index.hpp"

#include <algorithm>
#include <cstring>

namespace uthan::members::exchange {
namespace {

constexpr std::size_t slots_min = 16;

constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
    // The finaliser of MurmurHash3 (public domain).
    x ^= x >> 33;
    x *= 0xFF51AFD7ED558CCDULL;
    x ^= x >> 33;
    x *= 0xC4CEB9FE1A85EC53ULL;
    return x ^ (x >> 33);
}

/// Not 0.
std::uint64_t hash_of(std::string_view code) noexcept {
    std::uint64_t hash = 0x9E3779B97F4A7C15ULL ^ code.size();
    for (; code.size() >= 8; code.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, code.data(), 8);
        hash = mixed(hash ^ word) + 0x9E3779B97F4A7C15ULL;
    }
    std::uint64_t word = 0;
    std::memcpy(&word, code.data(), code.size());
    hash = mixed(hash ^ word);
    return hash == 0 ? 1 : hash;
}

constexpr std::size_t slots_for(std::size_t codes) noexcept {
    return std::max(slots_min, codes * 20 / 17 + 1);
}

} // namespace

code_index::code_index(std::size_t expected)
    : hashes_(slots_for(expected)), values_(hashes_.size()) {}

std::size_t code_index::slot_of(std::uint64_t hash) const noexcept {
    // Multiplication instead of a remainder: the high bits choose the slot, so any size will do.
    auto slot = static_cast<std::size_t>(((hash >> 32) * hashes_.size()) >> 32);
    while (hashes_[slot] != 0 && hashes_[slot] != hash) {
        slot = slot + 1 == hashes_.size() ? 0 : slot + 1;
    }
    return slot;
}

std::uint32_t* code_index::find(std::string_view code) noexcept {
    const auto slot = slot_of(hash_of(code));
    return hashes_[slot] == 0 ? nullptr : &values_[slot];
}

bool code_index::insert(std::string_view code, std::uint32_t value) {
    if ((size_ + 1) * 20 > hashes_.size() * 17 + 20) {
        grow(slots_for(size_ * 2));
    }
    const auto hash = hash_of(code);
    const auto slot = slot_of(hash);
    if (hashes_[slot] != 0) {
        return false;
    }
    hashes_[slot] = hash;
    values_[slot] = value;
    ++size_;
    return true;
}

void code_index::grow(std::size_t slots) {
    std::vector<std::uint64_t> hashes(slots);
    std::vector<std::uint32_t> values(slots);
    hashes.swap(hashes_);
    values.swap(values_);
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        if (hashes[i] != 0) {
            const auto slot = slot_of(hashes[i]);
            hashes_[slot] = hashes[i];
            values_[slot] = values[i];
        }
    }
}

} // namespace uthan::members::exchange
