#include "tests/tidy/source_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace uthan::tidy {
namespace {

constexpr std::array<std::string_view, 12> roots{"core",  "members",  "texts",   "access",
                                                 "menus", "sessions", "service", "adapters",
                                                 "db",    "gateway",  "tests",   "bench"};

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// The end of a literal that opens at `at` with `quote`; past its closing quote.
std::size_t end_of_literal(std::string_view text, std::size_t at, char quote) {
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == quote || text[i] == '\n') {
            return i + 1;
        }
    }
    return text.size();
}

/// R"x( … )x": `at` is at its opening quote.
std::size_t end_of_raw_literal(std::string_view text, std::size_t at) {
    const auto open = text.find('(', at);
    if (open == std::string_view::npos) {
        return text.size();
    }
    const auto closing = ")" + std::string{text.substr(at + 1, open - at - 1)} + "\"";
    const auto end = text.find(closing, open);
    return end == std::string_view::npos ? text.size() : end + closing.size();
}

/// Where the thing to be blanked that begins at `i` ends; `i` itself when nothing begins there.
std::size_t end_of_blank(std::string_view text, std::size_t i) {
    const char c = text[i];
    const char before = i > 0 ? text[i - 1] : '\n';
    if (text.substr(i, 2) == "//") {
        return std::min(text.find('\n', i), text.size());
    }
    if (text.substr(i, 2) == "/*") {
        const auto end = text.find("*/", i + 2);
        return end == std::string_view::npos ? text.size() : end + 2;
    }
    if (c == '"') {
        return before == 'R' ? end_of_raw_literal(text, i) : end_of_literal(text, i, '"');
    }
    // A quote inside a number (1'000) opens nothing.
    if (c == '\'' && !is_word(before)) {
        return end_of_literal(text, i, '\'');
    }
    return i;
}

} // namespace

std::string blanked(std::string_view text) {
    std::string out{text};
    bool at_line_start = true;
    for (std::size_t i = 0; i < text.size();) {
        if (at_line_start && text[i] == '#') {
            i = std::min(text.find('\n', i), text.size());
            continue;
        }
        at_line_start = text[i] == '\n' || (at_line_start && text[i] == ' ');
        const auto end = end_of_blank(text, i);
        if (end == i) {
            ++i;
            continue;
        }
        for (; i < end; ++i) {
            if (text[i] != '\n') {
                out[i] = ' ';
            }
        }
    }
    return out;
}

source make_source(std::string path, std::string text) {
    std::string code = blanked(text);
    return {std::move(path), std::move(text), std::move(code)};
}

std::vector<source> sources_below(const std::string& root) {
    namespace fs = std::filesystem;
    std::vector<source> found;
    for (const auto folder : roots) {
        const auto base = fs::path{root} / folder;
        if (!fs::exists(base)) {
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator{base}) {
            const auto extension = entry.path().extension();
            if (!entry.is_regular_file() || (extension != ".hpp" && extension != ".cpp")) {
                continue;
            }
            std::ifstream file{entry.path(), std::ios::binary};
            std::string text{std::istreambuf_iterator<char>{file}, {}};
            found.push_back(
                make_source(fs::relative(entry.path(), root).generic_string(), std::move(text)));
        }
    }
    std::ranges::sort(found, {}, &source::path);
    return found;
}

std::string_view room_of(std::string_view path) {
    return path.substr(0, path.find('/'));
}

std::size_t line_at(std::string_view text, std::size_t offset) {
    const auto before = text.substr(0, offset);
    return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return lines;
}

} // namespace uthan::tidy
