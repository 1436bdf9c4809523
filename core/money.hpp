#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uthan {

/// An amount in poisha (1/100 taka). Signed: a balance may be overpaid. Never a float.
struct money {
    std::int64_t poisha = 0;

    static constexpr money taka(std::int64_t amount) noexcept { return {amount * 100}; }

    // clang-tidy 14 takes the defaulted operator's own code for a null pointer.
    constexpr auto
    operator<=>(const money&) const noexcept = default; // NOLINT(modernize-use-nullptr)
    constexpr money& operator+=(money other) noexcept {
        poisha += other.poisha;
        return *this;
    }
    constexpr money& operator-=(money other) noexcept {
        poisha -= other.poisha;
        return *this;
    }
    friend constexpr money operator+(money a, money b) noexcept { return {a.poisha + b.poisha}; }
    friend constexpr money operator-(money a, money b) noexcept { return {a.poisha - b.poisha}; }
    friend constexpr money operator-(money a) noexcept { return {-a.poisha}; }
    friend constexpr money operator*(money a, std::int64_t n) noexcept { return {a.poisha * n}; }
};

/// The largest amount that any file or form may carry: Tk 10,000 crore. Sums of a million of them
/// stay far inside 64 bits.
inline constexpr money money_max = money::taka(100'000'000'000);

/// "1250", "1250.5" or "-1250.50": ASCII digits, at most two decimals, no grouping, within
/// ±money_max. Nothing else is an amount.
std::optional<money> parse_money(std::string_view text) noexcept;

/// "1250.00": the form of files and of JSON.
std::string to_decimal(money amount);

} // namespace uthan
