#include "core/money.hpp"

#include <fmt/format.h>

namespace uthan {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

} // namespace

std::optional<money> parse_money(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative) {
        text.remove_prefix(1);
    }
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    const auto decimals =
        point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.empty() || whole.size() > 12 || decimals.size() > 2 ||
        (point != std::string_view::npos && decimals.empty())) {
        return std::nullopt;
    }
    std::int64_t poisha = 0;
    for (const char c : whole) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        poisha = poisha * 10 + (c - '0');
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const char c = i < decimals.size() ? decimals[i] : '0';
        if (!is_digit(c)) {
            return std::nullopt;
        }
        poisha = poisha * 10 + (c - '0');
    }
    if (poisha > money_max.poisha) {
        return std::nullopt;
    }
    return money{negative ? -poisha : poisha};
}

std::string to_decimal(money amount) {
    const bool negative = amount.poisha < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(amount.poisha)
                                    : static_cast<std::uint64_t>(amount.poisha);
    return fmt::format("{}{}.{:02}", negative ? "-" : "", magnitude / 100, magnitude % 100);
}

} // namespace uthan
