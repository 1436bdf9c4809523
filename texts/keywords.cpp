#include "texts/keywords.hpp"

#include "texts/tokens.hpp"
#include "texts/toml.hpp"
#include "texts/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace uthan::texts {
namespace {

/// Longer words are none of the table's, with whatever mistake.
constexpr std::size_t word_octets_max = 64;

std::u32string letters_of(std::string_view word) {
    std::u32string letters;
    for (std::size_t at = 0; at < word.size();) {
        letters.push_back(next_code_point(word, at));
    }
    return letters;
}

/// What a wrong guess would do harm with.
constexpr bool is_never_guessed(keyword is) noexcept {
    return is == keyword::stop || is == keyword::start || is == keyword::pin;
}

constexpr bool is_command(keyword is) noexcept {
    return is != keyword::beside && is != keyword::other;
}

/// Commands first, then by length: a word is compared with few others.
std::pair<bool, std::size_t> order_of(const keyword_table::entry& one) {
    return {!is_command(one.is), one.letters.size()};
}

/// One letter more, less, changed, or two neighbours swapped. The words differ.
bool is_one_edit_away(std::u32string_view a, std::u32string_view b) noexcept {
    while (!a.empty() && !b.empty() && a.front() == b.front()) {
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.remove_suffix(1);
        b.remove_suffix(1);
    }
    if (a.size() <= 1 && b.size() <= 1) {
        return true;
    }
    return a.size() == 2 && b.size() == 2 && a[0] == b[1] && a[1] == b[0];
}

std::optional<keyword> keyword_named(std::string_view name) noexcept {
    const auto* found = std::ranges::find(keyword_names, name);
    if (found == keyword_names.end()) {
        return std::nullopt;
    }
    return static_cast<keyword>(found - keyword_names.begin());
}

/// A single word in the form of tokens; none otherwise.
std::optional<std::string> as_token(std::string_view written) {
    const auto list = tokens_of(written);
    if (list.is_cut || list.tokens.size() != 1 || list.tokens.front().kind != token_kind::word) {
        return std::nullopt;
    }
    return list.tokens.front().text;
}

} // namespace

bool keyword_table::add(std::string_view word, keyword is) {
    auto letters = letters_of(word);
    if (!exact_.emplace(word, is).second) {
        return false;
    }
    if (is_command(is) && letters.size() >= corrected_letters_min) {
        const auto [same, is_new] = sounds_.emplace(sound_of(word), is);
        if (!is_new && same->second != is) {
            same->second = keyword::other;
        }
    }
    entry made{std::move(letters), std::string{word}, is};
    const auto place = std::ranges::upper_bound(words_, order_of(made), {}, order_of);
    words_.insert(place, std::move(made));
    return true;
}

namespace {

/// What is about the whole file. Member by member: g++ 12 takes a nested one for uninitialised.
problem at_beginning(const std::string& file, std::string message) {
    problem made;
    made.at.file = file;
    made.at.line = 1;
    made.at.column = 1;
    made.message = std::move(message);
    return made;
}

/// Calls `add` for each word; problems have the word's place.
template <class Add>
void read_keywords(const toml::table& root, const std::string& name, std::vector<problem>& problems,
                   Add add) {
    const auto complain = [&](const toml::node& at, std::string message) {
        problems.push_back({position_of_source(name, at.source()), std::move(message)});
    };
    for (const auto& [key, node] : root) {
        if (key.str() != "keywords" || !node.is_table()) {
            complain(node, fmt::format("unknown key {}", key.str()));
        }
    }
    const auto* table = root["keywords"].as_table();
    if (table == nullptr) {
        problems.push_back(at_beginning(name, "[keywords] is missing"));
        return;
    }
    for (const auto& [key, node] : *table) {
        const auto is = keyword_named(key.str());
        const auto* words = node.as_array();
        if (!is || words == nullptr) {
            complain(node,
                     is ? "must be a list of words" : fmt::format("unknown keyword {}", key.str()));
            continue;
        }
        for (const toml::node& one : *words) {
            const auto word = as_token(one.value<std::string>().value_or(""));
            if (!word) {
                complain(one, "must be one word of letters");
            } else if (!add(*word, *is)) {
                complain(one, fmt::format("\"{}\" stands here twice", *word));
            }
        }
    }
    for (const auto named : keyword_names) {
        const auto* words = (*table)[named].as_array();
        if (words == nullptr || words->empty()) {
            problems.push_back(at_beginning(name, fmt::format("no words for {}", named)));
        }
    }
}

} // namespace

keyword_table keyword_table::load(const std::filesystem::path& file,
                                  std::vector<problem>& problems) {
    keyword_table made;
    if (const auto read = read_toml(file, problems)) {
        read_keywords(*read, file.string(), problems,
                      [&made](const std::string& word, keyword is) { return made.add(word, is); });
    }
    return made;
}

keyword_table keyword_table::parse(std::string_view toml, const std::string& name,
                                   std::vector<problem>& problems) {
    keyword_table made;
    if (const auto read = parse_toml(toml, name, problems)) {
        read_keywords(*read, name, problems,
                      [&made](const std::string& word, keyword is) { return made.add(word, is); });
    }
    return made;
}

keyword_match keyword_table::nearest(std::u32string_view letters) const {
    keyword_match best;
    const std::pair shortest{false, letters.size() - 1};
    const std::pair longest{false, letters.size() + 1};
    auto at = std::ranges::lower_bound(words_, shortest, {}, order_of);
    for (; at != words_.end() && order_of(*at) <= longest; ++at) {
        const auto& one = *at;
        if (!is_one_edit_away(one.letters, letters)) {
            continue;
        }
        if (is_never_guessed(one.is) || (best.how != confidence::unknown && best.is != one.is)) {
            return {confidence::corrected, keyword::other};
        }
        best = {confidence::corrected, one.is};
    }
    return best;
}

keyword_match keyword_table::find(std::string_view word, bool is_alone) const {
    if (const auto found = exact_.find(word); found != exact_.end()) {
        return found->second == keyword::other ? keyword_match{}
                                               : keyword_match{confidence::exact, found->second};
    }
    if (word.size() > word_octets_max) {
        return {};
    }
    const auto letters = letters_of(word);
    if (letters.size() < (is_alone ? corrected_alone_min : corrected_letters_min)) {
        return {};
    }
    auto near = nearest(letters);
    if (near.how == confidence::unknown && letters.size() >= corrected_letters_min) {
        const auto heard = sounds_.find(sound_of(word));
        if (heard != sounds_.end()) {
            near = {confidence::corrected, heard->second};
        }
    }
    return is_never_guessed(near.is) || !is_command(near.is) ? keyword_match{} : near;
}

} // namespace uthan::texts
