#include "gateway/commands/commands.hpp"

#include "members/exchange/demo_data.hpp"

#include <exception>
#include <iostream>

namespace uthan::gateway {

int run_demo_data(const demo_data_options& options) {
    const auto as_of = parse_day(options.as_of);
    if (!as_of) {
        std::cerr << "uthan demo-data: --as-of must be a day: 2026-11-21\n";
        return exit_usage;
    }
    try {
        members::exchange::write_demo_data(
            {options.organisation, options.members, options.seed, *as_of, options.out});
    } catch (const std::exception& problem) {
        std::cerr << "uthan demo-data: " << problem.what() << '\n';
        return exit_failed;
    }
    return exit_ok;
}

} // namespace uthan::gateway
