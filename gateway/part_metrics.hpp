#pragma once

#include "db/redis/session_store.hpp"
#include "db/sqlite/writer.hpp"
#include "gateway/links/http_client.hpp"
#include "gateway/links/smpp_link.hpp"
#include "gateway/metrics.hpp"
#include "service/dialogues.hpp"

#include <span>
#include <string>
#include <vector>

// The counters of the product's parts under their names (docs/operations.md). Any thread.
namespace uthan::gateway {

void collect_redis(const db::redis::connection_counters& link,
                   const db::redis::store_counters& store, metric_sink& into);
void collect_dialogues(const service::dialogue_counters& from, const std::string& organisation,
                       metric_sink& into);
void collect_outbound(const outbound_counters& from, metric_sink& into);
void collect_smpp(const smpp_link_metrics& from, const std::string& channel, metric_sink& into);
/// Over all shards at one moment: a screen of one may be answered on another.
void collect_screens(const std::string& organisation, const std::vector<std::string>& names,
                     std::span<const service::screen_counts* const> shards, instant now,
                     metric_sink& into);
void collect_writer(const db::sqlite::writer_metrics& from, metric_sink& into);

} // namespace uthan::gateway
