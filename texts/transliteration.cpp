#include "core/assert.hpp"
#include "texts/forms.hpp"
#include "texts/graphemes.hpp"
#include "texts/gsm7.hpp"
#include "texts/letters.hpp"
#include "texts/utf8.hpp"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

// ICU writes Bangla in ISO 15919 ("rahimā", "bēgama"), letter by letter. What follows makes of that
// what people write: silent inherent vowels out, the others as 'o', marks off.
namespace uthan::texts {
namespace {

enum class sound_kind : unsigned char { consonant, vowel, inherent, mark };

/// One letter of ISO 15919 and how it is written at a word's start and elsewhere.
struct sound {
    std::string_view iso;
    sound_kind kind;
    std::string_view first;
    std::string_view later;
};

using enum sound_kind;

/// Longest first where one begins another.
constexpr std::array sounds{sound{"kṣm", consonant, "kh", "kkh"},
                            sound{"kṣ", consonant, "kh", "kkh"},
                            sound{"jñ", consonant, "g", "gg"},
                            sound{"kh", consonant, "kh", "kh"},
                            sound{"k", consonant, "k", "k"},
                            sound{"gh", consonant, "gh", "gh"},
                            sound{"g", consonant, "g", "g"},
                            sound{"ṅ", consonant, "ng", "ng"},
                            sound{"ch", consonant, "chh", "chh"},
                            sound{"c", consonant, "ch", "ch"},
                            sound{"jh", consonant, "jh", "jh"},
                            sound{"j", consonant, "j", "j"},
                            sound{"ñ", consonant, "n", "n"},
                            sound{"ṭh", consonant, "th", "th"},
                            sound{"ṭ", consonant, "t", "t"},
                            sound{"ḍh", consonant, "dh", "dh"},
                            sound{"ḍ", consonant, "d", "d"},
                            sound{"ṇ", consonant, "n", "n"},
                            sound{"th", consonant, "th", "th"},
                            sound{"ṯ", consonant, "t", "t"},
                            sound{"t", consonant, "t", "t"},
                            sound{"dh", consonant, "dh", "dh"},
                            sound{"d", consonant, "d", "d"},
                            sound{"n", consonant, "n", "n"},
                            sound{"ph", consonant, "f", "f"},
                            sound{"p", consonant, "p", "p"},
                            sound{"bh", consonant, "bh", "v"},
                            sound{"b", consonant, "b", "b"},
                            sound{"m̐", mark, "", ""},
                            sound{"m", consonant, "m", "m"},
                            sound{"y", consonant, "j", "j"},
                            sound{"ẏ", consonant, "y", "y"},
                            sound{"r̥", vowel, "ri", "ri"},
                            sound{"r", consonant, "r", "r"},
                            sound{"ṛh", consonant, "rh", "rh"},
                            sound{"ṛ", consonant, "r", "r"},
                            sound{"l", consonant, "l", "l"},
                            sound{"ś", consonant, "sh", "sh"},
                            sound{"ṣ", consonant, "sh", "sh"},
                            sound{"s", consonant, "s", "s"},
                            sound{"h", consonant, "h", "h"},
                            sound{"v", consonant, "w", "w"},
                            sound{"ŋ", mark, "ng", "ng"},
                            sound{"ḥ", mark, "", ""},
                            sound{"ā", vowel, "a", "a"},
                            sound{"ai", vowel, "oi", "oi"},
                            sound{"au", vowel, "ou", "ou"},
                            sound{"a", inherent, "o", "o"},
                            sound{"i", vowel, "i", "i"},
                            sound{"ī", vowel, "i", "i"},
                            sound{"u", vowel, "u", "u"},
                            sound{"ū", vowel, "u", "u"},
                            sound{"ē", vowel, "e", "e"},
                            sound{"ō", vowel, "o", "o"},
                            sound{"'", mark, "", ""}};

/// Words whose Latin form no rule of sounds makes: abbreviations, an official spelling, adjectives
/// that keep their last vowel.
struct known_word {
    std::string_view bangla;
    std::string_view latin;
};
constexpr std::array known_words{known_word{"মোঃ", "Md."},      known_word{"মো", "Md"},
                                 known_word{"মোছাঃ", "Mst."},   known_word{"মোছা", "Mst"},
                                 known_word{"মোসাঃ", "Mst."},   known_word{"মোসা", "Mst"},
                                 known_word{"মোসাম্মৎ", "Mst."}, known_word{"উপজেলা", "upazila"},
                                 known_word{"বড়", "boro"},      known_word{"ছোট", "chhoto"},
                                 known_word{"৳", "Tk"}};

constexpr bool is_bangla(char32_t c) noexcept {
    return c >= 0x0980 && c <= 0x09FF;
}

bool has_bangla(std::string_view utf8) noexcept {
    for (std::size_t at = 0; at < utf8.size();) {
        if (is_bangla(next_code_point(utf8, at))) {
            return true;
        }
    }
    return false;
}

std::unique_ptr<icu::Transliterator> transliterator(const char* id) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made{
        icu::Transliterator::createInstance(id, UTRANS_FORWARD, status)};
    UTHAN_ASSERT(U_SUCCESS(status) && made);
    return made;
}

/// ICU's rules do not promise that one transliterator may work in two threads.
using of_this_thread = const std::unique_ptr<icu::Transliterator>;

std::string changed_by(const icu::Transliterator& rules, icu::UnicodeString text) {
    rules.transliterate(text);
    std::string changed;
    text.toUTF8String(changed);
    return changed;
}

icu::UnicodeString utf16_of(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece{utf8.data(), static_cast<std::int32_t>(utf8.size())});
}

std::string iso_of(std::string_view word) {
    thread_local of_this_thread bangla_to_iso = transliterator("Bengali-Latin");
    auto text = utf16_of(word);
    text.findAndReplace(u"\u200C", u"").findAndReplace(u"\u200D", u"");
    // ICU would read an inherent vowel into this way of writing "a", and bend ং to n or m.
    text.findAndReplace(u"অ্যা", u"আ").findAndReplace(u"ং", u"ŋ");
    return changed_by(*bangla_to_iso, std::move(text));
}

constexpr unsigned char lead_of(std::string_view utf8) noexcept {
    return static_cast<unsigned char>(utf8[0]);
}

std::vector<const sound*> sounds_of(std::string_view iso) {
    std::vector<const sound*> word;
    while (!iso.empty()) {
        const sound* found = nullptr;
        for (const sound& s : sounds) {
            if (iso.starts_with(s.iso)) {
                found = &s;
                break;
            }
        }
        if (found != nullptr) {
            word.push_back(found);
        }
        // What is no sound (a sign that stands alone) has no letter.
        iso.remove_prefix(found != nullptr ? found->iso.size()
                                           : std::min(iso.size(), utf8_length(lead_of(iso))));
    }
    return word;
}

bool is(const sound* s, sound_kind kind) noexcept {
    return s->kind == kind;
}

bool is_vowel(const sound* s) noexcept {
    return is(s, vowel) || is(s, inherent);
}

/// An inherent vowel is silent at a word's end behind one consonant (begama: Begom) and between
/// one consonant and one more with its vowel (rahamāna: Rohman), from the end to the front, never
/// in the first syllable.
std::vector<const sound*> without_silent_vowels(std::vector<const sound*> word) {
    for (std::size_t i = word.size(); i-- > 2;) {
        if (!is(word[i], inherent) || !is(word[i - 1], consonant)) {
            continue;
        }
        const bool is_last = i + 1 == word.size();
        const bool is_before_syllable =
            i + 2 < word.size() && is(word[i + 1], consonant) && is_vowel(word[i + 2]);
        const bool is_behind_one = !is(word[i - 2], consonant);
        const bool ends_in_nj = is_last && word[i - 2]->iso == "ñ";
        if (ends_in_nj || (is_behind_one && (is_last || is_before_syllable))) {
            word.erase(word.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    return word;
}

/// Letters that people write by their neighbours: a joined য is y, a joined ব behind a sibilant or
/// dental is w, ওয়া is owa, a nasal sign is n at the end and before a dental or palatal.
std::string_view written_by_neighbours(const std::vector<const sound*>& word, std::size_t i) {
    const std::string_view iso = word[i]->iso;
    const std::string_view before = i > 0 ? word[i - 1]->iso : std::string_view{};
    const std::string_view after = i + 1 < word.size() ? word[i + 1]->iso : std::string_view{};
    const auto is_one_of = [](std::string_view s, std::initializer_list<std::string_view> all) {
        return std::ranges::find(all, s) != all.end();
    };
    if (iso == "y" && i > 0 && is(word[i - 1], consonant)) {
        return "y";
    }
    if (iso == "b" && is_one_of(before, {"s", "ś", "ṣ", "t", "d", "dh", "j"})) {
        return "w";
    }
    if (iso == "ẏ" && before == "ō" && after == "ā") {
        return "w";
    }
    if (iso == "m̐" && (after.empty() || is_one_of(after, {"d", "dh", "c"}))) {
        return "n";
    }
    return i == 0 ? word[i]->first : word[i]->later;
}

/// One word of Bangla letters, in small letters except for abbreviations.
std::string latin_of(std::string_view bangla) {
    for (const auto& [written, latin] : known_words) {
        if (written == bangla) {
            return std::string{latin};
        }
    }
    const std::vector<const sound*> word = without_silent_vowels(sounds_of(iso_of(bangla)));
    std::string latin;
    for (std::size_t i = 0; i < word.size(); ++i) {
        latin.append(written_by_neighbours(word, i));
    }
    return latin;
}

constexpr bool is_ascii_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void append_word(std::string& out, std::string latin) {
    const bool begins_word = out.empty() || !is_ascii_alphanumeric(out.back());
    if (begins_word && !latin.empty() && latin[0] >= 'a' && latin[0] <= 'z') {
        latin[0] = static_cast<char>(latin[0] - 'a' + 'A');
    }
    out.append(latin);
}

/// ASCII characters that cost two septets or that GSM-7 lacks, and what stands for them.
constexpr std::string_view costly = R"([]{}\|^~`)";
constexpr std::string_view in_place_of_costly = "()()//--'";
static_assert(costly.size() == in_place_of_costly.size());

bool is_plain(char c) noexcept {
    return c >= ' ' && c <= '~' && costly.find(c) == std::string_view::npos;
}

/// Letters without marks, typographic signs as ASCII has them; what it does not know stays.
std::string ascii_of(std::string_view utf8) {
    thread_local of_this_thread to_ascii = transliterator("Latin-ASCII");
    return changed_by(*to_ascii, utf16_of(utf8));
}

/// What stands between Bangla words: a danda ends a sentence, what GSM-7 lacks goes.
void append_other(std::string& out, char32_t c) {
    constexpr char32_t danda = 0x0964;
    if (c == danda) {
        out.push_back('.');
    } else if (gsm7_septets(c) != 0) {
        append_utf8(out, c);
    }
}

} // namespace

std::string transliterate(std::string_view bangla) {
    if (!has_bangla(bangla)) {
        return std::string{bangla};
    }
    const std::string text = with_ascii_digits(shortest_form(bangla));
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t c = next_code_point(text, at);
        if (!is_bangla(c)) {
            append_other(out, c);
            continue;
        }
        std::size_t end = at;
        while (at < text.size()) {
            const char32_t next = next_code_point(text, at);
            if (!is_bangla(next) && !is_joiner(next)) {
                break;
            }
            end = at;
        }
        at = end;
        append_word(out, latin_of(std::string_view{text}.substr(begin, end - begin)));
    }
    return out;
}

std::string plain_latin(std::string_view utf8) {
    if (std::ranges::all_of(utf8, is_plain)) {
        return std::string{utf8};
    }
    std::string plain;
    for (const char c : transliterate(ascii_of(utf8))) {
        const auto costly_at = costly.find(c);
        if (costly_at != std::string_view::npos) {
            plain.push_back(in_place_of_costly[costly_at]);
        } else if (is_plain(c)) {
            plain.push_back(c);
        }
    }
    return plain;
}

} // namespace uthan::texts
