#include "db/sqlite/writer.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace uthan::db::sqlite {
namespace {

using operations = std::vector<std::unique_ptr<operation>>;

/// A shard's share of a batch: one handler for all of its waiters.
struct completions {
    operations done;

    void operator()() {
        for (auto& finished : done) {
            finished->complete();
        }
    }
};

/// Tells the waiters, with one post for each shard among them. There are few shards.
void post_completions(operations done) {
    while (!done.empty()) {
        const executor home = done.front()->home();
        const auto others = std::stable_partition(
            done.begin(), done.end(), [&](const auto& one) { return one->home() == home; });
        completions share;
        share.done.assign(std::make_move_iterator(done.begin()), std::make_move_iterator(others));
        done.erase(done.begin(), others);
        asio::post(home, std::move(share));
    }
}

std::uint64_t microseconds_since(std::chrono::steady_clock::time_point start) {
    const auto passed = std::chrono::steady_clock::now() - start;
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(passed).count());
}

int note_wal_growth(void* noted, sqlite3*, const char*, int pages) {
    auto& wal = *static_cast<wal_growth*>(noted);
    if (pages <= wal.pages) {
        // The WAL began anew.
        wal.checkpointed = 0;
    }
    wal.pages = pages;
    return SQLITE_OK;
}

/// SQLite rolls a transaction back by itself on some failures (full disk, I/O).
bool in_transaction(connection& db) {
    return sqlite3_get_autocommit(db.native()) == 0;
}

/// Runs one operation so that its failure undoes its own work only.
error_code run_in_savepoint(operation& next, prepared_connection& db) {
    const auto savepoint = db.prepared("SAVEPOINT operation");
    const auto release = db.prepared("RELEASE operation");
    const auto undo = db.prepared("ROLLBACK TO operation");
    if (!savepoint || !release || !undo) {
        return errc::store_unavailable;
    }
    if (const auto failed = (*savepoint)->run()) {
        return failed;
    }
    const auto outcome = next.run(db);
    if (!in_transaction(db.db())) {
        return outcome ? outcome : make_error_code(errc::store_unavailable);
    }
    if (outcome) {
        if (const auto failed = (*undo)->run()) {
            return failed;
        }
    }
    const auto released = (*release)->run();
    return outcome ? outcome : released;
}

} // namespace

writer::writer(connection db, writer_settings settings) : settings_(settings), db_(std::move(db)) {
    db_.db().execute("PRAGMA synchronous=FULL");
    db_.db().execute("PRAGMA wal_autocheckpoint=0");
    // After the pragma, which would install a hook of its own.
    sqlite3_wal_hook(db_.db().native(), note_wal_growth, &wal_);
    thread_ = std::thread{[this] { serve(); }};
}

writer::~writer() {
    stop();
}

void writer::stop() {
    {
        const std::scoped_lock lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void writer::enqueue(std::unique_ptr<operation> next) {
    {
        const std::scoped_lock lock{mutex_};
        if (!stopping_ && waiting_.size() < settings_.queue_max) {
            waiting_.push_back(std::move(next));
            metrics_.queue_depth.set(static_cast<std::int64_t>(waiting_.size()));
        } else {
            metrics_.refused.add();
            next->fail(stopping_ ? errc::store_unavailable : errc::queue_full);
        }
    }
    if (next == nullptr) {
        changed_.notify_one();
        return;
    }
    // Never resumed from inside its own call.
    operations refused;
    refused.push_back(std::move(next));
    post_completions(std::move(refused));
}

void writer::serve() {
    while (true) {
        auto taken = next_batch();
        if (taken.empty()) {
            return;
        }
        commit(taken);
        post_completions(std::move(taken));
        checkpoint_when_due();
    }
}

writer::batch writer::next_batch() {
    std::unique_lock lock{mutex_};
    const auto something_to_do = [this] { return stopping_ || !waiting_.empty(); };
    while (!something_to_do()) {
        if (wal_.left() == 0) {
            changed_.wait(lock, something_to_do);
        } else if (!changed_.wait_for(lock, settings_.idle_before_checkpoint, something_to_do)) {
            lock.unlock();
            checkpoint();
            lock.lock();
        }
    }
    batch taken;
    const auto count = std::min(waiting_.size(), settings_.batch_max);
    taken.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    metrics_.queue_depth.set(static_cast<std::int64_t>(waiting_.size()));
    return taken;
}

void writer::commit(batch& operations) {
    std::vector<error_code> outcomes(operations.size());
    const auto lost = run_all(operations, outcomes);
    for (std::size_t i = 0; i < operations.size(); ++i) {
        // An operation that failed by itself keeps its own reason.
        if (!outcomes[i] && lost) {
            outcomes[i] = lost;
        }
        if (outcomes[i]) {
            operations[i]->fail(outcomes[i]);
            metrics_.failed.add();
        } else {
            metrics_.operations.add();
        }
    }
    if (!lost) {
        metrics_.batches.add();
    }
}

/// The error, if any, for which nothing of the batch was committed.
error_code writer::run_all(batch& operations, std::vector<error_code>& outcomes) {
    auto begun = transaction::begin(db_.db());
    if (!begun) {
        return begun.error();
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
        outcomes[i] = run_in_savepoint(*operations[i], db_);
        if (!in_transaction(db_.db())) {
            return errc::store_unavailable;
        }
    }
    const auto start = std::chrono::steady_clock::now();
    const auto failed = begun->commit();
    metrics_.commit_latency.observe(microseconds_since(start));
    return failed;
}

void writer::checkpoint_when_due() {
    if (wal_.left() >= settings_.checkpoint_pages) {
        checkpoint();
    }
}

void writer::checkpoint() {
    // Passive: waits for no reader. What a reader holds back is taken the next time; a failure too.
    sqlite3_wal_checkpoint_v2(db_.db().native(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
    wal_.checkpointed = wal_.pages;
    metrics_.checkpoints.add();
}

} // namespace uthan::db::sqlite
