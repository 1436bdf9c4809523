#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "access/machine_key.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/machine_tables.hpp"
#include "gateway/commands/pin_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace uthan::gateway {
namespace {

constexpr std::size_t login_bytes_max = 32;

/// A name for logs and lists: letters, digits, '.', '-' and '_'.
bool is_login(std::string_view name) noexcept {
    return !name.empty() && name.size() <= login_bytes_max && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_';
    });
}

int add(const settings& in, const organisation_settings& organisation,
        const staff_add_options& options) {
    if (options.role != "machine") {
        return complain("staff",
                        "role " + options.role +
                            ": this version knows only machine; accounts of persons come with the "
                            "console");
    }
    if (!is_login(options.login)) {
        return complain("staff", fmt::format("--login: 1 to {} letters, digits, '.', '-' and '_'",
                                             login_bytes_max));
    }
    secure_random random;
    auto opened = open_pin_desk(in, organisation.code, random);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
        return complain("staff", *problem);
    }
    auto& desk = std::get<pin_desk>(opened);
    auto reader = db::sqlite::ledger_reader::open(desk.generation, desk.generation_number);
    if (!reader) {
        return complain("staff", desk.generation + ": " + reader.error().message());
    }
    const auto office = (*reader)->has_office(options.office);
    if (!office.has_value()) {
        return complain("staff", desk.generation + ": " + office.error().message());
    }
    if (!*office) {
        return complain("staff", "no office " + options.office + " in the current generation");
    }
    const auto key = access::make_machine_key(random);
    const access::machine_account account{key.id,
                                          organisation.code,
                                          options.login,
                                          options.office,
                                          access::digest_of(desk.key, key),
                                          system_clock{}.now(),
                                          {}};
    const error_code failed =
        db::sqlite::add_machine_beside(std::move(desk.gateway), desk.key, account);
    if (failed == errc::stale_version) {
        return complain("staff",
                        options.login + " has a key already: `uthan staff revoke` ends it");
    }
    if (failed) {
        return complain("staff", in.database.gateway + ": " + failed.message());
    }
    std::cout << access::to_string(key) << '\n';
    std::cerr << fmt::format(
        "API key of {} for office {} and all below it; it is not shown again\n", options.login,
        options.office);
    return exit_ok;
}

int list_staff(const settings& in, const organisation_settings& organisation) {
    secure_random random;
    auto opened = open_pin_desk(in, organisation.code, random);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
        return complain("staff", *problem);
    }
    const auto all = db::sqlite::list_machines_beside(std::move(std::get<pin_desk>(opened).gateway),
                                                      organisation.code);
    if (!all) {
        return complain("staff", in.database.gateway + ": " + all.error().message());
    }
    for (const auto& one : *all) {
        std::cout << fmt::format("{} role=machine key={} office={} added={} revoked={}\n",
                                 one.login, one.key_id, one.office_code, to_rfc3339(one.added_at),
                                 one.revoked_at ? to_rfc3339(*one.revoked_at) : "no");
    }
    return exit_ok;
}

int revoke(const settings& in, const organisation_settings& organisation,
           const std::string& login) {
    secure_random random;
    auto opened = open_pin_desk(in, organisation.code, random);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
        return complain("staff", *problem);
    }
    auto& desk = std::get<pin_desk>(opened);
    const error_code failed = db::sqlite::revoke_machine_beside(
        std::move(desk.gateway), desk.key, organisation.code, login, system_clock{}.now());
    if (failed == errc::not_found) {
        return complain("staff", "no key of " + login + " is in force");
    }
    if (failed) {
        return complain("staff", in.database.gateway + ": " + failed.message());
    }
    std::cout << fmt::format("key of {} revoked\n", login);
    return exit_ok;
}

int audit(const settings& in, const organisation_settings& organisation) {
    secure_random random;
    auto opened = open_pin_desk(in, organisation.code, random);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
        return complain("staff", *problem);
    }
    auto& desk = std::get<pin_desk>(opened);
    bool whole = true;
    const auto print = [&](const access::audit_entry& entry, bool so_far) {
        std::cout << fmt::format("{} {} {} {} {}{}\n", entry.number, to_rfc3339(entry.at),
                                 entry.actor, entry.action, entry.subject, so_far ? "" : " BROKEN");
        whole = so_far;
    };
    const error_code failed =
        db::sqlite::each_audit_entry(std::move(desk.gateway), desk.key, organisation.code, print);
    if (failed) {
        return complain("staff", in.database.gateway + ": " + failed.message());
    }
    return whole ? exit_ok : complain("staff", "the audit was changed by another program");
}

} // namespace

int run_staff_add(const staff_add_options& options) {
    return run_for_organisation("staff add", options.config, options.organisation,
                                [&](const settings& in, const organisation_settings& organisation) {
                                    return add(in, organisation, options);
                                });
}

int run_staff_list(const staff_list_options& options) {
    return run_for_organisation("staff list", options.config, options.organisation, list_staff);
}

int run_staff_audit(const staff_list_options& options) {
    return run_for_organisation("staff audit", options.config, options.organisation, audit);
}

int run_staff_revoke(const staff_revoke_options& options) {
    return run_for_organisation("staff revoke", options.config, options.organisation,
                                [&](const settings& in, const organisation_settings& organisation) {
                                    return revoke(in, organisation, options.login);
                                });
}

} // namespace uthan::gateway
