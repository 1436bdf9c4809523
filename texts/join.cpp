#include "texts/join.hpp"

#include "texts/utf8.hpp"

#include <algorithm>
#include <array>

namespace uthan::texts {
namespace {

/// Information element identifiers.
enum : std::uint8_t {
    concatenation8 = 0x00,
    application_ports16 = 0x05,
    concatenation16 = 0x08,
    single_shift = 0x24,
    locking_shift = 0x25
};
constexpr std::uint8_t bengali_language = 4;

std::uint8_t octet_at(std::string_view octets, std::size_t at) noexcept {
    return static_cast<std::uint8_t>(octets[at]);
}

std::uint16_t wide_at(std::string_view octets, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(octet_at(octets, at) << 8 | octet_at(octets, at + 1));
}

/// One element of a header; ignored when its length is not its identifier's.
void read_element(std::uint8_t identifier, std::string_view value, received_part& into) noexcept {
    const auto number_part = [&](bool is_wide) {
        const std::size_t at = is_wide ? 2 : 1;
        const std::uint16_t narrow = octet_at(value, 0);
        const part_of_message part{.reference = is_wide ? wide_at(value, 0) : narrow,
                                   .is_wide = is_wide,
                                   .total = octet_at(value, at),
                                   .number = octet_at(value, at + 1)};
        if (part.number != 0 && part.number <= part.total) {
            into.part = part;
        }
    };
    if (identifier == concatenation8 && value.size() == 3) {
        number_part(false);
    } else if (identifier == concatenation16 && value.size() == 4) {
        number_part(true);
    } else if (identifier == application_ports16 && value.size() == 4) {
        into.addressed_to = ports{.destination = wide_at(value, 0), .source = wide_at(value, 2)};
    } else if (identifier == single_shift && value.size() == 1) {
        into.shift.single = octet_at(value, 0) == bengali_language;
    } else if (identifier == locking_shift && value.size() == 1) {
        into.shift.locking = octet_at(value, 0) == bengali_language;
    }
}

/// Whether the elements fill the header exactly.
bool is_whole(std::string_view header) noexcept {
    std::size_t at = 0;
    while (at + 2 <= header.size()) {
        at += 2 + octet_at(header, at + 1);
    }
    return at == header.size();
}

std::string decode_ucs2(std::string_view octets) {
    constexpr char32_t unreadable = 0xFFFD;
    const auto is_high = [](char32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; };
    const auto is_low = [](char32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; };
    std::string utf8;
    std::size_t at = 0;
    while (octets.size() - at >= 2) {
        char32_t c = wide_at(octets, at);
        at += 2;
        const bool has_next = octets.size() - at >= 2;
        if (is_high(c) && has_next && is_low(wide_at(octets, at))) {
            c = 0x10000 + ((c - 0xD800) << 10) + (wide_at(octets, at) - 0xDC00U);
            at += 2;
        } else if (is_high(c) || is_low(c)) {
            c = unreadable;
        }
        append_utf8(utf8, c);
    }
    if (at < octets.size()) {
        append_utf8(utf8, unreadable);
    }
    return utf8;
}

std::string decode_octets(std::string_view octets, std::uint8_t last) {
    std::string utf8;
    utf8.reserve(octets.size());
    for (const char octet : octets) {
        const auto c = static_cast<std::uint8_t>(octet);
        append_utf8(utf8, c <= last ? c : 0xFFFD);
    }
    return utf8;
}

/// Whether the octets of one part may stand behind the other's before they are read.
bool read_alike(const received_part& a, const received_part& b) noexcept {
    return a.coding == b.coding && a.shift == b.shift;
}

constexpr std::size_t numbered_parts_max = 255;

} // namespace

received_part parse_user_data(std::string_view octets, bool has_header, user_data_coding coding) {
    received_part part;
    part.coding = coding;
    if (has_header && !octets.empty() && octet_at(octets, 0) < octets.size()) {
        const std::string_view header = octets.substr(1, octet_at(octets, 0));
        octets.remove_prefix(1 + header.size());
        for (std::size_t at = 0; is_whole(header) && at < header.size();) {
            const std::string_view value = header.substr(at + 2, octet_at(header, at + 1));
            read_element(octet_at(header, at), value, part);
            at += 2 + value.size();
        }
    }
    part.octets = octets;
    return part;
}

std::string text_of(const received_part& part) {
    switch (part.coding) {
    case user_data_coding::gsm7:
        return decode_gsm7(part.octets, part.shift);
    case user_data_coding::ascii:
        return decode_octets(part.octets, 0x7F);
    case user_data_coding::latin1:
        return decode_octets(part.octets, 0xFF);
    case user_data_coding::ucs2:
        return decode_ucs2(part.octets);
    case user_data_coding::binary:
        break;
    }
    return {};
}

std::string join_sms(std::span<const received_part> parts) {
    std::array<const received_part*, numbered_parts_max + 1> by_number{};
    std::size_t total = 0;
    for (const received_part& part : parts) {
        const part_of_message place = part.part.value_or(part_of_message{});
        total = std::max<std::size_t>(total, place.total);
        if (by_number[place.number] == nullptr) {
            by_number[place.number] = &part;
        }
    }
    std::string text;
    for (std::size_t number = 1; number <= total;) {
        const received_part* first = by_number[number];
        if (first == nullptr) {
            text.append(gap_mark);
            while (number <= total && by_number[number] == nullptr) {
                ++number;
            }
            continue;
        }
        received_part run = *first;
        for (++number;
             number <= total && by_number[number] != nullptr && read_alike(run, *by_number[number]);
             ++number) {
            run.octets.append(by_number[number]->octets);
        }
        text.append(text_of(run));
    }
    return text;
}

} // namespace uthan::texts
