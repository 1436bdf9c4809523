#include "core/random.hpp"

#include <sodium.h>

namespace uthan {

void secure_random::fill(std::span<std::byte> out) {
    randombytes_buf(out.data(), out.size());
}

std::uint32_t secure_random::below(std::uint32_t bound) {
    return randombytes_uniform(bound);
}

} // namespace uthan
