#include "texts/graphemes.hpp"

#include "core/assert.hpp"
#include "texts/letters.hpp"
#include "texts/normalise.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <unicode/brkiter.h>
#include <unicode/unistr.h>

#include <memory>

namespace uthan::texts {
namespace {

constexpr char32_t letter_ta = 0x09A4;
constexpr char32_t khanda_ta = 0x09CE;
constexpr char32_t byte_order_mark = 0xFEFF;

icu::UnicodeString to_utf16(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece{utf8.data(), static_cast<std::int32_t>(utf8.size())});
}

/// Of this thread, because an iterator holds its text. ICU's rules (72 and later) keep a Bangla
/// conjunct in one cluster, so no cut leaves a hasanta without its consonant.
icu::BreakIterator& grapheme_iterator() {
    thread_local const std::unique_ptr<icu::BreakIterator> iterator = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::BreakIterator> made{
            icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status)};
        UTHAN_ASSERT(U_SUCCESS(status) && made);
        return made;
    }();
    // clang-tidy 14 destroys what is thread_local with the call.
    return *iterator; // NOLINT(clang-analyzer-cplusplus.NewDelete)
}

std::string_view without_trailing_spaces(std::string_view text) noexcept {
    const auto last = text.find_last_not_of(" \t\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// How many octets of `utf8` make `units` UTF-16 units, rounded up to a whole character.
std::size_t octets_of_units(std::string_view utf8, std::size_t units) noexcept {
    std::size_t at = 0;
    for (std::size_t counted = 0; at < utf8.size() && counted < units;) {
        counted += utf16_length(next_code_point(utf8, at));
    }
    return at;
}

/// The code points behind a place, 0 where the text ends.
struct lookahead {
    char32_t next = 0;
    char32_t after_next = 0;
};

lookahead look_ahead(std::string_view utf8, std::size_t at) noexcept {
    lookahead ahead;
    if (at < utf8.size()) {
        ahead.next = next_code_point(utf8, at);
    }
    if (at < utf8.size()) {
        ahead.after_next = next_code_point(utf8, at);
    }
    return ahead;
}

/// A joiner is shown only where a hasanta joins consonants: it keeps the hasanta of ক্‌ষ
/// visible and the first letter of র‍্য from becoming a reph.
bool is_shown_joiner(char32_t before, const lookahead& ahead) noexcept {
    return (before == hasanta && is_bangla_consonant(ahead.next)) ||
           (is_bangla_consonant(before) && ahead.next == hasanta &&
            is_bangla_consonant(ahead.after_next));
}

/// Zero-width characters out, except shown joiners. Older keyboards write ৎ as ত, hasanta, joiner.
std::string without_zero_width(std::string_view utf8) {
    std::string kept;
    kept.reserve(utf8.size());
    char32_t before = 0;
    char32_t before_that = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = next_code_point(utf8, at);
        if (c == zero_width_joiner && before == hasanta && before_that == letter_ta) {
            kept.resize(kept.size() - 6);
            append_utf8(kept, khanda_ta);
            before = khanda_ta;
            continue;
        }
        if (c == byte_order_mark ||
            (is_joiner(c) && !is_shown_joiner(before, look_ahead(utf8, at)))) {
            continue;
        }
        append_utf8(kept, c);
        before_that = before;
        before = c;
    }
    return kept;
}

} // namespace

std::string shortest_form(std::string_view utf8) {
    if (utf16_units(utf8) == utf8.size()) {
        return std::string{utf8};
    }
    // Joiners go first: a sign that one held apart may now join its letter.
    return composed_form(without_zero_width(utf8));
}

std::string truncate(std::string_view utf8, std::size_t units_max) {
    if (utf16_units(utf8) <= units_max) {
        return std::string{without_trailing_spaces(utf8)};
    }
    // Whether a place is a boundary depends on what is before it and on one character behind it.
    const std::string_view seen = utf8.substr(0, octets_of_units(utf8, units_max + 2));
    const icu::UnicodeString text = to_utf16(seen);
    icu::BreakIterator& iterator = grapheme_iterator();
    iterator.setText(text);
    const std::int32_t limit = text.getChar32Start(static_cast<std::int32_t>(units_max));
    const std::int32_t end = iterator.isBoundary(limit) ? limit : iterator.preceding(limit);
    const std::size_t units = end > 0 ? static_cast<std::size_t>(end) : 0;
    return std::string{without_trailing_spaces(utf8.substr(0, octets_of_units(utf8, units)))};
}

std::size_t grapheme_count(std::string_view utf8) {
    const icu::UnicodeString text = to_utf16(utf8);
    icu::BreakIterator& iterator = grapheme_iterator();
    iterator.setText(text);
    std::size_t count = 0;
    while (iterator.next() != icu::BreakIterator::DONE) {
        ++count;
    }
    return count;
}

std::string first_name(std::string_view utf8) {
    constexpr std::string_view spaces = " \t";
    // মোছাঃ, মোসাঃ, মোঃ, Mst., Md.: what nearly everybody's name begins with tells nobody apart.
    constexpr std::string_view visarga = "\u0983";
    const auto word = [&](std::size_t from) {
        const auto begin = utf8.find_first_not_of(spaces, from);
        return begin == std::string_view::npos
                   ? std::string_view{}
                   : utf8.substr(begin, utf8.find_first_of(spaces, begin) - begin);
    };
    const auto first = word(0);
    if (!first.ends_with(visarga) && !first.ends_with('.')) {
        return std::string{first};
    }
    const auto second = word(static_cast<std::size_t>(first.data() - utf8.data()) + first.size());
    return std::string{second.empty() ? first : second};
}

} // namespace uthan::texts
