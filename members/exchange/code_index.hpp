#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace uthan::members::exchange {

/// Codes of a delivery → 32-bit values, in 12 bytes each at most 85 % full. Keeps a 64-bit hash in
/// place of the code: two of a million codes are taken for one with a chance of 3 in 10⁸, and then
/// the second is reported as being there twice.
class code_index {
public:
    /// `expected`: how many codes will come (the manifest says it). More than that make it grow.
    explicit code_index(std::size_t expected = 0);

    /// The value of a code; null when it is not there. Valid until the next insert.
    std::uint32_t* find(std::string_view code) noexcept;
    /// False when the code is there already.
    bool insert(std::string_view code, std::uint32_t value);

    std::size_t size() const noexcept { return size_; }
    std::size_t bytes() const noexcept { return hashes_.size() * 12; }

private:
    std::size_t slot_of(std::uint64_t hash) const noexcept;
    void grow(std::size_t slots);

    std::vector<std::uint64_t> hashes_; ///< 0 = free
    std::vector<std::uint32_t> values_;
    std::size_t size_ = 0;
};

} // namespace uthan::members::exchange
