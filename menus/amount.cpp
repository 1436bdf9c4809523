#include "menus/amount.hpp"

#include "texts/forms.hpp"

#include <array>
#include <string>
#include <utility>

namespace uthan::menus {
namespace {

constexpr std::int64_t taka_max = 100'000'000;

constexpr std::array multipliers{
    std::pair{std::string_view{"k"}, 1'000},      std::pair{std::string_view{"hazar"}, 1'000},
    std::pair{std::string_view{"hajar"}, 1'000},  std::pair{std::string_view{"হাজার"}, 1'000},
    std::pair{std::string_view{"lakh"}, 100'000}, std::pair{std::string_view{"lac"}, 100'000},
    std::pair{std::string_view{"লাখ"}, 100'000},  std::pair{std::string_view{"taka"}, 1},
    std::pair{std::string_view{"টাকা"}, 1},       std::pair{std::string_view{"tk"}, 1},
};

/// ASCII letters small, spaces and grouping commas dropped.
std::string condensed(std::string_view typed) {
    std::string out;
    for (const char c : texts::with_ascii_digits(typed)) {
        if (c == ' ' || c == ',') {
            continue;
        }
        out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return out;
}

std::optional<std::int64_t> multiplier_of(std::string_view word) {
    if (word.empty()) {
        return 1;
    }
    for (const auto& [name, factor] : multipliers) {
        if (name == word) {
            return factor;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<money> parse_amount(std::string_view typed) {
    if (typed.size() > 64) {
        return std::nullopt;
    }
    const auto text = condensed(typed);
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto factor = multiplier_of(std::string_view{text}.substr(digits));
    if (digits == 0 || digits > 9 || !factor) {
        return std::nullopt;
    }
    const std::int64_t taka = std::stoll(text.substr(0, digits)) * *factor;
    if (taka <= 0 || taka > taka_max) {
        return std::nullopt;
    }
    return money::taka(taka);
}

} // namespace uthan::menus
