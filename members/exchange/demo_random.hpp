#pragma once

#include <cstdint>
#include <span>

namespace uthan::members::exchange {

/// SplitMix64 (Steele, Lea, Flood 2014), written out so that every machine draws the same numbers.
/// One generator for one subject: constructing it from (seed, subject) costs nothing, and what is
/// drawn for one member does not depend on another.
class demo_random {
public:
    demo_random(std::uint64_t seed, std::uint64_t subject) noexcept
        : state_(seed ^ (subject * 0xD1342543DE82EF95ULL)) {
        next();
    }

    std::uint64_t next() noexcept {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }

    /// In [0, bound), bound > 0. Multiplication, not modulo; the bias is below bound / 2^32.
    std::uint32_t below(std::uint32_t bound) noexcept {
        return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
    }

    /// True `percent` times of a hundred.
    bool chance(std::uint32_t percent) noexcept { return below(100) < percent; }

    template <class T>
    const T& pick(std::span<const T> choices) noexcept {
        return choices[below(static_cast<std::uint32_t>(choices.size()))];
    }

private:
    std::uint64_t state_;
};

} // namespace uthan::members::exchange
