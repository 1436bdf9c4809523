#include "bench/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

namespace uthan::bench {
namespace {

TEST(Histogram, IsExactForSmallValues) {
    const auto h = std::make_unique<histogram>();
    for (std::uint64_t v = 1; v <= 100; ++v) {
        h->record(v);
    }
    EXPECT_EQ(h->quantile(0.01), 1U);
    EXPECT_EQ(h->quantile(0.5), 50U);
    EXPECT_EQ(h->quantile(0.99), 99U);
    EXPECT_EQ(h->quantile(1), 100U);
    EXPECT_EQ(h->count(), 100U);
    EXPECT_EQ(h->max(), 100U);
}

TEST(Histogram, OfNothingSaysNothing) {
    const auto h = std::make_unique<histogram>();
    EXPECT_EQ(h->quantile(0.99), 0U);
    EXPECT_EQ(h->max(), 0U);
}

TEST(Histogram, OneValueIsEveryQuantile) {
    for (const std::uint64_t v : {0ULL, 1ULL, 127ULL, 128ULL, 1'000'000ULL, ~0ULL}) {
        const auto h = std::make_unique<histogram>();
        h->record(v);
        EXPECT_EQ(h->quantile(0.5), v);
        EXPECT_EQ(h->quantile(0.999), v);
    }
}

// Against the sorted values themselves: never below, at most 1/64 above.
TEST(Histogram, StaysWithinItsErrorOverNineOrdersOfMagnitude) {
    std::mt19937_64 random{20'261'121};
    std::uniform_real_distribution<double> exponents{0, 30};
    const auto h = std::make_unique<histogram>();
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(static_cast<std::uint64_t>(std::exp2(exponents(random))));
        h->record(values.back());
    }
    std::ranges::sort(values);
    for (const double q : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto rank =
            static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size()))) - 1;
        const auto exact = static_cast<double>(values[rank]);
        const auto said = static_cast<double>(h->quantile(q));
        EXPECT_GE(said, exact) << q;
        EXPECT_LE(said, exact * (1 + 1.0 / 64) + 1) << q;
    }
}

} // namespace
} // namespace uthan::bench
