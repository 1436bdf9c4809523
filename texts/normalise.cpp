#include "texts/normalise.hpp"

#include "core/assert.hpp"
#include "texts/letters.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

namespace uthan::texts {
namespace {

/// The one-unit letter for a base and a nukta; 0 when there is none.
constexpr char32_t with_nukta(char32_t base) noexcept {
    switch (base) {
    case 0x09A1:
        return 0x09DC; // ড়
    case 0x09A2:
        return 0x09DD; // ঢ়
    case 0x09AF:
        return 0x09DF; // য়
    default:
        return 0;
    }
}

std::string with_composed_nukta(std::string_view nfc) {
    std::string composed;
    composed.reserve(nfc.size());
    for (std::size_t at = 0; at < nfc.size();) {
        const char32_t c = next_code_point(nfc, at);
        std::size_t ahead = at;
        const char32_t letter = with_nukta(c);
        if (letter != 0 && at < nfc.size() && next_code_point(nfc, ahead) == nukta) {
            append_utf8(composed, letter);
            at = ahead;
        } else {
            append_utf8(composed, c);
        }
    }
    return composed;
}

bool is_ascii(std::string_view utf8) noexcept {
    return utf16_units(utf8) == utf8.size();
}

struct replacement {
    char32_t written;
    std::string_view sent;
};

/// By code point. Fullwidth forms and the spaces of U+2000 … 200A are ranges and stand apart.
constexpr std::array replacements = std::to_array<replacement>({
    {U'\t', " "},   {U'`', "'"},     {0x00A0, " "},   {0x00AB, "\""},  {0x00AD, ""},
    {0x00B4, "'"},  {0x00BB, "\""},  {0x00BC, "1/4"}, {0x00BD, "1/2"}, {0x00BE, "3/4"},
    {0x0964, "."},  {0x0965, "."},   {0x200B, ""},    {0x2010, "-"},   {0x2011, "-"},
    {0x2012, "-"},  {0x2013, "-"},   {0x2014, "-"},   {0x2015, "-"},   {0x2018, "'"},
    {0x2019, "'"},  {0x201A, "'"},   {0x201B, "'"},   {0x201C, "\""},  {0x201D, "\""},
    {0x201E, "\""}, {0x201F, "\""},  {0x2026, "..."}, {0x2028, "\n"},  {0x2029, "\n"},
    {0x202F, " "},  {0x2032, "'"},   {0x2033, "\""},  {0x2039, "'"},   {0x203A, "'"},
    {0x2044, "/"},  {0x205F, " "},   {0x2060, ""},    {0x2153, "1/3"}, {0x2154, "2/3"},
    {0x2212, "-"},  {0x2215, "/"},   {0x3000, " "},   {0xFB00, "ff"},  {0xFB01, "fi"},
    {0xFB02, "fl"}, {0xFB03, "ffi"}, {0xFB04, "ffl"}, {0xFB05, "st"},  {0xFB06, "st"},
    {0xFEFF, ""},
});
static_assert(std::ranges::is_sorted(replacements, {}, &replacement::written));

const replacement* find_replacement(char32_t c) noexcept {
    const auto* found = std::ranges::lower_bound(replacements, c, {}, &replacement::written);
    return found != replacements.end() && found->written == c ? found : nullptr;
}

constexpr bool is_fraction(char32_t c) noexcept {
    return (c >= 0x00BC && c <= 0x00BE) || c == 0x2153 || c == 0x2154;
}

constexpr bool is_digit(char32_t c) noexcept {
    return (c >= U'0' && c <= U'9') || is_bangla_digit(c);
}

} // namespace

std::string composed_form(std::string_view utf8) {
    if (is_ascii(utf8)) {
        return std::string{utf8};
    }
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    UTHAN_ASSERT(U_SUCCESS(status));
    const icu::UnicodeString normal =
        nfc->normalize(icu::UnicodeString::fromUTF8(
                           icu::StringPiece{utf8.data(), static_cast<std::int32_t>(utf8.size())}),
                       status);
    UTHAN_ASSERT(U_SUCCESS(status));
    std::string octets;
    normal.toUTF8String(octets);
    return with_composed_nukta(octets);
}

std::string message_form(std::string_view utf8) {
    std::string text = composed_form(utf8);
    if (text.find('\r') == std::string::npos) {
        return text;
    }
    std::string lines;
    lines.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r') {
            lines.push_back(text[at]);
        } else if (at + 1 == text.size() || text[at + 1] != '\n') {
            lines.push_back('\n');
        }
    }
    return lines;
}

std::string smart_replacement(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    char32_t before = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = next_code_point(utf8, at);
        if (c >= 0xFF01 && c <= 0xFF5E) {
            append_utf8(out, c - 0xFF01 + U'!');
        } else if (c >= 0x2000 && c <= 0x200A) {
            out.push_back(' ');
        } else if (const replacement* found = find_replacement(c)) {
            // 2½ is not 21/2.
            if (is_fraction(c) && (is_digit(before) || is_fraction(before))) {
                out.push_back(' ');
            }
            out.append(found->sent);
        } else {
            append_utf8(out, c);
        }
        before = c;
    }
    return out;
}

} // namespace uthan::texts
