#include "texts/gsm7.hpp"

#include "texts/utf8.hpp"

#include <array>

namespace uthan::texts {
namespace {

constexpr std::size_t septets_count = 128;
/// No character of any table is U+0000.
constexpr char16_t none = 0;
using septet_table = std::array<char16_t, septets_count>;

/// 6.2.1, eight septets a row.
constexpr septet_table default_alphabet{
    0x0040, 0x00A3, 0x0024, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC, 0x00F2, 0x00C7, 0x000A, 0x00D8,
    0x00F8, 0x000D, 0x00C5, 0x00E5, 0x0394, 0x005F, 0x03A6, 0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8,
    0x03A3, 0x0398, 0x039E, none,   0x00C6, 0x00E6, 0x00DF, 0x00C9, 0x0020, 0x0021, 0x0022, 0x0023,
    0x00A4, 0x0025, 0x0026, 0x0027, 0x0028, 0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F,
    0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003A, 0x003B,
    0x003C, 0x003D, 0x003E, 0x003F, 0x00A1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
    0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F, 0x0050, 0x0051, 0x0052, 0x0053,
    0x0054, 0x0055, 0x0056, 0x0057, 0x0058, 0x0059, 0x005A, 0x00C4, 0x00D6, 0x00D1, 0x00DC, 0x00A7,
    0x00BF, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067, 0x0068, 0x0069, 0x006A, 0x006B,
    0x006C, 0x006D, 0x006E, 0x006F, 0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
    0x0078, 0x0079, 0x007A, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0,
};

/// 6.2.1.1: what stands behind an escape.
constexpr septet_table default_extension = [] {
    septet_table extension{};
    extension[0x0A] = 0x0C;
    extension[0x14] = u'^';
    extension[0x28] = u'{';
    extension[0x29] = u'}';
    extension[0x2F] = u'\\';
    extension[0x3C] = u'[';
    extension[0x3D] = u'~';
    extension[0x3E] = u']';
    extension[0x40] = u'|';
    extension[0x65] = u'€';
    return extension;
}();

/// A.3.4. The closing bracket does stand before the opening one.
constexpr septet_table bengali_locking{
    0x0981, 0x0982, 0x0983, 0x0985, 0x0986, 0x0987, 0x0988, 0x0989, 0x098A, 0x098B, 0x000A, 0x098C,
    none,   0x000D, none,   0x098F, 0x0990, none,   none,   0x0993, 0x0994, 0x0995, 0x0996, 0x0997,
    0x0998, 0x0999, 0x099A, none,   0x099B, 0x099C, 0x099D, 0x099E, 0x0020, 0x0021, 0x099F, 0x09A0,
    0x09A1, 0x09A2, 0x09A3, 0x09A4, 0x0029, 0x0028, 0x09A5, 0x09A6, 0x002C, 0x09A7, 0x002E, 0x09A8,
    0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003A, 0x003B,
    none,   0x09AA, 0x09AB, 0x003F, 0x09AC, 0x09AD, 0x09AE, 0x09AF, 0x09B0, none,   0x09B2, none,
    none,   none,   0x09B6, 0x09B7, 0x09B8, 0x09B9, 0x09BC, 0x09BD, 0x09BE, 0x09BF, 0x09C0, 0x09C1,
    0x09C2, 0x09C3, 0x09C4, none,   none,   0x09C7, 0x09C8, none,   none,   0x09CB, 0x09CC, 0x09CD,
    0x09CE, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067, 0x0068, 0x0069, 0x006A, 0x006B,
    0x006C, 0x006D, 0x006E, 0x006F, 0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
    0x0078, 0x0079, 0x007A, 0x09D7, 0x09DC, 0x09DD, 0x09F0, 0x09F1,
};

/// A.2.4. ¡ and * stand there twice; the first place is the one to write.
constexpr septet_table bengali_single{
    0x0040, 0x00A3, 0x0024, 0x00A5, 0x00BF, 0x0022, 0x00A4, 0x0025, 0x0026, 0x0027, 0x000C, 0x002A,
    0x002B, none,   0x002D, 0x002F, 0x003C, 0x003D, 0x003E, 0x00A1, 0x005E, 0x00A1, 0x005F, 0x0023,
    0x002A, 0x09E6, 0x09E7, none,   0x09E8, 0x09E9, 0x09EA, 0x09EB, 0x09EC, 0x09ED, 0x09EE, 0x09EF,
    0x09DF, 0x09E0, 0x09E1, 0x09E2, 0x007B, 0x007D, 0x09E3, 0x09F2, 0x09F3, 0x09F4, 0x09F5, 0x005C,
    0x09F6, 0x09F7, 0x09F8, 0x09F9, 0x09FA, none,   none,   none,   none,   none,   none,   none,
    0x005B, 0x007E, 0x005D, none,   0x007C, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
    0x0048, 0x0049, 0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F, 0x0050, 0x0051, 0x0052, 0x0053,
    0x0054, 0x0055, 0x0056, 0x0057, 0x0058, 0x0059, 0x005A, none,   none,   none,   none,   none,
    none,   none,   none,   none,   none,   0x20AC, none,   none,   none,   none,   none,   none,
    none,   none,   none,   none,   none,   none,   none,   none,   none,   none,   none,   none,
    none,   none,   none,   none,   none,   none,   none,   none,
};

/// How the code points of one range are written: the septet, with `behind_escape` added where an
/// escape precedes it.
template <char32_t First, std::size_t Size>
class range_codes {
public:
    static constexpr std::uint8_t absent = 0xFF; // as a code: an escaped 7F, which no table has
    static constexpr std::uint8_t behind_escape = 0x80;

    constexpr range_codes(const septet_table& plain, const septet_table& escaped) {
        codes_.fill(absent);
        for (std::size_t septet = 0; septet < septets_count; ++septet) {
            set(plain[septet], static_cast<std::uint8_t>(septet));
        }
        for (std::size_t septet = 0; septet < septets_count; ++septet) {
            set(escaped[septet], static_cast<std::uint8_t>(septet | behind_escape));
        }
    }

    constexpr bool holds(char32_t c) const noexcept { return c - First < Size; }
    constexpr gsm7_code at(char32_t c) const noexcept {
        const std::uint8_t code = codes_[c - First];
        if (code == absent) {
            return {};
        }
        return {.septets = static_cast<std::uint8_t>(code < behind_escape ? 1 : 2),
                .septet = static_cast<std::uint8_t>(code & ~behind_escape)};
    }

private:
    constexpr void set(char16_t c, std::uint8_t code) {
        if (c != none && holds(c) && codes_[c - First] == absent) {
            codes_[c - First] = code;
        }
    }

    std::array<std::uint8_t, Size> codes_{};
};

constexpr gsm7_code euro{.septets = 2, .septet = 0x65};
constexpr char32_t euro_sign = 0x20AC;
static_assert(default_extension[euro.septet] == euro_sign);
static_assert(bengali_single[euro.septet] == euro_sign);

constexpr range_codes<0, 0x100> latin{default_alphabet, default_extension};
constexpr range_codes<0x0393, 0x17> greek{default_alphabet, default_extension};
constexpr range_codes<0, 0x100> latin_with_bengali{bengali_locking, bengali_single};
constexpr range_codes<0x0981, 0x7A> bengali{bengali_locking, bengali_single};

/// What a receiver shows for a septet behind an escape; of one that the extension lacks, the plain
/// table's character. An escape is in neither: it is kept free for one more table.
char16_t shown_behind_escape(std::uint8_t septet, const septet_table& plain,
                             const septet_table& escaped) {
    return escaped[septet] != none ? escaped[septet] : plain[septet];
}

} // namespace

gsm7_code code_in_gsm7(char32_t c) noexcept {
    if (latin.holds(c)) {
        return latin.at(c);
    }
    if (greek.holds(c)) {
        return greek.at(c);
    }
    return c == euro_sign ? euro : gsm7_code{};
}

gsm7_code code_in_bengali(char32_t c) noexcept {
    if (bengali.holds(c)) {
        return bengali.at(c);
    }
    if (latin_with_bengali.holds(c)) {
        return latin_with_bengali.at(c);
    }
    return c == euro_sign ? euro : gsm7_code{};
}

unsigned gsm7_septets(char32_t code_point) noexcept {
    return code_in_gsm7(code_point).septets;
}

void append_septets(std::string& out, gsm7_code code) {
    if (code.septets == 2) {
        out.push_back(static_cast<char>(gsm7_escape));
    }
    if (code.septets != 0) {
        out.push_back(static_cast<char>(code.septet));
    }
}

std::string decode_gsm7(std::string_view septets, gsm7_shift shift) {
    const septet_table& plain = shift.locking ? bengali_locking : default_alphabet;
    const septet_table& escaped = shift.single ? bengali_single : default_extension;
    std::string utf8;
    utf8.reserve(septets.size());
    bool is_escaped = false;
    for (const char octet : septets) {
        const auto septet = static_cast<std::uint8_t>(octet);
        char32_t shown = 0xFFFD;
        if (septet < septets_count) {
            if (!is_escaped && septet == gsm7_escape) {
                is_escaped = true;
                continue;
            }
            const char32_t c =
                is_escaped ? shown_behind_escape(septet, plain, escaped) : plain[septet];
            shown = c != none ? c : U' ';
        }
        append_utf8(utf8, shown);
        is_escaped = false;
    }
    if (is_escaped) {
        utf8.push_back(' ');
    }
    return utf8;
}

} // namespace uthan::texts
