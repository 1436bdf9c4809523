#include "adapters/smpp/wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace uthan::adapters::smpp {
namespace {

TEST(SmppWire, TheFirstNulIsFoundAtEveryPlaceOfEveryLength) {
    for (std::size_t size = 0; size <= 70; ++size) {
        std::string octets(size, '\x80');
        EXPECT_EQ(nul_at(octets), size);
        for (std::size_t first = 0; first < size; ++first) {
            octets.assign(size, '\x01');
            octets[first] = '\0';
            EXPECT_EQ(nul_at(octets), first);
            // What is behind it does not matter.
            std::fill(octets.begin() + static_cast<std::ptrdiff_t>(first), octets.end(), '\0');
            EXPECT_EQ(nul_at(octets), first);
        }
    }
}

TEST(SmppWire, NothingBehindTheOctetsIsLookedAt) {
    const std::string octets("12345678901\0", 12);
    for (std::size_t size = 0; size < octets.size(); ++size) {
        EXPECT_EQ(nul_at(std::string_view{octets}.substr(0, size)), size);
    }
}

} // namespace
} // namespace uthan::adapters::smpp
