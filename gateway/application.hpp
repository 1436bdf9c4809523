#pragma once

#include "gateway/admin.hpp"
#include "gateway/backend.hpp"
#include "gateway/log.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"
#include "gateway/shard.hpp"
#include "gateway/watchdog.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace uthan::gateway {

/// A write that fails must not end the process: hiredis and OpenSSL write with plain write(2) to
/// peers that may have left, and a file at the limit of its size is a full disk. Call before the
/// backend is made.
void ignore_write_signals();

/// `serve`: listeners, shards and signals around a backend. Threads: the caller's (start, signals,
/// stop), one for the admin listener, one per shard.
class application {
public:
    /// All must outlive the application.
    application(const settings& from, backend& services, logs& log);
    ~application();
    application(const application&) = delete;
    application& operator=(const application&) = delete;

    /// Starts everything in order: admin listener, shards, then ready. What had started is stopped
    /// again when something fails; throws std::exception with a reason for the operator.
    void start();

    /// Waits for SIGTERM, SIGINT or request_stop, then stops everything in reverse: begun requests
    /// get their limit, the backend is flushed last. A watchdog ends the process with
    /// watchdog_exit_code when that takes longer than stop_limit.
    void run();

    /// Any thread.
    void request_stop();

    std::uint16_t public_port() const { return shards_.front()->port(); }
    std::uint16_t admin_port() const { return admin_port_; }
    /// 0 where no staff listener is opened.
    std::uint16_t staff_port() const { return shards_.front()->staff_port(); }

    static constexpr std::chrono::seconds stop_limit{28};

private:
    void start_admin();
    void make_shards();
    void start_shards();
    void add_metrics();
    void stop();
    void await_signal();
    void on_signal(int number);

    const settings& settings_;
    backend& services_;
    logs& logs_;
    metrics_registry metrics_;
    std::atomic<process_state> state_{process_state::starting};

    asio::io_context signals_{1};
    asio::signal_set signal_set_{signals_, SIGTERM, SIGINT, SIGHUP};
    asio::io_context admin_context_{1};
    listener_metrics admin_metrics_;
    counter admin_exceptions_;
    admin_handler admin_handler_;
    std::unique_ptr<http_server> admin_;
    std::uint16_t admin_port_ = 0;
    std::thread admin_thread_;
    std::vector<std::unique_ptr<shard>> shards_;
    std::vector<std::string> channel_names_;

    /// What has started, to be stopped in reverse; the names are for the watchdog.
    std::vector<std::pair<const char*, std::function<void()>>> stops_;
};

} // namespace uthan::gateway
