#pragma once

#include "members/exchange/rows.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

// What an import says to the clerk who started it.
namespace uthan::members::exchange {

enum class severity : std::uint8_t { note, warning, error };

struct finding {
    severity weight = severity::note;
    std::string file;
    std::uint64_t line = 0; ///< 0: the file as a whole
    std::string text;
};

/// How many of one kind are written out; the others are counted.
inline constexpr std::size_t findings_per_kind_max = 20;

/// Collects findings with flat memory: of each kind in each file the first ones and a count. Any
/// thread.
class findings {
public:
    /// `kind` is a constant of the program: what the "more like this" are like.
    void add(severity weight, std::string_view file, std::uint64_t line, std::string_view kind,
             std::string text);

    /// An error that refuses the whole delivery.
    void refuse(std::string_view file, std::uint64_t line, std::string text);
    bool refused() const noexcept { return refused_.load(std::memory_order_relaxed); }
    std::uint64_t count(severity weight) const;
    /// By file in the order of reading, by line, each kind's "and N more like this" behind its
    /// last.
    std::vector<finding> list() const;

private:
    struct entry {
        std::string file;
        std::string kind;
        severity weight = severity::note;
        std::uint64_t count = 0;
        std::vector<finding> first;
    };
    mutable std::mutex mutex_;
    std::vector<entry> kinds_;
    std::array<std::uint64_t, 3> counts_{};
    std::atomic<bool> refused_{false};
};

/// What became of the rows of one file.
struct file_count {
    bool delivered = false;
    std::uint64_t rows = 0;
    std::uint64_t bad = 0;      ///< wrong in themselves; left out
    std::uint64_t left_out = 0; ///< right, but they belong to a row that was left out

    std::uint64_t kept() const noexcept { return rows - bad - left_out; }
};

enum class import_outcome : std::uint8_t {
    published,
    unchanged, ///< the same delivery is the current generation already
    checked,   ///< a dry run found nothing that refuses it
    refused    ///< nothing was changed
};

struct import_report {
    import_outcome outcome = import_outcome::refused;
    std::uint32_t generation = 0; ///< the published one, or the current one when unchanged
    std::array<file_count, file_kinds> files{};
    std::uint64_t carried_members = 0; ///< of offices that the delivery does not replace
    std::uint64_t transliterated = 0;  ///< names that had no _en
    std::uint64_t schedules_made = 0;  ///< loans without schedule rows
    std::vector<finding> lines;

    std::uint64_t rows() const noexcept;
};

/// "members.csv:12: error: …" lines and a summary, each ended by a line feed.
std::string to_text(const finding& line);
std::string to_text(const import_report& report);

} // namespace uthan::members::exchange
