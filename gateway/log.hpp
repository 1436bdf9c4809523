#pragma once

#include "gateway/settings.hpp"

#include <spdlog/logger.h>

#include <cstdint>
#include <memory>

namespace spdlog::details {
class thread_pool;
}

namespace uthan::gateway {

/// The process's log: one line per event, key=value, UTC. Lines are written by one thread of this
/// object; when its queue is full the oldest waiting line is dropped and counted, so that logging
/// never makes a member wait. What is logged never holds a number, a PIN, an input or a text.
/// Destroying it writes what waits. Any thread.
class logs {
public:
    /// Throws spdlog::spdlog_ex when the file cannot be opened (start-up only).
    explicit logs(const log_settings& from);
    ~logs();
    logs(const logs&) = delete;
    logs& operator=(const logs&) = delete;

    spdlog::logger& logger() noexcept { return *logger_; }
    std::uint64_t dropped() const;

private:
    std::shared_ptr<spdlog::details::thread_pool> pool_;
    std::shared_ptr<spdlog::logger> logger_;
};

} // namespace uthan::gateway
