#include "bench/typos.hpp"

#include "texts/tokens.hpp"
#include "texts/utf8.hpp"

#include <fmt/format.h>

#include <random>
#include <set>

namespace uthan::bench {
namespace {

using texts::keyword;

/// Letters and signs that the table's words of one script are written with.
std::u32string alphabet_of(const texts::keyword_table& table, bool is_latin) {
    std::set<char32_t> letters;
    for (const auto& one : table.words()) {
        for (const char32_t c : one.letters) {
            if ((c < 0x80) == is_latin) {
                letters.insert(c);
            }
        }
    }
    for (char32_t c = U'a'; is_latin && c <= U'z'; ++c) {
        letters.insert(c);
    }
    return {letters.begin(), letters.end()};
}

std::size_t below(std::mt19937_64& random, std::size_t limit) {
    return static_cast<std::size_t>(random() % limit);
}

std::u32string with_mistake(std::u32string word, const std::u32string& letters,
                            std::mt19937_64& random) {
    const auto at = below(random, word.size());
    switch (below(random, 4)) {
    case 0:
        word.insert(below(random, word.size() + 1), 1, letters[below(random, letters.size())]);
        break;
    case 1:
        word.erase(at, 1);
        break;
    case 2:
        word[at] = letters[below(random, letters.size())];
        break;
    default:
        if (at + 1 < word.size()) {
            std::swap(word[at], word[at + 1]);
        }
        break;
    }
    return word;
}

bool is_command_word(keyword is) {
    return is != keyword::pin && is != keyword::beside && is != keyword::other;
}

bool is_guessed(keyword is) {
    return is_command_word(is) && is != keyword::stop && is != keyword::start;
}

std::vector<typo> make_from(const texts::keyword_table& from, std::uint64_t seed, std::size_t count,
                            bool (*is_taken)(keyword)) {
    std::mt19937_64 random{seed};
    const auto latin = alphabet_of(from, true);
    const auto bangla = alphabet_of(from, false);
    std::vector<typo> made;
    while (made.size() < count) {
        const auto& word = from.words()[below(random, from.words().size())];
        const bool is_latin = word.letters.front() < 0x80;
        const auto letters = with_mistake(word.letters, is_latin ? latin : bangla, random);
        if (!is_taken(word.is) || letters.empty() || letters == word.letters) {
            continue;
        }
        std::string written;
        for (const char32_t c : letters) {
            texts::append_utf8(written, c);
        }
        made.push_back({std::move(written), word.is});
    }
    return made;
}

std::uint64_t sum(const auto& cells) {
    std::uint64_t all = 0;
    for (const auto one : cells) {
        all += one;
    }
    return all;
}

double share(std::uint64_t part, std::uint64_t all) {
    return all == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(all);
}

} // namespace

std::vector<typo> make_typos(const texts::keyword_table& from, std::uint64_t seed,
                             std::size_t count) {
    return make_from(from, seed, count, is_command_word);
}

std::vector<typo> make_other_typos(const texts::keyword_table& from, std::uint64_t seed,
                                   std::size_t count) {
    return make_from(from, seed, count, [](keyword is) { return is == keyword::other; });
}

void confusion::add(keyword meant, const texts::keyword_match& read) {
    const auto column =
        read.how == texts::confidence::unknown ? words : static_cast<std::size_t>(read.is);
    ++cells[static_cast<std::size_t>(meant)][column];
}

double confusion::precision() const {
    std::uint64_t right = 0;
    std::uint64_t read = 0;
    for (std::size_t i = 0; i < words; ++i) {
        right += cells[i][i];
        read += sum(cells[i]) - cells[i][words];
    }
    return share(right, read);
}

double confusion::recall() const {
    std::uint64_t right = 0;
    std::uint64_t meant = 0;
    for (std::size_t i = 0; i < words; ++i) {
        if (is_guessed(static_cast<keyword>(i))) {
            right += cells[i][i];
            meant += sum(cells[i]);
        }
    }
    return share(right, meant);
}

std::uint64_t confusion::wrong(keyword as) const {
    const auto column = static_cast<std::size_t>(as);
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < words; ++i) {
        all += i == column ? 0 : cells[i][column];
    }
    return all;
}

std::string confusion::to_string() const {
    std::string out = fmt::format("{:12}", "meant \\ read");
    for (const auto name : texts::keyword_names) {
        out += fmt::format("{:>8}", name.substr(0, 7));
    }
    out += fmt::format("{:>8}\n", "none");
    for (std::size_t i = 0; i < words; ++i) {
        out += fmt::format("{:12}", texts::keyword_names[i]);
        for (const auto one : cells[i]) {
            out += fmt::format("{:8}", one);
        }
        out += '\n';
    }
    return out;
}

confusion measure(const texts::keyword_table& with, const std::vector<typo>& typos, bool alone) {
    confusion all;
    for (const auto& one : typos) {
        const auto list = texts::tokens_of(one.written);
        const bool is_word =
            list.tokens.size() == 1 && list.tokens.front().kind == texts::token_kind::word;
        all.add(one.meant,
                is_word ? with.find(list.tokens.front().text, alone) : texts::keyword_match{});
    }
    return all;
}

} // namespace uthan::bench
