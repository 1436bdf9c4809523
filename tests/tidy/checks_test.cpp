#include "tests/tidy/checks.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

// A check that finds nothing is worth nothing: each is shown what breaks its rule, and what looks
// like it and does not.
namespace uthan::tidy {
namespace {

using check = std::vector<violation> (*)(const source&);

struct seeded_case {
    std::string_view path;
    std::string_view text;
};

void expect_found(check look, const std::vector<seeded_case>& cases) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        SCOPED_TRACE(c.text);
        const auto found = look(make_source(std::string{c.path}, std::string{c.text}));
        EXPECT_EQ(found.size(), 1U);
    }
}

void expect_nothing(check look, const std::vector<seeded_case>& cases) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.path);
        SCOPED_TRACE(c.text);
        const auto found = look(make_source(std::string{c.path}, std::string{c.text}));
        for (const auto& v : found) {
            ADD_FAILURE() << v.path << ":" << v.line << ": " << v.rule;
        }
    }
}

TEST(IncludeGraph, AnArrowIsNeverReversed) {
    expect_found(check_include_graph,
                 {
                     {"core/money.cpp", "#include \"members/facts.hpp\"\n"},
                     {"members/due.cpp", "#include \"texts/forms.hpp\"\n"},
                     {"texts/forms.cpp", "#include \"members/facts.hpp\"\n"},
                     {"menus/answers.cpp", "#include \"sessions/store.hpp\"\n"},
                     {"service/dialogues.cpp", "#include \"db/a.hpp\"\n"},
                     {"adapters/x/y.cpp", "#include \"service/a.hpp\"\n"},
                     {"db/sqlite/a.cpp", "#include \"gateway/a.hpp\"\n"},
                     {"sessions/engine.cpp", "  #  include \"service/a.hpp\""},
                     {"core/money.cpp", "#include \"money.hpp\"\n"},
                     {"core/money.cpp", "#include \"../core/money.hpp\"\n"},
                     {"attic/a.cpp", "#include \"core/money.hpp\"\n"},
                 });
}

TEST(IncludeGraph, WhatLiesBelowMayBeIncluded) {
    expect_nothing(check_include_graph, {
                                            {"members/due.cpp", "#include \"core/money.hpp\"\n"},
                                            {"menus/a.cpp", "#include \"texts/forms.hpp\"\n"},
                                            {"gateway/a.cpp", "#include \"db/sqlite/a.hpp\"\n"},
                                            {"core/a.cpp", "#include \"core/money.hpp\"\n"},
                                            {"core/a.cpp", "// #include \"members/facts.hpp\"\n"},
                                            {"core/a.cpp", "#include <string>\n"},
                                            {"tests/a.cpp", "#include \"gateway/a.hpp\"\n"},
                                        });
}

TEST(ThirdParty, EveryLibraryStaysInItsRooms) {
    expect_found(check_third_party, {
                                        {"service/a.cpp", "#include <sqlite3.h>\n"},
                                        {"gateway/version.cpp", "#include <sqlite3.h>\n"},
                                        {"sessions/a.cpp", "#include <hiredis/hiredis.h>\n"},
                                        {"adapters/a.cpp", "#include <boost/beast/http.hpp>\n"},
                                        {"menus/a.cpp", "#include <toml++/toml.h>\n"},
                                        {"menus/a.cpp", "#include <unicode/unistr.h>\n"},
                                        {"menus/a.cpp", "#include <boost/asio/post.hpp>\n"},
                                    });
    expect_nothing(check_third_party, {
                                          {"db/sqlite/a.cpp", "#include <sqlite3.h>\n"},
                                          {"gateway/a.cpp", "#include <boost/beast/http.hpp>\n"},
                                          {"texts/a.cpp", "#include <unicode/unistr.h>\n"},
                                          {"texts/toml.hpp", "#include <toml++/toml.h>\n"},
                                          {"bench/a.cpp", "#include <sqlite3.h>\n"},
                                      });
}

TEST(BannedCalls, AreFoundInCode) {
    expect_found(check_banned_calls,
                 {
                     {"core/a.cpp", "int n = std::rand();\n"},
                     {"core/a.cpp", "srand (1);\n"},
                     {"gateway/a.cpp", "system(\"ls\");\n"},
                     {"gateway/a.cpp", "x = std::system(c);\n"},
                     {"db/a.cpp", "strcpy(a, b);\n"},
                     {"db/a.cpp", "sprintf(a, b);\n"},
                     {"gateway/a.cpp", "int n = atoi(s);\n"},
                     {"tests/a.cpp", "double x = std::atof(s);\n"},
                     {"gateway/http/a.cpp", "std::cout << 1;\n"},
                     {"tests/a.cpp", "std::this_thread::sleep_for(1s);\n"},
                     {"service/a.cpp", "auto t = std::chrono::system_clock::now();\n"},
                     {"service/a.cpp", "std::getenv(\"HOME\");\n"},
                     {"menus/a.cpp", "log(who.reveal());\n"},
                     {"gateway/a.cpp", "auto s = a.reveal();\n"},
                     {"core/a.cpp", "using namespace std;\n"},
                     {"db/a.cpp", "thread.detach();\n"},
                 });
}

TEST(BannedCalls, AreNotFoundInCommentsLiteralsAndOtherNames) {
    expect_nothing(check_banned_calls,
                   {
                       {"core/a.cpp", "// std::rand() is banned\n"},
                       {"core/a.cpp", "/* strcpy(a, b) */\n"},
                       {"core/a.cpp", "auto s = \"system(1)\";\n"},
                       {"core/a.cpp", "auto s = R\"(atoi(\"x\"))\";\n"},
                       {"core/a.cpp", "const int n = 1'000; // '\nint operand(int);\n"},
                       {"core/a.cpp", "int brand(int); filesystem(x); a.system(1);\n"},
                       {"core/a.cpp", "snprintf(a, n, b);\n"},
                       {"gateway/commands/a.cpp", "std::cout << 1;\n"},
                       {"bench/a.cpp", "std::this_thread::sleep_for(1s);\n"},
                       {"adapters/a.cpp", "auto s = a.reveal();\n"},
                   });
}

TEST(Leftovers, AreFoundInCommentsToo) {
    const std::string to_do = std::string{"// TO"} + "DO later\n";
    const std::string skip = std::string{"GTEST_"} + "SKIP();\n";
    expect_found(check_leftovers, {{"core/a.cpp", to_do}, {"tests/a.cpp", skip}});
    expect_nothing(check_leftovers, {{"core/a.cpp", "// What is to do next: nothing.\n"}});
}

TEST(HeaderHabits, PragmaOnceComesFirst) {
    const auto bad = make_source("core/a.hpp", "// A comment.\n#include <string>\n");
    EXPECT_EQ(check_header_habits(bad, false).size(), 1U);
    const auto good = make_source("core/a.hpp", "// A comment.\n#pragma once\n");
    EXPECT_TRUE(check_header_habits(good, false).empty());
}

TEST(HeaderHabits, ASourceIncludesItsOwnHeaderFirst) {
    const auto bad = make_source("core/a.cpp", "#include <string>\n#include \"core/a.hpp\"\n");
    EXPECT_EQ(check_header_habits(bad, true).size(), 1U);
    EXPECT_TRUE(check_header_habits(bad, false).empty());
    const auto good = make_source("core/a.cpp", "#include \"core/a.hpp\"\n#include <string>\n");
    EXPECT_TRUE(check_header_habits(good, true).empty());
}

std::string function_of(std::size_t lines) {
    std::string text = "int f(int a,\n      int b) {\n";
    for (std::size_t i = 3; i < lines; ++i) {
        text += "    ++a;\n";
    }
    return text + "}\n";
}

TEST(Lengths, OfFilesAndFunctions) {
    std::string long_file;
    for (std::size_t i = 0; i <= file_lines_max; ++i) {
        long_file += "int x;\n";
    }
    const auto long_function = function_of(function_lines_max + 1);
    std::string long_member = "class a {\npublic:\n    void g();\n\n    int f(int a = 1) {\n";
    for (std::size_t i = 0; i < function_lines_max; ++i) {
        long_member += "        ++a;\n";
    }
    long_member += "    }\n};\n";
    expect_found(
        check_lengths,
        {{"core/a.cpp", long_file}, {"core/a.cpp", long_function}, {"core/a.cpp", long_member}});
}

TEST(Lengths, TablesTypesAndTestsAreFree) {
    std::string table = "const std::map<int, int> table = {\n";
    std::string type = "class a {\npublic:\n";
    for (std::size_t i = 0; i < function_lines_max + 5; ++i) {
        table += "    {1, f(2)},\n";
        type += "    int f() const { return 1; }\n";
    }
    table += "};\n";
    type += "};\n";
    const auto long_test = function_of(function_lines_max + 2);
    const auto short_function = function_of(function_lines_max);
    expect_nothing(check_lengths, {{"core/a.cpp", table},
                                   {"core/a.cpp", type},
                                   {"core/a.cpp", short_function},
                                   {"tests/a.cpp", long_test}});
}

TEST(CoroutineLambdas, ACaptureInsideTheExpressionIsFound) {
    expect_found(
        check_coroutine_lambdas,
        {
            {"gateway/a.cpp", "co_spawn(ex, [this] { return run(); }, detached);\n"},
            {"gateway/a.cpp", "asio::co_spawn(\n  ex,\n  [&]() -> task<void> {},\n  d);\n"},
            {"gateway/a.cpp", "auto x = co_await f(1, [n](int a) { return a + n; });\n"},
            {"gateway/a.cpp", "if (co_await g({[=] { return 1; }})) {\n"},
        });
}

TEST(CoroutineLambdas, NamedOnesIndexesAndEmptyCapturesAreNot) {
    expect_nothing(check_coroutine_lambdas,
                   {
                       {"gateway/a.cpp", "co_spawn(ex, run(std::move(s)), detached);\n"},
                       {"gateway/a.cpp", "co_spawn(ex, f(), [](std::exception_ptr) {});\n"},
                       {"gateway/a.cpp", "auto x = co_await f(a[i], b[0]);\n"},
                       {"gateway/a.cpp", "const auto [e, n] = co_await f(x);\nauto y = [n] {};\n"},
                       {"gateway/a.cpp", "auto go = [this] { return 1; };\nco_spawn(ex, go, d);\n"},
                       {"gateway/a.cpp", "// co_spawn(ex, [this] {}, d)\n"},
                   });
}

TEST(Blanked, KeepsEveryLineWhereItWas) {
    const std::string_view text = "a /* b\nc */ d \"e\nf\" // g\n'h' 1'000\n";
    const auto code = blanked(text);
    EXPECT_EQ(code.size(), text.size());
    EXPECT_EQ(lines_of(code).size(), lines_of(text).size());
    EXPECT_EQ(code.find('c'), std::string::npos);
    EXPECT_NE(code.find("1'000"), std::string::npos);
}

} // namespace
} // namespace uthan::tidy
