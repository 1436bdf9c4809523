#pragma once

#include <cstddef>
#include <string_view>

namespace uthan::texts {

/// Whether a text may be cut before the octet `at`, a character's boundary, without parting what is
/// read as one: a letter and its signs, the consonants of a Bangla conjunct (also with a joiner
/// behind the hasanta), an emoji's sequence, the two halves of a flag. It looks at the few
/// characters around `at` alone, and where it differs from Unicode's grapheme clusters in such
/// texts, it keeps more together. `utf8` must be valid.
bool is_cluster_boundary(std::string_view utf8, std::size_t at) noexcept;

} // namespace uthan::texts
