#include "menus/proof.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace uthan::menus {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class TempFiles {
public:
    TempFiles() : root_(fs::temp_directory_path() / ("uthan-menus-" + std::to_string(getpid()))) {
        fs::create_directories(root_);
    }
    ~TempFiles() { fs::remove_all(root_); }
    TempFiles(const TempFiles&) = delete;
    TempFiles& operator=(const TempFiles&) = delete;

    fs::path write(const std::string& name, std::string_view content) const {
        std::ofstream{root_ / name} << content;
        return root_ / name;
    }

private:
    fs::path root_;
};

std::string all(const std::vector<texts::problem>& problems) {
    std::string joined;
    for (const auto& p : problems) {
        joined += p.to_string() + "\n";
    }
    return joined;
}

texts::catalog shipped_texts(std::vector<texts::problem>& problems, bool rss = false) {
    texts::catalog made;
    const fs::path root{UTHAN_SOURCE_DIR "/config/texts"};
    for (const auto& directory : {root, root / "rss"}) {
        for (const auto in : texts::all_renderings) {
            if (rss || directory == root) {
                made.load(directory / (std::string{to_string(in)} + ".toml"), in, problems);
            }
        }
    }
    return made;
}

constexpr channel_form both[] = {{texts::rendering::bn, 160}, {texts::rendering::en, 160}};
constexpr channel_form every[] = {
    {texts::rendering::bn, 160}, {texts::rendering::bn_latn, 160}, {texts::rendering::en, 160}};

TEST(MenuProof, TheShippedMenusHold) {
    // Goal: what is delivered passes its own proof in every rendering.
    for (const bool rss : {false, true}) {
        std::vector<texts::problem> problems;
        const auto texts = shipped_texts(problems, rss);
        const auto menu = graph::load(UTHAN_SOURCE_DIR "/config/menus/" +
                                          std::string{rss ? "rss.toml" : "standard.toml"},
                                      problems);
        prove(menu, texts, every, problems);
        EXPECT_TRUE(problems.empty()) << all(problems);
    }
}

/// The shipped menu with one replacement, and what must be said of it, with the line.
struct bad_menu {
    std::string_view label;
    std::string_view replace;
    std::string_view with;
    std::string_view expected;
};

constexpr bad_menu bad_menus[] = {
    {"dangling target", "2 = \"statement\"", "2 = \"statment\"",
     "leads to \"statment\", which is no screen"},
    {"unreachable screen", ", 5 = \"help\",", ",", "screen \"help\" cannot be reached"},
    {"no back and no exit", "text = \"info.help\"", "text = \"info.help\"\nback = false",
     "screen \"help\" has neither back nor exit"},
    {"unknown key", "splittable = true", "splitable = true", "unknown key \"splitable\""},
    {"reserved key", "8 = \"more\"", "9 = \"more\"", "option \"9\": keys are 1 to 8"},
    {"unknown answer", "answer = \"savings\"", "answer = \"saving\"", "unknown answer"},
    {"unknown action", "action = \"sms.none\"", "action = \"sms.never\"", "unknown action"},
    {"missing text", "text = \"info.help\"", "text = \"info.halp\"",
     "text \"info.halp\" is missing in bn"},
    {"does not fit unless splittable", "answer = \"due\"\nsplittable = true", "answer = \"due\"",
     "text \"due.overdue\" with the widest values fills"},
    {"option that no text offers", "answer = \"meeting\"",
     "answer = \"meeting\"\noptions = { 1 = \"help\" }", "no text of \"meeting\" offers option 1"},
    {"option that the text hides", "5 = \"help\",", "5 = \"help\", 7 = \"help\",",
     "does not show option 7"},
    {"a list that leads nowhere", "beside = \"requests\"", "beside = \"requets\"",
     "beside of \"complaint\" is \"requets\", which is no screen"},
    {"a list without its next", "answer = \"request_way\"\nnext = \"confirm\"",
     "answer = \"request_way\"", "needs next: the screen that follows"},
    {"a request's action that speaks", "action = \"request.open\"",
     "action = \"request.open\"\ntext = \"info.help\"", "what became of it is said by next"},
    {"beside without a list", "answer = \"loan\"", "answer = \"loan\"\nbeside = \"help\"",
     "beside belongs to the answer complaint"},
    {"next where nothing follows", "answer = \"loan\"", "answer = \"loan\"\nnext = \"help\"",
     "next belongs to"},
    {"next without a screen", "next = \"eligibility_for\"", "next = \"eligibilty\"",
     "\"eligibilty\", which is no screen"},
    {"unknown start", "start = \"main\"", "start = \"mian\"", "\"mian\" is no screen"},
    {"not TOML", "[screens.main]", "[screens.main", "bad.toml:"},
};

TEST(MenuProof, EverySeededFaultIsNamedWithItsPlace) {
    // Goal: each refusal of the proof has a menu that provokes it.
    const TempFiles files;
    std::ifstream in{UTHAN_SOURCE_DIR "/config/menus/standard.toml"};
    const std::string good{std::istreambuf_iterator<char>{in}, {}};
    for (const auto& c : bad_menus) {
        SCOPED_TRACE(c.label);
        auto text = good;
        const auto at = text.find(c.replace);
        ASSERT_NE(at, std::string::npos);
        text.replace(at, c.replace.size(), c.with);
        std::vector<texts::problem> problems;
        const auto texts = shipped_texts(problems);
        const auto menu = graph::load(files.write("bad.toml", text), problems);
        prove(menu, texts, both, problems);
        EXPECT_THAT(all(problems), HasSubstr(c.expected));
        for (const auto& p : problems) {
            EXPECT_GT(p.at.line, 0u) << p.to_string();
        }
    }
}

TEST(MenuProof, AFactFiveScreensAwayIsRefused) {
    const TempFiles files;
    std::vector<texts::problem> problems;
    texts::catalog texts = shipped_texts(problems);
    texts.load(files.write("more.toml", "[x]\na = \"1 A\"\n"), texts::rendering::bn, problems);
    texts.load(files.write("more.toml", "[x]\na = \"1 A\"\n"), texts::rendering::en, problems);
    const auto menu = graph::load(files.write("deep.toml", R"(
start = "a"
first_fact = "e"
[screens.a]
text = "x.a"
options = { 1 = "b" }
[screens.b]
text = "x.a"
options = { 1 = "c" }
[screens.c]
text = "x.a"
options = { 1 = "d" }
[screens.d]
text = "x.a"
options = { 1 = "e" }
[screens.e]
answer = "branch"
)"),
                                  problems);
    prove(menu, texts, both, problems);
    EXPECT_THAT(all(problems), HasSubstr("screen \"e\" is 5 screens from the main menu"));
}

TEST(MenuProof, ATextWithTheWrongPlaceholderOrATooWideLineIsRefused) {
    const TempFiles files;
    struct bad_text {
        std::string_view override_text;
        std::string_view expected;
    };
    constexpr bad_text cases[] = {
        {"[meet]\nnone = \"Call {phone}\"\n", "has {phone}, which is not filled in there"},
        {"[meet]\nnone = \"Call {fone}\"\n", "fone"},
        {"[due]\nnext = \"{inst} {inst}\"\n", "inst"},
        {"[pin]\nask = \"1 yes\"\n", "offers key 1, its screen has no such option"},
        {"[pin]\nask = \"0 back\"\n", "writes key 0, which the gateway adds"},
        {"[sav]\nbalance = \"Your savings with our organisation as the book of the branch says "
         "them for you and your family are Tk {savings} and this was the case at the end of the "
         "day of {asof}, which may be long ago\"\n",
         "text \"sav.balance\": the line"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.override_text);
        std::vector<texts::problem> problems;
        auto texts = shipped_texts(problems);
        texts.load(files.write("override.toml", c.override_text), texts::rendering::en, problems);
        const auto menu = graph::load(UTHAN_SOURCE_DIR "/config/menus/standard.toml", problems);
        prove(menu, texts, both, problems);
        EXPECT_THAT(all(problems), HasSubstr(c.expected));
    }
}

TEST(MenuProof, ARenderingThatAChannelUsesMustBeComplete) {
    std::vector<texts::problem> problems;
    texts::catalog texts;
    texts.load(UTHAN_SOURCE_DIR "/config/texts/bn.toml", texts::rendering::bn, problems);
    const TempFiles files;
    texts.load(files.write("bn-Latn.toml", "[menu]\nmain = \"1 Kisti\"\n"),
               texts::rendering::bn_latn, problems);
    const auto menu = graph::load(UTHAN_SOURCE_DIR "/config/menus/standard.toml", problems);
    constexpr channel_form latin[] = {{texts::rendering::bn_latn, 160}};
    prove(menu, texts, latin, problems);
    EXPECT_THAT(all(problems), HasSubstr("text \"menu.more\" is missing in bn-Latn"));
    EXPECT_THAT(all(problems), Not(HasSubstr("text \"menu.main\" is missing")));
    EXPECT_THAT(all(problems), HasSubstr("bn-Latn.toml:2:8: text \"menu.main\" does not show"));
    for (const auto& p : problems) {
        EXPECT_GT(p.at.line, 0u) << p.to_string();
    }
}

} // namespace
} // namespace uthan::menus
