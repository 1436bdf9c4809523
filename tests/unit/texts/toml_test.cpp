#include "texts/toml.hpp"

#include <gtest/gtest.h>

namespace uthan::texts {
namespace {

struct refused_text {
    std::string_view label;
    std::string_view content;
    std::size_t line;
};

// Whatever an operator types is a problem with a place, never the end of the process.
TEST(Toml, WhatIsNoTomlIsAProblem) {
    const refused_text all[] = {
        {"no value", "a = 1\nb =", 2},
        {"a table's name that begins like none", "a = 1\n[=x]\n", 1},
        {"a table's name of a NUL", std::string_view{"[\0]\n", 4}, 1},
        {"an open string", "a = \"b\n", 1},
        {"a key twice", "a = 1\na = 2\n", 2},
    };
    for (const auto& one : all) {
        SCOPED_TRACE(one.label);
        std::vector<problem> problems;
        EXPECT_FALSE(parse_toml(one.content, "menu.toml", problems));
        ASSERT_EQ(problems.size(), 1U);
        EXPECT_EQ(problems[0].at.file, "menu.toml");
        EXPECT_EQ(problems[0].at.line, one.line);
        EXPECT_FALSE(problems[0].message.empty());
    }
}

TEST(Toml, AFileThatIsNotThereIsAProblem) {
    std::vector<problem> problems;
    EXPECT_FALSE(read_toml("/nowhere/menu.toml", problems));
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].at.line, 1U);
}

TEST(Toml, SaysWhereAValueStands) {
    std::vector<problem> problems;
    const auto table = parse_toml("a = 1\n  b = 2\n", "x.toml", problems);
    ASSERT_TRUE(table);
    const auto at = position_of_source("x.toml", (*table)["b"].node()->source());
    EXPECT_EQ(at.line, 2U);
    EXPECT_EQ(at.column, 7U);
}

} // namespace
} // namespace uthan::texts
