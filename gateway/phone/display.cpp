#include "gateway/phone/display.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace uthan::gateway {
namespace {

std::size_t width_of(UChar32 c) {
    switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR:
        return 0;
    default:
        break;
    }
    const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

/// Whether the character belongs to the one before it.
bool continues(UChar32 c) {
    return u_hasBinaryProperty(c, UCHAR_GRAPHEME_EXTEND) ||
           u_charType(c) == U_COMBINING_SPACING_MARK;
}

struct cluster {
    std::string_view bytes;
    std::size_t columns = 0;
};

/// The first character of what is not empty, and how many bytes it takes. Bytes that are no UTF-8
/// stand for themselves: what a gateway sends must not end the phone.
UChar32 first_character(std::string_view utf8, std::size_t& size) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
    const auto ones = static_cast<std::size_t>(std::countl_one(byte(0)));
    size = ones >= 2 && ones <= 4 && ones <= utf8.size() ? ones : 1;
    if (size == 1) {
        return byte(0);
    }
    UChar32 c = byte(0) & (0xFF >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        c = (c << 6) | (byte(i) & 0x3F);
    }
    return c;
}

std::vector<cluster> clusters_of(std::string_view utf8) {
    static constexpr UChar32 hasanta = 0x09CD;
    std::vector<cluster> clusters;
    bool joined = false; // A conjunct goes on behind a hasanta.
    while (!utf8.empty()) {
        std::size_t size = 0;
        const UChar32 c = first_character(utf8, size);
        if (!clusters.empty() && (continues(c) || (joined && u_isalpha(c)))) {
            cluster& last = clusters.back();
            last.bytes = {last.bytes.data(), last.bytes.size() + size};
            last.columns += width_of(c);
        } else {
            clusters.push_back({utf8.substr(0, size), width_of(c)});
        }
        joined = c == hasanta;
        utf8.remove_prefix(size);
    }
    return clusters;
}

void wrap_line(std::string_view line, std::size_t columns, std::vector<std::string>& out) {
    std::string current;
    std::size_t used = 0;
    std::size_t last_space = std::string::npos;
    for (const cluster& next : clusters_of(line)) {
        if (used + next.columns > columns && !current.empty()) {
            std::string rest;
            if (next.bytes != " " && last_space != std::string::npos) {
                rest = current.substr(last_space + 1);
                current.resize(last_space);
            }
            out.push_back(current);
            current = rest;
            used = display_width(current);
            last_space = std::string::npos;
            if (next.bytes == " " && current.empty()) {
                continue;
            }
        }
        if (next.bytes == " ") {
            last_space = current.size();
        }
        current += next.bytes;
        used += next.columns;
    }
    out.push_back(current);
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += piece;
    }
    return out;
}

} // namespace

std::size_t display_width(std::string_view utf8) {
    std::size_t columns = 0;
    for (const cluster& one : clusters_of(utf8)) {
        columns += one.columns;
    }
    return columns;
}

std::vector<std::string> wrap(std::string_view utf8, std::size_t columns) {
    std::vector<std::string> lines;
    for (;;) {
        const auto end = utf8.find('\n');
        wrap_line(utf8.substr(0, end), columns, lines);
        if (end == std::string_view::npos) {
            return lines;
        }
        utf8.remove_prefix(end + 1);
    }
}

std::string draw_phone(std::string_view title, std::string_view text) {
    const std::size_t inner = phone_columns + 2;
    const std::string heading = title.empty() ? std::string() : " " + std::string(title) + " ";
    const std::size_t heading_width = std::min(display_width(heading), inner - 1);
    std::string out = "╭─" + heading + repeated("─", inner - 1 - heading_width) + "╮\n";
    for (const std::string& line : wrap(text, phone_columns)) {
        const std::size_t used = std::min(display_width(line), phone_columns);
        out += "│ " + line + std::string(phone_columns - used, ' ') + " │\n";
    }
    out += "╰" + repeated("─", inner) + "╯\n";
    return out;
}

} // namespace uthan::gateway
