#pragma once

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/published_generations.hpp"
#include "gateway/content.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <spdlog/spdlog.h>
#include <string>
#include <thread>
#include <vector>

namespace uthan::gateway {

/// What the clocks are made from; outlives them.
struct request_clock_parts {
    const settings& from;
    db::sqlite::gateway_database& database; ///< whose lease says that no other process has a clock
    const db::sqlite::published_generations& published;
    const clock& time;
    asio::io_context& loop; ///< run by the clocks' thread alone; outlives the database's writer
    spdlog::logger& log;
    std::chrono::milliseconds every{30'000};
};

/// Every organisation's service::request_clock on a thread of its own: once at the start, then
/// again and again. Made and destroyed on one thread; destroyed before the database.
class request_clocks {
public:
    /// Throws std::runtime_error when the database cannot be read (start-up only).
    request_clocks(const request_clock_parts& parts, const content& what);
    ~request_clocks();
    request_clocks(const request_clocks&) = delete;
    request_clocks& operator=(const request_clocks&) = delete;

    /// The rules from now on. Any thread.
    void show(const content& what);
    /// Any thread.
    void collect(metric_sink& into) const;

private:
    class part;

    void serve();
    /// Whether there is more to do at once.
    bool run_all();
    bool stops();

    const std::chrono::milliseconds every_;
    spdlog::logger& log_;
    asio::io_context& loop_;
    std::vector<std::unique_ptr<part>> parts_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false; ///< under mutex_
    content what_;          ///< under mutex_
    std::thread thread_;    ///< last: starts when everything else exists
};

} // namespace uthan::gateway
