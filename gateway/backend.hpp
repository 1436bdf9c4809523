#pragma once

#include "core/task.hpp"
#include "gateway/channel_handler.hpp"
#include "gateway/metrics.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

// What the process needs from the product: handlers for its channels and the state of its stores.
// wiring.cpp makes the real one; tests of the process make their own.
namespace uthan::gateway {

/// One shard's part: its session store's connection, its ledgers, its channels' handlers. Made on
/// the main thread before the shard's thread runs, used and stopped on the shard's thread,
/// destroyed on the main thread after it, before its io_context.
class shard_backend {
public:
    virtual ~shard_backend() = default;
    /// In the order of settings.channels; lives as long as the shard's part.
    virtual channel_handler& channel(std::size_t index) = 0;
    /// Who answers the staff listener; null where nobody does. Lives as long as the shard's part.
    virtual http_handler* staff() { return nullptr; }
    /// Takes nothing new from where no listener brings it.
    virtual void drain() {}
    /// Whether something is still under way for requests that were answered.
    virtual bool busy() const { return false; }
    /// After the last request was answered and nothing is under way, or its time is over: close
    /// connections, so that the loop can end.
    virtual void stop() = 0;
};

/// The process-wide part: the gateway database with its lease and writer, texts, menus.
class backend {
public:
    virtual ~backend() = default;
    virtual std::unique_ptr<shard_backend> make_shard(unsigned index, asio::io_context& context,
                                                      shard_metrics& metrics) = 0;
    /// Whether every database answers now. Admin thread.
    virtual bool databases_answer() = 0;
    /// What works less well than it should, by name ("sessions"). Admin thread.
    virtual std::vector<std::string> degraded() = 0;
    /// What only the stores know. Admin thread, also after the shards have stopped.
    virtual void collect(metric_sink& into) = 0;
    /// SIGHUP, main thread: menus and texts are read again and shown to whoever dials from now on.
    /// False: they were refused, the log says why, and nothing changed.
    virtual bool reload() = 0;
    /// After every shard and the admin listener have ended: flush the writer, give the lease back.
    /// Once.
    virtual void stop() = 0;
};

} // namespace uthan::gateway
