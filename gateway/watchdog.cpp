#include "gateway/watchdog.hpp"

#include <unistd.h>

#include <cstdio>

namespace uthan::gateway {

watchdog::watchdog(std::chrono::milliseconds limit) : thread_([this, limit] { watch(limit); }) {}

watchdog::~watchdog() {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void watchdog::watch(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    const bool in_time = changed_.wait_for(lock, limit, [this] { return done_; });
    if (!in_time) {
        std::fprintf(stderr, "uthan: stopping hangs in phase \"%s\"; leaving\n", phase_.load());
        ::_exit(watchdog_exit_code);
    }
}

} // namespace uthan::gateway
