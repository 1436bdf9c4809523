#include "texts/catalog.hpp"

#include "texts/graphemes.hpp"
#include "texts/gsm7.hpp"
#include "texts/letters.hpp"
#include "texts/toml.hpp"
#include "texts/utf8.hpp"

#include <fmt/format.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <tuple>

namespace uthan::texts {
namespace {

/// A hundred times what three organisations' texts need.
constexpr std::uintmax_t file_bytes_max = 1 << 20;

/// A text as it stands in a file, before it is understood.
struct written_text {
    std::string id;
    std::string text;
    position at;
};

std::optional<std::string> read_file(const std::filesystem::path& file, std::string& message) {
    std::error_code failed;
    const std::uintmax_t size = std::filesystem::file_size(file, failed);
    if (failed) {
        message = "cannot be read: " + failed.message();
        return std::nullopt;
    }
    if (size > file_bytes_max) {
        message = "larger than 1 MiB";
        return std::nullopt;
    }
    std::ifstream in{file, std::ios::binary};
    std::string content(static_cast<std::size_t>(size), '\0');
    if (!in.read(content.data(), static_cast<std::streamsize>(size))) {
        message = "cannot be read";
        return std::nullopt;
    }
    return content;
}

/// All strings of the table and of the tables inside it, ids joined with '.'.
void collect(const toml::table& table, const std::string& prefix, const std::string& file,
             std::vector<written_text>& texts, std::vector<problem>& problems) {
    for (const auto& [key, node] : table) {
        const std::string id = prefix + std::string{key.str()};
        if (const toml::table* inner = node.as_table()) {
            collect(*inner, id + ".", file, texts, problems);
        } else if (const auto* text = node.as_string()) {
            texts.push_back({id, text->get(), position_of_source(file, node.source())});
        } else {
            problems.push_back(
                {position_of_source(file, node.source()), "\"" + id + "\": not a string"});
        }
    }
}

std::string without_last_line_end(std::string text) {
    std::erase(text, '\r');
    if (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

/// Controls, invisible format characters, private and unassigned code points, and U+FFFD, which
/// says that some editor lost a character. Joiners that the shortest form keeps are seen.
bool is_shown(char32_t c) noexcept {
    switch (u_charType(static_cast<UChar32>(c))) {
    case U_CONTROL_CHAR:
        return c == U'\n';
    case U_FORMAT_CHAR:
        return is_joiner(c);
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
    case U_UNASSIGNED:
        return false;
    default:
        return c != 0xFFFD;
    }
}

bool is_mark(char32_t c) noexcept {
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

/// What is wrong with the characters of a text; empty when nothing is.
std::string character_problem(std::string_view text) {
    if (text.find_first_not_of(" \n") == std::string_view::npos) {
        return "empty";
    }
    char32_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = next_code_point(text, at);
        if (!is_shown(c)) {
            return fmt::format("U+{:04X}, which no phone shows", static_cast<unsigned>(c));
        }
        // A sign behind a placeholder would join whatever letter the value ends in.
        if (is_mark(c) && !is_mark(before) && !is_joiner(before) &&
            u_isalpha(static_cast<UChar32>(before)) == 0) {
            return fmt::format("the sign U+{:04X} without a letter before it",
                               static_cast<unsigned>(c));
        }
        before = c;
    }
    return {};
}

/// Whether a screen in Latin letters carries what the text says itself: one septet a character.
std::string latin_problem(const text_template& text) {
    for (const auto& line : text.lines()) {
        for (const auto& segment : line.segments) {
            for (std::size_t at = 0; !segment.is_placeholder && at < segment.text.size();) {
                const char32_t c = next_code_point(segment.text, at);
                if (gsm7_septets(c) != 1) {
                    return fmt::format("U+{:04X}, which is not in GSM-7's default alphabet",
                                       static_cast<unsigned>(c));
                }
            }
        }
    }
    return {};
}

std::optional<text_template> understood(const written_text& written, rendering in,
                                        std::string& why) {
    const std::string text = shortest_form(without_last_line_end(written.text));
    why = character_problem(text);
    if (!why.empty()) {
        return std::nullopt;
    }
    auto parsed = text_template::parse(text, why);
    if (parsed && in == rendering::bn_latn) {
        why = latin_problem(*parsed);
    }
    return parsed;
}

bool stands_before(const position& a, const position& b) noexcept {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
}

/// All texts of the file, in its order; those with a problem are left out.
std::vector<written_text> read_texts(const std::filesystem::path& file,
                                     std::vector<problem>& problems) {
    const std::string name = file.string();
    std::vector<written_text> texts;
    std::string message;
    const auto content = read_file(file, message);
    if (!content) {
        problems.push_back({{name, 1, 1}, message});
        return texts;
    }
    if (const auto parsed = parse_toml(*content, name, problems)) {
        collect(*parsed, {}, name, texts, problems);
    }
    std::ranges::sort(texts, stands_before, &written_text::at);
    return texts;
}

} // namespace

std::string problem::to_string() const {
    return fmt::format("{}:{}:{}: {}", at.file, at.line, at.column, message);
}

void catalog::load(const std::filesystem::path& file, rendering in,
                   std::vector<problem>& problems) {
    std::vector<problem> found;
    const std::vector<written_text> texts = read_texts(file, found);
    std::set<std::string_view> seen;
    for (const written_text& written : texts) {
        std::string why;
        auto text = understood(written, in, why);
        if (!seen.insert(written.id).second) {
            why = "given twice";
        }
        if (!why.empty()) {
            found.push_back({written.at, "\"" + written.id + "\": " + why});
            continue;
        }
        by_rendering_[static_cast<std::size_t>(in)].insert_or_assign(
            written.id, entry{std::move(*text), written.at});
    }
    std::ranges::stable_sort(found, stands_before, &problem::at);
    std::ranges::move(found, std::back_inserter(problems));
}

const catalog::entry* catalog::entry_of(std::string_view id, rendering in) const noexcept {
    const entries& of_rendering = by_rendering_[static_cast<std::size_t>(in)];
    const auto found = of_rendering.find(id);
    return found != of_rendering.end() ? &found->second : nullptr;
}

const text_template* catalog::find(std::string_view id, rendering in) const noexcept {
    const entry* found = entry_of(id, in);
    return found != nullptr ? &found->text : nullptr;
}

const position* catalog::position_of(std::string_view id, rendering in) const noexcept {
    const entry* found = entry_of(id, in);
    return found != nullptr ? &found->at : nullptr;
}

std::vector<std::string_view> catalog::ids(rendering in) const {
    std::vector<std::string_view> sorted;
    for (const auto& [id, unused] : by_rendering_[static_cast<std::size_t>(in)]) {
        sorted.push_back(id);
    }
    std::ranges::sort(sorted);
    return sorted;
}

} // namespace uthan::texts
