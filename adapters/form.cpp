#include "adapters/form.hpp"

#include "texts/weight.hpp"

#include <algorithm>
#include <span>

namespace uthan::adapters {
namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/// Where the first `c` stands, or the size.
std::size_t find_in(std::span<const char> text, char c) noexcept {
    return std::min(std::string_view{text.data(), text.size()}.find(c), text.size());
}

struct decoded {
    std::string_view text;
    bool is_ascii = true;

    bool is_valid() const noexcept { return is_ascii || texts::is_valid_utf8(text); }
};

/// WHATWG URL 5.1: '+' is a space, %XX a byte. Unlike a URL's query, a form body may carry any
/// other byte as it is, so Boost.URL's query grammar would refuse bodies that aggregators send.
/// In place: what is decoded is never longer.
std::optional<decoded> decode(std::span<char> text) {
    auto to = text.begin();
    unsigned char bits = 0;
    for (auto from = text.begin(); from != text.end(); ++from) {
        if (*from == '%') {
            const int high = text.end() - from > 2 ? hex_value(from[1]) : -1;
            const int low = text.end() - from > 2 ? hex_value(from[2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            *to = static_cast<char>(high * 16 + low);
            from += 2;
        } else {
            *to = *from == '+' ? ' ' : *from;
        }
        bits |= static_cast<unsigned char>(*to++);
    }
    return decoded{{text.begin(), to}, bits < 0x80};
}

} // namespace

parsed<form> form::parse(std::string_view body) {
    form made;
    made.fields_.reserve(fields_expected);
    made.decoded_.assign(body.begin(), body.end());
    std::span<char> rest{made.decoded_};
    while (!rest.empty()) {
        const auto end = find_in(rest, '&');
        const auto field = rest.first(end);
        rest = rest.subspan(std::min(end + 1, rest.size()));
        if (field.empty()) {
            continue;
        }
        if (made.fields_.size() == fields_max) {
            return rejection{"too many fields"};
        }
        const auto equals = find_in(field, '=');
        const auto name = decode(field.first(equals));
        const auto value = decode(field.subspan(std::min(equals + 1, field.size())));
        if (!name || !value) {
            return rejection{"the form has a broken percent escape"};
        }
        if (!name->is_valid() || !value->is_valid()) {
            return rejection{"the form is not UTF-8"};
        }
        if (made.find(name->text)) {
            return rejection{"a field comes twice"};
        }
        made.fields_.emplace_back(name->text, value->text);
    }
    return made;
}

std::optional<std::string_view> form::find(std::string_view name) const noexcept {
    for (const auto& [known, value] : fields_) {
        if (known == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::string> unescape_form(std::string_view written) {
    std::string made{written};
    const auto read = decode(made);
    if (!read) {
        return std::nullopt;
    }
    made.resize(read->text.size());
    return made;
}

} // namespace uthan::adapters
