#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "core/address.hpp"
#include "core/clock.hpp"
#include "core/zone.hpp"
#include "db/sqlite/binding_desk.hpp"
#include "db/sqlite/binding_import.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace uthan::gateway {
namespace {

/// Never the whole number: the list is printed and passed around.
std::string masked(const std::string& number) {
    const auto parsed = address::e164("+" + number);
    return parsed ? parsed->masked() : "-";
}

std::string_view word_of(access::change_state state) noexcept {
    switch (state) {
    case access::change_state::blocked:
        return "blocked";
    case access::change_state::refused:
        return "refused";
    case access::change_state::waiting:
        break;
    }
    return "waiting";
}

std::string_view word_of(access::number_proof proof) noexcept {
    switch (proof) {
    case access::number_proof::pin:
        return "pin";
    case access::number_proof::branch:
        return "auditor";
    case access::number_proof::imported:
        break;
    }
    return "import";
}

std::string change_line(const std::string& member, const access::number_binding& of,
                        const zone& local) {
    const auto& change = *of.change;
    const auto dash = [](const std::string& code) { return code.empty() ? "-" : code; };
    return fmt::format("change {} member={} from={} proved={} to={} seen={} opens={} told={} "
                       "office={} officer={}",
                       word_of(change.state), member, masked(of.number), word_of(of.proof),
                       change.number.empty() ? "none" : masked(change.number),
                       to_iso(local.day_of(change.seen_at)), to_iso(local.day_of(change.opens_at)),
                       change.told_at ? to_iso(local.day_of(*change.told_at)) : "no",
                       dash(change.office_code), dash(change.staff_code));
}

int print_bindings(const settings& in, const organisation_settings& organisation) {
    auto gateway = db::sqlite::open_beside(in.database.gateway);
    if (!gateway) {
        return complain("numbers", in.database.gateway + ": " + gateway.error().message());
    }
    const auto all = db::sqlite::list_bindings_beside(std::move(*gateway), organisation.code);
    if (!all) {
        return complain("numbers", all.error().message());
    }
    const zone local{organisation.zone_name};
    for (const auto& [member, binding] : *all) {
        if (binding.change) {
            std::cout << change_line(member, binding, local) << '\n';
        }
        if (binding.of_staff) {
            const auto& number = binding.change ? binding.change->number : binding.number;
            std::cout << fmt::format("staff member={} number={}\n", member, masked(number));
        }
    }
    return exit_ok;
}

/// A phone's number is not known here: what stands for it is its place in this list.
int print_shared_links(const settings& in, const organisation_settings& organisation) {
    auto gateway = db::sqlite::open_beside(in.database.gateway);
    if (!gateway) {
        return complain("numbers", in.database.gateway + ": " + gateway.error().message());
    }
    const auto all = db::sqlite::list_shared_links_beside(std::move(*gateway), organisation.code);
    if (!all) {
        return complain("numbers", all.error().message());
    }
    const zone local{organisation.zone_name};
    unsigned phone = 0;
    const db::sqlite::listed_link* before = nullptr;
    for (const auto& one : *all) {
        const bool same =
            before != nullptr && before->channel == one.channel && before->token == one.token;
        phone += same ? 0 : 1;
        before = &one;
        std::cout << fmt::format("masked phone={} channel={} member={} since={}\n", phone,
                                 one.channel, one.member_code, to_iso(local.day_of(one.since)));
    }
    return exit_ok;
}

int print_suspicious(const settings& in, const organisation_settings& organisation) {
    auto gateway = db::sqlite::open_beside(in.database.gateway);
    if (!gateway) {
        return complain("numbers", in.database.gateway + ": " + gateway.error().message());
    }
    const auto current = db::sqlite::current_generation(*gateway, organisation.code);
    if (!current) {
        return complain("numbers", current.error().message());
    }
    if (!*current) {
        return exit_ok;
    }
    const auto file = std::filesystem::path(in.database.ledger) / (*current)->file;
    auto generation = db::sqlite::open_generation(file.string());
    if (!generation) {
        return complain("numbers", file.string() + ": " + generation.error().message());
    }
    const auto failed =
        db::sqlite::each_suspicious_number(*generation, [](const db::sqlite::shared_number& one) {
            std::cout << fmt::format("{} number={} members={} groups={} households={}\n",
                                     one.is_crowded() ? "crowded" : "shared", masked(one.number),
                                     one.members, one.groups, one.households);
            return true;
        });
    return failed ? complain("numbers", failed.message()) : exit_ok;
}

int list(const settings& in, const organisation_settings& organisation) {
    for (const auto print : {print_bindings, print_shared_links}) {
        if (const int printed = print(in, organisation); printed != exit_ok) {
            return printed;
        }
    }
    return print_suspicious(in, organisation);
}

int unlink(db::sqlite::connection gateway, const access::member_ref& who, const std::string& by) {
    const auto removed =
        db::sqlite::unlink_beside(std::move(gateway), who, by, system_clock{}.now());
    if (!removed) {
        return complain("numbers", removed.error().message());
    }
    std::cout << fmt::format("{} masked phones of member {} unlinked\n", *removed, who.member_code);
    return *removed > 0 ? exit_ok : exit_failed;
}

int act(const settings& in, const organisation_settings& organisation,
        const numbers_action_options& options) {
    auto gateway = db::sqlite::open_beside(in.database.gateway);
    if (!gateway) {
        return complain("numbers", in.database.gateway + ": " + gateway.error().message());
    }
    const access::member_ref who{organisation.code, options.member};
    if (options.what == numbers_action::unlink) {
        return unlink(std::move(*gateway), who, options.by);
    }
    const bool confirms = options.what == numbers_action::confirm;
    const auto decide =
        confirms ? db::sqlite::confirm_number_beside : db::sqlite::refuse_number_beside;
    const error_code failed = decide(std::move(*gateway), who, options.by, system_clock{}.now());
    if (failed == errc::not_found) {
        return complain("numbers", "no change waits for member " + options.member);
    }
    if (failed) {
        return complain("numbers", failed.message());
    }
    std::cout << fmt::format("number of member {} {}\n", options.member,
                             confirms ? "confirmed" : "refused");
    return exit_ok;
}

} // namespace

int run_numbers_list(const numbers_list_options& options) {
    return run_for_organisation("numbers list", options.config, options.organisation, list);
}

int run_numbers_action(const numbers_action_options& options) {
    return run_for_organisation("numbers", options.config, options.organisation,
                                [&](const settings& in, const organisation_settings& organisation) {
                                    return act(in, organisation, options);
                                });
}

} // namespace uthan::gateway
