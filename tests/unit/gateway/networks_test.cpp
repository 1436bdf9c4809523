#include "gateway/networks.hpp"

#include <gtest/gtest.h>

namespace uthan::gateway {
namespace {

ip::address address(std::string_view written) {
    return ip::make_address(std::string(written));
}

std::vector<network> networks(std::initializer_list<std::string_view> written) {
    std::vector<network> parsed;
    for (const auto one : written) {
        parsed.push_back(network::parse(one).value());
    }
    return parsed;
}

TEST(Networks, ContainsWhatThePrefixCovers) {
    struct row {
        std::string_view prefix;
        std::string_view address;
        bool inside;
    };
    const row rows[] = {
        {"127.0.0.1/32", "127.0.0.1", true},      {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1/32", "127.0.0.2", false},     {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},        {"192.168.4.0/22", "192.168.7.255", true},
        {"192.168.4.0/22", "192.168.8.0", false}, {"0.0.0.0/0", "203.0.113.9", true},
        {"0.0.0.0/0", "2001:db8::1", false},      {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::1", false},  {"::ffff:10.0.0.1", "10.0.0.1", true},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(std::string(r.prefix) + " " + std::string(r.address));
        EXPECT_EQ(network::parse(r.prefix).value().contains(address(r.address)), r.inside);
    }
}

TEST(Networks, RefusesWhatIsNoNetwork) {
    for (const std::string_view written :
         {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8",
          "2001:db8::1/32", "localhost", "10.0.0/8", "::/129", "10.0.0.0 /8"}) {
        SCOPED_TRACE(written);
        EXPECT_EQ(network::parse(written).error(), errc::malformed);
    }
}

TEST(Networks, WritesAsItReads) {
    EXPECT_EQ(network::parse("10.0.0.0/8").value().to_string(), "10.0.0.0/8");
    EXPECT_EQ(network::parse("127.0.0.1").value().to_string(), "127.0.0.1/32");
    EXPECT_EQ(network::parse("2001:db8::/32").value().to_string(), "2001:db8::/32");
}

// Only what trusted proxies wrote counts: the elements are read from the right.
TEST(SourceAddress, IsTheFirstUntrustedHopFromTheRight) {
    struct row {
        std::string_view label;
        std::string_view peer;
        std::vector<std::string_view> forwarded;
        std::string_view source;
    };
    const auto trusted = networks({"127.0.0.1/32", "10.0.0.0/8"});
    const row rows[] = {
        {"no proxy", "203.0.113.5", {}, "203.0.113.5"},
        {"a stranger's claim", "203.0.113.5", {"127.0.0.1"}, "203.0.113.5"},
        {"one proxy", "127.0.0.1", {"198.51.100.7"}, "198.51.100.7"},
        {"the claim left of it", "127.0.0.1", {"10.0.0.9, 198.51.100.7"}, "198.51.100.7"},
        {"two proxies", "127.0.0.1", {"198.51.100.7, 10.0.0.9"}, "198.51.100.7"},
        {"two fields", "127.0.0.1", {"198.51.100.7", "10.0.0.9"}, "198.51.100.7"},
        {"spoofed first field", "127.0.0.1", {"127.0.0.1", "198.51.100.7"}, "198.51.100.7"},
        {"all trusted", "127.0.0.1", {"10.0.0.8, 10.0.0.9"}, "10.0.0.8"},
        {"a proxy that says nothing", "127.0.0.1", {}, "127.0.0.1"},
        {"with a port", "127.0.0.1", {"198.51.100.7:4711"}, "198.51.100.7"},
        {"IPv6 with a port", "127.0.0.1", {"[2001:db8::7]:4711"}, "2001:db8::7"},
        {"IPv6", "127.0.0.1", {"2001:db8::7"}, "2001:db8::7"},
        {"mapped peer", "::ffff:127.0.0.1", {"198.51.100.7"}, "198.51.100.7"},
        {"rubbish", "127.0.0.1", {"unknown"}, "0.0.0.0"},
        {"an empty element", "127.0.0.1", {"198.51.100.7,"}, "0.0.0.0"},
        {"an empty field", "127.0.0.1", {""}, "0.0.0.0"},
        {"rubbish left of the source", "127.0.0.1", {"x y z, 198.51.100.7"}, "198.51.100.7"},
        {"an unclosed bracket", "127.0.0.1", {"[2001:db8::7"}, "0.0.0.0"},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.label);
        EXPECT_EQ(source_address(address(r.peer), r.forwarded, trusted), address(r.source));
    }
}

TEST(SourceAddress, StopsAtRubbishEvenWhenEverybodyIsTrusted) {
    const auto trusted = networks({"0.0.0.0/0"});
    const std::vector<std::string_view> forwarded{"198.51.100.7, what"};
    EXPECT_TRUE(source_address(address("127.0.0.1"), forwarded, trusted).is_unspecified());
}

} // namespace
} // namespace uthan::gateway
