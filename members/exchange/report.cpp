#include "members/exchange/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::members::exchange {
namespace {

std::string_view name_of(severity weight) {
    switch (weight) {
    case severity::note:
        return "note";
    case severity::warning:
        return "warning";
    case severity::error:
        return "error";
    }
    return "note";
}

/// Files in the order of reading, others (the manifest) before them.
std::size_t place_of(std::string_view file) {
    const auto kind = file_named(file);
    return kind ? static_cast<std::size_t>(*kind) + 1 : 0;
}

std::string summary_of(const import_report& report) {
    switch (report.outcome) {
    case import_outcome::published:
        return fmt::format("Published as generation {}.\n", report.generation);
    case import_outcome::unchanged:
        return fmt::format("This delivery is generation {} already; nothing was changed.\n",
                           report.generation);
    case import_outcome::checked:
        return "A dry run: the delivery would be published; nothing was changed.\n";
    case import_outcome::refused:
        return "The delivery is refused; nothing was changed.\n";
    }
    return {};
}

} // namespace

std::optional<file_kind> file_named(std::string_view name) noexcept {
    const auto found = std::find(file_names.begin(), file_names.end(), name);
    if (found == file_names.end()) {
        return std::nullopt;
    }
    return static_cast<file_kind>(found - file_names.begin());
}

void findings::add(severity weight, std::string_view file, std::uint64_t line,
                   std::string_view kind, std::string text) {
    const std::lock_guard lock{mutex_};
    ++counts_[static_cast<std::size_t>(weight)];
    auto found = std::find_if(kinds_.begin(), kinds_.end(), [&](const entry& e) {
        return e.weight == weight && e.kind == kind && e.file == file;
    });
    if (found == kinds_.end()) {
        kinds_.push_back({std::string{file}, std::string{kind}, weight, 0, {}});
        found = kinds_.end() - 1;
    }
    if (++found->count <= findings_per_kind_max) {
        found->first.push_back({weight, std::string{file}, line, std::move(text)});
    }
}

void findings::refuse(std::string_view file, std::uint64_t line, std::string text) {
    add(severity::error, file, line, "refused", std::move(text));
    refused_ = true;
}

std::uint64_t findings::count(severity weight) const {
    const std::lock_guard lock{mutex_};
    return counts_[static_cast<std::size_t>(weight)];
}

std::vector<finding> findings::list() const {
    const std::lock_guard lock{mutex_};
    std::vector<finding> all;
    for (const auto& kind : kinds_) {
        all.insert(all.end(), kind.first.begin(), kind.first.end());
        if (kind.count > kind.first.size()) {
            const auto last = std::max_element(
                kind.first.begin(), kind.first.end(),
                [](const finding& a, const finding& b) { return a.line < b.line; });
            all.push_back({kind.weight, kind.file, last->line,
                           fmt::format("… and {} more like this: {}",
                                       kind.count - kind.first.size(), kind.kind)});
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const finding& a, const finding& b) {
        return std::pair{place_of(a.file), a.line} < std::pair{place_of(b.file), b.line};
    });
    return all;
}

std::uint64_t import_report::rows() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& file : files) {
        sum += file.rows;
    }
    return sum;
}

std::string to_text(const finding& line) {
    return line.line == 0 ? fmt::format("{}: {}: {}\n", line.file, name_of(line.weight), line.text)
                          : fmt::format("{}:{}: {}: {}\n", line.file, line.line,
                                        name_of(line.weight), line.text);
}

std::string to_text(const import_report& report) {
    std::string out;
    for (const auto& line : report.lines) {
        out += to_text(line);
    }
    for (std::size_t i = 0; i < file_kinds; ++i) {
        const auto& file = report.files[i];
        if (!file.delivered) {
            continue;
        }
        out += fmt::format("{:<22}{:>10} rows", file_names[i], file.rows);
        if (file.bad + file.left_out > 0) {
            out += fmt::format(", {} bad, {} left out with them", file.bad, file.left_out);
        }
        out += '\n';
    }
    if (report.carried_members > 0) {
        out +=
            fmt::format("{} members of other offices stay as they were.\n", report.carried_members);
    }
    return out + summary_of(report);
}

} // namespace uthan::members::exchange
