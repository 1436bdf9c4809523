#include "core/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace uthan {
namespace {

constexpr int first = static_cast<int>(errc::malformed);
constexpr int last = static_cast<int>(errc::corrupt);

TEST(Error, EveryCodeHasItsOwnWords) {
    std::set<std::string> messages;
    for (int value = first; value <= last; ++value) {
        const error_code code = static_cast<errc>(value);
        EXPECT_TRUE(code.failed()) << value;
        EXPECT_NE(code.message(), "unknown error") << value;
        messages.insert(code.message());
    }
    EXPECT_EQ(messages.size(), static_cast<std::size_t>(last - first + 1));
}

TEST(Error, WhatIsNotACodeSaysSo) {
    EXPECT_EQ(error_code(0, error_category()).message(), "unknown error");
    EXPECT_EQ(error_code(last + 1, error_category()).message(), "unknown error");
}

TEST(Error, IsNeverMistakenForASystemsError) {
    const error_code ours = errc::malformed;
    EXPECT_EQ(ours, errc::malformed);
    EXPECT_NE(ours, errc::missing_field);
    EXPECT_STREQ(ours.category().name(), "uthan");
    EXPECT_NE(ours,
              error_code(static_cast<int>(errc::malformed), boost::system::system_category()));
}

TEST(Error, AResultHoldsAValueOrAnError) {
    const result<int> value = 7;
    const result<int> error = errc::not_found;
    EXPECT_TRUE(value.has_value());
    EXPECT_EQ(*value, 7);
    EXPECT_FALSE(error.has_value());
    EXPECT_EQ(error.error(), errc::not_found);
}

} // namespace
} // namespace uthan
