#include "core/assert.hpp"
#include "texts/catalog.hpp"
#include "texts/graphemes.hpp"
#include "texts/weight.hpp"

#include <algorithm>

namespace uthan::texts {
namespace {

using segment = text_template::segment;

constexpr std::string_view row_opening = "{row:";

/// A line of the source, one placeholder or run of literal text at a time.
class line_parser {
public:
    explicit line_parser(std::string_view source) : rest_(source) {}

    /// False when the braces do not stand as they must; `message` says how.
    bool parse(std::vector<segment>& segments, std::string& message) {
        while (!rest_.empty()) {
            if (rest_.starts_with("{{") || rest_.starts_with("}}")) {
                literal_.push_back(rest_[0]);
                rest_.remove_prefix(2);
            } else if (rest_[0] == '{') {
                flush(segments);
                if (!parse_placeholder(segments, message)) {
                    return false;
                }
            } else if (rest_[0] == '}') {
                message = "'}' without '{' (a literal brace is written twice)";
                return false;
            } else {
                literal_.push_back(rest_[0]);
                rest_.remove_prefix(1);
            }
        }
        flush(segments);
        return true;
    }

private:
    void flush(std::vector<segment>& segments) {
        if (!literal_.empty()) {
            segments.push_back({.is_placeholder = false, .text = std::move(literal_)});
            literal_.clear();
        }
    }

    bool parse_placeholder(std::vector<segment>& segments, std::string& message) {
        if (rest_.starts_with(row_opening)) {
            message = "a row must be a line of its own";
            return false;
        }
        const auto end = rest_.find_first_of("{}", 1);
        if (end == std::string_view::npos || rest_[end] == '{') {
            message = "'{' without '}' (a literal brace is written twice)";
            return false;
        }
        const std::string_view name = rest_.substr(1, end - 1);
        const placeholder* known = find_placeholder(name);
        if (known == nullptr) {
            message = "unknown placeholder {" + std::string{name} + "}";
            return false;
        }
        segments.push_back({.is_placeholder = true, .text = std::string{name}, .holds = known});
        rest_.remove_prefix(end + 1);
        return true;
    }

    std::string_view rest_;
    std::string literal_;
};

/// The row's template when the line is exactly a row.
std::optional<std::string_view> row_of(std::string_view line) noexcept {
    if (!line.starts_with(row_opening) || !line.ends_with('}')) {
        return std::nullopt;
    }
    line.remove_prefix(row_opening.size());
    line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
}

std::optional<text_template::line> parse_line(std::string_view source, std::string& message) {
    text_template::line parsed;
    const auto row = row_of(source);
    parsed.is_row = row.has_value();
    if (!line_parser{row.value_or(source)}.parse(parsed.segments, message)) {
        return std::nullopt;
    }
    if (parsed.is_row && std::ranges::none_of(parsed.segments, &segment::is_placeholder)) {
        message = "a row without a placeholder";
        return std::nullopt;
    }
    return parsed;
}

/// Names, places and words are whatever somebody entered; every other kind has a form of ours.
constexpr bool is_cut(value_kind kind) noexcept {
    return kind == value_kind::name || kind == value_kind::place || kind == value_kind::word;
}

const std::string& value_of(const segment& s, const values& shared, const values* item) {
    const std::string* value = item != nullptr ? item->find(s.text) : nullptr;
    if (value == nullptr) {
        value = shared.find(s.text);
    }
    UTHAN_ASSERT(value != nullptr);
    return *value;
}

std::string render_line(const text_template::line& line, const values& shared, const values* item,
                        rendering in) {
    std::size_t octets = 0;
    for (const segment& s : line.segments) {
        octets += s.is_placeholder ? value_of(s, shared, item).size() : s.text.size();
    }
    std::string text;
    text.reserve(octets);
    for (const segment& s : line.segments) {
        if (!s.is_placeholder) {
            text.append(s.text);
            continue;
        }
        const std::string& value = value_of(s, shared, item);
        const std::size_t width = width_max(*s.holds, in);
        // A unit takes an octet or more: what has no more octets than that needs no counting.
        if (!is_cut(s.holds->kind) || value.size() <= width || utf16_units(value) <= width) {
            text.append(value);
        } else {
            text.append(truncate(value, width));
        }
    }
    return text;
}

} // namespace

values& values::set(std::string_view name, std::string text) {
    const placeholder* known = find_placeholder(name);
    UTHAN_ASSERT(known != nullptr);
    for (auto& [set_name, set_text] : items_) {
        if (set_name == name) {
            set_text = std::move(text);
            return *this;
        }
    }
    if (items_.empty()) {
        items_.reserve(8); // more than most texts have
    }
    items_.emplace_back(known->name, std::move(text));
    return *this;
}

const std::string* values::find(std::string_view name) const noexcept {
    for (const auto& [set_name, text] : items_) {
        if (set_name == name) {
            return &text;
        }
    }
    return nullptr;
}

std::optional<text_template> text_template::parse(std::string_view source, std::string& message) {
    text_template parsed;
    std::string problem;
    bool is_last = false;
    for (std::size_t number = 1; !is_last && problem.empty(); ++number) {
        const auto end = source.find('\n');
        is_last = end == std::string_view::npos;
        auto line = parse_line(source.substr(0, end), problem);
        if (line && line->is_row && std::ranges::any_of(parsed.lines_, &line::is_row)) {
            problem = "a second row";
        }
        if (!line || !problem.empty()) {
            message = "line " + std::to_string(number) + " of the text: " + problem;
            return std::nullopt;
        }
        parsed.lines_.push_back(std::move(*line));
        source.remove_prefix(is_last ? source.size() : end + 1);
    }
    std::vector<std::string_view> names = parsed.names();
    std::ranges::sort(names);
    const auto repeated = std::ranges::adjacent_find(names);
    if (repeated != names.end()) {
        message = "placeholder {" + std::string{*repeated} + "} stands twice";
        return std::nullopt;
    }
    return parsed;
}

std::vector<std::string> text_template::render(const values& shared, std::span<const values> rows,
                                               rendering in) const {
    std::vector<std::string> texts;
    texts.reserve(lines_.size() + rows.size());
    for (const line& l : lines_) {
        if (!l.is_row) {
            texts.push_back(render_line(l, shared, nullptr, in));
            continue;
        }
        for (const values& item : rows) {
            texts.push_back(render_line(l, shared, &item, in));
        }
    }
    return texts;
}

std::vector<std::string_view> text_template::names() const {
    std::vector<std::string_view> names;
    for (const line& l : lines_) {
        for (const segment& s : l.segments) {
            if (s.is_placeholder) {
                names.push_back(s.holds->name);
            }
        }
    }
    return names;
}

} // namespace uthan::texts
