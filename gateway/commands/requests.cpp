#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "core/clock.hpp"
#include "core/zone.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/request_desk.hpp"
#include "texts/weight.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>

namespace uthan::gateway {
namespace {

using members::request;

std::string_view word_of(members::request_kind kind) noexcept {
    switch (kind) {
    case members::request_kind::complaint:
        return "complaint";
    case members::request_kind::refund_emergency:
        return "refund_emergency";
    case members::request_kind::refund_exit:
        return "refund_exit";
    case members::request_kind::number_change:
        return "number_change";
    case members::request_kind::call_me:
        break;
    }
    return "call_me";
}

std::string_view word_of(members::reach_way way) noexcept {
    switch (way) {
    case members::reach_way::call_morning:
        return "call_morning";
    case members::reach_way::call_afternoon:
        return "call_afternoon";
    case members::reach_way::sms:
        return "sms";
    case members::reach_way::at_meeting:
        return "at_meeting";
    case members::reach_way::at_office:
        return "at_office";
    case members::reach_way::none:
        break;
    }
    return "none";
}

std::string_view word_of(const request& one, calendar_day today) noexcept {
    switch (one.state) {
    case members::request_state::answered:
        return "answered";
    case members::request_state::closed:
        return "closed";
    case members::request_state::withdrawn:
        return "withdrawn";
    case members::request_state::open:
        break;
    }
    return members::is_overdue(one, today) ? "overdue" : "open";
}

/// The accused is never in it: whoever reads the line may be his friend.
std::string line_of(const request& one, calendar_day today) {
    const auto what = one.category.empty() ? std::string{word_of(one.kind)}
                                           : fmt::format("{}:{}", word_of(one.kind), one.category);
    const auto amount = one.amount ? fmt::format(" amount={}", to_decimal(*one.amount)) : "";
    return fmt::format("{} {} {} member={} office={} rung={} opened={} deadline={} reach={}{}",
                       one.number, word_of(one, today), what, one.member_code, one.desk_office,
                       one.level, to_iso(one.opened_on), to_iso(one.deadline_on),
                       word_of(one.reach), amount);
}

/// A member of staff in the published generation; none when nobody has this code.
result<std::optional<members::staff>> staff_with(db::sqlite::connection& gateway,
                                                 const settings& in,
                                                 const std::string& organisation,
                                                 const std::string& code) {
    const auto current = db::sqlite::current_generation(gateway, organisation);
    if (!current) {
        return current.error();
    }
    if (!*current) {
        return std::optional<members::staff>{};
    }
    const auto file = std::filesystem::path(in.database.ledger) / (*current)->file;
    auto reader = db::sqlite::ledger_reader::open(file.string(), (*current)->number);
    if (!reader) {
        return reader.error();
    }
    return (*reader)->staff_with(code);
}

/// What every one of the subcommands begins with.
struct desk {
    settings in;
    const organisation_settings* of = nullptr;
    std::optional<db::sqlite::connection> gateway;
    calendar_day today{};
};

bool open_desk(const std::string& config, const std::string& organisation, desk& made) {
    auto loaded = load_or_complain(config);
    if (!loaded) {
        return false;
    }
    made.in = std::move(*loaded);
    made.of = find_or_complain(made.in, organisation);
    if (made.of == nullptr) {
        return false;
    }
    auto gateway = db::sqlite::open_beside(made.in.database.gateway);
    if (!gateway) {
        complain("requests", made.in.database.gateway + ": " + gateway.error().message());
        return false;
    }
    made.gateway = std::move(*gateway);
    made.today = zone{made.of->zone_name}.at(system_clock{}.now()).day;
    return true;
}

int list(desk& at, const requests_list_options& options) {
    std::optional<members::staff> reader;
    if (!options.as.empty()) {
        auto found = staff_with(*at.gateway, at.in, at.of->code, options.as);
        if (!found) {
            return complain("requests", found.error().message());
        }
        if (!*found) {
            return complain("requests", "no member of staff " + options.as);
        }
        reader = std::move(**found);
    }
    const bool unfinished = options.open || options.overdue;
    auto all = db::sqlite::list_requests_beside(std::move(*at.gateway), at.of->code, unfinished);
    if (!all) {
        return complain("requests", all.error().message());
    }
    std::erase_if(*all, [&](const request& one) {
        const bool is_others = !options.office.empty() && one.desk_office != options.office;
        const bool is_done = options.open && one.state != members::request_state::open;
        const bool has_time = options.overdue && !members::is_overdue(one, at.today);
        return is_others || is_done || has_time || (reader && !members::may_see(one, *reader));
    });
    members::sort_work_list(*all, at.today);
    for (const request& one : *all) {
        std::cout << line_of(one, at.today) << '\n';
    }
    return exit_ok;
}

/// One line, as it is stored: long enough for a name and an office.
constexpr std::size_t outside_name_max = 80;

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= outside_name_max && texts::is_valid_utf8(text) &&
           std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Who acts: a member of staff who works there today, or somebody who is none and says so; whoever
/// is accused does not get past his own code by inventing another.
std::optional<db::sqlite::desk_action> action_of(desk& at, const requests_action_options& options,
                                                 std::optional<members::staff>& who) {
    db::sqlite::desk_action action{at.of->code,
                                   options.number,
                                   options.close ? members::request_action::close
                                                 : members::request_action::answer,
                                   options.by,
                                   nullptr,
                                   at.today};
    if (!options.outside.empty()) {
        action.done_by = options.outside;
        if (!is_name(options.outside)) {
            complain("requests",
                     fmt::format("--outside: a name of at most {} octets", outside_name_max));
            return std::nullopt;
        }
        return action;
    }
    auto found = staff_with(*at.gateway, at.in, at.of->code, options.by);
    if (!found) {
        complain("requests", found.error().message());
        return std::nullopt;
    }
    if (!*found || !(*found)->active) {
        complain("requests",
                 "no member of staff " + options.by + "; for anybody else: --outside NAME");
        return std::nullopt;
    }
    who = std::move(*found);
    action.as = &*who;
    return action;
}

int act(desk& at, const requests_action_options& options) {
    std::optional<members::staff> who;
    const auto action = action_of(at, options, who);
    if (!action) {
        return exit_failed;
    }
    const auto done =
        db::sqlite::act_on_request_beside(std::move(*at.gateway), *action, system_clock{}.now());
    if (done) {
        std::cout << line_of(*done, at.today) << '\n';
        return exit_ok;
    }
    if (done.error() == errc::not_found) {
        return complain("requests", fmt::format("no request {}", options.number));
    }
    return complain("requests",
                    done.error() == errc::stale_version
                        ? fmt::format("request {} is over already, or answered", options.number)
                        : done.error().message());
}

} // namespace

int run_requests_list(const requests_list_options& options) {
    try {
        desk at;
        return open_desk(options.config, options.organisation, at) ? list(at, options)
                                                                   : exit_failed;
    } catch (const std::exception& problem) {
        return complain("requests", problem.what());
    }
}

int run_requests_action(const requests_action_options& options) {
    try {
        desk at;
        return open_desk(options.config, options.organisation, at) ? act(at, options) : exit_failed;
    } catch (const std::exception& problem) {
        return complain("requests", problem.what());
    }
}

} // namespace uthan::gateway
