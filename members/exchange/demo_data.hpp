#pragma once

#include "core/calendar.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

// The demo organisations: files in the import's format (docs/import.md), made up, shaped by the
// real organisations' own rules. No row describes a living person.
namespace uthan::members::exchange {

struct demo_request {
    std::string organisation; ///< "mss", "kmss" or "rss"
    std::uint32_t members = 0;
    std::uint64_t seed = 0;
    calendar_day as_of{}; ///< of the offices that are up to date; some are days behind
    std::filesystem::path out;
};

inline constexpr std::uint32_t demo_members_max = 1'000'000;

/// Writes branches, staff, groups, members, savings_accounts, loans, schedule, transactions,
/// holidays, moratoria, ladder (rss: applications) .csv and manifest.json into `out`, which is made
/// when missing; files of these names are replaced. The same request writes the same bytes on every
/// machine. Rows are sorted by member code; memory does not grow with their number. From 100
/// members on, every case of demo_cases.hpp is there. What an organisation has not published is
/// named in the manifest's "assumed".
/// Throws std::invalid_argument for an unknown organisation or a size outside 1–demo_members_max,
/// std::runtime_error when a file cannot be written.
void write_demo_data(const demo_request& request);

} // namespace uthan::members::exchange
