#include "adapters/fields.hpp"

#include "texts/weight.hpp"

#include <pugixml.hpp>

#include <algorithm>

namespace uthan::adapters {
namespace {

/// pugixml ends a value at the character 0, and reckons references modulo 2^32: "&#0;" would hide
/// what follows it.
bool has_zero(std::string_view body) noexcept {
    constexpr std::size_t digits_max = 7; // of U+10FFFF in decimal
    if (body.find('\0') != std::string_view::npos) {
        return true;
    }
    for (auto at = body.find("&#"); at != std::string_view::npos; at = body.find("&#", at + 2)) {
        auto digits = body.substr(at + 2);
        if (digits.starts_with('x')) {
            digits.remove_prefix(1);
        }
        const auto end = digits.find(';');
        if (end == std::string_view::npos) {
            continue;
        }
        digits = digits.substr(0, end);
        if (digits.size() > digits_max || digits.find_first_not_of('0') == std::string_view::npos) {
            return true;
        }
    }
    return false;
}

/// XML 1.0, 2.2: the characters below space that a document may have.
bool is_writable(std::string_view value) noexcept {
    const auto fits = [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    };
    return texts::is_valid_utf8(value) && std::ranges::all_of(value, fits);
}

class reader {
public:
    fields read;
    const char* fault = nullptr;

    bool element(const pugi::xml_node& node, const std::string& path, std::size_t depth) {
        if (depth > fields::depth_max) {
            return refuse("the body is nested too deep");
        }
        for (const auto& attribute : node.attributes()) {
            if (!take(path + "/@" + attribute.name(), attribute.value(), fields::kind::text)) {
                return false;
            }
        }
        std::string text;
        bool has_elements = false;
        for (const auto& child : node.children()) {
            if (child.type() == pugi::node_element) {
                has_elements = true;
                if (!element(child, path + "/" + child.name(), depth + 1)) {
                    return false;
                }
            } else {
                text += child.value();
            }
        }
        return take(path, has_elements ? std::string{} : std::move(text),
                    has_elements ? fields::kind::other : fields::kind::text);
    }

private:
    bool take(std::string path, std::string value, fields::kind what) {
        if (!is_writable(value)) {
            return refuse("the body has a character that XML does not know");
        }
        return read.add(std::move(path), std::move(value), what) || refuse("too many fields");
    }

    bool refuse(const char* why) {
        fault = why;
        return false;
    }
};

/// From the first '<' to the last '>': what stands outside is not XML, which pugixml forgives.
bool is_bracketed(std::string_view body) noexcept {
    constexpr std::string_view space = " \t\r\n";
    const auto first = body.find_first_not_of(space);
    const auto last = body.find_last_not_of(space);
    return first != std::string_view::npos && body[first] == '<' && body[last] == '>';
}

} // namespace

parsed<fields> read_xml(std::string_view body) {
    if (body.size() > fields::body_bytes_max) {
        return rejection{"the body is too large"};
    }
    if (body.starts_with("\xEF\xBB\xBF")) {
        body.remove_prefix(3);
    }
    if (!texts::is_valid_utf8(body)) {
        return rejection{"the body is not UTF-8"};
    }
    if (!is_bracketed(body) || has_zero(body)) {
        return rejection{"the body is not XML"};
    }
    // A document type is parsed (never read) so that it can be seen and refused.
    constexpr unsigned flags = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                               pugi::parse_wconv_attribute | pugi::parse_trim_pcdata |
                               pugi::parse_doctype;
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size(), flags, pugi::encoding_utf8)) {
        return rejection{"the body is not XML"};
    }
    const auto root = document.document_element();
    const auto children = document.children();
    if (std::distance(children.begin(), children.end()) != 1 || root.empty()) {
        return rejection{"the body is not one XML element without a document type"};
    }
    reader walk;
    if (!walk.element(root, root.name(), 1)) {
        return rejection{walk.fault};
    }
    return std::move(walk.read);
}

} // namespace uthan::adapters
