#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace uthan::gateway {

/// Ends the process when stopping takes too long: from construction on, after `limit`, it writes
/// the phase to standard error and exits with watchdog_exit_code. Destroyed in time, it does
/// nothing.
class watchdog {
public:
    explicit watchdog(std::chrono::milliseconds limit);
    ~watchdog();
    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    /// What is being stopped now; a literal.
    void phase(const char* name) noexcept { phase_.store(name); }

private:
    void watch(std::chrono::milliseconds limit);

    std::atomic<const char*> phase_{"begin"};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false; ///< under mutex_
    std::thread thread_;
};

inline constexpr int watchdog_exit_code = 3;

} // namespace uthan::gateway
