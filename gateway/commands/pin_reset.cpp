#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "core/random.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "gateway/commands/pin_desk.hpp"

#include <fmt/format.h>

#include <iostream>

namespace uthan::gateway {
namespace {

/// Whether the published generation has this member; empty, or a sentence.
std::string missing_member(const pin_desk& desk, const std::string& member) {
    auto reader = db::sqlite::ledger_reader::open(desk.generation, desk.generation_number);
    if (!reader) {
        return desk.generation + ": " + reader.error().message();
    }
    const auto facts = (*reader)->facts(member);
    if (facts) {
        return {};
    }
    return facts.error() == errc::not_found ? "no member " + member + " in the current generation"
                                            : facts.error().message();
}

int reset(const settings& in, const organisation_settings& organisation,
          const pin_reset_options& options) {
    secure_random random;
    auto opened = open_pin_desk(in, organisation.code, random);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
        return complain("pin reset", *problem);
    }
    auto& desk = std::get<pin_desk>(opened);
    const std::string missing = missing_member(desk, options.member);
    if (!missing.empty()) {
        return complain("pin reset", missing);
    }
    const access::member_ref who{organisation.code, options.member};
    const auto pin =
        leave_one_time_pin(std::move(desk), who, options.member, organisation.pin_policy, random);
    if (!pin) {
        return complain("pin reset", in.database.gateway + ": " + pin.error().message());
    }
    std::cout << *pin << '\n';
    std::cerr << fmt::format("one-time PIN of member {}, valid for {} days\n", options.member,
                             organisation.pin_policy.one_time_valid_for.count() / 24);
    return exit_ok;
}

} // namespace

int run_pin_reset(const pin_reset_options& options) {
    return run_for_organisation("pin reset", options.config, options.organisation,
                                [&](const settings& in, const organisation_settings& organisation) {
                                    return reset(in, organisation, options);
                                });
}

} // namespace uthan::gateway
