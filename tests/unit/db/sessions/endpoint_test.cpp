#include "db/redis/endpoint.hpp"

#include <gtest/gtest.h>

#include <array>

namespace uthan::db::redis {

TEST(RedisEndpoint, ReadsBothForms) {
    struct case_ {
        std::string_view url;
        endpoint expected;
        std::string_view described;
    };
    const std::array<case_, 9> cases{{
        {"unix:/run/redis/redis.sock",
         {"/run/redis/redis.sock", "", 0, 0, "", ""},
         "unix:/run/redis/redis.sock?db=0"},
        {"unix:/r s?db=12", {"/r s", "", 0, 12, "", ""}, "unix:/r s?db=12"},
        {"tcp://127.0.0.1:6379", {"", "127.0.0.1", 6379, 0, "", ""}, "tcp://127.0.0.1:6379/0"},
        {"tcp://127.0.0.1:6379/0", {"", "127.0.0.1", 6379, 0, "", ""}, "tcp://127.0.0.1:6379/0"},
        {"tcp://redis.internal:1/15",
         {"", "redis.internal", 1, 15, "", ""},
         "tcp://redis.internal:1/15"},
        {"tcp://[::1]:6379/3", {"", "::1", 6379, 3, "", ""}, "tcp://[::1]:6379/3"},
        {"tcp://:secret@10.0.0.1:65535",
         {"", "10.0.0.1", 65535, 0, "", "secret"},
         "tcp://10.0.0.1:65535/0"},
        {"tcp://uthan:p%40ss%3a%2F@h:6379/1",
         {"", "h", 6379, 1, "uthan", "p@ss:/"},
         "tcp://h:6379/1"},
        {"tcp://u:a@b@h:6379", {"", "h", 6379, 0, "u", "a@b"}, "tcp://h:6379/0"},
    }};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.url);
        const auto parsed = parse_endpoint(c.url);
        ASSERT_TRUE(parsed.has_value());
        EXPECT_EQ(parsed.value(), c.expected);
        EXPECT_EQ(describe(parsed.value()), c.described);
    }
}

TEST(RedisEndpoint, RefusesEverythingElse) {
    const std::string too_long = "unix:/" + std::string(107, 'x');
    const std::array<std::string_view, 28> cases{"",
                                                 "redis://127.0.0.1:6379",
                                                 "/run/redis.sock",
                                                 "unix:",
                                                 "unix:run/redis.sock",
                                                 "unix:/x?db=",
                                                 "unix:/x?db=-1",
                                                 "unix:/x?db=1x",
                                                 "unix:/x?password=y",
                                                 too_long,
                                                 "tcp://",
                                                 "tcp://127.0.0.1",
                                                 "tcp://127.0.0.1:",
                                                 "tcp://127.0.0.1:0",
                                                 "tcp://127.0.0.1:65536",
                                                 "tcp://127.0.0.1:6379/",
                                                 "tcp://127.0.0.1:6379/x",
                                                 "tcp://127.0.0.1:6379/0/1",
                                                 "tcp://127.0.0.1:+6379",
                                                 "tcp://:6379",
                                                 "tcp://::1:6379",
                                                 "tcp://[::1:6379",
                                                 "tcp://[]:6379",
                                                 "tcp://user@h:6379",
                                                 "tcp://user:@h:6379",
                                                 "tcp://u:%4@h:6379",
                                                 "tcp://u:%zz@h:6379",
                                                 "tcp://h h:6379"};
    for (const auto url : cases) {
        SCOPED_TRACE(url);
        EXPECT_EQ(parse_endpoint(url).error(), errc::malformed);
    }
}

} // namespace uthan::db::redis
