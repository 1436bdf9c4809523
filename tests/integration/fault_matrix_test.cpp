#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

// docs/operations.md says what a member sees under each fault, and which test proves it.
namespace uthan::test {
namespace {

constexpr const char* heading = "## What a member sees when something is away\n";

/// The section of the page, without its heading.
std::string matrix() {
    std::stringstream page;
    page << std::ifstream{UTHAN_SOURCE_DIR "/docs/operations.md"}.rdbuf();
    const auto text = page.str();
    const auto begin = text.find(heading);
    if (begin == std::string::npos) {
        return {};
    }
    const auto from = begin + std::string{heading}.size();
    return text.substr(from, text.find("\n## ", from) - from);
}

std::set<std::string> named_in(const std::string& text) {
    const std::regex name{"`(Faulty[A-Za-z]+\\.[A-Za-z0-9]+)`"};
    std::set<std::string> found;
    for (std::sregex_iterator at{text.begin(), text.end(), name}, end; at != end; ++at) {
        found.insert((*at)[1]);
    }
    return found;
}

std::set<std::string> tests_with_faults() {
    std::set<std::string> found;
    const auto& program = *testing::UnitTest::GetInstance();
    for (int s = 0; s < program.total_test_suite_count(); ++s) {
        const auto& suite = *program.GetTestSuite(s);
        const std::string name{suite.name()};
        for (int t = 0; name.starts_with("Faulty") && t < suite.total_test_count(); ++t) {
            found.insert(name + "." + suite.GetTestInfo(t)->name());
        }
    }
    return found;
}

TEST(FaultMatrix, NamesEveryTestWithFaultsAndNoOther) {
    EXPECT_EQ(named_in(matrix()), tests_with_faults());
}

TEST(FaultMatrix, EachOfItsRowsIsProved) {
    std::istringstream lines{matrix()};
    unsigned rows = 0;
    for (std::string line; std::getline(lines, line);) {
        const bool is_row =
            line.starts_with("| ") && !line.starts_with("| fault |") && !line.starts_with("|---");
        if (is_row) {
            ++rows;
            EXPECT_FALSE(named_in(line).empty()) << line;
        }
    }
    EXPECT_GT(rows, 30U);
}

} // namespace
} // namespace uthan::test
