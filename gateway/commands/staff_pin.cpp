#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "access/staff.hpp"
#include "core/random.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "gateway/commands/pin_desk.hpp"

#include <fmt/format.h>

#include <iostream>

namespace uthan::gateway {
namespace {

/// Why this person cannot dial as staff in the published generation; empty, or a sentence.
std::string unable(const pin_desk& desk, const std::string& staff) {
    auto reader = db::sqlite::ledger_reader::open(desk.generation, desk.generation_number);
    if (!reader) {
        return desk.generation + ": " + reader.error().message();
    }
    const auto found = (*reader)->staff_with(staff);
    if (!found) {
        return desk.generation + ": " + found.error().message();
    }
    if (!*found) {
        return "no member of staff " + staff + " in the current generation";
    }
    if (!(*found)->active) {
        return staff + " is not active";
    }
    const auto number = numbering{}.parse((*found)->phone);
    const auto part = (*reader)->of_staff();
    if (!part) {
        return desk.generation + ": " + part.error().message();
    }
    const auto dials = number ? (*part)->with_number(number->reveal()) : nullptr;
    return dials ? "" : staff + " has no mobile number in staff.csv, or shares it with others";
}

int give(const settings& in, const organisation_settings& organisation,
         const staff_pin_options& options) {
    if (organisation.staff_menu.empty()) {
        return complain("staff pin", organisation.code + " has no staff_menu");
    }
    secure_random random;
    auto opened = open_pin_desk(in, organisation.code, random);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
        return complain("staff pin", *problem);
    }
    auto& desk = std::get<pin_desk>(opened);
    const std::string why = unable(desk, options.staff);
    if (!why.empty()) {
        return complain("staff pin", why);
    }
    const access::member_ref who{organisation.code, access::staff_account(options.staff)};
    const auto pin =
        leave_one_time_pin(std::move(desk), who, options.staff, organisation.pin_policy, random);
    if (!pin) {
        return complain("staff pin", in.database.gateway + ": " + pin.error().message());
    }
    std::cout << *pin << '\n';
    std::cerr << fmt::format("one-time PIN of {}, valid for {} days\n", options.staff,
                             organisation.pin_policy.one_time_valid_for.count() / 24);
    return exit_ok;
}

} // namespace

int run_staff_pin(const staff_pin_options& options) {
    return run_for_organisation("staff pin", options.config, options.organisation,
                                [&](const settings& in, const organisation_settings& organisation) {
                                    return give(in, organisation, options);
                                });
}

} // namespace uthan::gateway
