#include "gateway/settings.hpp"
#include "members/exchange/table.hpp"
#include "menus/answers.hpp"
#include "menus/fixed_texts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

// The documents of docs/ against the program: what they list exists, and what exists is listed.
namespace uthan::gateway {
namespace {

namespace fs = std::filesystem;
using names = std::set<std::string>;
/// Rows of a document's tables: under which heading, what the first cell names, the other cells.
struct table_row {
    std::string heading;
    std::string name;
    std::vector<std::string> cells;
};

const fs::path root = UTHAN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    std::ifstream in(root / file);
    EXPECT_TRUE(in) << file;
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

/// Every match's first group.
names matches(const std::string& text, const std::string& pattern) {
    names found;
    const std::regex expression(pattern);
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
        found.insert((*at)[1]);
    }
    return found;
}

/// All sources below a folder, joined.
std::string sources(const fs::path& folder) {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") {
            text += text_of(fs::relative(entry.path(), root));
        }
    }
    return text;
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line.substr(1));
    for (std::string cell; std::getline(in, cell, '|');) {
        const auto first = cell.find_first_not_of(' ');
        const auto last = cell.find_last_not_of(' ');
        cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
    }
    return cells;
}

/// The rows whose first cell is `name` in backquotes, with the heading above them.
std::vector<table_row> rows_of(const fs::path& document) {
    std::vector<table_row> rows;
    std::istringstream in(text_of(document));
    std::string heading;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('#')) {
            heading = line;
        } else if (line.starts_with("| `")) {
            auto cells = cells_of(line);
            const auto end = cells.front().find('`', 1);
            rows.push_back({heading, cells.front().substr(1, end - 1), std::move(cells)});
        }
    }
    return rows;
}

/// A header with what must stand before it.
std::string opened(const std::string& header) {
    return header.starts_with("[channels.") ? "[[channels]]\n" + header : header;
}

/// Offers keys with a value of a wrong type and asks the loader which of them it does not know.
class prober {
public:
    prober() {
        std::string name = (fs::temp_directory_path() / "uthan-docs-XXXXXX").string();
        directory_ = ::mkdtemp(name.data());
    }
    ~prober() { fs::remove_all(directory_); }
    prober(const prober&) = delete;
    prober& operator=(const prober&) = delete;

    /// What the loader says of these keys. `header`: "[public]", "[[channels]]", or empty for the
    /// top of the file.
    std::vector<std::string> said(const std::string& header, bool of_organisation,
                                  const names& keys) const {
        const auto file = directory_ / "probe.toml";
        {
            std::ofstream out(file);
            out << opened(header) << '\n';
            for (const auto& key : keys) {
                out << key << " = [[]]\n";
            }
        }
        std::vector<texts::problem> problems;
        if (of_organisation) {
            load_organisation(file, "probe", problems);
        } else {
            load_settings(
                file, [](const char*) -> const char* { return nullptr; }, problems);
        }
        std::vector<std::string> messages;
        messages.reserve(problems.size());
        for (const auto& problem : problems) {
            messages.push_back(problem.message);
        }
        return messages;
    }

    names accepted(const std::string& header, bool of_organisation, const names& keys) const {
        names left = keys;
        for (const auto& message : said(header, of_organisation, keys)) {
            for (const auto& unknown : matches(message, "unknown key \"([^\"]+)\"")) {
                left.erase(unknown);
            }
        }
        return left;
    }

private:
    fs::path directory_;
};

/// What may be a key: every name that the loaders' sources hold, and every placeholder.
names candidate_keys() {
    names keys = matches(sources("gateway/settings"), "\"([A-Za-z][A-Za-z0-9_-]*)\"");
    for (const auto& placeholder : texts::placeholders()) {
        keys.insert(std::string(placeholder.name));
    }
    return keys;
}

struct documented_section {
    bool of_organisation = false;
    names keys;
    std::map<std::string, std::string> ranges; ///< the second cell, by key
};

/// By header. An organisation's sections stand below "## An organisation's file".
std::map<std::string, documented_section> documented_sections() {
    const auto text = text_of("docs/configuration.md");
    std::map<std::string, documented_section> sections;
    std::istringstream in(text);
    bool of_organisation = false;
    std::vector<std::string> headers;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("## ")) {
            of_organisation = line == "## An organisation's file";
            headers.clear();
        } else if (line.starts_with("### ")) {
            headers.clear();
            for (const auto& header : matches(line, "`(\\[+[a-z_.]+\\]+)`")) {
                headers.push_back(header);
                sections[header].of_organisation = of_organisation;
            }
            if (line == "### Before the first table") {
                headers.emplace_back();
                sections[""].of_organisation = true;
            }
        } else if (line.starts_with("| `")) {
            const auto key = line.substr(3, line.find('`', 3) - 3);
            for (const auto& header : headers) {
                sections[header].keys.insert(key);
                sections[header].ranges[key] = cells_of(line).at(1);
            }
        }
    }
    return sections;
}

/// "[[products]]" → "products".
std::string name_of_header(const std::string& header) {
    const auto found = matches(header, "([a-z_]+)");
    return found.empty() ? std::string{} : *found.begin();
}

TEST(Docs, ConfigurationListsEveryKeyThatTheLoaderTakesAndNoOther) {
    const prober probe;
    const names candidates = candidate_keys();
    const auto sections = documented_sections();
    ASSERT_GE(sections.size(), 15U);
    for (const auto& [header, section] : sections) {
        SCOPED_TRACE(header.empty() ? "before the first table" : header);
        names offered = candidates;
        offered.insert(section.keys.begin(), section.keys.end());
        names taken = probe.accepted(header, section.of_organisation, offered);
        if (header.empty()) {
            for (const auto& [other, inner] : sections) {
                if (inner.of_organisation && other.find('.') == std::string::npos) {
                    taken.erase(name_of_header(other)); // They have a heading of their own.
                }
            }
        }
        EXPECT_EQ(taken, section.keys);
    }
}

TEST(Docs, ConfigurationHasAHeadingForEverySection) {
    const prober probe;
    names process;
    for (const auto& [header, section] : documented_sections()) {
        if (!section.of_organisation) {
            process.insert(name_of_header(header));
        }
    }
    EXPECT_EQ(probe.accepted("", false, candidate_keys()), process);
}

TEST(Docs, ConfigurationSaysTheRangeThatTheLoaderTakes) {
    const prober probe;
    const std::regex range("(\\w+): must be a whole number from (\\d+) to (\\d+)");
    unsigned compared = 0;
    for (const auto& [header, section] : documented_sections()) {
        SCOPED_TRACE(header);
        for (const auto& message : probe.said(header, section.of_organisation, section.keys)) {
            std::smatch found;
            if (std::regex_search(message, found, range)) {
                const std::string key = found[1];
                const auto& documented = section.ranges.at(key);
                EXPECT_TRUE(documented.starts_with(found[2].str() + "–" + found[3].str()))
                    << key << " is documented as " << documented << ": " << message;
                ++compared;
            }
        }
    }
    EXPECT_GT(compared, 20U);
}

TEST(Docs, OperationsListEveryMetricAndNoOther) {
    const names exported = matches(sources("gateway"), "\"(uthan_[a-z_]+)\"");
    ASSERT_GT(exported.size(), 20U);
    names listed;
    for (const auto& row : rows_of("docs/operations.md")) {
        if (row.name.starts_with("uthan_")) {
            listed.insert(row.name.substr(0, row.name.find('{')));
        }
    }
    EXPECT_EQ(listed, exported);
}

TEST(Docs, OperationsListEveryEventOfTheLogAndNoOther) {
    const names logged = matches(sources("gateway"), "event=([a-z_]+)");
    names listed;
    for (const auto& row : rows_of("docs/operations.md")) {
        if (row.name.starts_with("event=")) {
            listed.insert(row.name.substr(6));
        }
    }
    EXPECT_EQ(listed, logged);
}

TEST(Docs, EverySubcommandIsInOperationsAndEveryCommandOfADocumentExists) {
    const auto source = text_of("gateway/main.cpp");
    const names built =
        matches(source, "add_(?:subcommand|about)\\((?:\\s*\\*?\\w+, line,)?\\s*\"([a-z-]+)\"");
    ASSERT_GE(built.size(), 8U);
    const auto operations = text_of("docs/operations.md");
    for (const auto& name : built) {
        const bool listed = operations.find("`uthan " + name) != std::string::npos ||
                            operations.find("`uthan pin " + name) != std::string::npos ||
                            operations.find("`uthan staff " + name) != std::string::npos ||
                            operations.find("`uthan requests " + name) != std::string::npos;
        EXPECT_TRUE(listed) << name;
    }
    for (const auto& entry : fs::directory_iterator(root / "docs")) {
        if (entry.path().extension() != ".md") {
            continue;
        }
        const auto text = text_of(fs::relative(entry.path(), root));
        for (const auto& name : matches(text, "`(?:build/)?uthan ([a-z-]+)")) {
            EXPECT_TRUE(built.contains(name)) << entry.path() << ": uthan " << name;
        }
    }
}

template <class Row>
void expect_columns(const std::vector<table_row>& rows) {
    const std::string file(members::exchange::name_of(Row::kind));
    SCOPED_TRACE(file);
    std::map<std::string, std::string> listed;
    for (const auto& row : rows) {
        if (row.heading.find("`" + file + "`") != std::string::npos) {
            listed[row.name] = row.cells.at(1);
        }
    }
    using members::exchange::column_use;
    std::map<std::string, std::string> known;
    for (const auto& column : members::exchange::columns_of<Row>()) {
        known[std::string(column.name)] = column.use == column_use::required   ? "required"
                                          : column.use == column_use::optional ? "optional"
                                                                               : "not kept";
    }
    EXPECT_EQ(listed, known);
}

TEST(Docs, ImportListsEveryColumnAndWhetherItIsRequired) {
    using namespace members::exchange;
    const auto rows = rows_of("docs/import.md");
    expect_columns<office_row>(rows);
    expect_columns<staff_row>(rows);
    expect_columns<group_row>(rows);
    expect_columns<member_row>(rows);
    expect_columns<savings_row>(rows);
    expect_columns<loan_row>(rows);
    expect_columns<instalment_row>(rows);
    expect_columns<transaction_row>(rows);
    expect_columns<holiday_row>(rows);
    expect_columns<moratorium_row>(rows);
    expect_columns<application_row>(rows);
    expect_columns<ladder_row>(rows);
}

TEST(Docs, MenusListEveryPlaceholderWithItsWidths) {
    names listed;
    for (const auto& row : rows_of("docs/menus.md")) {
        if (!row.name.starts_with('{')) {
            continue;
        }
        const auto name = row.name.substr(1, row.name.size() - 2);
        listed.insert(name);
        const auto* known = texts::find_placeholder(name);
        ASSERT_NE(known, nullptr) << name;
        EXPECT_EQ(row.cells.at(2), std::to_string(known->width_max_bn)) << name;
        EXPECT_EQ(row.cells.at(3), std::to_string(known->width_max_latin)) << name;
    }
    names known;
    for (const auto& placeholder : texts::placeholders()) {
        known.insert(std::string(placeholder.name));
    }
    EXPECT_EQ(listed, known);
}

TEST(Docs, MenusListEveryTextThatAnAnswerOrTheDialogueSays) {
    names said;
    for (const auto& text : menus::answer_texts()) {
        said.insert(std::string(text.text));
    }
    for (const auto& text : menus::fixed_texts) {
        said.insert(std::string(text.id));
    }
    names listed;
    for (const auto& row : rows_of("docs/menus.md")) {
        if (row.heading == "## The texts") {
            listed.insert(row.name);
        }
    }
    EXPECT_EQ(listed, said);
}

} // namespace
} // namespace uthan::gateway
