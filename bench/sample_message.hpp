#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

// The message of every SMS benchmark: whoever is compared sends the same.
namespace uthan::bench {

/// E.164 digits.
inline std::string sample_number(std::uint64_t n) {
    return fmt::format("88018{:08}", n % 100'000'000);
}

/// 111 characters of GSM-7: one segment.
inline std::string sample_text(std::uint64_t n) {
    return fmt::format("KMSS: Tk 245 received from Korima, receipt {:010}. Savings Tk 5,400 on 20 "
                       "November. Thank you, your branch.",
                       n);
}

} // namespace uthan::bench
