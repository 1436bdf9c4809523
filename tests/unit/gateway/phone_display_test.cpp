#include "gateway/phone/display.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace uthan::gateway {
namespace {

TEST(DisplayWidth, CountsColumnsAndNotBytes) {
    struct row {
        std::string_view text;
        std::size_t columns;
    };
    const row rows[] = {
        {"", 0},       {"0 Back", 6},
        {"ক", 1},      {"কি", 2},           // a spacing vowel sign takes a column
        {"কু", 1},                           // a mark below takes none
        {"ক্ষ", 2},                          // two letters; the hasanta between them takes none
        {"১২,৩৪৫", 6}, {"\xE2\x80\x8D", 0}, // zero-width joiner
        {"漢", 2},     {"\xFF", 1},         // not UTF-8: stands for itself
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.text);
        EXPECT_EQ(display_width(r.text), r.columns);
    }
}

TEST(Wrap, BreaksAtSpacesAndKeepsLines) {
    using lines = std::vector<std::string>;
    EXPECT_EQ(wrap("one two three", 7), (lines{"one two", "three"}));
    EXPECT_EQ(wrap("one\n\ntwo", 7), (lines{"one", "", "two"}));
    EXPECT_EQ(wrap("abcdefghij", 4), (lines{"abcd", "efgh", "ij"}));
    EXPECT_EQ(wrap("", 4), (lines{""}));
    EXPECT_EQ(wrap("1234 5678", 4), (lines{"1234", "5678"}));
}

TEST(Wrap, NeverBreaksAConjunct) {
    for (std::size_t columns = 2; columns < 8; ++columns) {
        for (const std::string& line : wrap("লক্ষ্মীলক্ষ্মীলক্ষ্মী", columns)) {
            SCOPED_TRACE(line);
            EXPECT_FALSE(line.ends_with("্"));
            EXPECT_FALSE(line.starts_with("ী"));
            EXPECT_FALSE(line.starts_with("্"));
        }
    }
}

// The frame closes at the same column on every line, also around Bangla.
TEST(DrawPhone, HasStraightEdges) {
    const std::string drawn = draw_phone(
        "*384*2#", "কিস্তি ১,২৫০ টাকা\nমঙ্গল ২৭/১১\n0 ফিরুন\nA line that is too long for it");
    std::istringstream lines(drawn);
    std::string line;
    std::size_t count = 0;
    while (std::getline(lines, line)) {
        SCOPED_TRACE(line);
        EXPECT_EQ(display_width(line), phone_columns + 4);
        ++count;
    }
    EXPECT_EQ(count, 7U);
}

} // namespace
} // namespace uthan::gateway
