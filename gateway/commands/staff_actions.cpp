#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "core/zone.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/staff_tables.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace uthan::gateway {
namespace {

using db::sqlite::listed_action;
using db::sqlite::staff_action;

constexpr std::size_t actions_per_read = 500;

struct span_of_days {
    calendar_day from = calendar_day::min();
    calendar_day to = calendar_day::max();
};

/// None after a sentence about the option that is no day.
std::optional<span_of_days> days_of(const staff_actions_options& options) {
    span_of_days days;
    for (const auto& [name, text, into] : {std::tuple{"--from", &options.from, &days.from},
                                           std::tuple{"--to", &options.to, &days.to}}) {
        const auto day = text->empty() ? std::optional{*into} : parse_day(*text);
        if (!day) {
            complain("staff actions", fmt::format("{}: a day is written 2026-11-30", name));
            return std::nullopt;
        }
        *into = *day;
    }
    return days;
}

/// A PIN is nowhere stored in an action, and a member stands by her code: no number is printed.
std::string line_about(const listed_action& one) {
    const auto moved = [&](std::string_view word) {
        return fmt::format("{} group={} of={}", word, one.subject,
                           one.regular_on ? to_iso(*one.regular_on) : "-");
    };
    switch (one.did) {
    case staff_action::moved_meeting:
        return moved("moved_meeting") + " to=" + (one.new_on ? to_iso(*one.new_on) : "-");
    case staff_action::cancelled_meeting:
        return moved("cancelled_meeting");
    case staff_action::restored_meeting:
        return moved("restored_meeting");
    case staff_action::answered_request:
        return "answered_request request=" + one.subject;
    case staff_action::reset_pin:
        break;
    }
    return "reset_pin member=" + one.subject;
}

/// Where staff work, by code, in the current generation.
class workplaces {
public:
    /// Errors: the ledger's. Without a generation nobody works anywhere.
    static result<workplaces> open(db::sqlite::connection& gateway, const settings& in,
                                   const std::string& organisation) {
        workplaces made;
        const auto current = db::sqlite::current_generation(gateway, organisation);
        if (!current) {
            return current.error();
        }
        if (*current) {
            const auto file = std::filesystem::path(in.database.ledger) / (*current)->file;
            auto reader = db::sqlite::ledger_reader::open(file.string(), (*current)->number);
            if (!reader) {
                return reader.error();
            }
            made.reader_ = std::move(*reader);
        }
        return made;
    }

    /// Empty: nobody has this code any more.
    result<std::string> office_of(const std::string& staff_code) {
        if (reader_ == nullptr) {
            return std::string{};
        }
        const auto found = reader_->staff_with(staff_code);
        if (!found) {
            return found.error();
        }
        return *found ? (*found)->office_code : std::string{};
    }

private:
    std::unique_ptr<db::sqlite::ledger_reader> reader_;
};

/// One batch of rows.
error_code print_page(const std::vector<listed_action>& rows, const staff_actions_options& options,
                      const span_of_days& days, const zone& local, workplaces& work) {
    for (const auto& one : rows) {
        const auto when = local.at(one.at);
        if (when.day < days.from || when.day > days.to) {
            continue;
        }
        const auto office = work.office_of(one.staff_code);
        if (!office) {
            return office.error();
        }
        if (!options.office.empty() && *office != options.office) {
            continue;
        }
        const auto minutes = when.since_midnight.count();
        std::cout << fmt::format("{} {:02}:{:02} staff={} office={} {}\n", to_iso(when.day),
                                 minutes / 60, minutes % 60, one.staff_code,
                                 office->empty() ? "-" : *office, line_about(one));
    }
    return {};
}

int list_actions(const settings& in, const organisation_settings& organisation,
                 const staff_actions_options& options) {
    const auto days = days_of(options);
    if (!days) {
        return exit_failed;
    }
    auto gateway = db::sqlite::open_beside(in.database.gateway);
    if (!gateway) {
        return complain("staff actions", in.database.gateway + ": " + gateway.error().message());
    }
    auto work = workplaces::open(*gateway, in, organisation.code);
    if (!work) {
        return complain("staff actions", work.error().message());
    }
    const zone local{organisation.zone_name};
    db::sqlite::prepared_connection rows{std::move(*gateway)};
    for (std::int64_t after = 0;;) {
        const auto page = db::sqlite::load_staff_actions(rows, organisation.code, options.staff,
                                                         after, actions_per_read);
        if (!page) {
            return complain("staff actions", page.error().message());
        }
        if (page->empty()) {
            return exit_ok;
        }
        after = page->back().id;
        if (const auto failed = print_page(*page, options, *days, local, *work)) {
            return complain("staff actions", failed.message());
        }
    }
}

} // namespace

int run_staff_actions(const staff_actions_options& options) {
    return run_for_organisation("staff actions", options.config, options.organisation,
                                [&](const settings& in, const organisation_settings& organisation) {
                                    return list_actions(in, organisation, options);
                                });
}

} // namespace uthan::gateway
