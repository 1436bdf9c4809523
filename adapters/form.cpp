#include "adapters/form.hpp"

#include "texts/weight.hpp"

#include <algorithm>

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

/// WHATWG URL 5.1: '+' is a space, %XX a byte. Unlike a URL's query, a form body may carry any
/// other byte as it is, so Boost.URL's query grammar would refuse bodies that aggregators send.
std::optional<std::string> decode(std::string_view encoded) {
    std::string out;
    out.reserve(encoded.size());
    while (!encoded.empty()) {
        const auto plain = std::min(encoded.find_first_of("+%"), encoded.size());
        out += encoded.substr(0, plain);
        encoded.remove_prefix(plain);
        if (encoded.empty()) {
            break;
        }
        if (encoded.front() == '+') {
            out.push_back(' ');
            encoded.remove_prefix(1);
            continue;
        }
        const int high = encoded.size() > 2 ? hex_value(encoded[1]) : -1;
        const int low = encoded.size() > 2 ? hex_value(encoded[2]) : -1;
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        out.push_back(static_cast<char>(high * 16 + low));
        encoded.remove_prefix(3);
    }
    return out;
}

} // namespace

parsed<form> form::parse(std::string_view body) {
    form made;
    made.fields_.reserve(fields_expected);
    while (!body.empty()) {
        const auto end = std::min(body.find('&'), body.size());
        const auto field = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (field.empty()) {
            continue;
        }
        if (made.fields_.size() == fields_max) {
            return rejection{"too many fields"};
        }
        const auto equals = std::min(field.find('='), field.size());
        auto name = decode(field.substr(0, equals));
        auto value = decode(field.substr(std::min(equals + 1, field.size())));
        if (!name || !value) {
            return rejection{"the form has a broken percent escape"};
        }
        if (!texts::is_valid_utf8(*name) || !texts::is_valid_utf8(*value)) {
            return rejection{"the form is not UTF-8"};
        }
        if (made.find(*name) != nullptr) {
            return rejection{"a field comes twice"};
        }
        made.fields_.emplace_back(std::move(*name), std::move(*value));
    }
    return made;
}

const std::string* form::find(std::string_view name) const noexcept {
    const auto found =
        std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first);
    return found == fields_.end() ? nullptr : &found->second;
}

} // namespace uthan::adapters
