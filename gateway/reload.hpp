#pragma once

#include "core/clock.hpp"
#include "core/counter.hpp"
#include "gateway/content.hpp"
#include "gateway/log.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"

#include <atomic>
#include <cstdint>
#include <optional>

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

/// Reads the organisations' files, menus and texts again and proves them for the running channels,
/// as `uthan check` does. None when anything is wrong; the log then has every problem with its
/// position, up to problems_logged_max.
std::optional<content> reload_content(const settings& running, spdlog::logger& log);
inline constexpr std::size_t problems_logged_max = 20;

/// From when on a reload's content is shown: a little later, so that by then every shard has it,
/// and a dialogue meets one content on all of them.
instant comes_into_force(instant loaded) noexcept;

void collect_reloads(const reload_metrics& from, instant now, metric_sink& into);

} // namespace uthan::gateway
