#include "tests/support/dialogue_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace uthan {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace testing_world;

constexpr const char* rahima = "8801810000001";

/// A member with a PIN, and files of which another version can be read.
class ReloadTest : public testing::Test {
protected:
    ReloadTest() {
        w.ledger.add(member_with_loan("K0100101", rahima));
        handset first{w, rahima};
        first.dial();
        for (const char* key : {"4821", "4821", "0", "1"}) {
            first.press(key);
        }
        directory_ = (std::filesystem::temp_directory_path() / "uthan-reload-XXXXXX").string();
        EXPECT_NE(::mkdtemp(directory_.data()), nullptr);
    }
    ~ReloadTest() override { std::filesystem::remove_all(directory_); }

    /// A menu whose main screen has two keys: the meeting, and a new screen.
    menus::graph other_menu() {
        const auto file = directory_ + "/menu.toml";
        std::ofstream{file} << "start = \"main\"\nfirst_fact = \"due\"\n"
                               "[screens.main]\ntext = \"menu.main\"\n"
                               "options = { 1 = \"meeting\", 2 = \"due\" }\n"
                               "[screens.due]\nanswer = \"due\"\n"
                               "[screens.meeting]\nanswer = \"meeting\"\n";
        std::vector<texts::problem> problems;
        auto menu = menus::graph::load(file, problems);
        EXPECT_TRUE(problems.empty());
        return menu;
    }

    texts::catalog other_texts() {
        const auto file = directory_ + "/bn.toml";
        std::ofstream{file} << "\"menu.main\" = \"1 NEW\\n2 DUE\"\n";
        std::vector<texts::problem> problems;
        auto texts = shipped_texts();
        texts.load(file, texts::rendering::bn, problems);
        EXPECT_TRUE(problems.empty());
        return texts;
    }

    world w;
    handset phone{w, rahima};

private:
    std::string directory_;
};

TEST_F(ReloadTest, ALiveDialogueEndsOnItsOwnTextAndANewOneBeginsOnTheNew) {
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি"));
    w.time.advance(std::chrono::seconds{2});
    w.reload(other_menu(), other_texts());
    EXPECT_THAT(phone.press("4"), HasSubstr("করিমের উঠান")) << "the old menu's key";
    EXPECT_THAT(phone.press("0"), HasSubstr("1 কিস্তি"));
    handset second{w, rahima};
    EXPECT_THAT(second.dial(), HasSubstr("NEW"));
    EXPECT_THAT(second.press("1"), HasSubstr("করিমের উঠান"));
}

TEST_F(ReloadTest, AnotherShardThatFindsTheDialogueInTheStoreChoosesAlike) {
    phone.dial();
    w.time.advance(std::chrono::seconds{2});
    w.reload(other_menu(), other_texts());
    w.forget_memory();
    EXPECT_THAT(phone.press("4"), HasSubstr("করিমের উঠান"));
    EXPECT_THAT(phone.press("0"), HasSubstr("1 কিস্তি"));
}

TEST_F(ReloadTest, AScreenThatIsGoneIsTheMainMenu) {
    // Goal: a process that was started with the new menu finds a dialogue on a screen of the old.
    phone.dial();
    phone.press("8");
    w.reload(other_menu(), other_texts());
    for (std::size_t i = 1; i < service::channel_snapshots::kept_max; ++i) {
        w.reload(other_menu(), other_texts()); // The old one is dropped.
    }
    w.forget_memory();
    EXPECT_THAT(phone.press("1"), HasSubstr("NEW"));
    EXPECT_FALSE(phone.ended());
    EXPECT_THAT(phone.press("1"), HasSubstr("করিমের উঠান"));
}

TEST_F(ReloadTest, ADroppedDialogueIsNotResumedOnAScreenThatIsGone) {
    phone.dial();
    phone.press("8");
    w.time.advance(std::chrono::seconds{2});
    w.reload(other_menu(), other_texts());
    EXPECT_THAT(phone.dial(), HasSubstr("NEW"));
}

TEST(ChannelSnapshots, AreChosenByTheDialoguesBeginning) {
    using service::channel_snapshots;
    const auto organisation = std::make_shared<const service::organisation>(service::organisation{
        "k", {}, {}, zone{"Asia/Dhaka"}, shipped_menu(), shipped_texts(), {}});
    const auto made = [&](int second) {
        return std::make_shared<const service::dialogue_channel>(service::dialogue_channel{
            "c", organisation, {texts::rendering::bn, 160}, instant{std::chrono::seconds{second}}});
    };
    channel_snapshots all{made(0)};
    const auto at = [&](int ms) {
        return all.at(instant{std::chrono::milliseconds{ms}})->since.time_since_epoch().count();
    };
    EXPECT_EQ(at(5), 0);
    all.add(made(10));
    all.add(made(20));
    EXPECT_EQ(at(9'999), 0);
    EXPECT_EQ(at(10'000), 10'000);
    EXPECT_EQ(at(19'999), 10'000);
    EXPECT_EQ(at(20'000), 20'000);
    for (int i = 3; i < 9; ++i) {
        all.add(made(10 * i));
    }
    EXPECT_EQ(at(0), 50'000) << "the oldest that is left";
    EXPECT_EQ(all.newest()->since.time_since_epoch().count(), 80'000);
}

} // namespace
} // namespace uthan
