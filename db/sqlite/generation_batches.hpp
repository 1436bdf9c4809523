#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace uthan::db::sqlite {

/// Rows on their way from the thread that reads and checks to the thread that inserts: a bounded
/// queue of batches.
template <class Row>
class row_batches {
public:
    static constexpr std::size_t rows_per_batch = 1024;
    static constexpr std::size_t batches_max = 4;

    /// Reader's side: waits while the queue is full. False when the other side has stopped.
    bool put(std::vector<Row> batch) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return stopped_ || queue_.size() < batches_max; });
        if (stopped_) {
            return false;
        }
        queue_.push_back(std::move(batch));
        changed_.notify_all();
        return true;
    }
    void close() {
        const std::lock_guard lock{mutex_};
        closed_ = true;
        changed_.notify_all();
    }

    /// Inserter's side: none when everything was taken and the reader has closed.
    std::optional<std::vector<Row>> take() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return closed_ || !queue_.empty(); });
        if (queue_.empty()) {
            return std::nullopt;
        }
        auto batch = std::move(queue_.front());
        queue_.erase(queue_.begin());
        changed_.notify_all();
        return batch;
    }
    void stop() {
        const std::lock_guard lock{mutex_};
        stopped_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::vector<Row>> queue_;
    bool closed_ = false;
    bool stopped_ = false;
};

} // namespace uthan::db::sqlite
