#pragma once

#include "adapters/escape.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::adapters::http_sms {

/// What a template's {{name}} stands for.
enum class slot : std::uint8_t {
    literal,
    to,         ///< E.164 digits: 8801712345678
    to_plus,    ///< +8801712345678
    to_local,   ///< 01712345678 for a number of the plan, else as `to`
    text,       ///< UTF-8
    text_utf16, ///< UTF-16BE in hexadecimal
    kind,       ///< gsm_kind or unicode_kind, as written: never escaped
    key,        ///< the message's own
    sender,
    username,
    password,
    api_key,
    api_secret,
    callback, ///< the receipts' address
    minutes   ///< of validity
};
inline constexpr std::array<std::string_view, 15> slot_names{
    "",       "to",       "to_plus",  "to_local", "text",       "text_utf16", "kind",   "key",
    "sender", "username", "password", "api_key",  "api_secret", "callback",   "minutes"};

struct template_piece {
    slot what = slot::literal;
    std::string literal;
};
using sms_template = std::vector<template_piece>;

/// Takes a template apart. Returns what is wrong, or nothing.
std::string parse_template(std::string_view written, sms_template& target);

bool uses(const sms_template& in, slot what) noexcept;

/// A slot's value by its place.
using slot_values = std::array<std::string, slot_names.size()>;

std::string fill(const sms_template& from, const slot_values& values, escaping as);

/// Reads a line of text by a pattern: "Success Count : {{code}} and {{any}}". {{code}} and {{id}}
/// are what stands there, as short as it can be; {{any}} is passed over. A pattern matches from the
/// beginning; when it ends with a slot, to the end of the line.
struct line_reading {
    bool matches = false;
    std::string code;
    std::string id;
};
/// What is wrong with the pattern; empty when nothing is.
std::string pattern_fault(std::string_view pattern);
line_reading read_line(std::string_view pattern, std::string_view text);

} // namespace uthan::adapters::http_sms
