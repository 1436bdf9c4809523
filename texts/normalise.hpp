#pragma once

#include <string>
#include <string_view>

// One spelling of a text, so that it is counted and sent in the same way whoever typed it.
namespace uthan::texts {

/// NFC, then য় ড় ঢ় in their one-unit precomposed forms: U+09DF, 09DC and 09DD are composition
/// exclusions that NFC decomposes. Valid UTF-8 in and out.
std::string composed_form(std::string_view utf8);

/// What a text message says: the composed form, each line end a line feed (a carriage return is a
/// filler on phones). Joiners stay: they decide how conjuncts and emoji look. Valid UTF-8 in and
/// out.
std::string message_form(std::string_view utf8);

/// The same words without what typing programs put in and the 7-bit alphabets lack: typographic
/// quotes, dashes and spaces, the ellipsis, fractions, ligatures and fullwidth forms as ASCII has
/// them, a danda as a full stop, a tab as a space, U+200B, U+2060, U+FEFF and U+00AD left out.
/// Letters and joiners stay. Valid UTF-8 in and out.
std::string smart_replacement(std::string_view utf8);

} // namespace uthan::texts
