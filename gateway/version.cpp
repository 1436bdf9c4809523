#include "gateway/version.hpp"

#include "db/versions.hpp"
#include "texts/toml.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sodium/version.h>
#include <spdlog/version.h>
#include <unicode/uvernum.h>

// CMake says both for this file alone, so that a new commit does not build everything again.
#ifndef UTHAN_VERSION
#define UTHAN_VERSION "0.1.0"
#endif
#ifndef UTHAN_COMMIT
#define UTHAN_COMMIT "unknown"
#endif

namespace uthan::gateway {

std::string_view version() noexcept {
    return UTHAN_VERSION;
}

std::string_view commit() noexcept {
    return UTHAN_COMMIT;
}

std::string libraries() {
    return fmt::format("Boost {}.{}.{}\n{}{}\nlibsodium {}\nICU {}\nspdlog {}.{}.{}\n"
                       "fmt {}.{}.{}\ntoml++ {}.{}.{}\n",
                       BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100,
                       db::library_versions(), OpenSSL_version(OPENSSL_VERSION),
                       SODIUM_VERSION_STRING, U_ICU_VERSION, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR,
                       SPDLOG_VER_PATCH, FMT_VERSION / 10'000, FMT_VERSION / 100 % 100,
                       FMT_VERSION % 100, TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH);
}

} // namespace uthan::gateway
