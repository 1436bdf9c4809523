#pragma once

#include "core/calendar.hpp"
#include "core/money.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

// One field of a file → one value. Each function returns null when the field was read, else the
// rest of a sentence that begins with the field ("is not a date: write 2026-12-31"). Spaces around
// a field do not count; Bangla digits count as ASCII ones wherever a number, a date or a code is
// read. An empty field gives an optional's none; where a value is required it is an error.
namespace uthan::members::exchange {

using field_problem = const char*;

inline constexpr std::size_t code_bytes_max = 64;
inline constexpr std::size_t text_bytes_max = 1000;

std::string_view trimmed(std::string_view field) noexcept;

/// Any words; control characters (line ends in quotes, also Unicode's) and those that turn the
/// direction of writing become spaces. May be empty.
field_problem read_text(std::string_view field, std::string& out);
/// A code or number that identifies something, without such characters. May be empty.
field_problem read_code(std::string_view field, std::string& out);
field_problem read_required_code(std::string_view field, std::string& out);
/// A member's: she types the end of it on a phone, so it is printable ASCII. Not empty.
field_problem read_member_code(std::string_view field, std::string& out);
field_problem read_money(std::string_view field, money& out);
field_problem read_money(std::string_view field, std::optional<money>& out);
/// An empty field is 0.
field_problem read_money_or_zero(std::string_view field, money& out);
field_problem read_day(std::string_view field, calendar_day& out);
field_problem read_day(std::string_view field, std::optional<calendar_day>& out);
field_problem read_number(std::string_view field, unsigned least, unsigned most, unsigned& out);
/// "18:30"; none when empty.
field_problem read_time(std::string_view field, std::optional<std::chrono::minutes>& out);
/// "1", "true", "yes", "Y"; "0", "false", "no", "N"; none when empty.
field_problem read_flag(std::string_view field, std::optional<bool>& out);

/// The field in lower case with ASCII digits, for comparing with words of a list; at most 31 bytes.
class lowered {
public:
    explicit lowered(std::string_view field) noexcept;
    std::string_view view() const noexcept { return {bytes_, size_}; }

private:
    char bytes_[32];
    std::size_t size_ = 0;
};

template <class Value>
field_problem read_word(std::string_view field,
                        std::span<const std::pair<std::string_view, Value>> words, Value& out) {
    const lowered word{field};
    for (const auto& [written, value] : words) {
        if (written == word.view()) {
            out = value;
            return nullptr;
        }
    }
    return "is not one of the words that this column knows";
}

} // namespace uthan::members::exchange
