#include "menus/shortcuts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace uthan::menus {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

graph shipped(const char* name) {
    std::vector<texts::problem> problems;
    return graph::load(fs::path(UTHAN_SOURCE_DIR) / "config/menus" / name, problems);
}

class Shortcuts : public testing::Test {
protected:
    Shortcuts() {
        directory = (fs::temp_directory_path() / "uthan-shortcuts-XXXXXX").string();
        EXPECT_NE(::mkdtemp(directory.data()), nullptr);
        std::ofstream(directory + "/standard.toml") << "\n";
    }
    ~Shortcuts() override { fs::remove_all(directory); }

    std::vector<std::string> faults(const std::string& text) {
        std::ofstream(directory + "/shortcuts.toml") << text;
        std::vector<texts::problem> problems;
        const auto loaded = shortcuts::load(directory + "/shortcuts.toml", "standard", problems);
        prove(loaded, shipped("standard.toml"), problems);
        std::vector<std::string> said;
        for (const auto& p : problems) {
            said.push_back(p.to_string());
        }
        return said;
    }
    std::string directory;
};

TEST_F(Shortcuts, OfTheShippedMenusAreProved) {
    const fs::path file = UTHAN_SOURCE_DIR "/config/menus/shortcuts.toml";
    for (const char* name : {"standard", "rss"}) {
        std::vector<texts::problem> problems;
        const auto loaded = shortcuts::load(file, name, problems);
        prove(loaded, shipped((std::string{name} + ".toml").c_str()), problems);
        for (const auto& p : problems) {
            ADD_FAILURE() << p.to_string();
        }
        ASSERT_NE(loaded.find("12"), nullptr);
        EXPECT_EQ(*loaded.find("12"), "statement");
        EXPECT_EQ(loaded.find(""), nullptr);
        EXPECT_EQ(loaded.find("12*1"), nullptr);
    }
}

TEST_F(Shortcuts, EveryFaultIsNamedAtItsPlace) {
    struct fault {
        const char* label;
        const char* text;
        const char* place;
        const char* reason;
    };
    const fault faults_of[] = {
        {"dangling", "[standard]\n21 = \"deu\"\n", ":2:6:", "which is no screen"},
        {"repeated", "[standard]\n21 = \"due\"\n21 = \"loan\"\n", ":3:", "redefine"},
        {"an amount", "[standard]\n21 = \"ask_amount\"\n", ":2:6:", "takes a PIN or an amount"},
        {"a PIN", "[standard]\n21 = \"change_pin\"\n", ":2:6:", "takes a PIN or an amount"},
        {"a change", "[standard]\n21 = \"sms_none\"\n", ":2:6:", "makes or confirms a change"},
        {"a request", "[standard]\n21 = \"send\"\n", ":2:6:", "makes or confirms a change"},
        {"a confirmation", "[standard]\n21 = \"refund_exit\"\n", ":2:6:", "confirms a change"},
        {"the middle of a form", "[standard]\n21 = \"way\"\n", ":2:6:", "another one asked"},
        {"the main menu", "[standard]\n21 = \"main\"\n", ":2:6:", "not the main menu"},
        {"another key", "[standard]\n2 = \"loan\"\n", ":2:5:", "elsewhere than key 2"},
        {"four digits", "[standard]\n1234 = \"due\"\n", ":2:8:", "one to three digits"},
        {"zero", "[standard]\n01 = \"due\"\n", ":2:6:", "one to three digits"},
        {"letters", "[standard]\nab = \"due\"\n", ":2:6:", "one to three digits"},
        {"no text", "[standard]\n21 = 4\n", ":2:6:", "must name a screen"},
        {"no menu", "[other]\n21 = \"due\"\n", ":1:", "no table of a menu"},
        {"no table", "standard = 4\n", ":1:", "no table of a menu"},
    };
    for (const auto& f : faults_of) {
        SCOPED_TRACE(f.label);
        EXPECT_THAT(faults(f.text),
                    ElementsAre(testing::AllOf(StartsWith(directory + "/shortcuts.toml" + f.place),
                                               HasSubstr(f.reason))));
    }
    EXPECT_THAT(faults("[standard]\n21 = \"due\"\n2 = \"statement\"\n"), IsEmpty());
}

TEST_F(Shortcuts, NoFileIsNoShortcut) {
    std::vector<texts::problem> problems;
    EXPECT_TRUE(shortcuts::load(directory + "/none.toml", "standard", problems).all().empty());
    EXPECT_TRUE(problems.empty());
}

} // namespace
} // namespace uthan::menus
