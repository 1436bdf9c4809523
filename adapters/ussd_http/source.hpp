#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uthan::adapters::ussd_http {

/// Where a value of a request stands (description.hpp).
struct source {
    enum class place : std::uint8_t { nowhere, body, query, header, path };
    place in = place::nowhere;
    std::string name;        ///< of a field, parameter or header
    std::size_t segment = 0; ///< of a path, from 1

    bool operator==(const source&) const = default;
};

/// Empty is nowhere. Nothing for a source that cannot be: "header:", "path:0", "a//b".
std::optional<source> parse_source(std::string_view written);

} // namespace uthan::adapters::ussd_http
