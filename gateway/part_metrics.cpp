#include "gateway/part_metrics.hpp"

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

} // namespace uthan::gateway
