#include "menus/service_answers.hpp"

#include "menus/proof.hpp"
#include "texts/weight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace uthan::menus {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Wrapped, BreaksAtSpacesAndLosesNothing) {
    EXPECT_THAT(wrapped("", 10), IsEmpty());
    EXPECT_THAT(wrapped("  ", 10), IsEmpty());
    EXPECT_THAT(wrapped("one two  three", 7), ElementsAre("one two", "three"));
    EXPECT_THAT(wrapped("one two", 6), ElementsAre("one", "two"));
    EXPECT_THAT(wrapped("unbreakable", 4), ElementsAre("unbreakable"));
    EXPECT_THAT(wrapped("সামাজিক সেবা আছে", 12), ElementsAre("সামাজিক সেবা", "আছে"));

    std::mt19937 random{20261122U};
    for (int i = 0; i < 2000; ++i) {
        std::string text;
        std::string letters;
        for (auto length = random() % 120; length > 0; --length) {
            const std::string_view next = random() % 5 == 0 ? " " : random() % 2 == 0 ? "a" : "ক";
            text += next;
            letters += next == " " ? "" : next;
        }
        std::string joined;
        for (const auto& line : wrapped(text, 60)) {
            EXPECT_LE(texts::utf16_units(line), 60U);
            EXPECT_FALSE(line.empty() || line.front() == ' ' || line.back() == ' ');
            joined += line;
        }
        std::erase(joined, ' ');
        EXPECT_EQ(joined, letters);
    }
}

TEST(Drop, LeavesNoWayAndNoLine) {
    std::vector<texts::problem> problems;
    auto menu = graph::load(UTHAN_SOURCE_DIR "/config/menus/standard.toml", problems);
    ASSERT_NE(menu.find("services"), nullptr);
    menu.drop(answer_name::services);
    EXPECT_EQ(menu.find("services"), nullptr);
    EXPECT_EQ(menu.find("more")->dropped, "6");
    EXPECT_EQ(menu.find("more")->find_option('6'), nullptr);
    EXPECT_EQ(menu.find("main")->dropped, "");
    std::vector<bool> seen(menu.screens().size());
    for (const auto& [id, s] : menu.screens()) {
        ASSERT_LT(s.index, seen.size()) << id;
        EXPECT_FALSE(seen[s.index]) << id;
        seen[s.index] = true;
    }
    texts::catalog texts;
    texts.load(UTHAN_SOURCE_DIR "/config/texts/bn.toml", texts::rendering::bn, problems);
    texts.load(UTHAN_SOURCE_DIR "/config/texts/en.toml", texts::rendering::en, problems);
    const channel_form forms[] = {{texts::rendering::bn, 160}, {texts::rendering::en, 160}};
    prove(menu, texts, forms, problems);
    for (const auto& p : problems) {
        ADD_FAILURE() << p.to_string();
    }
}

} // namespace
} // namespace uthan::menus
