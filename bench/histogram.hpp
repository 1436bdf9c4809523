#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace uthan::bench {

/// Counts of durations in nanoseconds with a relative error of at most 1/64: buckets are linear
/// within each power of two, as HdrHistogram's are. Fixed memory. One thread.
class histogram {
public:
    void record(std::uint64_t nanoseconds) noexcept;
    /// The upper edge of the bucket that holds the q-th part (0 < q <= 1); 0 when empty.
    std::uint64_t quantile(double q) const noexcept;
    std::uint64_t max() const noexcept { return max_; }
    std::uint64_t count() const noexcept { return count_; }

private:
    static constexpr unsigned sub_bits = 6;
    static constexpr std::size_t bucket_count = (64 - sub_bits + 1) << sub_bits;

    std::array<std::uint64_t, bucket_count> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

} // namespace uthan::bench
