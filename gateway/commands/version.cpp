#include "gateway/version.hpp"

#include "gateway/commands/commands.hpp"

#include <iostream>

namespace uthan::gateway {

int run_version() {
    std::cout << "uthan " << version() << "\ncommit " << commit() << '\n' << libraries();
    return exit_ok;
}

} // namespace uthan::gateway
