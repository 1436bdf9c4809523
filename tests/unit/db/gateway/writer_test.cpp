#include "db/sqlite/writer.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <csignal>
#include <sys/resource.h>
#include <vector>

// The writer is driven with one operation that holds its thread, so that what waits behind it is
// known exactly; nothing here depends on speed.
namespace uthan::db::sqlite::gateway_test {
namespace {

/// Inserts a row; then fails when it is told to.
struct insert_note {
    using value_type = std::int64_t;

    std::int64_t id = 0;
    std::int64_t bytes = 0;
    error_code then{};

    result<std::int64_t> run(prepared_connection& db) {
        const auto row = db.prepared("INSERT INTO notes (id, body) VALUES (?1, zeroblob(?2))");
        if (!row) {
            return row.error();
        }
        (*row)->bind(1, id);
        (*row)->bind(2, bytes);
        if (const auto failed = (*row)->run()) {
            return {boost::system::in_place_error, failed};
        }
        if (then) {
            return {boost::system::in_place_error, then};
        }
        return id;
    }
};

/// Limits how many pages the writer's file may have: a full disk, as SQLite sees one.
struct limit_pages {
    using value_type = std::int64_t;

    std::int64_t more = 0;

    result<std::int64_t> run(prepared_connection& db) {
        const auto pages = db.db().scalar("PRAGMA page_count").value();
        const auto sql = "PRAGMA max_page_count=" + std::to_string(pages + more);
        return db.db().scalar(sql.c_str());
    }
};

using noted = eventually<result<std::int64_t>>;

class writer_test : public ::testing::Test {
protected:
    void start_writer(writer_settings settings = {}) {
        execute(path_, "PRAGMA journal_mode=WAL;"
                       "CREATE TABLE notes (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT");
        writer_.emplace(connection::open(path_, open_mode::read_write).value(), settings);
    }

    /// The writer's thread is inside this operation when it returns.
    hold_writer hold() {
        hold_writer held;
        start(loop_, writer_->perform(held));
        turn();
        held.started->wait();
        return held;
    }

    noted insert(std::int64_t id, std::int64_t bytes = 1, error_code then = {}) {
        auto place = start(loop_, writer_->perform(insert_note{id, bytes, then}));
        turn();
        return place;
    }

    /// Lets the loop do what it can without waiting.
    void turn() {
        loop_.restart();
        loop_.poll();
    }

    std::size_t run() {
        loop_.restart();
        return loop_.run();
    }

    std::int64_t rows() { return scalar(path_, "SELECT count(*) FROM notes"); }

    temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1}; // before the writer: a loop outlives it
    asio::io_context other_loop_{1};
    std::optional<writer> writer_;
};

TEST_F(writer_test, CommitsTogetherWhatWaitsTogether) {
    start_writer();
    const auto held = hold();
    std::vector<noted> notes;
    for (std::int64_t id = 1; id <= 200; ++id) {
        notes.push_back(insert(id));
    }
    EXPECT_EQ(writer_->metrics().queue_depth.value(), 200);
    held.released->count_down();
    // One handler for the holder's batch and one for the other: a post for each batch.
    EXPECT_EQ(run(), 2U);
    for (std::int64_t id = 1; id <= 200; ++id) {
        EXPECT_EQ(notes[static_cast<std::size_t>(id - 1)]->value().value(), id);
    }
    EXPECT_EQ(writer_->metrics().batches.value(), 2U);
    EXPECT_EQ(writer_->metrics().operations.value(), 201U);
    EXPECT_EQ(writer_->metrics().queue_depth.value(), 0);
    EXPECT_EQ(rows(), 200);
}

TEST_F(writer_test, CommitsAtMostABatchAtOnce) {
    start_writer({.batch_max = 10});
    const auto held = hold();
    for (std::int64_t id = 1; id <= 95; ++id) {
        insert(id);
    }
    held.released->count_down();
    run();
    EXPECT_EQ(writer_->metrics().batches.value(), 1U + 10U);
    EXPECT_EQ(rows(), 95);
}

TEST_F(writer_test, WaitsForNobodyWhenIdle) {
    start_writer();
    EXPECT_EQ(finish(loop_, writer_->perform(insert_note{1, 1, {}})).value(), 1);
    EXPECT_EQ(finish(loop_, writer_->perform(insert_note{2, 1, {}})).value(), 2);
    EXPECT_EQ(writer_->metrics().batches.value(), 2U);
}

TEST_F(writer_test, PostsToTheShardThatAsked) {
    start_writer();
    const auto held = hold();
    const auto mine = insert(1);
    const auto theirs = start(other_loop_, writer_->perform(insert_note{2, 1, {}}));
    other_loop_.poll();
    held.released->count_down();
    run();
    EXPECT_TRUE(mine->has_value());
    EXPECT_FALSE(theirs->has_value());
    other_loop_.restart();
    other_loop_.run();
    EXPECT_EQ(theirs->value().value(), 2);
}

TEST_F(writer_test, OneThatFailsSpoilsNoOther) {
    start_writer();
    const auto held = hold();
    const auto before = insert(1);
    const auto failing = insert(2, 1, errc::stale_version);
    const auto twice = insert(1);
    const auto after = insert(3);
    held.released->count_down();
    run();
    EXPECT_EQ(before->value().value(), 1);
    EXPECT_EQ(failing->value().error(), errc::stale_version);
    EXPECT_EQ(twice->value().error(), errc::store_unavailable);
    EXPECT_EQ(after->value().value(), 3);
    EXPECT_EQ(rows(), 2);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM notes WHERE id = 2"), 0);
    EXPECT_EQ(writer_->metrics().failed.value(), 2U);
    EXPECT_EQ(writer_->metrics().batches.value(), 2U);
}

TEST_F(writer_test, RefusesWhatTheQueueCannotHold) {
    start_writer({.queue_max = 3});
    const auto held = hold();
    std::vector<noted> notes;
    for (std::int64_t id = 1; id <= 5; ++id) {
        notes.push_back(insert(id));
    }
    turn();
    EXPECT_EQ(notes[3]->value().error(), errc::queue_full);
    EXPECT_EQ(notes[4]->value().error(), errc::queue_full);
    EXPECT_FALSE(notes[2]->has_value());
    held.released->count_down();
    run();
    EXPECT_EQ(notes[2]->value().value(), 3);
    EXPECT_EQ(writer_->metrics().refused.value(), 2U);
    EXPECT_EQ(finish(loop_, writer_->perform(insert_note{6, 1, {}})).value(), 6);
    EXPECT_EQ(rows(), 4);
}

TEST_F(writer_test, StopCommitsWhatWaitsAndRefusesWhatComesLater) {
    start_writer();
    const auto held = hold();
    std::vector<noted> notes;
    for (std::int64_t id = 1; id <= 300; ++id) {
        notes.push_back(insert(id));
    }
    held.released->count_down();
    writer_->stop();
    EXPECT_EQ(rows(), 300);
    const auto late = insert(301);
    run();
    for (const auto& one : notes) {
        EXPECT_TRUE(one->value().has_value());
    }
    EXPECT_EQ(late->value().error(), errc::store_unavailable);
    writer_->stop();
    EXPECT_EQ(rows(), 300);
}

TEST_F(writer_test, AWaiterWhoseLoopEndsAfterTheStopIsGivenUpWithIt) {
    start_writer();
    const auto held = hold();
    const auto waiting = insert(1);
    held.released->count_down();
    writer_->stop();
    // The loop never runs again and is destroyed with the posted completion in it.
    EXPECT_FALSE(waiting->has_value());
    EXPECT_EQ(rows(), 1);
}

TEST_F(writer_test, FullDiskIsToldToWhomItConcernsAndPasses) {
    start_writer();
    ASSERT_TRUE(finish(loop_, writer_->perform(limit_pages{8})).has_value());
    const auto held = hold();
    std::vector<noted> notes;
    for (std::int64_t id = 1; id <= 10; ++id) {
        notes.push_back(insert(id, id == 5 ? 1'000'000 : 10));
    }
    held.released->count_down();
    run();
    EXPECT_EQ(notes[4]->value().error(), errc::store_unavailable);
    std::int64_t acknowledged = 0;
    for (const auto& one : notes) {
        acknowledged += one->value() ? 1 : 0;
        if (!one->value()) {
            EXPECT_EQ(one->value().error(), errc::store_unavailable);
        }
    }
    // What was said is what is: no acknowledged row is missing, no refused one is there.
    EXPECT_EQ(rows(), acknowledged);

    EXPECT_EQ(finish(loop_, writer_->perform(insert_note{20, 1'000'000, {}})).error(),
              errc::store_unavailable);
    ASSERT_TRUE(finish(loop_, writer_->perform(limit_pages{10'000})).has_value());
    EXPECT_EQ(finish(loop_, writer_->perform(insert_note{20, 1'000'000, {}})).value(), 20);
    EXPECT_EQ(rows(), acknowledged + 1);
}

/// Writes beyond this size of a file fail while it lives: the write-ahead log cannot grow.
class file_size_limit {
public:
    explicit file_size_limit(std::uintmax_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~file_size_limit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, SIG_DFL);
    }
    file_size_limit(const file_size_limit&) = delete;
    file_size_limit& operator=(const file_size_limit&) = delete;

private:
    rlimit before_{};
};

TEST_F(writer_test, WriteErrorInTheCommitFailsEveryWaiterOfTheBatchAndPasses) {
    start_writer();
    ASSERT_TRUE(finish(loop_, writer_->perform(insert_note{1, 1, {}})).has_value());
    std::vector<noted> notes;
    {
        const auto held = hold();
        for (std::int64_t id = 2; id <= 9; ++id) {
            notes.push_back(insert(id));
        }
        const file_size_limit limit{std::filesystem::file_size(path_ + "-wal")};
        held.released->count_down();
        run();
    }
    for (const auto& one : notes) {
        EXPECT_EQ(one->value().error(), errc::store_unavailable);
    }
    EXPECT_EQ(rows(), 1);
    EXPECT_EQ(finish(loop_, writer_->perform(insert_note{2, 1, {}})).value(), 2);
    EXPECT_EQ(rows(), 2);
}

TEST_F(writer_test, TakesTheLogIntoTheFileWhenItHasGrown) {
    start_writer({.checkpoint_pages = 1, .idle_before_checkpoint = std::chrono::hours{1}});
    for (std::int64_t id = 1; id <= 20; ++id) {
        ASSERT_TRUE(finish(loop_, writer_->perform(insert_note{id, 10'000, {}})).has_value());
    }
    writer_->stop();
    EXPECT_EQ(writer_->metrics().checkpoints.value(), 20U);
    // The file alone, without its log, has everything.
    const auto alone = directory_.file("alone.db");
    std::filesystem::copy_file(path_, alone);
    EXPECT_EQ(scalar(alone, "SELECT count(*) FROM notes"), 20);
}

TEST_F(writer_test, LeavesTheLogAloneUnderTheLimit) {
    start_writer({.checkpoint_pages = 1'000'000, .idle_before_checkpoint = std::chrono::hours{1}});
    for (std::int64_t id = 1; id <= 20; ++id) {
        ASSERT_TRUE(finish(loop_, writer_->perform(insert_note{id, 10'000, {}})).has_value());
    }
    EXPECT_EQ(writer_->metrics().checkpoints.value(), 0U);
}

TEST_F(writer_test, TakesTheLogIntoTheFileWhenIdle) {
    start_writer({.idle_before_checkpoint = std::chrono::milliseconds{1}});
    ASSERT_TRUE(finish(loop_, writer_->perform(insert_note{1, 1, {}})).has_value());
    while (writer_->metrics().checkpoints.value() == 0) {
        std::this_thread::yield();
    }
    writer_->stop();
    EXPECT_EQ(rows(), 1);
}

TEST_F(writer_test, ObservesEveryCommit) {
    start_writer();
    for (std::int64_t id = 1; id <= 5; ++id) {
        finish(loop_, writer_->perform(insert_note{id, 1, {}}));
    }
    std::uint64_t observed = 0;
    for (const auto& bucket : writer_->metrics().commit_latency.buckets) {
        observed += bucket.value();
    }
    EXPECT_EQ(observed, 5U);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
