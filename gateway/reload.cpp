#include "gateway/reload.hpp"

#include <exception>

namespace uthan::gateway {
namespace {

/// In one line of the log, between quotes.
std::string quotable(std::string text) {
    for (char& c : text) {
        if (c == '"') {
            c = '\'';
        } else if (static_cast<unsigned char>(c) < 0x20) {
            c = ' ';
        }
    }
    return text;
}

content load_again(const settings& running, std::vector<texts::problem>& problems) {
    settings next = running;
    for (auto& one : next.organisations) {
        one = load_organisation(one.file, one.code, problems);
    }
    if (!problems.empty()) {
        return {}; // What was not read whole is not worth a proof.
    }
    return load_content(next, problems);
}

} // namespace

std::optional<content> reload_content(const settings& running, spdlog::logger& log) {
    std::vector<texts::problem> problems;
    content loaded;
    try {
        loaded = load_again(running, problems);
    } catch (const std::exception& failed) {
        log.error("event=reload_refused problems=1 reason=\"{}\"", quotable(failed.what()));
        return std::nullopt;
    }
    if (problems.empty()) {
        return loaded;
    }
    for (std::size_t i = 0; i < problems.size() && i < problems_logged_max; ++i) {
        log.error("event=reload_problem at=\"{}\"", quotable(problems[i].to_string()));
    }
    log.error("event=reload_refused problems={} hint=\"what was shown before is shown on; uthan "
              "check names every problem\"",
              problems.size());
    return std::nullopt;
}

instant comes_into_force(instant loaded) noexcept {
    return loaded + std::chrono::seconds{1};
}

void collect_reloads(const reload_metrics& from, instant now, metric_sink& into) {
    const auto reloads = [&](const char* outcome, const counter& value) {
        into.counter("uthan_content_reloads_total",
                     "Reloads of menus, texts and organisations' files, by how they ended.",
                     {{"outcome", outcome}}, value.value());
    };
    reloads("done", from.done);
    reloads("refused", from.refused);
    into.gauge("uthan_content_reload_failing",
               "1: the last reload was refused, what is shown is older than the files.", {},
               static_cast<double>(from.last_refused.value()));
    const auto age = now - instant{std::chrono::milliseconds{from.since_ms.load()}};
    into.gauge("uthan_content_age_seconds", "Since the menus and texts in force were loaded.", {},
               std::chrono::duration<double>(age).count());
}

} // namespace uthan::gateway
