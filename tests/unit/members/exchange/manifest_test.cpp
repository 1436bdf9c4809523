#include "members/exchange/manifest.hpp"

#include "members/exchange/digest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace uthan::members::exchange {
namespace {

constexpr std::string_view digest_64 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string file_entry(std::string_view name) {
    return fmt::format(R"("{}":{{"rows":3,"sha256":"{}"}})", name, digest_64);
}

std::string with_files(std::string_view rest, std::string_view more = "") {
    return fmt::format(R"({{{},"files":{{{},{},{}{}}}}})", rest, file_entry("branches.csv"),
                       file_entry("groups.csv"), file_entry("members.csv"), more);
}

constexpr std::string_view head = R"("organisation":"kmss","as_of":"2026-11-21")";

TEST(Manifest, IsRead) {
    findings said;
    const auto read = parse_manifest(
        with_files(std::string{head} + R"(,"offices":{"B1":"2026-11-20","B2":"2026-11-21"})"),
        said);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->organisation, "kmss");
    EXPECT_EQ(to_iso(read->as_of), "2026-11-21");
    EXPECT_TRUE(read->partial);
    EXPECT_EQ(to_iso(read->as_of_office("B1")), "2026-11-20");
    EXPECT_EQ(to_iso(read->as_of_office("B9")), "2026-11-21");
    EXPECT_EQ(read->rows(), 9U);
    EXPECT_EQ(to_hex(as_bytes(read->find(file_kind::members)->sha256)), digest_64);
    EXPECT_EQ(read->find(file_kind::loans), nullptr);
    EXPECT_FALSE(said.refused());
}

TEST(Manifest, EveryMistakeIsSaid) {
    const std::pair<std::string, std::string> cases[]{
        {"", "not a JSON object"},
        {"[]", "not a JSON object"},
        {R"({"organisation":"kmss",})", "not a JSON object"},
        {with_files(R"("as_of":"2026-11-21")"), "\"organisation\""},
        {with_files(R"("organisation":7,"as_of":"2026-11-21")"), "\"organisation\""},
        {with_files(R"("organisation":"kmss","as_of":"21/11/2026")"), "\"as_of\" must be a date"},
        {with_files(R"("organisation":"kmss")"), "\"as_of\" must be a date"},
        {with_files(std::string{head} + R"(,"offices":[])"), "\"offices\" must be an object"},
        {with_files(std::string{head} + R"(,"offices":{})"), "\"offices\" is empty"},
        {with_files(std::string{head} + R"(,"offices":{"B1":"soon"})"), "\"B1\" must be a date"},
        {with_files(std::string{head} + R"(,"offices":{"":"2026-11-21"})"), "empty or too long"},
        {fmt::format("{{{}}}", head), "\"files\" must be an object"},
        {fmt::format(R"({{{},"files":{{{}}}}})", head, file_entry("groups.csv")),
         "must name branches.csv"},
        {with_files(head, R"(,"loans.csv":{"rows":1})"), "loans.csv must have"},
        {with_files(head, R"(,"loans.csv":{"rows":-1,"sha256":"00"})"), "number of rows"},
        {with_files(head, R"(,"loans.csv":{"rows":1.5,"sha256":"00"})"), "number of rows"},
        {with_files(head, R"(,"loans.csv":{"rows":99999999999,"sha256":"00"})"), "number of rows"},
        {with_files(head, R"(,"loans.csv":{"rows":1,"sha256":"00"})"), "64 hexadecimal"},
    };
    for (const auto& [text, message] : cases) {
        findings said;
        EXPECT_FALSE(parse_manifest(text, said)) << text;
        EXPECT_TRUE(said.refused()) << text;
        std::string all;
        for (const auto& one : said.list()) {
            all += to_text(one);
        }
        EXPECT_NE(all.find(message), std::string::npos) << text << "\n" << all;
    }
}

TEST(Manifest, SaysWhatIsNotKnownAndNotThere) {
    findings said;
    const auto read =
        parse_manifest("\xEF\xBB\xBF" + with_files(head, "," + file_entry("cows.csv")), said);
    ASSERT_TRUE(read);
    EXPECT_EQ(said.count(severity::warning), 1U);
    EXPECT_EQ(said.count(severity::note), file_kinds - 3);
    EXPECT_EQ(read->files.size(), 3U);
}

TEST(Manifest, TheDigestIsOfWhatItSaysNotOfItsSpelling) {
    findings said;
    const auto one = parse_manifest(with_files(head), said);
    const auto same = parse_manifest(
        " " + with_files(R"("as_of" : "2026-11-21" , "organisation":"kmss","assumed":[1])"), said);
    const auto other =
        parse_manifest(with_files(R"("organisation":"kmss","as_of":"2026-11-22")"), said);
    const auto partial =
        parse_manifest(with_files(std::string{head} + R"(,"offices":{"B1":"2026-11-21"})"), said);
    EXPECT_EQ(digest_of(*one), digest_of(*same));
    EXPECT_NE(digest_of(*one), digest_of(*other));
    EXPECT_NE(digest_of(*one), digest_of(*partial));
}

TEST(Digest, IsSha256OfAllThatWasRead) {
    text_source text{"abc"};
    digesting_source source{text};
    std::array<char, 2> two{};
    while (*source.read(two) > 0) {
    }
    EXPECT_EQ(to_hex(as_bytes(source.finish())),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

} // namespace
} // namespace uthan::members::exchange
