#include "sms/command.hpp"

#include "texts/amounts.hpp"
#include "texts/tokens.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace uthan::sms {
namespace {

using texts::confidence;
using texts::keyword;
using texts::token;
using texts::token_kind;

using token_span = std::span<const token>;

constexpr std::size_t pin_digits = 4;

bool is_digits(const token& one, std::size_t count) noexcept {
    return one.kind == token_kind::number && one.text.size() == count &&
           one.text.find('.') == std::string::npos;
}

bool is_word(const token& one) noexcept {
    return one.kind == token_kind::word;
}

/// A keyword with the tokens behind it.
struct found_keyword {
    texts::keyword_match match;
    token_span behind;
};

/// Whether nothing but digits and money stands beside the first word.
bool is_alone(token_span tokens) {
    return std::ranges::none_of(tokens.subspan(1), [](const token& one) {
        return is_word(one) && !texts::is_money_word(one) && !texts::is_multiplier(one);
    });
}

found_keyword find_keyword(const texts::keyword_table& words, token_span tokens) {
    for (; !tokens.empty() && is_word(tokens[0]); tokens = tokens.subspan(1)) {
        const auto first = words.find(tokens[0].text, is_alone(tokens));
        if (first.how == confidence::exact && first.is == keyword::beside && tokens.size() > 1) {
            continue;
        }
        if (first.how != confidence::exact && tokens.size() > 1 && is_word(tokens[1])) {
            const auto joined = words.find(tokens[0].text + tokens[1].text, false);
            if (joined.how > first.how) {
                return {joined, tokens.subspan(2)};
            }
        }
        return {first, tokens.subspan(1)};
    }
    return {{}, tokens};
}

/// A text that says one of these and nothing else.
std::optional<command_kind> stop_or_start(const texts::keyword_table& words, token_span tokens) {
    std::optional<keyword> said;
    for (const auto& one : tokens) {
        const auto match = is_word(one) ? words.find(one.text, false) : texts::keyword_match{};
        const bool is_either = match.is == keyword::stop || match.is == keyword::start;
        if (match.how != confidence::exact || (!is_either && match.is != keyword::beside)) {
            return std::nullopt;
        }
        if (is_either && said.value_or(match.is) != match.is) {
            return std::nullopt;
        }
        said = is_either ? match.is : said;
    }
    if (!said) {
        return std::nullopt;
    }
    return *said == keyword::stop ? command_kind::stop : command_kind::start;
}

constexpr std::array kinds{
    std::pair{keyword::balance, command_kind::balance},
    std::pair{keyword::due, command_kind::due},
    std::pair{keyword::meeting, command_kind::meeting},
    std::pair{keyword::loan, command_kind::loan},
    std::pair{keyword::statement, command_kind::statement},
    std::pair{keyword::eligibility, command_kind::eligibility},
    std::pair{keyword::complaint, command_kind::complaint},
    std::pair{keyword::call, command_kind::call},
    std::pair{keyword::help, command_kind::help},
    std::pair{keyword::language, command_kind::languages},
    std::pair{keyword::bangla, command_kind::language_bn},
    std::pair{keyword::english, command_kind::language_en},
    std::pair{keyword::pin, command_kind::pin},
};

command_kind kind_of(keyword is) noexcept {
    const auto* found = std::ranges::find(kinds, is, [](const auto& one) { return one.first; });
    return found == kinds.end() ? command_kind::unknown : found->second;
}

/// "LANG BN", "ভাষা ইংরেজি".
command_kind language_in(const texts::keyword_table& words, token_span behind) {
    if (behind.empty() || !is_word(behind[0])) {
        return command_kind::languages;
    }
    const auto& word = behind[0].text;
    const auto match = words.find(word, false);
    const bool is_known = match.how != confidence::unknown;
    if (word == "bn" || (is_known && match.is == keyword::bangla)) {
        return command_kind::language_bn;
    }
    if (word == "en" || (is_known && match.is == keyword::english)) {
        return command_kind::language_en;
    }
    return command_kind::languages;
}

/// The first sum among what else is said. Below this, words like "at" and "der" are no sums.
std::optional<money> sum_in(token_span tokens) {
    constexpr money least = money::taka(100);
    for (std::size_t from = 0; from < tokens.size(); ++from) {
        for (std::size_t count = tokens.size() - from; count > 0; --count) {
            const auto sum = texts::amount_of(tokens.subspan(from, count));
            if (sum && *sum >= least) {
                return sum;
            }
        }
    }
    return std::nullopt;
}

command with_arguments(const texts::keyword_table& words, const found_keyword& found) {
    command made{kind_of(found.match.is), found.match.how};
    if (made.kind == command_kind::languages) {
        made.kind = language_in(words, found.behind);
    } else if (made.kind == command_kind::eligibility) {
        made.amount = sum_in(found.behind);
    } else if (!found.behind.empty() && found.behind[0].kind == token_kind::number) {
        made.number = found.behind[0].text;
    }
    return made;
}

/// A sum of a loan, which is never an odd number of taka.
bool is_loan_sum(const token& one) {
    return one.text.ends_with("000") || one.text.ends_with("500");
}

/// Of the tokens of a text that is about loans: `about_loans`.
bool is_amount(token_span tokens, std::size_t at, bool about_loans) {
    const auto says_money = [&](std::size_t i) {
        return texts::is_money_word(tokens[i]) || texts::is_multiplier(tokens[i]);
    };
    return (at > 0 && texts::is_money_word(tokens[at - 1])) ||
           (at + 1 < tokens.size() && says_money(at + 1)) ||
           (about_loans && is_loan_sum(tokens[at]));
}

bool has_single_digits(token_span tokens) {
    std::size_t run = 0;
    for (const auto& one : tokens) {
        run = is_digits(one, 1) ? run + 1 : 0;
        if (run == pin_digits) {
            return true;
        }
    }
    return false;
}

bool holds_pin(token_span tokens, const found_keyword& found) {
    if (has_single_digits(tokens)) {
        return true;
    }
    const bool about_loans =
        found.match.how != confidence::unknown && found.match.is == keyword::eligibility;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (is_digits(tokens[i], pin_digits) && !is_amount(tokens, i, about_loans)) {
            return true;
        }
    }
    return false;
}

} // namespace

command read_command(const texts::keyword_table& words, std::string_view utf8) {
    const auto list = texts::tokens_of(utf8);
    const token_span tokens{list.tokens};
    const auto found = find_keyword(words, tokens);
    if (holds_pin(tokens, found) || utf8.find(redacted_text) != std::string_view::npos) {
        return {command_kind::pin, confidence::exact};
    }
    if (tokens.empty()) {
        return {command_kind::help, confidence::exact};
    }
    if (tokens.size() == 1 && is_digits(tokens[0], 1) && tokens[0].text[0] >= '1' &&
        tokens[0].text[0] <= '8') {
        command made{command_kind::menu_number, confidence::exact};
        made.menu = tokens[0].text[0];
        return made;
    }
    if (found.match.how == confidence::unknown || found.match.is == keyword::beside) {
        return {};
    }
    if (found.match.is == keyword::stop || found.match.is == keyword::start) {
        const auto either = list.is_cut ? std::nullopt : stop_or_start(words, tokens);
        return either ? command{*either, confidence::exact} : command{};
    }
    return with_arguments(words, found);
}

bool may_hold_pin(const texts::keyword_table& words, std::string_view utf8) {
    const auto list = texts::tokens_of(utf8, {utf8.size(), utf8.size()});
    return holds_pin(list.tokens, find_keyword(words, list.tokens));
}

} // namespace uthan::sms
