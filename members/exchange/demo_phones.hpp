#pragma once

#include "members/exchange/demo_member.hpp"

#include <cstdint>
#include <string_view>

namespace uthan::members::exchange {

/// The k-th distinct phone is the organisation's prefix + k, in the order of the members; some are
/// shared with the members just before.
class demo_phones {
public:
    demo_phones(std::string_view prefix, std::uint64_t seed);

    /// Fills in the next member's number and relation.
    void give(demo_member& one, const demo_seat& seat);

private:
    enum class way { none, own, shared };
    way way_for(const demo_seat& seat, demo_random& random) const;

    std::uint64_t first_;
    std::uint64_t seed_;
    std::uint64_t given_ = 0;
    std::uint32_t sharers_ = 0; ///< members on the phone given last; 0 after one without
};

} // namespace uthan::members::exchange
