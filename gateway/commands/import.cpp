#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"
#include "gateway/progress_bar.hpp"

#include "core/clock.hpp"
#include "core/zone.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_import.hpp"
#include "texts/graphemes.hpp"

#include <unistd.h>

#include <iostream>

namespace uthan::gateway {
namespace {

members::exchange::import_report import_with_progress(const settings& in,
                                                      const organisation_settings& organisation,
                                                      const import_options& options) {
    const auto now = system_clock{}.now();
    progress_bar bar(organisation.code, std::cerr, ::isatty(STDERR_FILENO) == 1);
    db::sqlite::import_request request{.directory = options.directory,
                                       .organisation = organisation.code,
                                       .rules = organisation.rules,
                                       .ledger_directory = in.database.ledger,
                                       .gateway_path = in.database.gateway,
                                       .today = zone{organisation.zone_name}.day_of(now)};
    request.to_latin = [](std::string_view name) { return texts::transliterate(name); };
    request.number_cool_off = organisation.number_cool_off;
    request.bad_rows_max = organisation.bad_rows_max_bp / 10'000.0;
    request.dry_run = options.dry_run;
    request.now = now;
    request.progress = [&bar](std::uint64_t done, std::uint64_t total) { bar.update(done, total); };
    return db::sqlite::run_import(request);
}

} // namespace

int run_import(const import_options& options) {
    return run_for_organisation(
        "import", options.config, options.organisation,
        [&](const settings& in, const organisation_settings& organisation) {
            // Makes or migrates the gateway database where no server has done so.
            const auto gateway = db::sqlite::open_beside(in.database.gateway);
            if (!gateway) {
                return complain("import", in.database.gateway + ": " + gateway.error().message());
            }
            const auto report = import_with_progress(in, organisation, options);
            const bool refused = report.outcome == members::exchange::import_outcome::refused;
            (refused ? std::cerr : std::cout) << members::exchange::to_text(report) << std::flush;
            return refused ? exit_failed : exit_ok;
        });
}

} // namespace uthan::gateway
