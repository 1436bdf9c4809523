#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"
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

} // namespace

int run_check(const check_options& options) {
    std::vector<texts::problem> problems;
    const settings loaded = load_settings(options.config, process_environment(), problems);
    if (!problems.empty()) {
        print_problems(std::move(problems));
        return exit_failed;
    }
    const content what = load_content(loaded, problems);
    if (!options.graph.empty() && !write_graph(what, options.graph)) {
        return exit_failed;
    }
    if (!problems.empty()) {
        print_problems(std::move(problems));
        return exit_failed;
    }
    std::cout << "proved: " << loaded.organisations.size() << " organisations, "
              << loaded.channels.size() << " channels\n";
    return exit_ok;
}

} // namespace uthan::gateway
