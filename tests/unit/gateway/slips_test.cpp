#include "gateway/slips.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace uthan::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++found;
    }
    return found;
}

TEST(Slips, StandByGroupAndShowThePinInBothDigits) {
    std::ostringstream out;
    slip_sheet sheet{out, {"কেএমএসএস", "*384*2#", 30}};
    sheet.begin();
    sheet.begin_group({"দাকোপ শাখা", "মুক্তি"});
    sheet.add({"K0100101", "রহিমা", "0294"});
    sheet.add({"K0100102", "আমেনা", "7035"});
    sheet.begin_group({"দাকোপ শাখা", ""});
    sheet.add({"K0100103", "করিমন", "8461"});
    sheet.end();
    const auto page = out.str();
    EXPECT_EQ(count_of(page, "<section>"), 2U);
    EXPECT_EQ(count_of(page, "</section>"), 2U);
    EXPECT_EQ(count_of(page, "<article>"), 3U);
    EXPECT_THAT(page, HasSubstr("০২৯৪"));
    EXPECT_THAT(page, HasSubstr("0294"));
    EXPECT_THAT(page, HasSubstr("দাকোপ শাখা – মুক্তি"));
    EXPECT_THAT(page, HasSubstr("৩০ দিন"));
    // Nothing of the page comes from elsewhere.
    EXPECT_THAT(page, Not(HasSubstr("http")));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(Slips, WriteNamesAsTextWhateverTheyHold) {
    std::ostringstream out;
    slip_sheet sheet{out, {"A&B", "*1#", 30}};
    sheet.begin();
    sheet.begin_group({"<b>", "\"'"});
    sheet.add({"M<1", "</article><script>", "7035"});
    sheet.end();
    const auto page = out.str();
    EXPECT_EQ(count_of(page, "</article>"), 1U);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, HasSubstr("A&amp;B"));
    EXPECT_EQ(html_escaped("&<>\"'"), "&amp;&lt;&gt;&quot;&#39;");
}

TEST(Slips, OfNobodyAreAPageAllTheSame) {
    std::ostringstream out;
    slip_sheet sheet{out, {"k", "*1#", 30}};
    sheet.begin();
    sheet.end();
    EXPECT_EQ(count_of(out.str(), "</html>"), 1U);
}

} // namespace
} // namespace uthan::gateway
