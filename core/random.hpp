#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace uthan {

/// Where randomness comes from. Injected.
class random_source {
public:
    virtual ~random_source() = default;
    virtual void fill(std::span<std::byte> out) = 0;
    /// Uniform in [0, bound); bound > 0.
    virtual std::uint32_t below(std::uint32_t bound) = 0;
};

/// libsodium's generator, seeded by the kernel. Any thread.
class secure_random final : public random_source {
public:
    void fill(std::span<std::byte> out) override;
    std::uint32_t below(std::uint32_t bound) override;
};

} // namespace uthan
