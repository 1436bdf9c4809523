#include "texts/tokens.hpp"

#include "texts/letters.hpp"
#include "texts/normalise.hpp"
#include "texts/utf8.hpp"

#include <algorithm>
#include <optional>

namespace uthan::texts {
namespace {

constexpr char32_t taka_sign = 0x09F3;

constexpr bool is_dropped(char32_t c) noexcept {
    return is_joiner(c) || c == 0xFEFF || c == 0x00AD || c == 0x200B || c == 0x2060 ||
           (c >= 0xFE00 && c <= 0xFE0F);
}

constexpr bool is_token_letter(char32_t c) noexcept {
    const bool is_latin = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') ||
                          (c >= 0x00C0 && c <= 0x024F && c != 0x00D7 && c != 0x00F7);
    const bool is_bangla = (c >= 0x0980 && c <= 0x09E3) || c == 0x09F0 || c == 0x09F1;
    return is_latin || is_bangla;
}

/// Assamese letters that phones offer beside the Bangla ones, and capitals.
constexpr char32_t plain_letter(char32_t c) noexcept {
    if (c >= U'A' && c <= U'Z') {
        return c - U'A' + U'a';
    }
    if (c >= 0xC0 && c <= 0xDE) {
        return c + 0x20;
    }
    return c == 0x09F0 ? 0x09B0 : c == 0x09F1 ? 0x09AC : c;
}

constexpr char32_t plain_width(char32_t c) noexcept {
    return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFF01 + U'!' : c;
}

constexpr std::optional<char> digit_of(char32_t c) noexcept {
    if (c >= U'0' && c <= U'9') {
        return static_cast<char>(c);
    }
    if (is_bangla_digit(c)) {
        return static_cast<char>('0' + (c - 0x09E6));
    }
    return std::nullopt;
}

std::string_view within_limit(std::string_view utf8, std::size_t octets) noexcept {
    if (utf8.size() <= octets) {
        return utf8;
    }
    std::size_t end = octets;
    while (end > 0 && (static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80) {
        --end;
    }
    return utf8.substr(0, end);
}

/// Collects one token after the other.
class tokeniser {
public:
    explicit tokeniser(std::size_t most) : most_(most) {}

    void take(char32_t c) {
        if (is_dropped(c)) {
            return;
        }
        if (const auto digit = digit_of(c)) {
            take_digit(*digit);
        } else if (is_token_letter(c)) {
            begin(token_kind::word);
            append_utf8(list_.tokens.back().text, plain_letter(c));
        } else {
            take_sign(c);
        }
    }

    token_list finish() && {
        if (is_full()) {
            list_.tokens.resize(most_);
            list_.is_cut = true;
        }
        return std::move(list_);
    }
    bool is_full() const noexcept { return list_.tokens.size() > most_; }

private:
    void begin(token_kind kind) {
        if (!open_ || list_.tokens.back().kind != kind) {
            list_.tokens.push_back({kind, {}});
        }
        open_ = true;
        pending_ = 0;
    }
    void take_digit(char digit) {
        const bool goes_on = open_ && pending_ != 0;
        const bool has_point = goes_on && list_.tokens.back().text.find('.') != std::string::npos;
        if (goes_on && pending_ == U'.' && !has_point) {
            list_.tokens.back().text.push_back('.');
        } else if (goes_on && pending_ == U'.') {
            open_ = false;
        }
        begin(token_kind::number);
        list_.tokens.back().text.push_back(digit);
    }
    /// A sign behind a digit may belong to the number.
    void take_sign(char32_t c) {
        const bool joins = c == U',' || c == U'.' || c == U'-' || c == U'/';
        if (open_ && pending_ == 0 && joins && list_.tokens.back().kind == token_kind::number) {
            pending_ = c;
            return;
        }
        open_ = false;
        pending_ = 0;
        if (c == taka_sign) {
            list_.tokens.push_back({token_kind::money_mark, {}});
        }
    }

    std::size_t most_;
    token_list list_;
    bool open_ = false;    ///< the last token may grow
    char32_t pending_ = 0; ///< a sign between digits, perhaps
};

/// ASCII: what h makes of the letter before it, doubled letters and vowels are not told apart.
void add_latin_sound(std::string& sound, char c, char before) {
    if (c == 'h' && before != 0 &&
        std::string_view{"bcdgjkprst"}.find(before) != std::string::npos) {
        if (before == 'p') {
            sound.back() = 'f';
        }
        return;
    }
    const auto same = [c] {
        switch (c) {
        case 'z':
            return 'j';
        case 'v':
            return 'b';
        case 'q':
            return 'k';
        case 'y':
            return 'i';
        case 'a':
            return 'o';
        default:
            return c;
        }
    }();
    if (before == 'e' && same == 'e') {
        sound.back() = 'i';
    } else if (before == 'o' && c == 'o') {
        sound.back() = 'u';
    } else if (sound.empty() || sound.back() != same) {
        sound.push_back(same);
    }
}

/// 0: it is not heard.
constexpr char32_t bangla_sound(char32_t c) noexcept {
    switch (c) {
    case 0x0981: // chandrabindu
    case hasanta:
    case nukta:
        return 0;
    case 0x0988: // ঈ
        return 0x0987;
    case 0x098A: // ঊ
        return 0x0989;
    case 0x09C0: // ী
        return 0x09BF;
    case 0x09C2: // ূ
        return 0x09C1;
    case 0x099E: // ঞ
    case 0x09A3: // ণ
        return 0x09A8;
    case 0x09AF: // য
        return 0x099C;
    case 0x09B6: // শ
    case 0x09B7: // ষ
        return 0x09B8;
    case 0x09CE: // ৎ
        return 0x09A4;
    case 0x09DC: // ড়
    case 0x09DD: // ঢ়
        return 0x09B0;
    case 0x0999: // ঙ
        return 0x0982;
    default:
        return c;
    }
}

} // namespace

token_list tokens_of(std::string_view utf8, token_limits limits) {
    const auto text = within_limit(utf8, limits.octets);
    const auto composed = composed_form(text);
    tokeniser reading{limits.tokens};
    for (std::size_t at = 0; at < composed.size() && !reading.is_full();) {
        reading.take(plain_width(next_code_point(composed, at)));
    }
    auto list = std::move(reading).finish();
    list.is_cut = list.is_cut || text.size() < utf8.size();
    return list;
}

std::string sound_of(std::string_view word) {
    std::string sound;
    sound.reserve(word.size());
    char before = 0;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t c = next_code_point(word, at);
        if (c < 0x80) {
            add_latin_sound(sound, static_cast<char>(c), before);
            before = c == U'h' ? before : static_cast<char>(c);
        } else if (const char32_t heard = bangla_sound(c); heard != 0) {
            append_utf8(sound, heard);
            before = 0;
        }
    }
    return sound;
}

} // namespace uthan::texts
