#include "gateway/commands/loading.hpp"

#include "gateway/commands/commands.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <tuple>

namespace uthan::gateway {

int complain(std::string_view command, std::string_view what) {
    std::cerr << "uthan " << command << ": " << what << '\n';
    return exit_failed;
}

void print_problems(std::vector<texts::problem> problems) {
    std::ranges::stable_sort(problems, {}, [](const texts::problem& p) {
        return std::tie(p.at.file, p.at.line, p.at.column);
    });
    std::string last;
    for (const texts::problem& problem : problems) {
        const std::string line = problem.to_string();
        if (line != last) { // Organisations share texts and menus; their problems are said once.
            std::cerr << line << '\n';
        }
        last = line;
    }
}

std::optional<settings> load_or_complain(const std::string& config) {
    std::vector<texts::problem> problems;
    settings loaded = load_settings(config, process_environment(), problems);
    if (!problems.empty()) {
        print_problems(std::move(problems));
        return std::nullopt;
    }
    return loaded;
}

const organisation_settings* find_or_complain(const settings& in, std::string_view code) {
    const organisation_settings* found = in.find_organisation(code);
    if (found == nullptr) {
        std::cerr << in.file << ": no organisation \"" << code << "\"\n";
    }
    return found;
}

int run_for_organisation(
    std::string_view command, const std::string& config, std::string_view code,
    const std::function<int(const settings&, const organisation_settings&)>& work) {
    const auto loaded = load_or_complain(config);
    const auto* organisation = loaded ? find_or_complain(*loaded, code) : nullptr;
    if (organisation == nullptr) {
        return exit_failed;
    }
    try {
        return work(*loaded, *organisation);
    } catch (const std::exception& problem) {
        std::cerr << "uthan " << command << ": " << problem.what() << '\n';
        return exit_failed;
    }
}

} // namespace uthan::gateway
