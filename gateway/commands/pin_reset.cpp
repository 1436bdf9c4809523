#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "access/decisions.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "db/secret_key_file.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <iostream>

namespace uthan::gateway {
namespace {

int complain(std::string_view what) {
    std::cerr << "uthan pin reset: " << what << '\n';
    return exit_failed;
}

/// Whether the published generation has this member; empty, or a sentence.
std::string missing_member(db::sqlite::connection& gateway, const settings& in,
                           const pin_reset_options& options) {
    const auto current = db::sqlite::current_generation(gateway, options.organisation);
    if (!current) {
        return current.error().message();
    }
    if (!*current) {
        return "nothing has been imported for " + options.organisation;
    }
    const auto file = std::filesystem::path(in.database.ledger) / (*current)->file;
    auto reader = db::sqlite::ledger_reader::open(file.string(), (*current)->number);
    if (!reader) {
        return file.string() + ": " + reader.error().message();
    }
    const auto facts = (*reader)->facts(options.member);
    if (facts) {
        return {};
    }
    return facts.error() == errc::not_found
               ? "no member " + options.member + " in the current generation"
               : facts.error().message();
}

/// Four digits that are not easy to guess.
std::string draw_pin(random_source& random, std::string_view member_code) {
    std::string pin;
    do {
        pin = fmt::format("{:04}", random.below(10'000));
    } while (access::is_weak_pin(pin, member_code, {}));
    return pin;
}

int reset(const settings& in, const organisation_settings& organisation,
          const pin_reset_options& options) {
    const std::string& path = in.database.gateway;
    auto gateway = db::sqlite::open_beside(path);
    if (!gateway) {
        return complain(path + ": " + gateway.error().message());
    }
    const std::string missing = missing_member(*gateway, in, options);
    if (!missing.empty()) {
        return complain(missing);
    }
    secure_random random;
    const secret_key key = db::load_or_create_secret_key(in.pin_key_file, random);
    const auto belongs = db::sqlite::key_belongs(*gateway, key);
    if (!belongs) {
        return complain(path + ": " + belongs.error().message());
    }
    if (!*belongs) {
        return complain(in.pin_key_file + ": not the key that this database's PINs are made with");
    }
    const access::member_ref who{organisation.code, options.member};
    const std::string pin = draw_pin(random, options.member);
    digest128 salt{};
    random.fill(std::as_writable_bytes(std::span(salt)));
    const auto done = db::sqlite::reset_pin_beside(std::move(*gateway), who,
                                                   access::make_verifier(key, who, salt, pin),
                                                   organisation.pin_policy, system_clock{}.now());
    if (!done) {
        return complain(path + ": " + done.error().message());
    }
    // Printed once, kept nowhere.
    std::cout << pin << '\n';
    std::cerr << fmt::format("one-time PIN of member {}, valid for {} days\n", options.member,
                             organisation.pin_policy.one_time_valid_for.count() / 24);
    return exit_ok;
}

} // namespace

int run_pin_reset(const pin_reset_options& options) {
    const auto loaded = load_or_complain(options.config);
    if (!loaded) {
        return exit_failed;
    }
    const organisation_settings* organisation = find_or_complain(*loaded, options.organisation);
    if (organisation == nullptr) {
        return exit_failed;
    }
    try {
        return reset(*loaded, *organisation, options);
    } catch (const std::exception& problem) {
        return complain(problem.what());
    }
}

} // namespace uthan::gateway
