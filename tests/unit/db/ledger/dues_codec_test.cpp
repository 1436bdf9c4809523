#include "db/sqlite/dues_codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace uthan::db::sqlite::testing {
namespace {

using namespace std::string_view_literals;
using members::instalment;
using members::instalments_per_loan_max;

instalment due(unsigned seq, int day, std::int64_t total, std::int64_t paid) {
    instalment row;
    row.seq = seq;
    row.due_on = calendar_day{std::chrono::days{day}};
    row.total_due = {total};
    row.paid = {paid};
    return row;
}

std::string piece_of(const std::vector<instalment>& rows) {
    std::string piece;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        append_due(piece, rows[i], i == 0 ? nullptr : &rows[i - 1]);
    }
    return piece;
}

bool same(const instalment& a, const instalment& b) {
    return a.seq == b.seq && a.due_on == b.due_on && a.total_due == b.total_due && a.paid == b.paid;
}

/// None: corrupt. The bytes are read where nothing lies behind them.
std::optional<std::vector<instalment>> read(std::string_view bytes) {
    const std::vector<char> alone{bytes.begin(), bytes.end()};
    std::vector<instalment> rows;
    const auto failed = read_dues({alone.data(), alone.size()}, rows);
    EXPECT_TRUE(!failed || failed == errc::corrupt);
    return failed ? std::nullopt : std::optional{rows};
}

void expect_rows(std::string_view bytes, const std::vector<instalment>& expected) {
    const auto rows = read(bytes);
    ASSERT_TRUE(rows);
    EXPECT_TRUE(std::ranges::equal(*rows, expected, same));
}

TEST(DuesCodec, WritesDifferences) {
    EXPECT_EQ(piece_of({due(1, 1, 100, 0)}), "\x00\x02\x02\xC8\x01\x00"sv);
    EXPECT_EQ(piece_of({due(1, 1, 1, 1), due(2, 8, 1, 0), due(4, 7, -1, 0)}), "\x00\x02\x02\x02\x02"
                                                                              "\x02\x0E\x00\x01"
                                                                              "\x04\x01\x03\x00"sv);
}

TEST(DuesCodec, ReadsWhatItWrote) {
    using amount = std::numeric_limits<std::int64_t>;
    using day = std::numeric_limits<std::int32_t>;
    const std::vector<instalment> tables[]{
        {},
        {due(1, 0, 0, 0)},
        {due(400, -3, 5, 7)},
        {due(1, day::min(), amount::min(), amount::max()),
         due(2, day::max(), amount::max(), amount::min())},
        {due(1, 20'000, 63, 64), due(2, 20'007, 8191, 8192), due(9, 20'006, -64, -65)},
    };
    for (const auto& rows : tables) {
        expect_rows(piece_of(rows), rows);
    }
}

TEST(DuesCodec, PiecesAreJoinedAndSorted) {
    const auto one = piece_of({due(3, 21, 3, 0), due(4, 28, 4, 0)});
    const auto two = piece_of({due(2, 14, 2, 0), due(1, 7, 1, 0)});
    const std::vector<instalment> all{due(1, 7, 1, 0), due(2, 14, 2, 0), due(3, 21, 3, 0),
                                      due(4, 28, 4, 0)};
    expect_rows(one + two, all);
    expect_rows(two + one, all);
    EXPECT_FALSE(read(one + one)); // A seq that is there twice.
}

TEST(DuesCodec, HoldsAtMostTheRowsOfALoan) {
    std::vector<instalment> rows;
    for (unsigned seq = 1; seq <= instalments_per_loan_max; ++seq) {
        rows.push_back(due(seq, static_cast<int>(seq * 7), 275'000, 0));
    }
    expect_rows(piece_of(rows), rows);
    EXPECT_FALSE(read(piece_of(rows) + piece_of({due(1, 1, 1, 1)})));
}

TEST(DuesCodec, RefusesWhatIsNoEncoding) {
    const std::string_view bad[]{
        "\x02\x02\x02\x00"sv,                                             // does not begin with a 0
        "\x00"sv,                                                         // nothing behind it
        "\x00\x00\x02\x02\x00"sv,                                         // seq 0
        "\x00\x01\x02\x02\x00"sv,                                         // seq -1
        "\x00\xA2\x06\x02\x02\x00"sv,                                     // seq 401
        "\x00\x02\x02\x02\x00\x01\x02\x02\x00"sv,                         // back to seq 0
        "\x00\x02\x02\x02\x80\x00"sv,                                     // longer than it need be
        "\x00\x02\x02\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"sv,     // 65 bits
        "\x00\x02\x02\x02\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv, // eleven bytes
        "\x00\x02\x80\x80\x80\x80\x10\x02\x00"sv,                         // a day beyond 32 bits
        "\x00\x02\xFE\xFF\xFF\xFF\x0F\x02\x00\x02\x02\x02\x00"sv,         // a sum beyond them
        "not an encoding at all"sv,
    };
    for (std::size_t i = 0; i < std::size(bad); ++i) {
        EXPECT_FALSE(read(bad[i])) << i;
    }
    // The largest that are right, next to those.
    EXPECT_TRUE(read("\x00\xA0\x06\x02\x02\x00"sv));
    EXPECT_TRUE(read("\x00\x02\x02\x02\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv));
    EXPECT_TRUE(read("\x00\x02\xFE\xFF\xFF\xFF\x0F\x02\x00"sv));
}

/// Rows of a loan in any order, amounts of any size.
std::vector<instalment> some_rows(std::mt19937_64& random) {
    std::vector<unsigned> seqs(instalments_per_loan_max);
    std::iota(seqs.begin(), seqs.end(), 1U);
    if (random() % 2 == 0) {
        std::ranges::shuffle(seqs, random);
    }
    seqs.resize(random() % 2 == 0 ? random() % 60 : random() % (instalments_per_loan_max + 1));
    std::vector<instalment> rows;
    for (const auto seq : seqs) {
        const auto amount = [&] { return static_cast<std::int64_t>(random()) >> (random() % 64); };
        rows.push_back(due(seq, static_cast<int>(random() % 60'000) - 20'000, amount(), amount()));
    }
    return rows;
}

TEST(DuesCodec, AnyRowsInAnyPiecesComeBackSorted) {
    std::mt19937_64 random{20'261'121};
    for (int round = 0; round < 500; ++round) {
        auto rows = some_rows(random);
        std::string bytes;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            append_due(bytes, rows[i], i == 0 || random() % 8 == 0 ? nullptr : &rows[i - 1]);
        }
        std::ranges::sort(rows, {}, &instalment::seq);
        expect_rows(bytes, rows);
    }
}

TEST(DuesCodec, ACutEncodingIsRefusedOrEndsBehindARow) {
    std::mt19937_64 random{7};
    for (int round = 0; round < 20; ++round) {
        auto rows = some_rows(random);
        rows.resize(std::min<std::size_t>(rows.size(), 20));
        std::vector<std::size_t> ends{0};
        std::string bytes;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            append_due(bytes, rows[i], i == 0 ? nullptr : &rows[i - 1]);
            ends.push_back(bytes.size());
        }
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            EXPECT_EQ(read(std::string_view{bytes}.substr(0, size)).has_value(),
                      std::ranges::binary_search(ends, size));
        }
    }
}

TEST(DuesCodec, RubbishIsRefusedOrWithinTheLimits) {
    std::mt19937_64 random{11};
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = round % 2 == 0 ? piece_of(some_rows(random)).substr(0, 200) : "";
        bytes.resize(std::max<std::size_t>(bytes.size(), random() % 64));
        for (int change = 0; change < (round % 2 == 0 ? 3 : 64) && !bytes.empty(); ++change) {
            bytes[random() % bytes.size()] = static_cast<char>(random());
        }
        const auto rows = read(bytes);
        if (!rows) {
            continue;
        }
        EXPECT_LE(rows->size(), instalments_per_loan_max);
        for (std::size_t i = 0; i < rows->size(); ++i) {
            EXPECT_GE((*rows)[i].seq, i == 0 ? 1U : (*rows)[i - 1].seq + 1);
            EXPECT_LE((*rows)[i].seq, instalments_per_loan_max);
        }
    }
}

} // namespace
} // namespace uthan::db::sqlite::testing
