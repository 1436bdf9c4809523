#include "gateway/part_metrics.hpp"

#include <algorithm>

namespace uthan::gateway {

void collect_redis(const db::redis::connection_counters& link,
                   const db::redis::store_counters& store, metric_sink& into) {
    const auto command = [&](std::string_view outcome, const counter& value) {
        into.counter("uthan_redis_commands_total", "Commands sent to Redis, by how they ended.",
                     {{"outcome", std::string{outcome}}}, value.value());
    };
    command("answered", link.answered);
    command("error", link.errors);
    command("timed_out", link.timed_out);
    command("lost", link.lost);
    command("refused", link.refused);
    into.counter("uthan_redis_reconnects_total", "Connections to Redis that became ready.", {},
                 link.connects.value());
    into.gauge("uthan_redis_in_flight", "Commands whose answers are outstanding.", {},
               static_cast<double>(link.in_flight.value()));
    into.histogram("uthan_redis_answer_seconds", "From a command to its answer.", {},
                   link.answer_time);
    into.counter("uthan_session_conflicts_total",
                 "Saves of a dialogue that another request of it had won.", {},
                 store.conflicts.value());
    into.counter("uthan_session_corrupt_total",
                 "Values in the session store that this program did not write.", {},
                 store.corrupt.value());
}

void collect_dialogues(const service::dialogue_counters& from, const std::string& organisation,
                       metric_sink& into) {
    const metric_labels labels{{"organisation", organisation}};
    into.counter("uthan_ussd_replayed_total",
                 "Dialogues run again from the transport's history because their state was gone.",
                 labels, from.replayed.value());
    into.counter("uthan_ussd_apologies_total",
                 "Hops answered with \"not now\": facts or a commit did not come in time.", labels,
                 from.apologies.value());
    into.counter("uthan_session_store_failures_total",
                 "Loads and saves that the session store did not answer.", labels,
                 from.store_failures.value());
    into.gauge("uthan_ussd_dialogues_remembered", "Dialogues in the memory of this process.",
               labels, static_cast<double>(from.live.value()));
}

void collect_outbound(const outbound_counters& from, metric_sink& into) {
    for (std::size_t i = 0; i < outbound_failure_names.size(); ++i) {
        const auto name = i == 0 ? std::string_view{"answered"} : outbound_failure_names[i];
        into.counter("uthan_outbound_requests_total",
                     "Requests of our own to aggregators, by how they ended.",
                     {{"outcome", std::string{name}}}, from.requests[i].value());
    }
    into.counter("uthan_outbound_connects_total", "Connections made to aggregators.", {},
                 from.connects.value());
    into.gauge("uthan_outbound_connections", "Connections to aggregators now open.", {},
               static_cast<double>(from.connections.value()));
    into.gauge("uthan_outbound_waiting", "Requests that wait for a free connection.", {},
               static_cast<double>(from.waiting.value()));
}

void collect_smpp(const smpp_link_metrics& from, const std::string& channel, metric_sink& into) {
    const metric_labels labels{{"channel", channel}};
    into.gauge("uthan_smpp_bound", "Connections that are bound.", labels,
               static_cast<double>(from.bound.value()));
    into.gauge("uthan_smpp_in_flight", "Submits without an answer.", labels,
               static_cast<double>(from.in_flight.value()));
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
    const auto oldest = from.oldest_submit_at_ms.value();
    into.gauge("uthan_smpp_oldest_submit_seconds", "Age of the oldest submit without an answer.",
               labels, oldest == 0 ? 0 : static_cast<double>(now.count() - oldest) / 1000);
    static constexpr std::array<std::string_view, 7> classes{
        "ok", "throttle", "temporary", "session", "permanent", "unknown", "no_money"};
    for (std::size_t i = 0; i < classes.size(); ++i) {
        into.counter("uthan_smpp_answers_total", "Answers to submits, by what their status means.",
                     {{"channel", channel}, {"status", std::string{classes[i]}}},
                     from.answered[i].value());
    }
    const auto total = [&](std::string_view name, std::string_view help, const counter& value) {
        into.counter(name, help, labels, value.value());
    };
    total("uthan_smpp_submits_total", "Parts and screens that were given to a connection.",
          from.submitted);
    total("uthan_smpp_timed_out_total", "Submits without an answer in time.", from.timed_out);
    total("uthan_smpp_late_total", "Answers after that.", from.late);
    total("uthan_smpp_unsent_total", "Parts and screens given back, certainly not sent.",
          from.unsent);
    total("uthan_smpp_lost_total", "Submits whose connection was lost before the answer.",
          from.unknown);
    total("uthan_smpp_receipts_total", "Receipts that came in.", from.receipts);
    total("uthan_smpp_inbound_total", "Texts, or parts of them, that came in.", from.inbound);
    total("uthan_smpp_turns_total", "USSD turns that were handed to a dialogue.", from.turns);
    total("uthan_smpp_refused_turns_total", "USSD turns that nobody could take.",
          from.refused_turns);
    total("uthan_smpp_foreign_total", "Deliveries that are no text of a subscriber.", from.foreign);
    total("uthan_smpp_refused_store_total", "Receipts and texts that could not be stored.",
          from.refused_store);
    total("uthan_smpp_binds_total", "Binds that were accepted.", from.binds);
    total("uthan_smpp_refused_binds_total", "Binds that were refused.", from.refused_binds);
    total("uthan_smpp_reconnects_total", "Waits before a next try to connect.", from.reconnects);
    total("uthan_smpp_malformed_total", "PDUs refused or read in part, and unknown commands.",
          from.malformed);
}

void collect_writer(const db::sqlite::writer_metrics& from, metric_sink& into) {
    into.counter("uthan_sqlite_batches_total", "Commits of the gateway database.", {},
                 from.batches.value());
    into.counter("uthan_sqlite_operations_total", "Operations inside those commits.", {},
                 from.operations.value());
    into.counter("uthan_sqlite_operations_failed_total", "Operations that were not committed.", {},
                 from.failed.value());
    into.counter("uthan_sqlite_operations_refused_total", "Operations that found the queue full.",
                 {}, from.refused.value());
    into.gauge("uthan_sqlite_queue_depth", "Operations that wait for the writer.", {},
               static_cast<double>(from.queue_depth.value()));
    into.histogram("uthan_sqlite_commit_seconds", "Duration of a commit.", {}, from.commit_latency);
}

void collect_screens(const std::string& organisation, const std::vector<std::string>& names,
                     std::span<const service::screen_counts* const> shards, instant now,
                     metric_sink& into) {
    std::vector<std::int64_t> dropped(service::screen_slots_max, 0);
    std::vector<std::uint64_t> shown(service::screen_slots_max, 0);
    for (const auto* counts : shards) {
        const auto of_shard = counts->dropped_total(now);
        for (std::size_t i = 0; i < names.size(); ++i) {
            dropped[i] += of_shard[i];
            shown[i] += counts->shown_total(static_cast<service::screen_slot>(i));
        }
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty()) {
            continue;
        }
        const metric_labels labels{{"organisation", organisation}, {"screen", names[i]}};
        into.counter("uthan_ussd_screens_shown_total", "Times that a screen was shown.", labels,
                     shown[i]);
        into.counter("uthan_ussd_screens_dropped_total",
                     "Times that nothing was typed any more after a screen.", labels,
                     static_cast<std::uint64_t>(std::max<std::int64_t>(dropped[i], 0)));
    }
}

} // namespace uthan::gateway
