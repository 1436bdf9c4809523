#include "sms/wording.hpp"

#include <gtest/gtest.h>

namespace uthan::sms {
namespace {

TEST(Wording, ATextThatAsksForAnAnswerIsKnown) {
    for (const char* text : {"Reply YES to confirm", "please rEpLy", "উত্তর দিন হ্যাঁ", "রিপ্লাই করুন",
                             "Text back if you agree", "লিখুন: সঞ্চয়"}) {
        EXPECT_TRUE(asks_for_reply(text)) << text;
    }
    for (const char* text :
         {"", "মিটিং শনি ২৭/১১", "Your loan is fully paid.", "উত্তর পাড়া সমিতি"}) {
        EXPECT_FALSE(asks_for_reply(text)) << text;
    }
}

} // namespace
} // namespace uthan::sms
