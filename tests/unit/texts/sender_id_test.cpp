#include "texts/sender_id.hpp"

#include <gtest/gtest.h>

namespace uthan::texts {
namespace {

TEST(SenderId, NamesThatPhonesShow) {
    for (const std::string_view name :
         {"MSS", "KMSS", "Uthan 2", "RSS-DSS", "ABCDEFGHIJK", "Ñandu@1", "ÄÖÜäöüàèéùì", "A"}) {
        EXPECT_EQ(sender_id_fault(name), "") << name;
    }
}

TEST(SenderId, NamesThatTheyDoNot) {
    for (const std::string_view name :
         {"", " MSS", "MSS ", "ABCDEFGHIJKL", "ÄÖÜäöüàèéùìò", "MSS\n", "M\rS", "এমএসএস", "MSS।",
          "[MSS]", "M€", "ç", "8801712345", "16247", "+-", "MSS\xFF", "`a"}) {
        EXPECT_NE(sender_id_fault(name), "") << name;
    }
}

} // namespace
} // namespace uthan::texts
