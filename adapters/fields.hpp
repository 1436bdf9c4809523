#pragma once

#include "adapters/rejection.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::adapters {

/// The values of a JSON or XML body by their path: "request/session", in XML also
/// "request/@type". A JSON array is passed over. Valid UTF-8 throughout.
class fields {
public:
    enum class kind : std::uint8_t {
        text,  ///< a string, a whole number, true or false; an element's text
        none,  ///< JSON null
        other, ///< an object, an array, a fraction; an element with elements inside
        twice  ///< came more than once: which one would count is a guess
    };
    struct field {
        std::string path;
        std::string value; ///< of kind text alone
        kind what = kind::text;
    };

    /// False when there are too many.
    bool add(std::string path, std::string value, kind what);
    /// Null when the field is absent.
    const field* find(std::string_view path) const noexcept;

    static constexpr std::size_t fields_max = 64;
    static constexpr std::size_t depth_max = 8;
    static constexpr std::size_t body_bytes_max = std::size_t{16} * 1024;

private:
    std::vector<field> fields_;
};

/// One JSON object. A key that comes twice in one object is refused.
parsed<fields> read_json(std::string_view body);

/// One XML 1.0 document in UTF-8. Names are taken as written, prefix included. A document type is
/// refused, so there are no entities beyond XML's own five. Space around an element's text is
/// dropped.
parsed<fields> read_xml(std::string_view body);

} // namespace uthan::adapters
