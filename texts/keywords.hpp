#pragma once

#include "texts/catalog.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace uthan::texts {

/// What the first word of a member's text may mean.
enum class keyword : std::uint8_t {
    balance,
    due,
    meeting,
    loan,
    statement,
    eligibility,
    complaint,
    call,
    help,
    stop,
    start,
    language,
    bangla,
    english,
    pin,
    beside, ///< says nothing of its own
    other   ///< an everyday word that is near a keyword, and is none
};
inline constexpr std::array<std::string_view, 17> keyword_names{
    "balance",   "due",     "meeting", "loan",   "statement", "eligibility",
    "complaint", "call",    "help",    "stop",   "start",     "language",
    "bangla",    "english", "pin",     "beside", "other"};

enum class confidence : std::uint8_t { unknown, corrected, exact };

struct keyword_match {
    confidence how = confidence::unknown;
    keyword is = keyword::help; ///< unless unknown
    bool operator==(const keyword_match&) const = default;
};

/// The words of config/keywords.toml. Immutable once loaded; then for any thread.
class keyword_table {
public:
    /// Problems are appended, each with its place: a file that cannot be read or is not TOML, an
    /// unknown or missing keyword, what is no list of single words, a word that stands twice.
    static keyword_table load(const std::filesystem::path& file, std::vector<problem>& problems);
    /// Of the file's text; `name` is the file's.
    static keyword_table parse(std::string_view toml, const std::string& name,
                               std::vector<problem>& problems);

    /// `word`: as a token's (tokens.hpp). Exact, else corrected where the words with one letter
    /// more, less, changed or swapped, or else those that sound alike, all mean the same. Never
    /// corrected: towards stop, start and pin; where one of them is as near; words below five
    /// letters, but for those of three and four that are all that was said (`is_alone`). A word
    /// that the table calls `other` is unknown.
    keyword_match find(std::string_view word, bool is_alone) const;

    /// Every word with its meaning: commands by length, then the others by length.
    struct entry {
        std::u32string letters;
        std::string word;
        keyword is = keyword::help;
    };
    const std::vector<entry>& words() const noexcept { return words_; }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept {
            return std::hash<std::string_view>{}(s);
        }
    };
    template <class Value>
    using by_word = std::unordered_map<std::string, Value, hash, std::equal_to<>>;

    bool add(std::string_view word, keyword is);
    keyword_match nearest(std::u32string_view letters) const;

    std::vector<entry> words_;
    by_word<keyword> exact_;
    by_word<keyword> sounds_; ///< of commands of five letters and more; `other`: differing ones
};

/// Letters that a word needs to be corrected, and where it is all that was said.
inline constexpr std::size_t corrected_letters_min = 5;
inline constexpr std::size_t corrected_alone_min = 3;

} // namespace uthan::texts
