#pragma once

#include "adapters/ussd_event.hpp"
#include "gateway/links/http_client.hpp"
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

/// How a provider wants its screens, and what it says to them. Pure.
class push_format {
public:
    virtual ~push_format() = default;
    /// Without a deadline. None: the format cannot say this screen.
    virtual std::optional<outbound_request> render(const adapters::ussd_turn& to,
                                                   std::string_view text, bool final) const = 0;
    virtual adapters::push_answer read(unsigned http_status, std::string_view body) const = 0;
};

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

struct push_options {
    /// From a turn's first byte to the answer to its push.
    std::chrono::milliseconds budget{10'000};
    /// Before the one other try.
    std::chrono::milliseconds retry_pause{250};
};

/// A turn's hop, counted and timed from the time at which its request began.
using hop_function = std::function<task<service::hop_result>(
    const sessions::inbound_turn&, std::chrono::steady_clock::time_point)>;

/// What `pushed_turns` works with. All but the shared parts outlive it.
struct push_parts {
    executor on;
    std::string channel; ///< for the log
    hop_function hop;
    std::unique_ptr<push_format> format;
    http_client& client;
    std::shared_ptr<push_load> load;
    channel_metrics& metrics;
    counter& exceptions;
    spdlog::logger& log;
    push_options options;
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
    void take(adapters::ussd_turn turn, std::chrono::steady_clock::time_point received);

    /// Of one subscriber: turns that wait behind the one under way.
    static constexpr std::size_t waiting_max = 8;

private:
    std::shared_ptr<pushed_turns_state> state_;
};

} // namespace uthan::gateway
