#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace uthan::gateway {

/// How soon an import is seen. A poll is one PRAGMA.
inline constexpr std::chrono::milliseconds refresh_interval{500};

/// Calls a function again and again on its own thread until it is stopped.
class poller {
public:
    template <class Function>
    explicit poller(Function poll) {
        thread_ = std::thread{[this, poll] {
            std::unique_lock lock{mutex_};
            while (!wake_.wait_for(lock, refresh_interval, [this] { return stopping_; })) {
                poll();
            }
        }};
    }
    ~poller() {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }
    poller(const poller&) = delete;
    poller& operator=(const poller&) = delete;

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace uthan::gateway
