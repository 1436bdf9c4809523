#include "gateway/networks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace uthan::gateway {
namespace {

using address_bytes = std::array<std::uint8_t, 16>;

unsigned width_of(const ip::address& address) noexcept {
    return address.is_v4() ? 32 : 128;
}

address_bytes bytes_of(const ip::address& address) noexcept {
    address_bytes bytes{};
    if (address.is_v4()) {
        const auto v4 = address.to_v4().to_bytes();
        std::copy(v4.begin(), v4.end(), bytes.begin());
    } else {
        const auto v6 = address.to_v6().to_bytes();
        std::copy(v6.begin(), v6.end(), bytes.begin());
    }
    return bytes;
}

bool bit(const address_bytes& bytes, unsigned index) noexcept {
    return ((bytes[index / 8] >> (7 - index % 8)) & 1) != 0;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

ip::address parse_hop(std::string_view element) {
    if (element.starts_with('[')) {
        const auto end = element.find(']');
        element = end == std::string_view::npos ? std::string_view{} : element.substr(1, end - 1);
    } else if (std::count(element.begin(), element.end(), ':') == 1) {
        element = element.substr(0, element.find(':'));
    }
    boost::system::error_code error;
    const auto parsed = ip::make_address(std::string(element), error);
    return error ? ip::address{} : canonical(parsed);
}

} // namespace

ip::address canonical(const ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    }
    return address;
}

result<network> network::parse(std::string_view written) {
    const auto slash = written.find('/');
    boost::system::error_code error;
    const auto base = ip::make_address(std::string(written.substr(0, slash)), error);
    if (error) {
        return errc::malformed;
    }
    network parsed;
    parsed.base_ = canonical(base);
    parsed.prefix_ = width_of(parsed.base_);
    if (slash != std::string_view::npos) {
        const auto digits = written.substr(slash + 1);
        unsigned prefix = 0;
        const auto [end, failure] =
            std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
        if (failure != std::errc{} || end != digits.data() + digits.size() ||
            prefix > width_of(parsed.base_)) {
            return errc::malformed;
        }
        parsed.prefix_ = prefix;
    }
    const auto bytes = bytes_of(parsed.base_);
    for (unsigned i = parsed.prefix_; i < width_of(parsed.base_); ++i) {
        if (bit(bytes, i)) {
            return errc::malformed;
        }
    }
    return parsed;
}

bool network::contains(const ip::address& address) const noexcept {
    if (address.is_v4() != base_.is_v4()) {
        return false;
    }
    const auto ours = bytes_of(base_);
    const auto theirs = bytes_of(address);
    for (unsigned i = 0; i < prefix_; ++i) {
        if (bit(ours, i) != bit(theirs, i)) {
            return false;
        }
    }
    return true;
}

std::string network::to_string() const {
    return base_.to_string() + "/" + std::to_string(prefix_);
}

bool contains(std::span<const network> networks, const ip::address& address) noexcept {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const network& n) { return n.contains(address); });
}

ip::address source_address(const ip::address& peer, std::span<const std::string_view> forwarded,
                           std::span<const network> trusted_proxies) {
    ip::address source = canonical(peer);
    for (std::size_t field = forwarded.size(); field-- > 0;) {
        std::string_view rest = forwarded[field];
        while (contains(trusted_proxies, source)) {
            const auto comma = rest.rfind(',');
            const auto element =
                trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
            source = parse_hop(element);
            if (source.is_unspecified()) {
                return source;
            }
            if (comma == std::string_view::npos) {
                break;
            }
            rest = rest.substr(0, comma);
        }
    }
    return source;
}

} // namespace uthan::gateway
