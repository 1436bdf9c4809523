#include "texts/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace uthan::texts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Catalog : public testing::Test {
protected:
    Catalog() {
        std::string name = (std::filesystem::temp_directory_path() / "texts-XXXXXX").string();
        directory_ = mkdtemp(name.data());
    }
    ~Catalog() override { std::filesystem::remove_all(directory_); }

    /// The problems as they are printed, without the directory.
    std::vector<std::string> load(std::string_view content, rendering in = rendering::en) {
        const auto file = directory_ / "en.toml";
        std::ofstream{file, std::ios::binary} << content;
        std::vector<problem> problems;
        texts_.load(file, in, problems);
        std::vector<std::string> printed;
        for (const problem& p : problems) {
            EXPECT_TRUE(p.to_string().starts_with(directory_.string() + "/"));
            printed.push_back(p.to_string().substr(directory_.string().size() + 1));
        }
        return printed;
    }

    std::vector<std::string> lines(std::string_view id, rendering in = rendering::en) const {
        const text_template* text = texts_.find(id, in);
        return text != nullptr ? text->render({}, {}, in) : std::vector<std::string>{"(none)"};
    }

    std::filesystem::path directory_;
    catalog texts_;
};

TEST_F(Catalog, ReadsQuotedKeysAndTables) {
    EXPECT_THAT(load("\"menu.main\" = \"\"\"\n1 Instalment\n0 Exit\n\"\"\"\n"
                     "\"menu.main.rss\" = \"1 Application\"\n"
                     "nav.back = '0 Back'\n"
                     "[pin]\nask = \"PIN?\"\nnew.first = \"New\"\n"),
                IsEmpty());
    EXPECT_THAT(lines("menu.main"), ElementsAre("1 Instalment", "0 Exit"));
    EXPECT_THAT(lines("pin.new.first"), ElementsAre("New"));
    EXPECT_THAT(texts_.ids(rendering::en),
                ElementsAre("menu.main", "menu.main.rss", "nav.back", "pin.ask", "pin.new.first"));
    EXPECT_THAT(texts_.ids(rendering::bn), IsEmpty());
    EXPECT_EQ(texts_.find("menu", rendering::en), nullptr);
    EXPECT_EQ(texts_.find("menu.main", rendering::bn), nullptr);
}

TEST_F(Catalog, KnowsWhereATextStands) {
    EXPECT_THAT(load("# texts\n\na = \"A\"\n[b]\n  c = \"C\"\n"), IsEmpty());
    const position* at = texts_.position_of("b.c", rendering::en);
    ASSERT_NE(at, nullptr);
    EXPECT_EQ(at->line, 5U);
    EXPECT_EQ(at->column, 7U);
    EXPECT_EQ(at->file, (directory_ / "en.toml").string());
    EXPECT_EQ(texts_.position_of("b", rendering::en), nullptr);
}

TEST_F(Catalog, LineEndsOfAnyEditorAreTheSame) {
    EXPECT_THAT(load("a = \"\"\"\r\none\r\ntwo\r\n\"\"\"\r\nb = \"x\\n\\n\"\r\n"), IsEmpty());
    EXPECT_THAT(lines("a"), ElementsAre("one", "two"));
    EXPECT_THAT(lines("b"), ElementsAre("x", ""));
}

TEST_F(Catalog, TextsTakeTheirShortestForm) {
    EXPECT_THAT(load("\xEF\xBB\xBF"
                     "a = \"সঞ্চ\u09AF\u09BC\u200C\"",
                     rendering::bn),
                IsEmpty());
    EXPECT_THAT(lines("a", rendering::bn), ElementsAre("সঞ্চ\u09DF"));
}

TEST_F(Catalog, ALaterFileReplacesTexts) {
    EXPECT_THAT(load("a = \"one\"\nb = \"two\"\n"), IsEmpty());
    EXPECT_THAT(load("\n\nb = \"three\"\n"), IsEmpty());
    EXPECT_THAT(lines("a"), ElementsAre("one"));
    EXPECT_THAT(lines("b"), ElementsAre("three"));
    EXPECT_EQ(texts_.position_of("b", rendering::en)->line, 3U);
    EXPECT_THAT(load("b = \"{x}\"\n").size(), 1U);
    EXPECT_THAT(lines("b"), ElementsAre("three"));
}

TEST_F(Catalog, EveryProblemHasItsPosition) {
    EXPECT_THAT(load("z = 5\n"
                     "y = [\"a\"]\n"
                     "good = \"fine\"\n"
                     "x = \"{nmae}\"\n"
                     "empty = \"\"\n"
                     "  blank = \" \\n\"\n"
                     "lost = \"a\uFFFD\"\n"
                     "hidden = \"a\u200Bb\"\n"
                     "tab = \"a\\tb\"\n"
                     "own = \"\\uE000\"\n"
                     "sign = \"\u09BF\"\n"
                     "behind = \"{name}\u09C7\u09B0\"\n"
                     "\"a.b\" = \"one\"\n"
                     "[a]\n"
                     "b = \"two\"\n"
                     "c = \"\"\"\nfine\n}\n\"\"\"\n"),
                ElementsAre("en.toml:1:5: \"z\": not a string", //
                            "en.toml:2:5: \"y\": not a string",
                            "en.toml:4:5: \"x\": line 1 of the text: unknown placeholder {nmae}",
                            "en.toml:5:9: \"empty\": empty", //
                            "en.toml:6:11: \"blank\": empty",
                            "en.toml:7:8: \"lost\": U+FFFD, which no phone shows",
                            "en.toml:8:10: \"hidden\": U+200B, which no phone shows",
                            "en.toml:9:7: \"tab\": U+0009, which no phone shows",
                            "en.toml:10:7: \"own\": U+E000, which no phone shows",
                            "en.toml:11:8: \"sign\": the sign U+09BF without a letter before it",
                            "en.toml:12:10: \"behind\": the sign U+09C7 without a letter before it",
                            "en.toml:15:5: \"a.b\": given twice",
                            "en.toml:16:5: \"a.c\": line 2 of the text: '}' without '{' (a literal "
                            "brace is written twice)"));
    EXPECT_THAT(texts_.ids(rendering::en), ElementsAre("a.b", "good"));
    EXPECT_THAT(lines("a.b"), ElementsAre("one"));
}

TEST_F(Catalog, BanglaInLatinLettersIsGsm7WithOneSeptetACharacter) {
    // Goal: a link without Bangla carries it, and it is as wide as it looks.
    constexpr std::string_view content = "a = \"Kisti {inst} taka\"\n"
                                         "b = \"Kisti\\n\u2018{inst}\u2019\"\n"
                                         "  c = \"\u0995\u09BF\u09B8\u09CD\u09A4\u09BF\"\n"
                                         "d = \"Kisti {{245}}\"\n"
                                         "e = \"\u00A3 {inst}\"\n"
                                         "f = \"1 Ha [1]\"\n";
    EXPECT_THAT(
        load(content, rendering::bn_latn),
        ElementsAre("en.toml:2:5: \"b\": U+2018, which is not in GSM-7's default alphabet",
                    "en.toml:3:7: \"c\": U+0995, which is not in GSM-7's default alphabet",
                    "en.toml:4:5: \"d\": U+007B, which is not in GSM-7's default alphabet",
                    "en.toml:6:5: \"f\": U+005B, which is not in GSM-7's default alphabet"));
    EXPECT_THAT(texts_.ids(rendering::bn_latn), ElementsAre("a", "e"));
    EXPECT_THAT(load(content, rendering::bn), IsEmpty());
}

TEST_F(Catalog, WhatIsNotTomlIsOneProblem) {
    struct case_ {
        std::string_view content;
        std::string_view position;
    };
    const std::array cases{
        case_{"a = \"one\"\nb = two\n", "en.toml:2:"},
        case_{"a = \"one\"\na = \"two\"\n", "en.toml:2:"},
        case_{"a = \"\xE0\xA7\"\n", "en.toml:1:"},
        case_{"a = \"\xED\xA0\x80\"\n", "en.toml:1:"},
        case_{"a = \"one\n", "en.toml:1:"},
        case_{"a = \"\\uD800\"\n", "en.toml:1:"},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(c.content);
        const auto problems = load(c.content);
        ASSERT_EQ(problems.size(), 1U);
        EXPECT_TRUE(problems[0].starts_with(c.position)) << problems[0];
        EXPECT_THAT(texts_.ids(rendering::en), IsEmpty());
    }
}

TEST_F(Catalog, AFileThatCannotBeReadOrIsTooLargeIsAProblem) {
    std::vector<problem> problems;
    texts_.load(directory_ / "absent.toml", rendering::bn, problems);
    texts_.load(directory_, rendering::bn, problems);
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(problems[0].to_string(), (directory_ / "absent.toml").string() +
                                           ":1:1: cannot be read: No such file or "
                                           "directory");
    const std::string large = "a = \"" + std::string(1 << 20, 'x') + "\"\n";
    EXPECT_THAT(load(large), ElementsAre("en.toml:1:1: larger than 1 MiB"));
}

} // namespace
} // namespace uthan::texts
