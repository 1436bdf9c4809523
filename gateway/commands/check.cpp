#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"
#include "gateway/commands/member_values.hpp"
#include "gateway/content.hpp"
#include "gateway/menu_graph.hpp"

#include <exception>
#include <fstream>
#include <iostream>

namespace uthan::gateway {
namespace {

bool write_graph(const content& what, const std::string& file) {
    std::ofstream out(file);
    out << menu_graph(what);
    out.flush();
    if (!out) {
        std::cerr << file << ": cannot be written\n";
    }
    return static_cast<bool>(out);
}

content load_for(const check_options& options, const settings& loaded, std::string& without,
                 std::vector<texts::problem>& problems) {
    if (!options.members) {
        return load_content(loaded, problems);
    }
    return load_content(loaded, problems, values_of_members(loaded, system_clock{}.now(), without));
}

int check(const check_options& options) {
    std::vector<texts::problem> problems;
    const settings loaded = load_settings(options.config, process_environment(), problems);
    if (!problems.empty()) {
        print_problems(std::move(problems));
        return exit_failed;
    }
    std::string without;
    const content what = load_for(options, loaded, without, problems);
    if (!options.graph.empty() && !write_graph(what, options.graph)) {
        return exit_failed;
    }
    if (!problems.empty()) {
        print_problems(std::move(problems));
        return exit_failed;
    }
    if (!without.empty()) {
        std::cout << "no members imported, proved with the widest values: " << without << '\n';
    }
    std::cout << "proved: " << loaded.organisations.size() << " organisations, "
              << loaded.channels.size() << " channels\n";
    return exit_ok;
}

} // namespace

int run_check(const check_options& options) {
    try {
        return check(options);
    } catch (const std::exception& problem) {
        std::cerr << "uthan check: " << problem.what() << '\n';
        return exit_failed;
    }
}

} // namespace uthan::gateway
