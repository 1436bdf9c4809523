#include "texts/forms.hpp"

#include "core/assert.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace uthan::texts {
namespace {

/// U+09E6 … U+09EF are E0 A7 A6 … E0 A7 AF.
constexpr std::string_view bangla_digit_lead = "\xE0\xA7";
constexpr unsigned char bangla_zero_tail = 0xA6;

/// A number with sign, digits, commas and a point fits: INT64_MIN in lakh grouping has 27.
class digit_buffer {
public:
    void push(char c) noexcept {
        UTHAN_ASSERT(size_ < characters_.size());
        characters_[size_++] = c;
    }
    void push_number(std::uint64_t value) noexcept {
        const auto end = std::to_chars(characters_.data() + size_,
                                       characters_.data() + characters_.size(), value);
        UTHAN_ASSERT(end.ec == std::errc{});
        size_ = static_cast<std::size_t>(end.ptr - characters_.data());
    }
    void push_two_digits(std::uint64_t value) noexcept {
        push(static_cast<char>('0' + value / 10));
        push(static_cast<char>('0' + value % 10));
    }
    std::string_view view() const noexcept { return {characters_.data(), size_}; }

private:
    std::array<char, 40> characters_;
    std::size_t size_ = 0;
};

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// The prefix and the ASCII digits in the rendering's digits; one allocation at most.
std::string localised(std::string_view prefix, std::string_view ascii, rendering in) {
    std::string text;
    if (in != rendering::bn) {
        text.reserve(prefix.size() + ascii.size());
        return text.append(prefix).append(ascii);
    }
    text.reserve(prefix.size() + 3 * ascii.size());
    text.append(prefix);
    for (const char c : ascii) {
        if (is_digit(c)) {
            text.append(bangla_digit_lead);
            text.push_back(static_cast<char>(bangla_zero_tail + (c - '0')));
        } else {
            text.push_back(c);
        }
    }
    return text;
}

std::uint64_t magnitude(std::int64_t value) noexcept {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// Three digits, then twos: 99,99,99,999.
void push_lakh_grouped(digit_buffer& out, std::uint64_t value) noexcept {
    digit_buffer plain;
    plain.push_number(value);
    const std::string_view digits = plain.view();
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const std::size_t left = digits.size() - i;
        if (i > 0 && left >= 3 && left % 2 == 1) {
            out.push(',');
        }
        out.push(digits[i]);
    }
}

/// The part of the day as members name it. Evening belongs to বিকাল until seven: the four words
/// are what every handset's line has room for.
std::string_view part_of_day(std::chrono::hours hour, rendering in) noexcept {
    struct names {
        std::string_view bn;
        std::string_view latin;
    };
    constexpr names morning{"সকাল ", "Shokal "};
    constexpr names noon{"দুপুর ", "Dupur "};
    constexpr names afternoon{"বিকাল ", "Bikal "};
    constexpr names night{"রাত ", "Rat "};
    const auto h = hour.count();
    const names& part = h < 5    ? night
                        : h < 12 ? morning
                        : h < 15 ? noon
                        : h < 19 ? afternoon
                                 : night;
    return in == rendering::bn ? part.bn : part.latin;
}

} // namespace

std::string money_form(money amount, rendering in) {
    const std::uint64_t poisha = magnitude(amount.poisha);
    digit_buffer out;
    if (amount.poisha < 0) {
        out.push('-');
    }
    push_lakh_grouped(out, poisha / 100);
    if (poisha % 100 != 0) {
        out.push('.');
        out.push_two_digits(poisha % 100);
    }
    return localised({}, out.view(), in);
}

std::string count_form(std::int64_t value, rendering in) {
    digit_buffer out;
    if (value < 0) {
        out.push('-');
    }
    out.push_number(magnitude(value));
    return localised({}, out.view(), in);
}

std::string date_form(calendar_day day, rendering in) {
    const std::chrono::year_month_day parts{day};
    digit_buffer out;
    out.push_number(static_cast<unsigned>(parts.day()));
    out.push('/');
    out.push_number(static_cast<unsigned>(parts.month()));
    return localised({}, out.view(), in);
}

std::string weekday_form(unsigned iso_weekday, rendering in) {
    using names = std::array<std::string_view, 7>;
    constexpr names bn{"সোম", "মঙ্গল", "বুধ", "বৃহঃ", "শুক্র", "শনি", "রবি"};
    constexpr names latin{"Shom", "Mongol", "Budh", "Brihos", "Shukro", "Shoni", "Robi"};
    constexpr names en{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    UTHAN_ASSERT(iso_weekday >= 1 && iso_weekday <= 7);
    const names& in_words = in == rendering::bn ? bn : in == rendering::bn_latn ? latin : en;
    return std::string{in_words[iso_weekday - 1]};
}

std::string time_form(std::chrono::minutes since_midnight, rendering in) {
    using namespace std::chrono;
    UTHAN_ASSERT(since_midnight >= 0min && since_midnight < 24h);
    const hours hour = duration_cast<hours>(since_midnight);
    digit_buffer out;
    out.push_number(static_cast<std::uint64_t>(make12(hour).count()));
    out.push(':');
    out.push_two_digits(static_cast<std::uint64_t>((since_midnight - hour).count()));
    if (in == rendering::en) {
        for (const char c : std::string_view{is_am(hour) ? " am" : " pm"}) {
            out.push(c);
        }
        return localised({}, out.view(), in);
    }
    return localised(part_of_day(hour, in), out.view(), in);
}

std::string phone_form(std::string_view written, rendering in) {
    const std::string ascii = with_ascii_digits(written);
    std::string digits;
    std::copy_if(ascii.begin(), ascii.end(), std::back_inserter(digits), is_digit);
    // Inside the country nobody dials its code. The shortest number with it has eleven digits.
    for (const std::string_view country_code : {"00880", "880"}) {
        if (digits.size() >= country_code.size() + 8 && digits.starts_with(country_code)) {
            digits.replace(0, country_code.size(), "0");
            return localised({}, digits, in);
        }
    }
    return localised(ascii.starts_with('+') ? "+" : "", digits, in);
}

std::string with_bangla_digits(std::string_view utf8) {
    return localised({}, utf8, rendering::bn);
}

std::string with_ascii_digits(std::string_view utf8) {
    std::string text;
    text.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const std::string_view rest = utf8.substr(at);
        if (rest.size() >= 3 && rest.starts_with(bangla_digit_lead)) {
            const auto digit =
                static_cast<unsigned>(static_cast<unsigned char>(rest[2])) - bangla_zero_tail;
            if (digit < 10) {
                text.push_back(static_cast<char>('0' + digit));
                at += 3;
                continue;
            }
        }
        text.push_back(rest[0]);
        ++at;
    }
    return text;
}

} // namespace uthan::texts
