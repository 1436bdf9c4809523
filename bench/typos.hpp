#pragma once

#include "texts/keywords.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// How well the keyword matcher reads words with one mistake: made from the table itself.
namespace uthan::bench {

struct typo {
    std::string written;
    texts::keyword meant = texts::keyword::help;
};

/// `count` words of the table's commands (stop and start among them; not pin, beside and other),
/// each with one letter more, less, changed or swapped with its
/// neighbour; letters of the word's own script. The same seed gives the same ones.
std::vector<typo> make_typos(const texts::keyword_table& from, std::uint64_t seed,
                             std::size_t count);

/// What was meant (rows) and how it was read (columns); the last column: not read.
struct confusion {
    static constexpr std::size_t words = texts::keyword_names.size();
    std::array<std::array<std::uint64_t, words + 1>, words> cells{};

    void add(texts::keyword meant, const texts::keyword_match& read);
    /// Of all that was read as something, how much was right.
    double precision() const;
    /// Of all that was meant, but for what is never guessed (stop and start), how much
    /// was read right.
    double recall() const;
    /// Other words that were read as this one.
    std::uint64_t wrong(texts::keyword as) const;
    std::string to_string() const;
};

/// The same of its everyday words (`other`): none of them is a command.
std::vector<typo> make_other_typos(const texts::keyword_table& from, std::uint64_t seed,
                                   std::size_t count);

/// `alone`: each is all that was said.
confusion measure(const texts::keyword_table& with, const std::vector<typo>& typos, bool alone);

} // namespace uthan::bench
