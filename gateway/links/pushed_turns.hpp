#pragma once

#include "adapters/ussd_event.hpp"
#include "gateway/metrics.hpp"
#include "service/dialogues.hpp"
#include "sessions/history.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <spdlog/logger.h>
#include <string>
#include <string_view>

// Channels whose aggregator is answered at once and whose screen is a request of our own.
namespace uthan::gateway {

/// What became of one screen.
struct push_result {
    push_outcome outcome = push_outcome::unknown;
    std::string code; ///< the provider's, where it has one; safe to log
};

/// Where screens go.
class screen_way {
public:
    virtual ~screen_way() = default;
    /// Ends about the deadline at the latest. This and `of` outlive the call.
    virtual task<push_result> push(const adapters::ussd_turn& of, std::string text, bool final,
                                   std::chrono::steady_clock::time_point deadline) = 0;
};

push_outcome push_outcome_of(adapters::push_class what) noexcept;

/// Shared by all channels of a shard: how many turns are between acknowledgement and screen.
class push_load {
public:
    push_load(std::size_t most, gauge& shown) : most_(most), shown_(shown) {}

    bool begin() noexcept {
        if (running_ >= most_) {
            return false;
        }
        shown_.set(static_cast<std::int64_t>(++running_));
        return true;
    }
    void end() noexcept { shown_.set(static_cast<std::int64_t>(--running_)); }
    std::size_t running() const noexcept { return running_; }

private:
    std::size_t most_;
    std::size_t running_ = 0;
    gauge& shown_;
};

/// A turn's hop, counted and timed from the time at which its request began.
using hop_function = std::function<task<service::hop_result>(
    const sessions::inbound_turn&, std::chrono::steady_clock::time_point)>;

/// What `pushed_turns` works with. All but the shared parts outlive it.
struct push_parts {
    executor on;
    std::string channel; ///< for the log
    hop_function hop;
    std::unique_ptr<screen_way> way; ///< null where each turn brings its own
    std::shared_ptr<push_load> load;
    channel_metrics& metrics;
    counter& exceptions;
    spdlog::logger& log;
    /// From a turn's first byte to the answer to its push.
    std::chrono::milliseconds budget{10'000};
};

struct pushed_turns_state;

/// Runs the hops of turns that are already acknowledged and pushes their screens. The turns of one
/// subscriber go one after the other, each waiting for the answer to the push before it. A push
/// that fails ends its session: what came for it meanwhile is dropped, nothing more goes out. The
/// dialogue's state stays for a redial. On the shard's thread.
class pushed_turns {
public:
    explicit pushed_turns(push_parts parts);
    ~pushed_turns();
    pushed_turns(const pushed_turns&) = delete;
    pushed_turns& operator=(const pushed_turns&) = delete;

    /// Takes the turn over and returns at once. Dropped (and counted) when too many are under way;
    /// dropped too when it repeats one whose screen is still to come.
    void take(adapters::ussd_turn turn, std::chrono::steady_clock::time_point received,
              std::unique_ptr<screen_way> way = nullptr);
    /// The session is over, or all of hers (`session` null): what waits is dropped, and the screen
    /// of the turn under way too, unless it is out already.
    void end(const std::string& number_as_sent, const std::string* session);

    /// Of one subscriber: turns that wait behind the one under way.
    static constexpr std::size_t waiting_max = 8;

private:
    std::shared_ptr<pushed_turns_state> state_;
};

} // namespace uthan::gateway
