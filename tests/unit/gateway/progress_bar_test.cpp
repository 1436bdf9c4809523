#include "gateway/progress_bar.hpp"

#include "gateway/phone/display.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace uthan::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(ProgressLine, FitsATerminalWhateverItSays) {
    const std::uint64_t counts[] = {0,       1,       999,       1'000,      99'950,
                                    999'499, 999'500, 9'994'999, 99'949'999, 2'000'000'000};
    for (const std::uint64_t total : counts) {
        for (const std::uint64_t done : counts) {
            const std::string line =
                progress_line("an-organisation-with-a-long-code", done, total, 100h);
            SCOPED_TRACE(line);
            EXPECT_LE(display_width(line), 79U);
        }
    }
}

TEST(ProgressLine, SaysShareAndTimeLeft) {
    const std::string line = progress_line("kmss", 250'000, 1'000'000, 20s);
    EXPECT_THAT(line, HasSubstr(" 25%"));
    EXPECT_THAT(line, HasSubstr(" 250k of 1.00M"));
    EXPECT_THAT(line, HasSubstr("1:00 left"));
    EXPECT_THAT(line, HasSubstr("███████▌ "));
}

TEST(ProgressBar, IsSilentWithoutATerminal) {
    std::ostringstream out;
    {
        progress_bar bar("kmss", out, false);
        bar.update(1, 2);
    }
    EXPECT_EQ(out.str(), "");
}

TEST(ProgressBar, ClearsItsLine) {
    std::ostringstream out;
    {
        progress_bar bar("kmss", out, true);
        bar.update(2, 2);
    }
    EXPECT_THAT(out.str(), HasSubstr("100%"));
    EXPECT_TRUE(out.str().ends_with("\r\x1b[K"));
}

} // namespace
} // namespace uthan::gateway
