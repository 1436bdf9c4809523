#include "menus/paging.hpp"

#include "texts/graphemes.hpp"
#include "texts/weight.hpp"

namespace uthan::menus {
namespace {

void append_line(std::string& text, std::string_view line) {
    if (line.empty()) {
        return;
    }
    if (!text.empty()) {
        text.push_back('\n');
    }
    text += line;
}

std::string assemble(const std::vector<std::string>& lines, std::size_t first, std::size_t last,
                     const navigation& nav, bool has_more) {
    std::size_t octets = nav.more.size() + nav.back.size() + 2;
    for (std::size_t i = first; i < last; ++i) {
        octets += lines[i].size() + 1;
    }
    std::string text;
    text.reserve(octets);
    for (std::size_t i = first; i < last; ++i) {
        append_line(text, lines[i]);
    }
    append_line(text, has_more ? nav.more : std::string_view{});
    append_line(text, nav.back);
    return text;
}

/// A line wider than a screen: what fits of it.
std::string cut(const std::string& line, const navigation& nav, bool has_more,
                std::size_t octets_max) {
    std::size_t units = texts::utf16_units(line);
    std::string text;
    do {
        units = units * 9 / 10;
        text = assemble({texts::truncate(line, units)}, 0, 1, nav, has_more);
    } while (units > 0 && texts::ussd_weight(text).octets > octets_max);
    return text;
}

bool fits(const std::string& text, std::size_t octets_max) {
    return texts::ussd_weight(text).octets <= octets_max;
}

/// The page that starts at line `first`: the rest when it fits (it needs no "9"), else as many
/// lines as fit with a "9".
page page_from(const std::vector<std::string>& lines, std::size_t first, const navigation& nav,
               std::size_t octets_max, std::size_t lines_max) {
    auto rest = assemble(lines, first, lines.size(), nav, false);
    if (lines.size() - first <= lines_max && fits(rest, octets_max)) {
        return {std::move(rest), first, lines.size(), false};
    }
    page best;
    for (std::size_t last = first + 1; last < lines.size() && last - first <= lines_max; ++last) {
        auto text = assemble(lines, first, last, nav, true);
        if (!fits(text, octets_max)) {
            break;
        }
        best = {std::move(text), first, last, true};
    }
    if (best.last != 0) {
        return best;
    }
    const bool has_more = first + 1 < lines.size();
    return {cut(lines[first], nav, has_more, octets_max), first, first + 1, has_more};
}

} // namespace

page make_page(const std::vector<std::string>& lines, const navigation& nav, std::size_t octets_max,
               std::size_t number, std::size_t lines_max) {
    if (lines.empty()) {
        return {std::string{nav.back}, 0, 0, false};
    }
    page at = page_from(lines, 0, nav, octets_max, lines_max);
    for (std::size_t i = 0; i < number && at.has_more; ++i) {
        at = page_from(lines, at.last, nav, octets_max, lines_max);
    }
    return at;
}

std::string page_text(const std::vector<std::string>& lines, const page& at,
                      const navigation& nav) {
    return assemble(lines, at.first, at.last, nav, at.has_more);
}

} // namespace uthan::menus
