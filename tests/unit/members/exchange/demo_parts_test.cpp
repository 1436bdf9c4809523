#include "demo_files.hpp"
#include "members/exchange/demo_names.hpp"
#include "members/exchange/demo_output.hpp"
#include "members/exchange/demo_random.hpp"

namespace uthan::members::exchange {
namespace {

TEST(DemoRandom, DrawsTheSameNumbersForTheSameSubject) {
    demo_random a{1, 7};
    demo_random b{1, 7};
    demo_random other{1, 8};
    const std::uint64_t first = a.next();
    EXPECT_EQ(first, b.next());
    EXPECT_NE(first, other.next());
}

TEST(DemoRandom, IsSplitMix64) {
    // The published first outputs for the state 0; the constructor has taken the first.
    demo_random zero{0, 0};
    EXPECT_EQ(zero.next(), 0x6E789E6AA1B965F4ULL);
    EXPECT_EQ(zero.next(), 0x06C45D188009454FULL);
}

TEST(DemoRandom, StaysBelowItsBound) {
    demo_random random{3, 1};
    std::array<unsigned, 6> seen{};
    for (int i = 0; i < 600; ++i) {
        ++seen.at(random.below(6));
    }
    for (const unsigned count : seen) {
        EXPECT_GT(count, 50U);
    }
    EXPECT_EQ(random.below(1), 0U);
}

TEST(DemoOutput, WritesFieldsAsAnImportReadsThem) {
    demo_directory files;
    demo_output out{files.path(), "x.csv", "a,b,c,d,e,f"};
    out.text("plain").text("a \"word\", quoted").amount(money{-125'050}).amount(money::taka(7));
    out.day(*parse_day("2026-01-05")).number(42).end_row();
    out.empty().empty().empty().empty().day(std::nullopt).text("two\nlines").end_row();
    EXPECT_EQ(out.rows(), 2U);
    EXPECT_EQ(out.close().size(), 64U);
    EXPECT_EQ(bytes_of(files.path() / "x.csv"),
              "a,b,c,d,e,f\nplain,\"a \"\"word\"\", quoted\",-1250.50,7,2026-01-05,42\n"
              ",,,,,\"two\nlines\"\n");
}

TEST(DemoOutput, SaysWhenItCannotWrite) {
    EXPECT_THROW((demo_output{"/nonexistent-directory", "x.csv", "a"}), std::runtime_error);
}

TEST(DemoNames, WritesBanglaDigits) {
    EXPECT_EQ(bangla_digits(0), "০");
    EXPECT_EQ(bangla_digits(1234567890), "১২৩৪৫৬৭৮৯০");
}

TEST(DemoNames, HaveBothLanguages) {
    for (const auto words :
         {women_names(), family_names(), officer_names(), group_names(), meeting_places()}) {
        EXPECT_GE(words.size(), 12U);
        for (const demo_word& word : words) {
            EXPECT_FALSE(word.bn.empty());
            EXPECT_FALSE(word.en.empty());
        }
    }
}

} // namespace
} // namespace uthan::members::exchange
