#pragma once

#include "core/counter.hpp"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Counts. Each shard writes its own plain counters; a scrape on the control thread reads and sums
// them. Names and labels are documented in docs/operations.md.
namespace uthan::gateway {

/// How a USSD request ended.
enum class hop_outcome : unsigned char {
    continued, ///< a screen that waits for an answer
    ended,     ///< the dialogue's last screen
    repeated,  ///< the same request again: the same screen again
    degraded,  ///< answered without the session store
    refused,   ///< could not be read; nothing was done
    failed     ///< an honest "not now": facts or a commit did not come in time
};
inline constexpr std::array<std::string_view, 6> hop_outcome_names{
    "continued", "ended", "repeated", "degraded", "refused", "failed"};

/// What became of a screen that goes out in a request of our own.
enum class push_outcome : unsigned char {
    ok,           ///< the provider took it
    config,       ///< refused: our provisioning
    client,       ///< refused: our request
    user,         ///< refused: not this subscriber, not now
    transient,    ///< refused for the moment, also the second time where there was one
    unknown,      ///< refused with a code that nobody listed
    unreachable,  ///< no connection
    unanswered,   ///< no whole answer: whether it was shown is not known
    late,         ///< the session's budget was over before it could go out
    dropped,      ///< too many were under way, or it stood behind a failed one of its session
    unrenderable, ///< the format cannot say it
};
inline constexpr std::array<std::string_view, 11> push_outcome_names{
    "ok",          "config",     "client", "user",    "transient",   "unknown",
    "unreachable", "unanswered", "late",   "dropped", "unrenderable"};

/// The screens of one channel that are pushed.
struct push_metrics {
    std::array<counter, push_outcome_names.size()> outcomes;
    latency_histogram duration; ///< from the callback's first byte to the provider's answer
    counter retries;            ///< pushes that went out a second time
    counter coalesced;          ///< callbacks that repeated one whose screen was not out yet

    void done(push_outcome outcome) noexcept { outcomes[static_cast<std::size_t>(outcome)].add(); }
};

/// One channel on one shard.
struct channel_metrics {
    std::array<counter, hop_outcome_names.size()> hops;
    latency_histogram hop_duration;
    /// Set before the shard runs, where screens are pushed.
    bool pushes_screens = false;
    push_metrics pushes;
    counter events;          ///< end-of-session notices read
    counter events_rejected; ///< end-of-session notices that could not be read

    void hop_done(hop_outcome outcome, std::chrono::steady_clock::time_point received) noexcept;
};

/// One listener on one shard.
struct listener_metrics {
    /// The codes that a listener answers; anything else is counted as the last.
    static constexpr std::array<unsigned, 17> codes{200, 202, 400, 401, 403, 404, 405, 409, 413,
                                                    415, 422, 429, 431, 500, 503, 100, 0};
    std::array<counter, codes.size()> responses;
    counter accepted;
    counter refused; ///< above the greatest number of connections
    counter accept_failures;
    counter timeouts; ///< closed by the sweeper in the middle of a request
    gauge connections;

    void responded(unsigned code) noexcept;
};

struct shard_metrics {
    explicit shard_metrics(std::size_t channel_count) : channels(channel_count) {}

    /// In the order of settings.channels.
    std::vector<channel_metrics> channels;
    gauge pushes_running; ///< turns that were acknowledged and whose screen is not out yet
    listener_metrics http;
    listener_metrics staff_http;
    counter unhandled_exceptions;
};

using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// Collects families; values of the same name and labels add up.
class metric_sink {
public:
    void counter(std::string_view name, std::string_view help, const metric_labels& labels,
                 std::uint64_t value);
    void gauge(std::string_view name, std::string_view help, const metric_labels& labels,
               double value);
    void histogram(std::string_view name, std::string_view help, const metric_labels& labels,
                   const latency_histogram& value);

    /// By name, each family's metrics by labels.
    std::vector<prometheus::MetricFamily> families() const;

private:
    struct sample {
        double value = 0;
        std::uint64_t sum_us = 0;
        std::array<std::uint64_t, latency_histogram::bounds_us.size() + 1> buckets{};
    };
    struct family {
        std::string help;
        prometheus::MetricType type = prometheus::MetricType::Untyped;
        std::map<metric_labels, sample> samples;
    };
    sample& at(std::string_view name, std::string_view help, prometheus::MetricType type,
               const metric_labels& labels);

    std::map<std::string, family, std::less<>> families_;
};

/// Adds one shard's counters; `channel_names` in the order of settings.channels.
void collect_shard(const shard_metrics& shard, std::span<const std::string> channel_names,
                   std::string_view listener, metric_sink& into);
void collect_listener(const listener_metrics& metrics, std::string_view listener,
                      metric_sink& into);

/// Asks its sources at every scrape. Sources are added before the first scrape and must outlive it.
class metrics_registry final : public prometheus::Collectable {
public:
    using source = std::function<void(metric_sink&)>;
    void add(source from) { sources_.push_back(std::move(from)); }

    std::vector<prometheus::MetricFamily> Collect() const override;
    /// The Prometheus text format.
    std::string text() const;

private:
    std::vector<source> sources_;
};

} // namespace uthan::gateway
