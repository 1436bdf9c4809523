#include "texts/keywords.hpp"

#include "bench/typos.hpp"
#include "texts/tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace uthan::texts {
namespace {

const keyword_table& shipped() {
    static const keyword_table table = [] {
        std::vector<problem> problems;
        auto made = keyword_table::load(UTHAN_SOURCE_DIR "/config/keywords.toml", problems);
        for (const auto& one : problems) {
            ADD_FAILURE() << one.to_string();
        }
        return made;
    }();
    return table;
}

keyword_match find(std::string_view written, bool alone = true) {
    return shipped().find(tokens_of(written).tokens.at(0).text, alone);
}

TEST(Keywords, AreFoundAsWrittenMistypedAndAsTheySound) {
    struct case_ {
        std::string_view written;
        confidence how;
        keyword is;
    };
    constexpr case_ cases[] = {
        {"BAL", confidence::exact, keyword::balance},
        {"সঞ্চয়", confidence::exact, keyword::balance},
        {"সঞ্চয\u09bc", confidence::exact, keyword::balance},
        {"কিস্তি!", confidence::exact, keyword::due},
        {"balence", confidence::exact, keyword::balance},
        {"balanec", confidence::corrected, keyword::balance},
        {"blaance", confidence::corrected, keyword::balance},
        {"ballance", confidence::corrected, keyword::balance},
        {"kiisti", confidence::corrected, keyword::due},
        {"কিস্তত", confidence::corrected, keyword::due},
        {"মিটীঙ", confidence::corrected, keyword::meeting},
        // Two letters differ, but it sounds the same.
        {"shanchai", confidence::corrected, keyword::balance},
        {"abhizog", confidence::corrected, keyword::complaint},
        {"shahazzo", confidence::corrected, keyword::help},
        {"stop", confidence::exact, keyword::stop},
        {"বন্ধ", confidence::exact, keyword::stop},
        {"english", confidence::exact, keyword::english},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(find(c.written), (keyword_match{c.how, c.is})) << c.written;
    }
}

TEST(Keywords, WhatIsNotClearIsNotGuessed) {
    for (const std::string_view written :
         {"stopp", "stpo", "stob", "sotp", "bondhoo", "bandoh", "বনধ", "বন্ধব", "starrt", "chaluu",
          "চালুি", "tk", "xyzzy", "hello", "okay", "thanks", "koi", "be"}) {
        EXPECT_EQ(find(written).how, confidence::unknown) << written;
    }
}

TEST(Keywords, AShortWordIsCorrectedOnlyWhereNothingElseIsSaid) {
    EXPECT_EQ(find("looan", false).how, confidence::corrected);
    EXPECT_EQ(find("hlep", true).how, confidence::corrected);
    EXPECT_EQ(find("bll", true).how, confidence::corrected);
    EXPECT_EQ(find("hlep", false).how, confidence::unknown);
    EXPECT_EQ(find("ba", true).how, confidence::unknown);
}

TEST(Keywords, EveryWordOfTheTableIsItsOwn) {
    for (const auto& one : shipped().words()) {
        const keyword_match itself{confidence::exact, one.is};
        const auto read = shipped().find(one.word, false);
        EXPECT_EQ(read, one.is == keyword::other ? keyword_match{} : itself) << one.word;
    }
}

/// What people write to one another; none of it is a command, alone or as a first word.
constexpr std::string_view everyday[] = {
    "ami",       "tumi",   "apni",     "bhai",   "apa",     "vai",      "sir",     "madam",
    "hello",     "hi",     "hey",      "ok",     "okay",    "thik",     "thanks",  "thank",
    "dhonnobad", "salam",  "assalamu", "kemon",  "achen",   "valo",     "bhalo",   "kharap",
    "ki",        "keno",   "kobe",     "kothay", "kokhon",  "jabo",     "asbo",    "ashben",
    "aschi",     "taka",   "poisa",    "bikash", "nagad",   "rocket",   "gram",    "para",
    "bazar",     "dokan",  "barite",   "bari",   "basay",   "ghor",     "chele",   "meye",
    "swami",     "stri",   "mone",     "nei",    "nai",     "ache",     "hobe",    "holo",
    "hoyeche",   "korbo",  "korte",    "parbo",  "parina",  "bujhi",    "bolen",   "bolun",
    "dekhi",     "number", "nambar",   "mobile", "today",   "tomorrow", "yes",     "no",
    "what",      "when",   "where",    "why",    "who",     "good",     "morning", "night",
    "wrong",     "sorry",  "bank",     "office", "officer", "member",   "eid",     "mubarak",
    "school",    "আমি",    "তুমি",      "আপনি",   "ভাই",     "আপা",      "স্যার",    "হ্যালো",
    "ঠিক",       "ধন্যবাদ", "সালাম",    "কেমন",   "আছেন",    "ভালো",     "খারাপ",   "কি",
    "কেন",       "কবে",    "কোথায়",    "যাব",    "আসব",     "আসবেন",    "টাকা",    "পয়সা",
    "গ্রাম",      "বাজার",  "বাড়ি",     "ছেলে",   "মেয়ে",    "স্বামী",    "নেই",     "নাই",
    "আছে",       "হবে",    "করব",      "পারি",   "বুঝি",     "বলেন",     "নম্বর",    "মোবাইল",
    "আজ",        "কাল",    "হ্যাঁ",      "না",     "ব্যাংক",   "অফিস",     "সদস্য",    "ঈদ",
    "মোবারক",    "স্কুল",    "মাঠকর্মী",  "শাখা",   "পরে",     "আগে",      "সকালে",
};

TEST(Keywords, EverydayWordsAreNone) {
    for (const auto word : everyday) {
        const auto read = find(word);
        EXPECT_TRUE(read.how == confidence::unknown)
            << word << " is " << keyword_names[static_cast<std::size_t>(read.is)];
    }
}

/// The promise: of words with one mistake nearly all are read, nearly never as another command, and
/// never as stop. By `bench_words --matrix` in numbers.
TEST(Keywords, OneMistakeIsReadRight) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        auto typos = bench::make_typos(shipped(), seed, 20'000);
        const auto alone = bench::measure(shipped(), typos, true);
        EXPECT_GE(alone.precision(), 0.995) << seed << '\n' << alone.to_string();
        EXPECT_GE(alone.recall(), 0.90) << seed << '\n' << alone.to_string();
        EXPECT_EQ(alone.wrong(keyword::stop), 0U) << seed << '\n' << alone.to_string();
        const auto others = bench::make_other_typos(shipped(), seed, 20'000);
        EXPECT_EQ(bench::measure(shipped(), others, true).wrong(keyword::stop), 0U);
        const auto in_sentence = bench::measure(shipped(), typos, false);
        EXPECT_GE(in_sentence.precision(), 0.995) << seed;
        EXPECT_EQ(in_sentence.wrong(keyword::stop), 0U) << seed;
    }
}

TEST(Keywords, ProblemsOfTheFileHaveTheirPlace) {
    std::vector<problem> problems;
    keyword_table::parse(
        "[keywords]\nbalance = [\"bal\", \"two words\", \"BAL\"]\nnonsense = [\"x\"]\n", "k.toml",
        problems);
    std::string said;
    for (const auto& one : problems) {
        said += one.to_string() + '\n';
    }
    EXPECT_THAT(said, testing::HasSubstr("k.toml:2:"));
    EXPECT_THAT(said, testing::HasSubstr("must be one word of letters"));
    EXPECT_THAT(said, testing::HasSubstr("\"bal\" stands here twice"));
    EXPECT_THAT(said, testing::HasSubstr("unknown keyword nonsense"));
    EXPECT_THAT(said, testing::HasSubstr("no words for stop"));
}

} // namespace
} // namespace uthan::texts
