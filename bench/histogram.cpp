#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace uthan::bench {

void histogram::record(std::uint64_t nanoseconds) noexcept {
    const auto width = static_cast<unsigned>(std::bit_width(nanoseconds));
    const unsigned shift = width > sub_bits + 1 ? width - sub_bits - 1 : 0;
    // Below 2^(sub_bits+1) every value has its own bucket; above, the top sub_bits+1 bits choose.
    const std::size_t index = (std::size_t{shift} << sub_bits) + (nanoseconds >> shift);
    ++buckets_[std::min(index, bucket_count - 1)];
    ++count_;
    max_ = std::max(max_, nanoseconds);
}

std::uint64_t histogram::quantile(double q) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < bucket_count; ++i) {
        seen += buckets_[i];
        if (seen >= wanted && seen > 0) {
            const std::size_t block = i >> sub_bits;
            const std::size_t shift = block > 1 ? block - 1 : 0;
            const std::uint64_t top = i - (shift << sub_bits);
            return std::min(max_, ((top + 1) << shift) - 1);
        }
    }
    return max_;
}

} // namespace uthan::bench
