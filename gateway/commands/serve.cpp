#include "gateway/application.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/commands/loading.hpp"
#include "gateway/content.hpp"
#include "gateway/log.hpp"
#include "gateway/wiring.hpp"

#include <exception>
#include <iostream>

namespace uthan::gateway {

int run_serve(const std::string& config) {
    ignore_write_signals();
    const auto loaded = load_or_complain(config);
    if (!loaded) {
        return exit_failed;
    }
    std::vector<texts::problem> problems;
    content what = load_content(*loaded, problems);
    if (!problems.empty()) {
        print_problems(std::move(problems));
        return exit_failed;
    }
    try {
        logs log(loaded->log);
        log.logger().debug("event=configuration text=\"\n{}\"", to_string(*loaded));
        const auto services = make_backend(*loaded, std::move(what), log);
        application process(*loaded, *services, log);
        process.start();
        process.run();
    } catch (const std::exception& problem) {
        std::cerr << "uthan serve: " << problem.what() << '\n';
        return exit_failed;
    }
    return exit_ok;
}

} // namespace uthan::gateway
