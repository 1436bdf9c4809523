#pragma once

#include "core/address.hpp"
#include "core/calendar.hpp"
#include "members/exchange/checks.hpp"
#include "members/exchange/report.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace uthan::db::sqlite {

struct import_request {
    std::filesystem::path directory;              ///< the delivery: manifest.json and the CSV files
    std::string organisation;                     ///< its code: letters, digits, '-' and '_'
    const members::organisation_rules& rules;     ///< must outlive the call
    std::filesystem::path ledger_directory;       ///< made when missing
    std::string gateway_path;                     ///< a migrated gateway database
    calendar_day today;                           ///< in its zone; no figures may be of a later day
    numbering numbers{};                          ///< how msisdn is read
    members::exchange::transliterator to_latin{}; ///< for names without _en; none = they stay empty
    /// From which a changed number may become hers.
    std::chrono::hours number_cool_off{24 * 7};
    double bad_rows_max = 0.01; ///< of each file; more refuse the delivery
    bool dry_run = false;
    instant now{};
    /// Refuse to build a larger file; 0 = as large as the disk allows.
    std::uint64_t generation_bytes_max = 0;
    /// Called from time to time with rows done and rows in all.
    std::function<void(std::uint64_t, std::uint64_t)> progress{};
};

/// Checks a delivery, builds the next generation aside and publishes it. Refused, unchanged or
/// failed, nothing that anybody reads has changed, and no file is left behind. A second import of
/// the organisation at the same time is refused. Uses two threads; memory does not grow with rows
/// but for 40 bytes a member or loan. What went wrong is in the report's lines.
members::exchange::import_report run_import(const import_request& request);

} // namespace uthan::db::sqlite
