#pragma once

#include "gateway/backend.hpp"
#include "gateway/http/server.hpp"
#include "gateway/metrics.hpp"
#include "gateway/router.hpp"
#include "gateway/settings.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace uthan::gateway {

/// Where a shard listens.
struct listening {
    asio::ip::tcp::endpoint at;
    std::shared_ptr<asio::ssl::context> tls;
    asio::ip::tcp::endpoint staff_at;
    std::shared_ptr<asio::ssl::context> staff_tls;
};

/// One thread with its loop, its listeners and its part of the product; shares nothing with other
/// shards. Calls from the thread that made it; the loop's own work is the shard's thread's.
class shard {
public:
    /// Makes its part of the product and binds its listeners, the staff's where it is opened.
    /// Throws (start-up only).
    shard(unsigned index, const settings& from, const listening& at, backend& services,
          spdlog::logger& log);
    /// Stops at once if it was not stopped in order.
    ~shard();
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;

    std::uint16_t port() const noexcept { return server_->port(); }
    /// 0 where no staff listener is opened.
    std::uint16_t staff_port() const noexcept { return staff_ ? staff_->port() : 0; }
    /// Any thread.
    const shard_metrics& metrics() const noexcept { return metrics_; }

    /// Begins to serve.
    void start();
    /// Lets begun requests finish; returns at once. Call on all shards, then `join` on each.
    void drain();
    /// Waits until the loop has ended, and ends it by force after `limit`.
    void join(std::chrono::milliseconds limit);

private:
    void run();

    spdlog::logger& log_;
    unsigned index_;
    std::chrono::milliseconds drain_timeout_;
    asio::io_context context_{1};
    shard_metrics metrics_;
    std::unique_ptr<shard_backend> part_;
    std::unique_ptr<router> router_;
    std::unique_ptr<http_server> server_;
    std::unique_ptr<http_server> staff_; ///< null where it is not opened

    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false; ///< under mutex_
    std::thread thread_;
};

} // namespace uthan::gateway
