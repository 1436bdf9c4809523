#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// Words that the demo data are made of. Common names put together by chance; nobody is meant.
namespace uthan::members::exchange {

struct demo_word {
    std::string_view bn;
    std::string_view en;
};

std::span<const demo_word> women_names() noexcept;
std::span<const demo_word> family_names() noexcept;
std::span<const demo_word> officer_names() noexcept;
/// Flowers and rivers; what groups are called.
std::span<const demo_word> group_names() noexcept;
/// Where groups meet, at most fourteen UTF-16 units.
std::span<const demo_word> meeting_places() noexcept;
/// Sixty graphemes, conjuncts among them.
demo_word longest_name() noexcept;

/// "৩১" for 31.
std::string bangla_digits(std::uint32_t value);

} // namespace uthan::members::exchange
