#include "texts/rendering.hpp"

#include <gtest/gtest.h>

namespace uthan::texts {
namespace {

TEST(Rendering, NamesAreReadBack) {
    for (const rendering r : all_renderings) {
        EXPECT_EQ(parse_rendering(to_string(r)), r);
    }
    EXPECT_EQ(to_string(rendering::bn_latn), "bn-Latn");
}

TEST(Rendering, NothingElseIsARendering) {
    for (const std::string_view name : {"", "BN", "bn-latn", "bn_Latn", "english", "en "}) {
        EXPECT_EQ(parse_rendering(name), std::nullopt) << name;
    }
}

} // namespace
} // namespace uthan::texts
