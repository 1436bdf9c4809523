#include "core/address.hpp"

#include <algorithm>
#include <optional>

namespace uthan {
namespace {

constexpr std::size_t digits_max = 20;

bool are_digits(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Bangla digits are U+09E6–U+09EF: E0 A7 A6 … AF in UTF-8.
std::optional<std::string> digits_of(std::string_view written) {
    if (written.size() <= digits_max && are_digits(written)) {
        return std::string{written};
    }
    std::string digits;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const auto c = static_cast<unsigned char>(written[i]);
        if (c >= '0' && c <= '9') {
            digits.push_back(written[i]);
        } else if (c == 0xE0 && i + 2 < written.size() &&
                   static_cast<unsigned char>(written[i + 1]) == 0xA7 &&
                   static_cast<unsigned char>(written[i + 2]) >= 0xA6 &&
                   static_cast<unsigned char>(written[i + 2]) <= 0xAF) {
            digits.push_back(
                static_cast<char>('0' + (static_cast<unsigned char>(written[i + 2]) - 0xA6)));
            i += 2;
        } else if (c != ' ' && c != '-' && c != '(' && c != ')') {
            return std::nullopt;
        }
        if (digits.size() > digits_max) {
            return std::nullopt;
        }
    }
    return digits;
}

} // namespace

address address::opaque(std::string channel, std::string token) {
    return {kind::opaque, std::move(channel), std::move(token)};
}

result<address> address::e164(std::string_view written) {
    const bool plain = written.starts_with('+') && written.size() >= 9 && written.size() <= 16 &&
                       written.find_first_not_of("0123456789", 1) == std::string_view::npos;
    if (!plain) {
        return errc::invalid_msisdn;
    }
    return address{kind::msisdn, {}, std::string{written.substr(1)}};
}

std::string address::masked() const {
    if (kind_ == kind::opaque || value_.size() < 9) {
        return "****";
    }
    return value_.substr(0, 5) + "****" + value_.substr(value_.size() - 2);
}

result<address> numbering::parse(std::string_view written) const {
    if (written.starts_with("tel:")) {
        written.remove_prefix(4);
    }
    const bool international = written.starts_with('+');
    if (international) {
        written.remove_prefix(1);
    }
    const auto digits = digits_of(written);
    if (!digits) {
        return errc::invalid_msisdn;
    }
    std::string_view national = *digits;
    const auto drop = [&](std::string_view prefix) {
        if (national.starts_with(prefix) && national.size() == prefix.size() + national_digits) {
            national.remove_prefix(prefix.size());
            return true;
        }
        return false;
    };
    const bool dropped =
        drop(country_code) ||
        (!international && (drop(trunk_prefix) || (!national.empty() && national[0] == '0' &&
                                                   drop("00" + country_code))));
    if (international && !dropped) {
        return errc::invalid_msisdn;
    }
    if (national.size() != national_digits || !national.starts_with(mobile_lead) ||
        mobile_second.find(national[mobile_lead.size()]) == std::string::npos) {
        return errc::invalid_msisdn;
    }
    return address{address::kind::msisdn, {}, country_code + std::string{national}};
}

} // namespace uthan
