#include "members/exchange/csv.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace uthan::members::exchange {
namespace {

/// Hands out a few bytes at a time, so that every record is cut everywhere.
class dripping_source final : public byte_source {
public:
    dripping_source(std::string_view text, std::size_t step) : rest_(text), step_(step) {}
    result<std::size_t> read(std::span<char> out) override {
        return rest_.read(out.first(std::min(step_, out.size())));
    }

private:
    text_source rest_;
    std::size_t step_;
};

class failing_source final : public byte_source {
public:
    result<std::size_t> read(std::span<char>) override { return errc::store_unavailable; }
};

using record = std::vector<std::string>;

std::vector<record> read_all(byte_source& source) {
    csv_reader reader{source};
    std::vector<record> all;
    for (;;) {
        switch (reader.next()) {
        case csv_outcome::record:
            all.emplace_back(reader.fields().begin(), reader.fields().end());
            break;
        case csv_outcome::bad:
            all.push_back({"!" + std::string{reader.problem()}});
            break;
        case csv_outcome::end:
            return all;
        case csv_outcome::failed:
            all.push_back({"failed"});
            return all;
        }
    }
}

std::vector<record> read_all(std::string_view text) {
    text_source source{text};
    return read_all(source);
}

struct csv_case {
    const char* name;
    std::string text;
    std::vector<record> records;
};

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
    const csv_case cases[]{
        {"empty file", "", {}},
        {"only a mark", "\xEF\xBB\xBF", {}},
        {"mark and CRLF", "\xEF\xBB\xBFx,y\r\n1,2\r\n", {{"x", "y"}, {"1", "2"}}},
        {"no line end at the end", "a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
        {"empty fields", "a,,\n,,b\n", {{"a", "", ""}, {"", "", "b"}}},
        {"blank lines", "\n\na\r\n\r\n,,\n \t,\nb\n\n\n", {{"a"}, {"b"}}},
        {"quotes", "\"a,b\",\"c\"\"d\",\"\"\n", {{"a,b", "c\"d", ""}}},
        {"line end in quotes", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}},
        {"quote inside a plain field", "5\" pipe,b\nc,d\n", {{"5\" pipe", "b"}, {"c", "d"}}},
        {"doubled quote in a plain field", "a\"\"b,c\nd,e\n", {{"a\"\"b", "c"}, {"d", "e"}}},
        {"quoted last field without line end", "a,\"b\"", {{"a", "b"}}},
        {"text behind a quote",
         "\"a\"b,c\nd,e\n",
         {{"!has text behind a closing quote"}, {"d", "e"}}},
        {"quote not closed", "\"a,b\nc,d\n", {{"!has a quote that is not closed"}, {"c", "d"}}},
        {"quote not closed in the last line",
         "a,b\n\"c",
         {{"a", "b"}, {"!has a quote that is not closed"}}},
    };
    for (const auto& one : cases) {
        for (const std::size_t step : {1U, 2U, 3U, 7U, 1U << 20U}) {
            dripping_source source{one.text, step};
            EXPECT_EQ(read_all(source), one.records) << one.name << " by " << step;
        }
    }
}

TEST(Csv, CountsPhysicalLines) {
    text_source source{"\xEF\xBB\xBFh\n\n\"a\nb\nc\"\nd\n\"open\ne\n"};
    csv_reader reader{source};
    std::vector<std::uint64_t> lines;
    while (reader.next() != csv_outcome::end) {
        lines.push_back(reader.line());
    }
    EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 3, 6, 7, 8}));
}

TEST(Csv, GivesUpOneLongLineOnly) {
    const std::string longest(csv_record_bytes_max - 1, 'x');
    EXPECT_EQ(read_all("a\n" + longest + "\nb\n"), (std::vector<record>{{"a"}, {longest}, {"b"}}));
    EXPECT_EQ(read_all("a\n" + longest + "xx\nb\n"),
              (std::vector<record>{{"a"}, {"!is longer than 65536 bytes"}, {"b"}}));
    EXPECT_EQ(read_all("a\n" + std::string(3'000'000, 'x') + "\nb\n"),
              (std::vector<record>{{"a"}, {"!is longer than 65536 bytes"}, {"b"}}));
    EXPECT_EQ(read_all("a\n" + std::string(3'000'000, 'x')).size(), 2U);
}

TEST(Csv, OneLostQuoteDoesNotSwallowTheRest) {
    std::string text = "h\n\"lost,1\n";
    for (int i = 0; i < 20'000; ++i) {
        text += "row " + std::to_string(i) + "\n";
    }
    const auto all = read_all(text);
    ASSERT_EQ(all.size(), 20'002U);
    EXPECT_EQ(all[1][0], "!has a quote that is not closed");
    EXPECT_EQ(all.back()[0], "row 19999");
}

TEST(Csv, LimitsTheColumns) {
    const std::string most(csv_columns_max - 1, ',');
    EXPECT_EQ(read_all("a" + most + "\n")[0].size(), csv_columns_max);
    EXPECT_EQ(read_all("a" + most + ",\nb\n"),
              (std::vector<record>{{"!has more than 200 columns"}, {"b"}}));
    EXPECT_EQ(read_all("\"a\"" + most + ",\nb\n")[0], (record{"!has more than 200 columns"}));
}

TEST(Csv, SaysWhenTheSourceFails) {
    failing_source source;
    EXPECT_EQ(read_all(source), (std::vector<record>{{"failed"}}));
}

TEST(Csv, WhatIsWrittenIsReadBack) {
    std::mt19937 random{20261121};
    const std::vector<std::string> pieces{
        "\"", "\"\"", ",", "\n", "\r\n", "a", " ", "ক", "\xF0\x9F\x8C\xB1", "১২", "x,y", "\t", "'"};
    for (int round = 0; round < 300; ++round) {
        std::vector<record> records;
        std::string text = round % 2 == 0 ? "" : "\xEF\xBB\xBF";
        const auto columns = 1 + random() % 6;
        for (auto rows = random() % 8; rows > 0; --rows) {
            record fields{"k"}; // A record of nothing but blanks is none.
            for (std::size_t i = 1; i < columns; ++i) {
                std::string field;
                for (auto n = random() % 5; n > 0; --n) {
                    field += pieces[random() % pieces.size()];
                }
                fields.push_back(field);
            }
            const std::vector<std::string_view> views(fields.begin(), fields.end());
            append_csv_record(text, views);
            records.push_back(std::move(fields));
        }
        dripping_source source{text, 1 + random() % 40};
        ASSERT_EQ(read_all(source), records) << "round " << round << ":\n" << text;
    }
}

TEST(Csv, AFieldThatBeginsLikeAByteOrderMarkIsWrittenAsOne) {
    const std::vector<std::string_view> fields{"\xEF\xBB\xBFk", "1"};
    std::string text;
    append_csv_record(text, fields);
    text_source source{text};
    csv_reader reader{source};
    ASSERT_EQ(reader.next(), csv_outcome::record);
    EXPECT_EQ(std::vector(reader.fields().begin(), reader.fields().end()), fields);
}

TEST(Csv, SurvivesAnyBytes) {
    std::mt19937 random{7};
    const std::string_view alphabet{"\",\r\n a\0\xE0\xFF", 9};
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (auto n = random() % 60; n > 0; --n) {
            text.push_back(alphabet[random() % alphabet.size()]);
        }
        dripping_source source{text, 1 + random() % 9};
        const auto lines = std::count(text.begin(), text.end(), '\n');
        EXPECT_LE(read_all(source).size(), static_cast<std::size_t>(lines) + 1);
    }
}

TEST(Csv, KnowsUtf8) {
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("রহিমা খাতুন abc \xF4\x8F\xBF\xBF"));
    for (const std::string_view wrong :
         {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xE0\xA6", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xFF", "\xC3"}) {
        EXPECT_FALSE(is_utf8(wrong));
    }
}

} // namespace
} // namespace uthan::members::exchange
