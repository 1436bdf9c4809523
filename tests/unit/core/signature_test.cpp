#include "core/signature.hpp"

#include "core/digest.hpp"

#include <gtest/gtest.h>

namespace uthan {
namespace {

TEST(Signature, OfRfc2202) {
    struct row {
        std::string key;
        std::string octets;
        std::string expected;
    };
    const row rows[] = {
        {std::string(20, '\x0b'), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"},
        {"Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {std::string(80, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "aa4ae5e15272d00e95705637ce8a3b55ed402112"}};
    for (const auto& r : rows) {
        const auto made = hmac_sha1(r.key, r.octets);
        EXPECT_EQ(to_hex({reinterpret_cast<const char*>(made.data()), made.size()}), r.expected);
    }
}

TEST(Base64, OfRfc4648) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("\xff\xfe"), "//4=");
}

TEST(Secrets, AreEqualOnlyWhole) {
    EXPECT_TRUE(equal_secrets("", ""));
    EXPECT_TRUE(equal_secrets("s3cret", "s3cret"));
    EXPECT_FALSE(equal_secrets("s3cret", "s3creT"));
    EXPECT_FALSE(equal_secrets("s3cret", "s3cre"));
    EXPECT_FALSE(equal_secrets("", "s"));
}

} // namespace
} // namespace uthan
