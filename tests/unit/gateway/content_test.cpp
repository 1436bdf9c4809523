#include "gateway/content.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace uthan::gateway {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// The demo's settings, read from wherever the test runs.
settings demo() {
    const auto before = fs::current_path();
    fs::current_path(UTHAN_SOURCE_DIR);
    std::vector<texts::problem> problems;
    settings loaded = load_settings("config/demo/uthan.toml", process_environment(), problems);
    fs::current_path(before);
    EXPECT_TRUE(problems.empty());
    for (auto* path : {&loaded.content.menus, &loaded.content.texts}) {
        *path = (fs::path(UTHAN_SOURCE_DIR) / *path).string();
    }
    for (auto& one : loaded.organisations) {
        if (!one.texts.empty()) {
            one.texts = (fs::path(UTHAN_SOURCE_DIR) / one.texts).string();
        }
    }
    return loaded;
}

TEST(Content, OfTheDemoIsProved) {
    std::vector<texts::problem> problems;
    const auto loaded = load_content(demo(), problems);
    for (const auto& problem : problems) {
        ADD_FAILURE() << problem.to_string();
    }
    EXPECT_EQ(loaded.organisations.size(), 3U);
}

TEST(Content, ATextThatBdappsCannotCarryIsAProblemAtItsPlace) {
    std::string directory = (fs::temp_directory_path() / "uthan-content-XXXXXX").string();
    ASSERT_NE(::mkdtemp(directory.data()), nullptr);
    std::ofstream(directory + "/en.toml") << "\n\"info.branch\" = \"\u00A3 {branch}\\n{phone}\"\n";
    auto from = demo();
    for (auto& one : from.organisations) {
        if (one.code == "kmss") {
            one.texts = directory;
        }
    }
    std::vector<texts::problem> problems;
    load_content(from, problems);
    std::vector<std::string> said;
    for (const auto& problem : problems) {
        said.push_back(problem.to_string());
    }
    EXPECT_THAT(said, ::testing::Contains(::testing::AllOf(
                          HasSubstr(directory + "/en.toml:2:"), HasSubstr("info.branch"),
                          HasSubstr("not ASCII alone, and the channel bdapps-kmss"))));
    // Without such a channel nobody minds.
    std::erase_if(from.channels, [](const channel_settings& c) { return c.adapter == "bdapps"; });
    problems.clear();
    load_content(from, problems);
    for (const auto& problem : problems) {
        EXPECT_THAT(problem.message, ::testing::Not(HasSubstr("ASCII")));
    }
    fs::remove_all(directory);
}

TEST(Content, OwnTextsAreThereInEveryRenderingOfTheOrganisationsChannels) {
    // Goal: no member of one channel reads the common words where others read the organisation's.
    std::string directory = (fs::temp_directory_path() / "uthan-content-XXXXXX").string();
    ASSERT_NE(::mkdtemp(directory.data()), nullptr);
    std::ofstream(directory + "/bn.toml") << "[nav]\nend = \"Salam\"\nback = \"0 Ulta\"\n";
    std::ofstream(directory + "/en.toml") << "[nav]\nend = \"Bye\"\nback = \"0 Back\"\n";
    std::ofstream(directory + "/bn-Latn.toml") << "[nav]\nback = \"0 Ulta\"\n";
    auto from = demo();
    for (auto& one : from.organisations) {
        if (one.code != "rss") {
            one.texts = directory;
        }
    }
    std::vector<texts::problem> problems;
    load_content(from, problems);
    // KMSS has a channel with it, MSS has none.
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems.front().to_string(),
              directory + "/bn.toml:2:7: the organisation's own text \"nav.end\" is missing in "
                          "bn-Latn");
    fs::remove_all(directory);
}

} // namespace
} // namespace uthan::gateway
