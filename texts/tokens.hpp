#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What a member wrote, as words that can be compared. Pure; any thread.
namespace uthan::texts {

enum class token_kind : std::uint8_t {
    word,
    number,    ///< ASCII digits, perhaps with one '.' between them
    money_mark ///< ৳: it only says that a number is money
};

struct token {
    token_kind kind = token_kind::word;
    std::string text; ///< of a word: lower case, composed, Bangla letters of one spelling
    bool operator==(const token&) const = default;
};

/// A text as its words and numbers; what stands between them (spaces, signs, emoji) is gone.
/// - Composed (NFC with য় ড় ঢ় in one unit), lower case, fullwidth forms as ASCII, joiners,
/// variation
///   selectors and soft hyphens left out.
/// - Digits of both scripts are ASCII; commas between digits are dropped ("1,25,000"); a '.'
/// between
///   digits stays. Letters and digits that touch are two tokens ("20k", "কত২০০০").
/// - Digits that touch others over '-' or '/' are one number ("1203-45", which is "120345").
struct token_list {
    std::vector<token> tokens;
    bool is_cut = false; ///< there was more than the limits
};
/// What is read of one text; more is no command.
struct token_limits {
    std::size_t octets = 640;
    std::size_t tokens = 24;
};
token_list tokens_of(std::string_view utf8, token_limits limits = {});

/// How a word sounds: letters and spellings that Bangla speakers write for one another are one
/// (শ ষ স; ি ী; sh s; a o; z j; ch c; doubled letters). Of a word of a token.
std::string sound_of(std::string_view word);

} // namespace uthan::texts
