#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace uthan::texts {

/// NFC, then য় ড় ঢ় in their one-unit precomposed forms (U+09DF, 09DC, 09DD are composition
/// exclusions that NFC decomposes), zero-width characters (U+200C, U+200D, U+FEFF) removed where
/// they change nothing a phone shows. Valid UTF-8 in and out.
std::string shortest_form(std::string_view utf8);

/// The longest prefix of at most `units_max` UTF-16 units that ends at a grapheme cluster's
/// boundary (never between a consonant and its vowel sign or hasanta), without trailing spaces.
std::string truncate(std::string_view utf8, std::size_t units_max);

/// User-perceived characters.
std::size_t grapheme_count(std::string_view utf8);

/// The first word of a name that is not an honorific's abbreviation (মোছাঃ, Mst.), or all of it.
std::string first_name(std::string_view utf8);

/// One deterministic transliteration of Bangla script to Latin letters in GSM-7, with a capital at
/// each word's start ("করিমা বেগম" → "Korima Begom"); text without Bangla is returned as it is.
std::string transliterate(std::string_view bangla);

/// A name or word for screens in Latin letters, whatever somebody entered: Bangla script
/// transliterated, letters without their marks ("Zoë" → "Zoe"), ' " - for the typographic ones, ( )
/// for other brackets, the rest left out. Printable ASCII, each character one septet of GSM-7.
std::string plain_latin(std::string_view utf8);

} // namespace uthan::texts
