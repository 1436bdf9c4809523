#pragma once

#include "core/clock.hpp"
#include "core/counter.hpp"
#include "gateway/content.hpp"
#include "gateway/log.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

// Menus, texts and the organisations' files, read again while the gateway serves.
namespace uthan::gateway {

/// Written by the main thread, read by any.
struct reload_metrics {
    counter done;
    counter refused;
    gauge last_refused;                    ///< 1: what is in force is older than the files
    std::atomic<std::int64_t> since_ms{0}; ///< when what is in force was loaded

    void loaded(instant at) noexcept { since_ms.store(at.time_since_epoch().count()); }
};

struct reloaded {
    content what;
    /// What runs, with the organisations' files as they are now, and of the main file what may
    /// change while it runs: [[operators]], and of channels of text messages operator, tps,
    /// price_per_segment and window.
    std::shared_ptr<const settings> now;
};

/// Reads the main file, the organisations' files, menus and texts again and proves them for the
/// running channels, as `uthan check` does. None when anything is wrong; the log then has every
/// problem with its position, up to problems_logged_max. What else has changed in the main file is
/// logged: it counts from the next start.
std::optional<reloaded> reload_content(const settings& running, const environment& from,
                                       spdlog::logger& log);

/// Keys that differ, by table ("channels gp"): what `file` says and `now` does not.
std::map<std::string, std::set<std::string>> waiting_for_restart(const settings& now,
                                                                 const settings& file);
inline constexpr std::size_t problems_logged_max = 20;

/// From when on a reload's content is shown: a little later, so that by then every shard has it,
/// and a dialogue meets one content on all of them.
instant comes_into_force(instant loaded) noexcept;

void collect_reloads(const reload_metrics& from, instant now, metric_sink& into);

} // namespace uthan::gateway
