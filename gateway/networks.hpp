#pragma once

#include "core/error.hpp"

#include <boost/asio/ip/address.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::gateway {

namespace ip = boost::asio::ip;

/// IPv6 forms of IPv4 addresses (::ffff:1.2.3.4) as IPv4, so that a dual-stack listener and a rule
/// written in IPv4 agree.
ip::address canonical(const ip::address& address);

/// A prefix: "127.0.0.1/32", "10.0.0.0/8", "2001:db8::/32"; an address alone is itself.
class network {
public:
    /// errc::malformed; also when bits beyond the prefix are set (10.0.0.1/8), which is nearly
    /// always a slip.
    static result<network> parse(std::string_view written);

    bool contains(const ip::address& address) const noexcept;
    std::string to_string() const;
    bool operator==(const network&) const = default;

private:
    ip::address base_;
    unsigned prefix_ = 0;
};

bool contains(std::span<const network> networks, const ip::address& address) noexcept;

/// The source of a request that came from `peer`. While the last hop known is a trusted proxy, the
/// next element of X-Forwarded-For from the right is taken; what stands left of the first untrusted
/// hop is a claim and is not believed. `forwarded`: the fields' values in the order in which they
/// arrived; elements may carry a port ("1.2.3.4:567", "[2001:db8::1]:567"). The unspecified address
/// when a trusted proxy wrote something that is no address.
ip::address source_address(const ip::address& peer, std::span<const std::string_view> forwarded,
                           std::span<const network> trusted_proxies);

} // namespace uthan::gateway
