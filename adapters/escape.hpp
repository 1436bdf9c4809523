#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace uthan::adapters {

enum class escaping : std::uint8_t {
    none,
    json,   ///< as inside a JSON string
    xml,    ///< as an element's text or an attribute's value
    percent ///< all but RFC 3986's unreserved characters, for forms and URLs
};

/// What cannot be written in XML 1.0 at all becomes a space. `value` is UTF-8, for percent any
/// octets.
std::string escape(std::string_view value, escaping as);

} // namespace uthan::adapters
