#include "adapters/http_sms/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace uthan::adapters::http_sms {
namespace {

/// The next "{{name}}": what stands before it, and the name. No name: there is none any more.
struct next_slot {
    std::string_view before;
    std::optional<std::string_view> name;
    bool is_open = false; ///< without its end
};

next_slot take_slot(std::string_view& rest) {
    const auto open = rest.find("{{");
    if (open == std::string_view::npos) {
        return {std::exchange(rest, {}), std::nullopt};
    }
    const auto before = rest.substr(0, open);
    const auto close = rest.find("}}", open);
    if (close == std::string_view::npos) {
        rest = {};
        return {before, std::nullopt, true};
    }
    const auto name = rest.substr(open + 2, close - open - 2);
    rest.remove_prefix(close + 2);
    return {before, name};
}

std::string_view first_line(std::string_view text) noexcept {
    return text.substr(0, text.find_first_of("\r\n"));
}

} // namespace

std::string parse_template(std::string_view written, sms_template& target) {
    while (!written.empty()) {
        const auto next = take_slot(written);
        if (next.is_open) {
            return "has a {{ without its }}";
        }
        if (!next.before.empty()) {
            target.push_back({slot::literal, std::string{next.before}});
        }
        if (!next.name) {
            break;
        }
        const auto* const found = std::ranges::find(slot_names, *next.name);
        if (next.name->empty() || found == slot_names.end()) {
            return fmt::format("has a placeholder that is not known: {{{{{}}}}}", *next.name);
        }
        target.push_back({static_cast<slot>(found - slot_names.begin()), {}});
    }
    return {};
}

bool uses(const sms_template& in, slot what) noexcept {
    return std::ranges::find(in, what, &template_piece::what) != in.end();
}

std::string fill(const sms_template& from, const slot_values& values, escaping as) {
    std::string out;
    for (const auto& piece : from) {
        const auto& value = values[static_cast<std::size_t>(piece.what)];
        if (piece.what == slot::literal) {
            out += piece.literal;
        } else {
            out += piece.what == slot::kind ? value : escape(value, as);
        }
    }
    return out;
}

std::string pattern_fault(std::string_view pattern) {
    bool has_code = false;
    bool is_first = true;
    while (!pattern.empty()) {
        const auto next = take_slot(pattern);
        if (next.is_open) {
            return "has a {{ without its }}";
        }
        if (!next.name) {
            break;
        }
        if (!is_first && next.before.empty()) {
            return "has two placeholders with nothing between them";
        }
        if (*next.name != "code" && *next.name != "id" && *next.name != "any") {
            return "may have {{code}}, {{id}} and {{any}} alone";
        }
        has_code = has_code || *next.name == "code";
        is_first = false;
    }
    return has_code ? "" : "has no {{code}}";
}

line_reading read_line(std::string_view pattern, std::string_view text) {
    line_reading made;
    auto slot = take_slot(pattern);
    if (!text.starts_with(slot.before)) {
        return made;
    }
    text.remove_prefix(slot.before.size());
    while (slot.name) {
        const auto name = *slot.name;
        slot = take_slot(pattern);
        const auto end = slot.before.empty() ? first_line(text).size() : text.find(slot.before);
        if (end == std::string_view::npos) {
            return {};
        }
        if (name == "code") {
            made.code = text.substr(0, end);
        } else if (name == "id") {
            made.id = text.substr(0, end);
        }
        text.remove_prefix(end + slot.before.size());
    }
    made.matches = true;
    return made;
}

} // namespace uthan::adapters::http_sms
