#pragma once

#include "core/counter.hpp"
#include "core/error.hpp"
#include "core/task.hpp"
#include "db/sqlite/prepared_connection.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace uthan::db::sqlite {

struct writer_settings {
    /// Operations that may wait; one more gets errc::queue_full.
    std::size_t queue_max = 4096;
    /// Operations that share one commit.
    std::size_t batch_max = 256;
    /// Pages (4 KiB) that the WAL may grow by before it is checkpointed under load. More of them
    /// make no commit faster and the pause of a checkpoint longer.
    int checkpoint_pages = 1024;
    /// How long the queue must be empty before the rest of the WAL is checkpointed.
    std::chrono::milliseconds idle_before_checkpoint{200};
};

/// Written by the writer and, under its lock, by whoever enqueues; any thread may read.
struct writer_metrics {
    counter batches;    ///< commits that succeeded
    counter operations; ///< operations inside them that succeeded
    counter failed;     ///< operations that got an error from the database or from themselves
    counter refused;    ///< operations that found the queue full or the writer stopped
    counter checkpoints;
    gauge queue_depth;
    latency_histogram commit_latency; ///< of COMMIT alone: the fsync
};

/// Pages of the WAL: how many there are and how many of them were checkpointed.
struct wal_growth {
    int pages = 0;
    int checkpointed = 0;
    int left() const noexcept { return pages - checkpointed; }
};

/// One thing to do in the writer's transaction, with whoever waits for it.
class operation {
public:
    explicit operation(const executor& home) : home_(home) {}
    virtual ~operation() = default;
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    /// Does the work. Writer's thread, inside a savepoint that is rolled back when it fails.
    virtual error_code run(prepared_connection& db) = 0;
    /// Replaces the outcome by an error: the batch around it was not committed.
    virtual void fail(error_code why) = 0;
    /// Resumes the waiter. The shard's thread.
    virtual void complete() = 0;

    executor home() const { return home_.get_executor(); }

private:
    /// Keeps the shard's loop running until the waiter is resumed.
    asio::executor_work_guard<executor> home_;
};

/// The one thread that writes the gateway database: a bounded queue and group commit. Everything
/// that waits shares one BEGIN IMMEDIATE … COMMIT; when nothing waits an operation is committed at
/// once. Checkpoints happen after the waiters are told. A full disk or an I/O error is
/// errc::store_unavailable to every waiter of that batch; the next batch tries again.
///
/// A waiting coroutine must not be destroyed (coroutines never are while they wait), and the
/// io_contexts that waiters run on must outlive `stop`: until then the writer's thread may still be
/// inside a post to them. `perform` on any shard's thread; construct and stop on one thread.
class writer {
public:
    /// `db` is open for writing, migrated and in WAL mode. Starts the thread.
    writer(connection db, writer_settings settings);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Runs `work.run(prepared_connection&) -> result<Work::value_type>` in a commit; returns when
    /// that commit is durable. `work` is a small struct; an error that it returns undoes what it
    /// did and nothing else. Errors besides its own: queue_full, store_unavailable.
    template <class Work>
    task<result<typename Work::value_type>> perform(Work work);

    /// Commits what waits, refuses what comes later (store_unavailable), ends the thread.
    /// Completions are posted to their shards. Idempotent.
    void stop();

    const writer_metrics& metrics() const noexcept { return metrics_; }

private:
    using batch = std::vector<std::unique_ptr<operation>>;
    struct enqueuing;

    void enqueue(std::unique_ptr<operation> next);
    void serve();
    batch next_batch();
    void commit(batch& operations);
    error_code run_all(batch& operations, std::vector<error_code>& outcomes);
    void checkpoint_when_due();
    void checkpoint();

    const writer_settings settings_;
    writer_metrics metrics_;
    prepared_connection db_;
    wal_growth wal_; ///< the writer's thread only; SQLite's hook writes it at each commit

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::unique_ptr<operation>> waiting_; ///< under mutex_
    bool stopping_ = false;                          ///< under mutex_

    std::thread thread_; ///< last: starts when everything else exists
};

template <class Work, class Handler>
class waiting_operation final : public operation {
public:
    waiting_operation(const executor& home, Work work, Handler handler)
        : operation(home), work_(std::move(work)), handler_(std::move(handler)) {}

    error_code run(prepared_connection& db) override {
        outcome_ = work_.run(db);
        return outcome_ ? error_code{} : outcome_.error();
    }
    void fail(error_code why) override { outcome_ = why; }
    void complete() override { std::move(handler_)(std::move(outcome_)); }

private:
    Work work_;
    Handler handler_;
    result<typename Work::value_type> outcome_{make_error_code(errc::store_unavailable)};
};

/// An initiation of Asio, named because g++ 12 miscompiles capturing lambdas in co_await.
struct writer::enqueuing {
    writer* to;
    executor home;

    template <class Handler, class Work>
    void operator()(Handler handler, Work work) const {
        to->enqueue(std::make_unique<waiting_operation<Work, Handler>>(home, std::move(work),
                                                                       std::move(handler)));
    }
};

template <class Work>
task<result<typename Work::value_type>> writer::perform(Work work) {
    using outcome = result<typename Work::value_type>;
    const asio::use_awaitable_t<executor> token;
    const executor home = co_await asio::this_coro::executor;
    enqueuing initiation{this, home};
    auto waited = asio::async_initiate<const asio::use_awaitable_t<executor>&, void(outcome)>(
        initiation, token, std::move(work));
    co_return co_await std::move(waited);
}

} // namespace uthan::db::sqlite
