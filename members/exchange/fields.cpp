#include "members/exchange/fields.hpp"

#include <algorithm>
#include <array>

namespace uthan::members::exchange {
namespace {

/// Numbers and dates are short: what does not fit is none.
class ascii_field {
public:
    explicit ascii_field(std::string_view field) noexcept : view_(trimmed(field)) {
        const auto high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        if (std::none_of(view_.begin(), view_.end(), high)) {
            return;
        }
        std::size_t size = 0;
        for (std::size_t i = 0; i < view_.size() && size < bytes_.size(); ++size) {
            const auto digit = bangla_digit(view_.substr(i));
            bytes_[size] = digit ? *digit : view_[i];
            i += digit ? 3 : 1;
        }
        view_ = {bytes_.data(), size};
    }
    std::string_view view() const noexcept { return view_; }

    /// U+09E6–U+09EF are E0 A7 A6 … AF in UTF-8.
    static std::optional<char> bangla_digit(std::string_view at) noexcept {
        if (at.size() < 3 || at[0] != '\xE0' || at[1] != '\xA7' ||
            static_cast<unsigned char>(at[2]) < 0xA6 || static_cast<unsigned char>(at[2]) > 0xAF) {
            return std::nullopt;
        }
        return static_cast<char>('0' + (static_cast<unsigned char>(at[2]) - 0xA6));
    }

private:
    std::string_view view_;
    std::array<char, 48> bytes_;
};

constexpr field_problem empty_field = "is empty";

/// The bytes of the character at the front when no screen should get it, else 0: C0 and C1 controls
/// (U+0000–1F, 7F–9F), line and paragraph separators (U+2028–2029), embeddings, overrides and
/// isolates of direction (U+202A–202E, U+2066–2069). Precondition: not empty.
std::size_t unwanted_bytes(std::string_view at) noexcept {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(at[i]); };
    if (byte(0) < 0x20 || byte(0) == 0x7F) {
        return 1;
    }
    if (at.size() >= 2 && byte(0) == 0xC2 && byte(1) <= 0x9F) {
        return 2;
    }
    if (at.size() < 3 || byte(0) != 0xE2) {
        return 0;
    }
    const bool line_or_direction = byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE;
    const bool isolate = byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
    return line_or_direction || isolate ? 3 : 0;
}

} // namespace

std::string_view trimmed(std::string_view field) noexcept {
    const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!field.empty() && space(field.front())) {
        field.remove_prefix(1);
    }
    while (!field.empty() && space(field.back())) {
        field.remove_suffix(1);
    }
    return field;
}

field_problem read_text(std::string_view field, std::string& out) {
    field = trimmed(field);
    if (field.size() > text_bytes_max) {
        return "is longer than 1000 bytes";
    }
    out.clear();
    while (!field.empty()) {
        const auto unwanted = unwanted_bytes(field);
        out.push_back(unwanted > 0 ? ' ' : field.front());
        field.remove_prefix(std::max<std::size_t>(unwanted, 1));
    }
    out = std::string{trimmed(out)};
    return nullptr;
}

field_problem read_code(std::string_view field, std::string& out) {
    field = trimmed(field);
    out.clear();
    if (field.size() > code_bytes_max) {
        return "is longer than 64 bytes";
    }
    for (std::size_t i = 0; i < field.size(); ++i) {
        if (unwanted_bytes(field.substr(i)) > 0) {
            return "has a character that no code has";
        }
        if (const auto digit = ascii_field::bangla_digit(field.substr(i))) {
            out.push_back(*digit);
            i += 2;
        } else {
            out.push_back(field[i]);
        }
    }
    return nullptr;
}

field_problem read_required_code(std::string_view field, std::string& out) {
    const auto problem = read_code(field, out);
    return problem == nullptr && out.empty() ? empty_field : problem;
}

field_problem read_member_code(std::string_view field, std::string& out) {
    const auto problem = read_required_code(field, out);
    const auto printable = [](char c) { return c >= 0x20 && c <= 0x7E; };
    if (problem != nullptr || std::all_of(out.begin(), out.end(), printable)) {
        return problem;
    }
    return "has other characters than digits, Latin letters and signs";
}

field_problem read_money(std::string_view field, money& out) {
    const ascii_field ascii{field};
    if (ascii.view().empty()) {
        return empty_field;
    }
    const auto amount = parse_money(ascii.view());
    if (!amount) {
        return "is not an amount: write 1250 or 1250.50";
    }
    out = *amount;
    return nullptr;
}

field_problem read_money(std::string_view field, std::optional<money>& out) {
    out.reset();
    if (trimmed(field).empty()) {
        return nullptr;
    }
    return read_money(field, out.emplace());
}

field_problem read_money_or_zero(std::string_view field, money& out) {
    out = {};
    return trimmed(field).empty() ? nullptr : read_money(field, out);
}

field_problem read_day(std::string_view field, calendar_day& out) {
    const ascii_field ascii{field};
    if (ascii.view().empty()) {
        return empty_field;
    }
    const auto day = parse_day(ascii.view());
    if (!day) {
        return "is not a date: write 2026-12-31";
    }
    out = *day;
    return nullptr;
}

field_problem read_day(std::string_view field, std::optional<calendar_day>& out) {
    out.reset();
    if (trimmed(field).empty()) {
        return nullptr;
    }
    return read_day(field, out.emplace());
}

field_problem read_number(std::string_view field, unsigned least, unsigned most, unsigned& out) {
    const ascii_field ascii{field};
    if (ascii.view().empty()) {
        return empty_field;
    }
    unsigned value = 0;
    for (const char c : ascii.view()) {
        if (c < '0' || c > '9' || ascii.view().size() > 9) {
            return "is not a whole number";
        }
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    if (value < least || value > most) {
        return "is outside what this column can be";
    }
    out = value;
    return nullptr;
}

field_problem read_time(std::string_view field, std::optional<std::chrono::minutes>& out) {
    constexpr field_problem problem = "is not a time: write 16:30";
    out.reset();
    const ascii_field ascii{field};
    const auto text = ascii.view();
    if (text.empty()) {
        return nullptr;
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.size() < colon + 3) {
        return problem;
    }
    unsigned hours = 0;
    unsigned minutes = 0;
    const auto rest = text.substr(colon + 3);
    if (read_number(text.substr(0, colon), 0, 23, hours) != nullptr ||
        read_number(text.substr(colon + 1, 2), 0, 59, minutes) != nullptr ||
        (!rest.empty() && rest != ":00")) {
        return problem;
    }
    out = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    return nullptr;
}

field_problem read_flag(std::string_view field, std::optional<bool>& out) {
    out.reset();
    if (trimmed(field).empty()) {
        return nullptr;
    }
    static constexpr std::pair<std::string_view, bool> words[]{
        {"1", true},  {"true", true},   {"yes", true}, {"y", true},
        {"0", false}, {"false", false}, {"no", false}, {"n", false}};
    bool value = false;
    if (read_word<bool>(field, words, value) != nullptr) {
        return "is neither yes (1) nor no (0)";
    }
    out = value;
    return nullptr;
}

lowered::lowered(std::string_view field) noexcept {
    const ascii_field ascii{field};
    for (const char c : ascii.view().substr(0, sizeof bytes_ - 1)) {
        bytes_[size_++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
}

} // namespace uthan::members::exchange
