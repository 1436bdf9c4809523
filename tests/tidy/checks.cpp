#include "tests/tidy/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <string_view>

namespace uthan::tidy {
namespace {

using rooms = std::set<std::string_view>;

const std::map<std::string_view, rooms> allowed_includes{
    {"core", {}},
    {"members", {"core"}},
    {"texts", {"core"}},
    {"access", {"core", "members"}},
    {"menus", {"core", "members", "texts", "access"}},
    {"sessions", {"core", "members", "texts", "access", "menus"}},
    {"sms", {"core", "members", "texts", "access"}},
    {"service", {"core", "members", "texts", "access", "menus", "sessions", "sms"}},
    {"adapters", {"core", "texts", "sessions", "sms"}},
    {"db", {"core", "members", "texts", "access", "menus", "sessions", "sms", "service"}},
    {"gateway",
     {"core", "members", "texts", "access", "menus", "sessions", "sms", "service", "adapters",
      "db"}},
};

/// Everybody may stand here: they bind the product together or look at it from outside.
bool is_free(std::string_view room) {
    return room == "tests" || room == "bench";
}

struct library {
    std::string_view prefix;
    rooms homes;
};

const std::vector<library> libraries{
    {"sqlite3.h", {"db"}},
    {"hiredis", {"db"}},
    {"boost/beast", {"gateway"}},
    {"boost/asio", {"core", "service", "db", "gateway"}},
    {"boost/url", {"adapters", "gateway"}},
    {"boost/json", {"members", "adapters", "gateway"}},
    {"pugixml", {"adapters"}},
    {"toml++", {"texts"}},
    {"CLI/", {"gateway"}},
    {"prometheus/", {"gateway"}},
    {"openssl/", {"core", "members", "gateway"}},
    {"sodium", {"core", "db", "gateway"}},
    {"spdlog/", {"core", "gateway"}},
    {"unicode/", {"texts", "gateway"}},
    {"date/", {"core"}},
};

struct banned_call {
    std::string_view pattern; ///< of the code without comments and literals
    std::string_view why;
    /// Path prefixes where it may stand.
    std::vector<std::string_view> homes;
};

const std::vector<banned_call> banned_calls{
    {R"(\bs?rand\s*\()", "randomness comes in as a random_source", {}},
    {R"(\brandom_device\b)", "randomness comes in as a random_source", {"tests/"}},
    {R"((^|[^\w:.>]|std::)system\s*\()", "no shell", {}},
    {R"(\bpopen\s*\()", "no shell", {}},
    {R"(\bstr(cpy|cat|tok)\s*\()", "no unbounded C strings", {}},
    {R"(\b(v?sprintf|gets)\s*\()", "no unbounded C strings", {}},
    {R"(\bato[ifl]+\s*\()", "says nothing about errors: use from_chars", {}},
    {R"(std::(cout|cerr|clog)\b)",
     "only a command speaks to its terminal",
     {"gateway/commands/", "gateway/main.cpp"}},
    {R"(\b(sleep_for|sleep_until|usleep|nanosleep)\s*\()",
     "waits for an event, never for time",
     {"bench/"}},
    {R"(\bsystem_clock::now\s*\()",
     "time comes in as a clock",
     {"core/clock.hpp", "tests/", "bench/"}},
    {R"(\bgetenv\s*\()", "only the settings read the environment", {"gateway/settings/", "tests/"}},
    {R"(\busing namespace std\s*;)", "names say where they come from", {}},
    {R"(\.reveal\s*\(\s*\))",
     "an address shows itself masked",
     {"core/address", "access/binding.cpp", "adapters/", "db/", "service/", "tests/"}},
    {R"(\bconst_cast\b)", "a const is a promise", {}},
    {R"(\bdetach\s*\(\s*\))", "every thread is joined", {}},
};

violation found(const source& file, std::size_t offset, std::string rule) {
    return {file.path, line_at(file.text, offset), std::move(rule)};
}

struct include_line {
    std::string name;
    bool quoted = false;
    std::size_t line = 0;
};

std::vector<include_line> includes_of(const source& file) {
    static const std::regex pattern{R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re"};
    std::vector<include_line> out;
    const auto lines = lines_of(file.code);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string line{lines[i]};
        std::smatch match;
        if (std::regex_search(line, match, pattern)) {
            out.push_back({match[2], match[1] == "\"", i + 1});
        }
    }
    return out;
}

bool stands_in(std::string_view path, const std::vector<std::string_view>& homes) {
    return std::ranges::any_of(homes, [&](auto home) { return path.starts_with(home); });
}

/// Past the bracket that closes the one at `open`.
std::size_t end_of_brackets(std::string_view code, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < code.size(); ++i) {
        if (code[i] == '(' || code[i] == '[' || code[i] == '{') {
            ++depth;
        } else if (code[i] == ')' || code[i] == ']' || code[i] == '}') {
            if (--depth == 0) {
                return i + 1;
            }
        }
    }
    return code.size();
}

/// The expression after a co_await, up to the end of its statement or of the brackets around it.
std::size_t end_of_expression(std::string_view code, std::size_t from) {
    int depth = 0;
    for (std::size_t i = from; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if (c == ')' || c == ']' || c == '}') {
            if (--depth < 0) {
                return i;
            }
        } else if (c == ';' && depth == 0) {
            return i;
        }
    }
    return code.size();
}

/// A lambda introducer with a capture: '[' that neither indexes nor opens an attribute.
bool has_capturing_lambda(std::string_view code) {
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] != '[') {
            continue;
        }
        std::size_t before = i;
        while (before > 0 && std::isspace(static_cast<unsigned char>(code[before - 1])) != 0) {
            --before;
        }
        const char last = before > 0 ? code[before - 1] : '(';
        const bool opens_lambda = last == '(' || last == ',' || last == '{' || last == '=' ||
                                  code.substr(0, before).ends_with("return");
        const auto end = end_of_brackets(code, i);
        const auto capture = code.substr(i + 1, end - i - 2);
        const bool empty = std::ranges::all_of(
            capture, [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; });
        if (opens_lambda && !empty && !capture.starts_with('[')) {
            return true;
        }
    }
    return false;
}

enum class block_kind { function, type, other };

/// What a head ("int f(int a) {", "class walk {") opens.
block_kind kind_of(std::string_view head) {
    static constexpr std::array<std::string_view, 4> types{"struct ", "class ", "union ",
                                                           "namespace"};
    const auto begins = [&](auto word) { return head.starts_with(word); };
    if (std::ranges::any_of(types, begins)) {
        return block_kind::type;
    }
    const auto bracket = head.find('(');
    const bool is_function = bracket != std::string_view::npos && head.find(" = ") > bracket;
    return is_function ? block_kind::function : block_kind::other;
}

struct block {
    block_kind kind;
    std::size_t indent;
    std::size_t first_line;
};

/// Follows functions through namespaces and types by their indentation, which clang-format keeps.
class function_walk {
public:
    explicit function_walk(const source& file) : file_(file) {}

    std::vector<violation> run() {
        const auto lines = lines_of(file_.code);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto indent = lines[i].find_first_not_of(' ');
            if (indent != std::string_view::npos) {
                const auto last = lines[i].find_last_not_of(' ');
                take(lines[i].substr(indent, last - indent + 1), indent, i + 1);
            }
        }
        return std::move(out_);
    }

private:
    void take(std::string_view line, std::size_t indent, std::size_t number) {
        if (!open_.empty() && indent == open_.back().indent && line.starts_with('}')) {
            close(number);
            return;
        }
        const bool inside_types = open_.empty() || open_.back().kind == block_kind::type;
        const std::size_t level = open_.empty() ? 0 : open_.back().indent + 4;
        if (!inside_types || indent < level || line.starts_with("namespace") ||
            line.starts_with('#')) {
            head_.clear();
            return;
        }
        if (indent == level) {
            head_ = line;
            head_line_ = number;
        } else {
            head_.append(" ").append(line);
        }
        if (head_.ends_with('{')) {
            open_.push_back({kind_of(head_), level, head_line_});
            head_.clear();
        }
    }

    void close(std::size_t number) {
        const auto length = number + 1 - open_.back().first_line;
        if (open_.back().kind == block_kind::function && length > function_lines_max) {
            out_.push_back({file_.path, open_.back().first_line,
                            fmt::format("a function of {} lines", length)});
        }
        open_.pop_back();
        head_.clear();
    }

    const source& file_;
    std::vector<block> open_;
    std::string head_;
    std::size_t head_line_ = 0;
    std::vector<violation> out_;
};

} // namespace

std::vector<violation> check_include_graph(const source& file) {
    std::vector<violation> out;
    const auto room = room_of(file.path);
    if (is_free(room)) {
        return out;
    }
    const auto allowed = allowed_includes.find(room);
    for (const auto& include : includes_of(file)) {
        if (!include.quoted) {
            continue;
        }
        const auto target = room_of(include.name);
        if (include.name.find('/') == std::string::npos || include.name.starts_with(".")) {
            out.push_back({file.path, include.line, "an include is written from the root"});
        } else if (target != room &&
                   (allowed == allowed_includes.end() || !allowed->second.contains(target))) {
            out.push_back(
                {file.path, include.line, fmt::format("{} must not include {}", room, target)});
        }
    }
    return out;
}

std::vector<violation> check_third_party(const source& file) {
    std::vector<violation> out;
    const auto room = room_of(file.path);
    if (is_free(room)) {
        return out;
    }
    for (const auto& include : includes_of(file)) {
        for (const auto& l : libraries) {
            if (!include.quoted && include.name.starts_with(l.prefix) && !l.homes.contains(room)) {
                out.push_back({file.path, include.line,
                               fmt::format("{} has no place in {}", include.name, room)});
            }
        }
    }
    return out;
}

std::vector<violation> check_banned_calls(const source& file) {
    std::vector<violation> out;
    for (const auto& banned : banned_calls) {
        if (stands_in(file.path, banned.homes)) {
            continue;
        }
        const std::regex pattern{std::string{banned.pattern}, std::regex::multiline};
        for (auto match = std::sregex_iterator(file.code.begin(), file.code.end(), pattern);
             match != std::sregex_iterator{}; ++match) {
            const auto at = static_cast<std::size_t>(match->position());
            out.push_back(found(file, at, fmt::format("{}: {}", match->str(), banned.why)));
        }
    }
    return out;
}

std::vector<violation> check_leftovers(const source& file) {
    // The checks' own words are put together so that they do not find themselves.
    static const std::regex words{"\\b(TO"
                                  "DO|FIX"
                                  "ME|XX"
                                  "X|HA"
                                  "CK)\\b|GTEST_"
                                  "SKIP|DISABLED"
                                  "_"};
    std::vector<violation> out;
    for (auto match = std::sregex_iterator(file.text.begin(), file.text.end(), words);
         match != std::sregex_iterator{}; ++match) {
        const auto at = static_cast<std::size_t>(match->position());
        out.push_back(found(file, at, fmt::format("{} was left behind", match->str())));
    }
    return out;
}

std::vector<violation> check_header_habits(const source& file, bool has_own_header) {
    std::vector<violation> out;
    const bool is_header = file.path.ends_with(".hpp");
    const auto lines = lines_of(file.code);
    const auto directive = std::ranges::find_if(
        lines, [](auto line) { return line.find_first_not_of(' ') != std::string_view::npos; });
    if (is_header && (directive == lines.end() || *directive != "#pragma once")) {
        out.push_back({file.path, 1, "a header begins with #pragma once"});
    }
    if (is_header || !has_own_header) {
        return out;
    }
    const auto own = file.path.substr(0, file.path.size() - 4) + ".hpp";
    const auto includes = includes_of(file);
    if (includes.empty() || includes.front().name != own) {
        out.push_back({file.path, 1, fmt::format("its first include is {}", own)});
    }
    return out;
}

std::vector<violation> check_lengths(const source& file) {
    std::vector<violation> out;
    const auto lines = lines_of(file.text);
    const bool is_test = room_of(file.path) == "tests";
    if (lines.size() > (is_test ? test_file_lines_max : file_lines_max)) {
        out.push_back({file.path, 1, fmt::format("a file of {} lines", lines.size())});
    }
    if (!is_test) {
        const auto functions = function_walk{file}.run();
        out.insert(out.end(), functions.begin(), functions.end());
    }
    return out;
}

std::vector<violation> check_coroutine_lambdas(const source& file) {
    std::vector<violation> out;
    static const std::regex pattern{R"(\bco_spawn\s*\(|\bco_await\b)"};
    const std::string_view code = file.code;
    for (auto match = std::sregex_iterator(file.code.begin(), file.code.end(), pattern);
         match != std::sregex_iterator{}; ++match) {
        const auto at = static_cast<std::size_t>(match->position());
        const auto after = at + static_cast<std::size_t>(match->length());
        const bool spawns = match->str().ends_with('(');
        const auto end = spawns ? end_of_brackets(code, after - 1) : end_of_expression(code, after);
        if (has_capturing_lambda(code.substr(after, end - after))) {
            out.push_back(found(file, at, "a capturing lambda in a coroutine's expression"));
        }
    }
    return out;
}

} // namespace uthan::tidy
