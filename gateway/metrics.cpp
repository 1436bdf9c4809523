#include "gateway/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>

namespace uthan::gateway {
namespace {

prometheus::ClientMetric::Histogram histogram_of(std::span<const std::uint64_t> buckets,
                                                 double sum_seconds) {
    prometheus::ClientMetric::Histogram histogram;
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        below += buckets[i];
        const double bound = i < latency_histogram::bounds_us.size()
                                 ? latency_histogram::bounds_us[i] / 1e6
                                 : std::numeric_limits<double>::infinity();
        histogram.bucket.push_back({below, bound});
    }
    histogram.sample_count = below;
    histogram.sample_sum = sum_seconds;
    return histogram;
}

} // namespace

void channel_metrics::hop_done(hop_outcome outcome,
                               std::chrono::steady_clock::time_point received) noexcept {
    hops[static_cast<std::size_t>(outcome)].add();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - received);
    hop_duration.observe(static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)));
}

void listener_metrics::responded(unsigned code) noexcept {
    std::size_t i = 0;
    while (i + 1 < codes.size() && codes[i] != code) {
        ++i;
    }
    responses[i].add();
}

metric_sink::sample& metric_sink::at(std::string_view name, std::string_view help,
                                     prometheus::MetricType type, const metric_labels& labels) {
    auto found = families_.find(name);
    if (found == families_.end()) {
        found = families_.emplace(std::string(name), family{std::string(help), type, {}}).first;
    }
    return found->second.samples[labels];
}

void metric_sink::counter(std::string_view name, std::string_view help, const metric_labels& labels,
                          std::uint64_t value) {
    at(name, help, prometheus::MetricType::Counter, labels).value += static_cast<double>(value);
}

void metric_sink::gauge(std::string_view name, std::string_view help, const metric_labels& labels,
                        double value) {
    at(name, help, prometheus::MetricType::Gauge, labels).value += value;
}

void metric_sink::histogram(std::string_view name, std::string_view help,
                            const metric_labels& labels, const latency_histogram& value) {
    sample& into = at(name, help, prometheus::MetricType::Histogram, labels);
    for (std::size_t i = 0; i < into.buckets.size(); ++i) {
        into.buckets[i] += value.buckets[i].value();
    }
    into.sum_us += value.sum_us.value();
}

std::vector<prometheus::MetricFamily> metric_sink::families() const {
    std::vector<prometheus::MetricFamily> all;
    for (const auto& [name, from] : families_) {
        prometheus::MetricFamily next{name, from.help, from.type, {}};
        for (const auto& [labels, value] : from.samples) {
            prometheus::ClientMetric metric;
            for (const auto& [label, text] : labels) {
                metric.label.push_back({label, text});
            }
            if (from.type == prometheus::MetricType::Counter) {
                metric.counter.value = value.value;
            } else if (from.type == prometheus::MetricType::Gauge) {
                metric.gauge.value = value.value;
            } else {
                metric.histogram =
                    histogram_of(value.buckets, static_cast<double>(value.sum_us) / 1e6);
            }
            next.metric.push_back(std::move(metric));
        }
        all.push_back(std::move(next));
    }
    return all;
}

void collect_listener(const listener_metrics& metrics, std::string_view listener,
                      metric_sink& into) {
    const std::string name(listener);
    for (std::size_t i = 0; i < metrics.codes.size(); ++i) {
        const auto value = metrics.responses[i].value();
        if (value > 0 || metrics.codes[i] == 200) {
            const std::string code =
                metrics.codes[i] == 0 ? "other" : std::to_string(metrics.codes[i]);
            into.counter("uthan_http_requests_total", "Requests answered, by listener and code.",
                         {{"listener", name}, {"code", code}}, value);
        }
    }
    into.counter("uthan_http_connections_accepted_total", "Connections accepted.",
                 {{"listener", name}}, metrics.accepted.value());
    into.counter("uthan_http_connections_refused_total",
                 "Connections turned away above the listener's limit.", {{"listener", name}},
                 metrics.refused.value());
    into.counter("uthan_http_accept_failures_total",
                 "Times that accepting failed (no file descriptors left).", {{"listener", name}},
                 metrics.accept_failures.value());
    into.counter("uthan_http_request_timeouts_total",
                 "Connections closed because a request took too long.", {{"listener", name}},
                 metrics.timeouts.value());
    into.gauge("uthan_http_connections", "Connections now open.", {{"listener", name}},
               static_cast<double>(metrics.connections.value()));
}

namespace {

void collect_pushes(const push_metrics& pushes, const std::string& name, metric_sink& into) {
    for (std::size_t o = 0; o < push_outcome_names.size(); ++o) {
        into.counter("uthan_ussd_pushes_total", "Screens to be pushed, by how they ended.",
                     {{"channel", name}, {"outcome", std::string(push_outcome_names[o])}},
                     pushes.outcomes[o].value());
    }
    into.histogram("uthan_ussd_push_duration_seconds",
                   "From a callback's first byte to the provider's answer to the screen's push.",
                   {{"channel", name}}, pushes.duration);
    into.counter("uthan_ussd_push_retries_total", "Pushes that went out a second time.",
                 {{"channel", name}}, pushes.retries.value());
    into.counter("uthan_ussd_callbacks_coalesced_total",
                 "Callbacks that repeated one whose screen was not out yet.", {{"channel", name}},
                 pushes.coalesced.value());
}

} // namespace

void collect_shard(const shard_metrics& shard, std::span<const std::string> channel_names,
                   std::string_view listener, metric_sink& into) {
    for (std::size_t c = 0; c < shard.channels.size(); ++c) {
        const channel_metrics& channel = shard.channels[c];
        const std::string& name = channel_names[c];
        for (std::size_t o = 0; o < hop_outcome_names.size(); ++o) {
            into.counter("uthan_ussd_hops_total", "USSD requests, by how they ended.",
                         {{"channel", name}, {"outcome", std::string(hop_outcome_names[o])}},
                         channel.hops[o].value());
        }
        into.histogram("uthan_ussd_hop_duration_seconds",
                       "From a USSD request's first byte to its answer.", {{"channel", name}},
                       channel.hop_duration);
        into.counter("uthan_ussd_events_total", "End-of-session notices read.", {{"channel", name}},
                     channel.events.value());
        into.counter("uthan_ussd_events_rejected_total",
                     "End-of-session notices that could not be read.", {{"channel", name}},
                     channel.events_rejected.value());
        if (channel.pushes_screens) {
            collect_pushes(channel.pushes, name, into);
        }
    }
    into.gauge("uthan_ussd_pushes_running",
               "Turns that were acknowledged and whose screen is not out yet.", {},
               static_cast<double>(shard.pushes_running.value()));
    collect_listener(shard.http, listener, into);
    into.counter("uthan_unhandled_exceptions_total",
                 "Exceptions that no code expected; each closed a connection.", {},
                 shard.unhandled_exceptions.value());
}

std::vector<prometheus::MetricFamily> metrics_registry::Collect() const {
    metric_sink into;
    for (const source& from : sources_) {
        from(into);
    }
    return into.families();
}

std::string metrics_registry::text() const {
    return prometheus::TextSerializer{}.Serialize(Collect());
}

} // namespace uthan::gateway
