#include "gateway/reload.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <sstream>

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

using keys_of_tables = std::map<std::string, std::map<std::string, std::string>>;

/// Of to_string(settings): by table, and for a table of a list by its name too.
keys_of_tables keys_of(const std::string& written) {
    keys_of_tables tables;
    std::string table;
    std::istringstream lines{written};
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find(" = ");
        if (line.starts_with('[')) {
            const auto from = line.find_first_not_of('[');
            table = line.substr(from, line.find(']') - from);
        } else if (equals != std::string::npos) {
            const auto key = line.substr(0, equals);
            auto value = line.substr(equals + 3);
            if (key == "name" || key == "code") {
                table += " " + value.substr(1, value.size() - 2);
            }
            tables[table][key] = std::move(value);
        }
    }
    return tables;
}

/// What to_string leaves out: secrets, and lists of statuses.
void add_hidden(const channel_settings& now, const channel_settings& file,
                std::set<std::string>& keys) {
    const auto* const before = std::get_if<smpp_link_settings>(&now.link);
    const auto* const after = std::get_if<smpp_link_settings>(&file.link);
    if (before != nullptr && after != nullptr) {
        if (before->session.password != after->session.password) {
            keys.insert("password");
        }
        if (!(before->classes == after->classes)) {
            keys.insert("statuses");
        }
    }
    for (const char* secret : {"api_key", "password"}) {
        const auto value = [secret](const channel_settings& of) {
            const auto found = of.adapter_keys.find(secret);
            return found == of.adapter_keys.end() ? std::string{} : found->second;
        };
        if (value(now) != value(file)) {
            keys.insert(secret);
        }
    }
}

void take_over(channel_settings& now, const channel_settings& file) {
    if (!now.texts || !file.texts) {
        return;
    }
    now.network_operator = file.network_operator;
    now.tps = file.tps;
    now.texts->network_operator = file.texts->network_operator;
    now.texts->tps = file.texts->tps;
    now.texts->price_per_segment = file.texts->price_per_segment;
    auto* const to = std::get_if<smpp_link_settings>(&now.link);
    const auto* const from = std::get_if<smpp_link_settings>(&file.link);
    if (to != nullptr && from != nullptr) {
        to->session.window = from->session.window;
    }
}

/// What runs from now on.
settings load_files(const settings& running, const environment& from, settings& file,
                    std::vector<texts::problem>& problems) {
    settings next = running;
    file = load_settings(running.file, from, problems);
    for (auto& one : next.organisations) {
        if (problems.empty()) {
            one = load_organisation(one.file, one.code, problems);
        }
    }
    next.operator_prefixes = file.operator_prefixes;
    for (auto& one : next.channels) {
        const auto found = std::ranges::find(file.channels, one.name, &channel_settings::name);
        if (found != file.channels.end()) {
            take_over(one, *found);
        }
    }
    return next;
}

reloaded load_again(const settings& running, const environment& from,
                    std::vector<texts::problem>& problems, spdlog::logger& log) {
    settings file;
    auto next = std::make_shared<const settings>(load_files(running, from, file, problems));
    if (!problems.empty()) {
        return {}; // What was not read whole is not worth a proof.
    }
    reloaded loaded{load_content(*next, problems), next};
    if (problems.empty()) {
        for (const auto& [table, keys] : waiting_for_restart(*next, file)) {
            log.warn("event=reload_needs_restart table=\"{}\" keys=\"{}\"", table,
                     fmt::join(keys, " "));
        }
    }
    return loaded;
}

} // namespace

std::map<std::string, std::set<std::string>> waiting_for_restart(const settings& now,
                                                                 const settings& file) {
    std::map<std::string, std::set<std::string>> changed;
    const auto before = keys_of(to_string(now));
    const auto after = keys_of(to_string(file));
    const auto compare = [&changed](const keys_of_tables& one, const keys_of_tables& other) {
        for (const auto& [table, keys] : one) {
            const auto there = other.find(table);
            for (const auto& [key, value] : keys) {
                const bool same = there != other.end() && there->second.contains(key) &&
                                  there->second.at(key) == value;
                if (!same) {
                    changed[table].insert(key);
                }
            }
        }
    };
    compare(before, after);
    compare(after, before);
    for (const auto& one : now.channels) {
        const auto found = std::ranges::find(file.channels, one.name, &channel_settings::name);
        std::set<std::string> hidden;
        if (found != file.channels.end()) {
            add_hidden(one, *found, hidden);
        }
        if (!hidden.empty()) {
            changed["channels " + one.name].merge(hidden);
        }
    }
    return changed;
}

std::optional<reloaded> reload_content(const settings& running, const environment& from,
                                       spdlog::logger& log) {
    std::vector<texts::problem> problems;
    reloaded loaded;
    try {
        loaded = load_again(running, from, problems, log);
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
