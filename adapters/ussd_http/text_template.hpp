#pragma once

#include "adapters/escape.hpp"
#include "adapters/ussd_http/source.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::adapters::ussd_http {

enum class placeholder : std::uint8_t {
    literal,
    text,
    session,
    number,
    request,
    state,
    username,
    api_key,
    in ///< a value of the request
};

struct piece {
    placeholder what = placeholder::literal;
    std::string literal;  ///< of a literal
    std::size_t echo = 0; ///< of `in`: its place in the link's echo
};

using text_template = std::vector<piece>;

/// Takes a template apart. Sources of {{in:…}} are looked up in `echo` and appended when new.
/// Returns what is wrong, or nothing.
std::string parse_template(std::string_view written, text_template& target,
                           std::vector<source>& echo);

bool uses(const text_template& in, placeholder what) noexcept;

struct template_values {
    std::string_view text;
    std::string_view session;
    std::string_view number;
    std::string_view request;
    std::string_view state; ///< never escaped
    std::string_view username;
    std::string_view api_key;
    std::span<const std::string> echo;
};

std::string fill(const text_template& from, const template_values& values, escaping as);

} // namespace uthan::adapters::ussd_http
