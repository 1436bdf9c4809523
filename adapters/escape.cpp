#include "adapters/escape.hpp"

#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace uthan::adapters {
namespace {

std::string escape_xml(std::string_view value) {
    std::string out;
    out.reserve(value.size() + 16);
    for (const char c : value) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&apos;";
            break;
        // As they are, a reader would turn them into spaces inside an attribute.
        case '\t':
            out += "&#9;";
            break;
        case '\n':
            out += "&#10;";
            break;
        case '\r':
            out += "&#13;";
            break;
        default:
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

} // namespace

std::string escape(std::string_view value, escaping as) {
    switch (as) {
    case escaping::none:
        return std::string{value};
    case escaping::xml:
        return escape_xml(value);
    case escaping::percent:
        return boost::urls::encode(value, boost::urls::unreserved_chars);
    case escaping::json: {
        const auto quoted = boost::json::serialize(boost::json::string_view{value});
        return quoted.substr(1, quoted.size() - 2);
    }
    }
    return {};
}

} // namespace uthan::adapters
