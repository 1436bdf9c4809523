#include "texts/segments.hpp"

#include "texts/clusters.hpp"
#include "texts/gsm7.hpp"
#include "texts/normalise.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <optional>
#include <span>
#include <utility>

namespace uthan::texts {
namespace {

/// What a message carries on the air, header included.
constexpr std::size_t user_data_octets = 140;
/// How far from its limit a part may end for the sake of a word or a cluster.
constexpr std::size_t units_back_max = 16;

constexpr std::size_t concatenation8_octets = 5;  // 00 03 RR TT SS
constexpr std::size_t concatenation16_octets = 6; // 08 04 RR RR TT SS
constexpr std::string_view shift_elements{"\x24\x01\x04\x25\x01\x04", 6};

struct gsm7_cost {
    std::size_t operator()(char32_t c) const noexcept { return code_in_gsm7(c).septets; }
};
struct bengali_cost {
    std::size_t operator()(char32_t c) const noexcept { return code_in_bengali(c).septets; }
};
struct ucs2_cost {
    std::size_t operator()(char32_t c) const noexcept { return utf16_length(c); }
};

/// All units of the text; nothing when the alphabet lacks one of its characters.
template <class Cost>
std::optional<std::size_t> units_of(std::string_view utf8, Cost cost) noexcept {
    std::size_t units = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const std::size_t of_this = cost(next_code_point(utf8, at));
        if (of_this == 0) {
            return std::nullopt;
        }
        units += of_this;
    }
    return units;
}

struct part_end {
    std::size_t at = 0; ///< octet of the text
    std::size_t units = 0;
};

enum class ends_prefer : std::uint8_t { clusters, words };

bool is_word_end(std::string_view utf8, std::size_t at) noexcept {
    constexpr std::string_view spaces = " \n";
    return spaces.find(utf8[at - 1]) != std::string_view::npos ||
           spaces.find(utf8[at]) != std::string_view::npos;
}

/// Where the part that begins at `begin` and is full at `full` ends.
template <class Cost>
part_end end_of_part(std::string_view utf8, std::size_t begin, part_end full, Cost cost,
                     ends_prefer prefer) noexcept {
    std::optional<part_end> cluster;
    part_end end = full;
    while (end.at > begin && full.units - end.units <= units_back_max) {
        if (is_cluster_boundary(utf8, end.at)) {
            if (prefer == ends_prefer::clusters || is_word_end(utf8, end.at)) {
                return end;
            }
            if (!cluster) {
                cluster = end;
            }
        }
        end.units -= cost(previous_code_point(utf8, end.at));
    }
    return cluster.value_or(full);
}

/// The parts' ends; one more than `parts_max` when that many are not enough.
template <class Cost>
std::vector<part_end> divide(std::string_view utf8, std::size_t units_each, std::size_t parts_max,
                             Cost cost, ends_prefer prefer) {
    std::vector<part_end> ends;
    for (std::size_t begin = 0; begin < utf8.size() && ends.size() <= parts_max;) {
        part_end full{.at = begin};
        while (full.at < utf8.size()) {
            std::size_t behind = full.at;
            const std::size_t units = full.units + cost(next_code_point(utf8, behind));
            if (units > units_each) {
                full = end_of_part(utf8, begin, full, cost, prefer);
                break;
            }
            full = {.at = behind, .units = units};
        }
        ends.push_back(full);
        begin = full.at;
    }
    return ends;
}

/// Between words when that costs no more parts than between clusters.
template <class Cost>
std::vector<part_end> divide(std::string_view utf8, std::size_t units_each, std::size_t parts_max,
                             Cost cost) {
    auto ends = divide(utf8, units_each, parts_max, cost, ends_prefer::clusters);
    if (ends.size() <= parts_max) {
        auto at_words = divide(utf8, units_each, ends.size(), cost, ends_prefer::words);
        if (at_words.size() == ends.size()) {
            return at_words;
        }
    }
    return ends;
}

/// What the plan and the parts are both made from.
struct layout {
    /// The text as it is sent; nothing when that is the caller's own.
    std::optional<std::string> changed;
    sms_alphabet in = sms_alphabet::gsm7;
    std::size_t units = 0;
    /// Empty for a message of one part; one more than allowed when the text is too long.
    std::vector<part_end> ends;

    std::size_t parts() const noexcept { return ends.empty() ? 1 : ends.size(); }
};

void find_ends(layout& of, std::string_view text, const sms_form& form) {
    if (of.units <= sms_part_units(of.in, form.joined_by, true)) {
        return;
    }
    const std::size_t each = sms_part_units(of.in, form.joined_by, false);
    switch (of.in) {
    case sms_alphabet::gsm7:
        of.ends = divide(text, each, form.parts_max, gsm7_cost{});
        break;
    case sms_alphabet::gsm7_bengali:
        of.ends = divide(text, each, form.parts_max, bengali_cost{});
        break;
    case sms_alphabet::ucs2:
        of.ends = divide(text, each, form.parts_max, ucs2_cost{});
        break;
    }
}

/// In a 7-bit alphabet that has all of the text, which is in its message form.
std::optional<layout> in_septets(std::string_view text, const sms_form& form) {
    layout made;
    auto units = units_of(text, gsm7_cost{});
    if (!units && form.bengali_shift && form.joined_by != concatenation::payload) {
        made.in = sms_alphabet::gsm7_bengali;
        units = units_of(text, bengali_cost{});
    }
    if (!units) {
        return std::nullopt;
    }
    made.units = *units;
    find_ends(made, text, form);
    return made;
}

layout in_ucs2(std::string text, const sms_form& form) {
    layout made;
    made.in = sms_alphabet::ucs2;
    made.units = utf16_units(text);
    find_ends(made, text, form);
    made.changed = std::move(text);
    return made;
}

/// Of a text that is not in GSM-7 as it was given.
layout lay_out_changed(std::string_view utf8, const sms_form& form) {
    std::string message = message_form(utf8);
    auto made = in_septets(message, form);
    if (made) {
        made->changed = message;
    } else if (form.smart_replacement) {
        std::string replaced = message_form(smart_replacement(message));
        made = in_septets(replaced, form);
        if (made) {
            made->changed = std::move(replaced);
        }
    }
    if (made && made->ends.empty()) {
        return std::move(*made);
    }
    // An ellipsis is three full stops, a digit is two septets: that may be dearer.
    layout wide = in_ucs2(std::move(message), form);
    return made && made->parts() <= wide.parts() ? std::move(*made) : std::move(wide);
}

result<layout> lay_out(std::string_view utf8, const sms_form& form) {
    if (utf8.size() > sms_text_octets_max || form.parts_max == 0) {
        return errc::too_large;
    }
    if (!is_valid_utf8(utf8)) {
        return errc::invalid_utf8;
    }
    layout made;
    // Characters of GSM-7 are in their composed form: such a text is its own message form.
    const bool has_no_return = utf8.find('\r') == std::string_view::npos;
    const auto septets = has_no_return ? units_of(utf8, gsm7_cost{}) : std::nullopt;
    if (septets) {
        made.units = *septets;
        find_ends(made, utf8, form);
    } else {
        made = lay_out_changed(utf8, form);
    }
    if (made.parts() > form.parts_max) {
        return errc::too_large;
    }
    return made;
}

sms_plan plan_of(const layout& made, const sms_form& form) noexcept {
    const std::size_t room = sms_part_units(made.in, form.joined_by, made.ends.empty());
    const std::size_t used = made.ends.empty() ? made.units : made.ends.back().units;
    return {.in = made.in,
            .units = made.units,
            .parts = static_cast<std::uint8_t>(made.parts()),
            .units_left_in_last = room - used};
}

void append_octet(std::string& out, std::size_t octet) {
    out.push_back(static_cast<char>(octet));
}

/// Which part of how many; `total` 1 has no concatenation element.
struct part_place {
    std::size_t number = 1;
    std::size_t total = 1;
};

std::string header_of(sms_alphabet in, concatenation joined_by, part_place part,
                      std::uint16_t reference) {
    std::string elements;
    if (part.total > 1 && joined_by == concatenation::udh8) {
        elements.assign("\x00\x03", 2);
        append_octet(elements, reference & 0xFF);
    } else if (part.total > 1 && joined_by == concatenation::udh16) {
        elements.assign("\x08\x04", 2);
        append_octet(elements, reference >> 8);
        append_octet(elements, reference & 0xFF);
    }
    if (!elements.empty()) {
        append_octet(elements, part.total);
        append_octet(elements, part.number);
    }
    if (in == sms_alphabet::gsm7_bengali) {
        elements.append(shift_elements);
    }
    if (!elements.empty()) {
        elements.insert(elements.begin(), static_cast<char>(elements.size()));
    }
    return elements;
}

void append_utf16be(std::string& out, char32_t c) {
    if (c > 0xFFFF) {
        append_utf16be(out, 0xD800 + ((c - 0x10000) >> 10));
        append_utf16be(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
        return;
    }
    append_octet(out, c >> 8);
    append_octet(out, c & 0xFF);
}

void append_encoded(std::string& out, std::string_view utf8, sms_alphabet in) {
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = next_code_point(utf8, at);
        if (in == sms_alphabet::ucs2) {
            append_utf16be(out, c);
        } else {
            append_septets(out, in == sms_alphabet::gsm7 ? code_in_gsm7(c) : code_in_bengali(c));
        }
    }
}

} // namespace

std::size_t sms_part_units(sms_alphabet in, concatenation joined_by, bool is_only_part) noexcept {
    std::size_t elements = in == sms_alphabet::gsm7_bengali ? shift_elements.size() : 0;
    if (!is_only_part) {
        const bool is_wide = joined_by == concatenation::udh16 || joined_by == concatenation::sar;
        elements += is_wide ? concatenation16_octets : concatenation8_octets;
    }
    const std::size_t octets = user_data_octets - (elements != 0 ? elements + 1 : 0);
    return in == sms_alphabet::ucs2 ? octets / 2 : octets * 8 / 7;
}

result<sms_plan> plan_sms(std::string_view utf8, const sms_form& form) {
    const auto made = lay_out(utf8, form);
    if (!made) {
        return made.error();
    }
    return plan_of(*made, form);
}

result<sms_segments> split_sms(std::string_view utf8, const sms_form& form,
                               std::uint16_t reference) {
    const auto made = lay_out(utf8, form);
    if (!made) {
        return made.error();
    }
    const std::string_view text = made->changed ? std::string_view{*made->changed} : utf8;
    const part_end whole{.at = text.size(), .units = made->units};
    const bool is_one = made->ends.empty() || form.joined_by == concatenation::payload;
    const std::span<const part_end> ends =
        is_one ? std::span{&whole, 1} : std::span<const part_end>{made->ends};
    sms_segments segments{.plan = plan_of(*made, form), .parts = {}};
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        sms_part part;
        part.user_data =
            header_of(made->in, form.joined_by, {.number = i + 1, .total = ends.size()}, reference);
        part.header_octets = part.user_data.size();
        part.units = ends[i].units;
        append_encoded(part.user_data, text.substr(begin, ends[i].at - begin), made->in);
        begin = ends[i].at;
        segments.parts.push_back(std::move(part));
    }
    return segments;
}

} // namespace uthan::texts
