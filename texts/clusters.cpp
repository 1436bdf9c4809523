#include "texts/clusters.hpp"

#include "texts/letters.hpp"
#include "texts/utf8.hpp"

#include <unicode/uchar.h>

namespace uthan::texts {
namespace {

/// How far back a run of signs or of flags is followed: more than any word has.
constexpr int characters_back_max = 32;

/// Signs and joiners, which belong to what is before them.
bool is_sign(char32_t c) noexcept {
    constexpr char32_t first_sign = 0x0300;
    if (c < first_sign) {
        return false;
    }
    switch (u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_GRAPHEME_CLUSTER_BREAK)) {
    case U_GCB_EXTEND:
    case U_GCB_SPACING_MARK:
    case U_GCB_ZWJ:
        return true;
    default:
        return false;
    }
}

/// Half of a flag.
constexpr bool is_regional_indicator(char32_t c) noexcept {
    return c >= 0x1F1E6 && c <= 0x1F1FF;
}

/// Whether the signs before `at` have a hasanta among them, which waits for a consonant.
bool joins_from(std::string_view utf8, std::size_t at) noexcept {
    for (int i = 0; i < characters_back_max && at > 0; ++i) {
        const char32_t c = previous_code_point(utf8, at);
        if (c == hasanta) {
            return true;
        }
        if (!is_sign(c)) {
            return false;
        }
    }
    return false;
}

bool is_behind_half_a_flag(std::string_view utf8, std::size_t at) noexcept {
    int halves = 0;
    while (halves < characters_back_max && at > 0 &&
           is_regional_indicator(previous_code_point(utf8, at))) {
        ++halves;
    }
    return halves % 2 == 1;
}

} // namespace

bool is_cluster_boundary(std::string_view utf8, std::size_t at) noexcept {
    if (at == 0 || at >= utf8.size()) {
        return true;
    }
    std::size_t behind = at;
    const char32_t next = next_code_point(utf8, behind);
    if (is_sign(next)) {
        return false;
    }
    std::size_t begin = at;
    if (previous_code_point(utf8, begin) == zero_width_joiner) {
        return false;
    }
    if (is_bangla_consonant(next)) {
        return !joins_from(utf8, at);
    }
    return !is_regional_indicator(next) || !is_behind_half_a_flag(utf8, at);
}

} // namespace uthan::texts
