#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>

namespace uthan::gateway {
namespace {

std::string_view word_of(db::sqlite::generation_state state) noexcept {
    switch (state) {
    case db::sqlite::generation_state::current:
        return "current";
    case db::sqlite::generation_state::kept:
        return "kept";
    case db::sqlite::generation_state::deleted:
        break;
    }
    return "deleted";
}

void print(const std::vector<db::sqlite::generation_record>& records) {
    std::cout << fmt::format("{:>6}  {:<8} {:<10} {:<20} {:>9} {:>8} {:>11}\n", "number", "state",
                             "as of", "built", "members", "offices", "rows");
    for (const auto& one : records) {
        std::cout << fmt::format("{:>6}  {:<8} {:<10} {:<20} {:>9} {:>8} {:>11}\n", one.number,
                                 word_of(one.state), to_iso(one.as_of), to_rfc3339(one.built_at),
                                 one.members, one.offices, one.rows);
    }
}

} // namespace

int run_generations(const generations_options& options) {
    const auto loaded = load_or_complain(options.config);
    if (!loaded || find_or_complain(*loaded, options.organisation) == nullptr) {
        return exit_failed;
    }
    const std::string& path = loaded->database.gateway;
    auto gateway = db::sqlite::open_beside(path);
    if (!gateway) {
        return complain("generations", path + ": " + gateway.error().message());
    }
    if (options.publish) {
        const auto file = std::filesystem::path{loaded->database.ledger} / options.organisation /
                          fmt::format("{}.db", *options.publish);
        if (!std::filesystem::exists(file)) {
            return complain("generations", fmt::format("generation {} has no file any more: {}",
                                                       *options.publish, file.string()));
        }
        if (const auto readable = db::sqlite::open_generation(file.string()); !readable) {
            return complain("generations", file.string() + ": " + readable.error().message());
        }
        const error_code failed =
            db::sqlite::publish_again(*gateway, options.organisation, *options.publish);
        if (failed == errc::not_found) {
            return complain("generations",
                            fmt::format("generation {} is not there any more", *options.publish));
        }
        if (failed) {
            return complain("generations", path + ": " + failed.message());
        }
    }
    const auto records = db::sqlite::list_generations(*gateway, options.organisation);
    if (!records) {
        return complain("generations", path + ": " + records.error().message());
    }
    print(*records);
    return exit_ok;
}

} // namespace uthan::gateway
