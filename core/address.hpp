#pragma once

#include "core/error.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace uthan {

/// A subscriber: an MSISDN in E.164 digits without '+' ("8801712345678"), or an opaque token of one
/// channel's application (bdapps masks numbers). A token is never used on another channel.
/// Formats masked ("88017****78"); whoever needs the value says reveal().
class address {
public:
    enum class kind : unsigned char { msisdn, opaque };

    static address opaque(std::string channel, std::string token);
    /// A number of any plan as an aggregator writes it: '+' and 8 to 15 digits (ITU-T E.164). For a
    /// caller from elsewhere, who has no account but gets an answer. errc::invalid_msisdn
    /// otherwise.
    static result<address> e164(std::string_view written);

    kind type() const noexcept { return kind_; }
    /// The channel that the token belongs to; empty for an MSISDN.
    const std::string& channel() const noexcept { return channel_; }
    /// The number or token itself. Never for a log.
    const std::string& reveal() const noexcept { return value_; }
    std::string masked() const;

    bool operator==(const address&) const = default;

private:
    friend class numbering;
    address(kind type, std::string channel, std::string value)
        : kind_(type), channel_(std::move(channel)), value_(std::move(value)) {}

    kind kind_;
    std::string channel_;
    std::string value_;
};

/// The numbering plan that a written number is read by. The default is Bangladesh (BTRC):
/// national 01[3-9]XXXXXXXX, E.164 8801[3-9]XXXXXXXX.
class numbering {
public:
    std::string country_code = "880";
    std::string trunk_prefix = "0";
    /// A national number without the trunk prefix: its digits and how it may begin.
    std::size_t national_digits = 10;
    std::string mobile_lead = "1";
    std::string mobile_second = "3456789";

    /// Reads "+880 1712-345678", "008801712345678", "8801712345678", "01712345678",
    /// "1712345678", "tel:8801712345678"; ASCII or Bangla digits; spaces, dashes and brackets are
    /// passed over. errc::invalid_msisdn for anything else.
    result<address> parse(std::string_view written) const;
};

} // namespace uthan

template <>
struct fmt::formatter<uthan::address> : fmt::formatter<std::string> {
    auto format(const uthan::address& a, fmt::format_context& context) const {
        return fmt::formatter<std::string>::format(a.masked(), context);
    }
};
