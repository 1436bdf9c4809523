#include "core/assert.hpp"
#include "texts/catalog.hpp"
#include "texts/graphemes.hpp"
#include "texts/weight.hpp"

#include <algorithm>
#include <array>

namespace uthan::texts {
namespace {

/// What the values need, in UTF-16 units (Bangla, Latin letters).
///
/// - Money: 12, so Tk 99,99,99,999, or Tk 99,99,999.99 where there is poisha. A `rate` is money per
///   thousand taka: 6 ("999.99"). Grouping has no text of 4, 7 or 10 units, so no width is one.
/// - A date is "31/12"; a weekday মঙ্গল or "Mongol"; a time "দুপুর ১২:৩০" or "Shokal 10:30".
/// - A name is 14 and 16: a first name, or as much of a whole one as a line with the passbook
///   number's last two digits holds. An officer's short name is 8 and 14, a meeting place 14 and
///   20, a branch 12 and 16. An office is 24, so উপজেলা সমাজসেবা কার্যালয় stays whole.
/// - A group's name is as wide as a meeting place; a one-time PIN four digits.
/// - A phone number is the eleven digits of BTRC's plan; a complaint's number 8; a dialled code 10
///   ("*16412*34#").
/// - Instalments are counted to 999: a weekly loan of two years has 104. PIN tries have one digit.
///
/// In Latin letters 182 septets leave room for more than Bangla's 80 units. A screen with three
/// amounts, or two in a long sentence, does not fit 80 units at its widest: it must be splittable
/// or say less. Sorted by name.
constexpr auto table = [] {
    using enum value_kind;
    return std::array{
        placeholder{"advance", money, 12, 12},   placeholder{"amt", money, 12, 12},
        placeholder{"asof", date, 5, 5},         placeholder{"branch", place, 12, 16},
        placeholder{"count", count, 3, 3},       placeholder{"date", date, 5, 5},
        placeholder{"date2", date, 5, 5},        placeholder{"day", weekday, 5, 6},
        placeholder{"gap", money, 12, 12},       placeholder{"general", money, 12, 12},
        placeholder{"goal", money, 12, 12},      placeholder{"group", place, 14, 20},
        placeholder{"id", code, 8, 8},           placeholder{"inst", money, 12, 12},
        placeholder{"k", count, 3, 3},           placeholder{"kind", word, 8, 12},
        placeholder{"left", money, 12, 12},      placeholder{"limit", money, 12, 12},
        placeholder{"line", word, 58, 100},

        placeholder{"matter", word, 20, 24},     placeholder{"max", money, 12, 12},
        placeholder{"min", money, 12, 12},       placeholder{"n", count, 3, 3},
        placeholder{"name", name, 14, 16},       placeholder{"office", place, 24, 30},
        placeholder{"officer", name, 8, 14},     placeholder{"org", word, 12, 16},
        placeholder{"overdue", money, 12, 12},   placeholder{"paid", money, 12, 12},
        placeholder{"phone", phone, 11, 11},     placeholder{"pin", code, 4, 4},
        placeholder{"place", place, 14, 20},     placeholder{"principal", money, 12, 12},
        placeholder{"product", word, 14, 20},    placeholder{"rate", money, 6, 6},
        placeholder{"sav", money, 12, 12},       placeholder{"savings", money, 12, 12},
        placeholder{"security", money, 12, 12},  placeholder{"share", money, 12, 12},
        placeholder{"status", word, 14, 20},     placeholder{"tail", code, 2, 2},
        placeholder{"term", money, 12, 12},      placeholder{"time", time, 11, 12},
        placeholder{"topic", word, 12, 20},      placeholder{"total", money, 12, 12},
        placeholder{"tries", count, 1, 1},       placeholder{"ussd", code, 10, 10},
        placeholder{"voluntary", money, 12, 12}, placeholder{"way", word, 24, 28},
        placeholder{"wd", money, 12, 12}};
}();
static_assert(std::ranges::is_sorted(table, {}, &placeholder::name));

static_assert(std::ranges::none_of(table, [](const placeholder& p) {
    return p.kind == value_kind::money && (p.width_max_bn % 3 == 1 || p.width_max_latin % 3 == 1);
}));

/// The greatest amount in lakh grouping that is exactly so wide: commas stand at the places 4, 7,
/// 10 … from the right.
std::string widest_money(std::size_t width, bool is_bangla) {
    std::string text;
    for (std::size_t left = width; left > 0; --left) {
        text.append(left % 3 == 1 && left > 1 ? "," : is_bangla ? "৯" : "9");
    }
    return text;
}

/// What values of a kind look like at their widest, as often as it takes, and the one-unit
/// character that fills what is left.
struct pattern {
    std::string_view widest;
    std::string_view filler;
};

pattern pattern_of(value_kind kind, bool is_bangla) noexcept {
    using enum value_kind;
    switch (kind) {
    case money:
    case count:
    case phone:
    case code:
        return is_bangla ? pattern{"৯", "৯"} : pattern{"9", "9"};
    case date:
        return is_bangla ? pattern{"৩১/১২", "৯"} : pattern{"31/12", "9"};
    case weekday:
        return is_bangla ? pattern{"মঙ্গল", "ম"} : pattern{"Mongol", "m"};
    case time:
        return is_bangla ? pattern{"দুপুর ১২:৩০", "৯"} : pattern{"Shokal 10:30", "9"};
    case name:
    case place:
    case word:
        return is_bangla ? pattern{"লক্ষ্মী", "ম"} : pattern{"M", "M"};
    }
    UTHAN_ASSERT(false);
}

} // namespace

std::span<const placeholder> placeholders() noexcept {
    return table;
}

const placeholder* find_placeholder(std::string_view name) noexcept {
    const auto* found = std::ranges::lower_bound(table, name, {}, &placeholder::name);
    return found != table.end() && found->name == name ? found : nullptr;
}

std::size_t width_max(const placeholder& p, rendering in) noexcept {
    return in == rendering::bn ? p.width_max_bn : p.width_max_latin;
}

std::string widest_value(const placeholder& p, rendering in) {
    const bool is_bangla = in == rendering::bn;
    const std::size_t width = width_max(p, in);
    if (p.kind == value_kind::money) {
        return widest_money(width, is_bangla);
    }
    const pattern of_kind = pattern_of(p.kind, is_bangla);
    std::string repeated;
    while (utf16_units(repeated) < width) {
        repeated.append(of_kind.widest);
    }
    std::string text = truncate(repeated, width);
    while (utf16_units(text) < width) {
        text.append(of_kind.filler);
    }
    return text;
}

} // namespace uthan::texts
