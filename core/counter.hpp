#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace uthan {

/// A count with one writing thread; any thread may read it. No read-modify-write instruction.
class counter {
public:
    void add(std::uint64_t n = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// A level with one writing thread.
class gauge {
public:
    void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

/// Durations in fixed buckets, upper bounds in microseconds; one writing thread.
class latency_histogram {
public:
    static constexpr std::array<std::uint32_t, 12> bounds_us{
        100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 100'000, 500'000, 1'000'000, 5'000'000};

    void observe(std::uint64_t microseconds) noexcept {
        std::size_t i = 0;
        while (i < bounds_us.size() && microseconds > bounds_us[i]) {
            ++i;
        }
        buckets[i].add();
        sum_us.add(microseconds);
    }

    std::array<counter, bounds_us.size() + 1> buckets;
    counter sum_us;
};

} // namespace uthan
