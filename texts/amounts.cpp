#include "texts/amounts.hpp"

#include "texts/number_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace uthan::texts {
namespace {

constexpr std::int64_t hundredths_max = 100'000'000LL * 100;

constexpr std::array money_words{
    std::string_view{"taka"}, std::string_view{"tk"},    std::string_view{"bdt"},
    std::string_view{"টাকা"}, std::string_view{"টাকার"},
};

/// Beside an amount they add nothing.
constexpr std::array fillers{std::string_view{"only"}, std::string_view{"and"},
                             std::string_view{"matro"}, std::string_view{"মাত্র"}};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) noexcept {
    return std::ranges::find(words, word) != words.end();
}

/// "12" or "1.5"; at most two digits behind the point.
std::optional<std::int64_t> hundredths_of(std::string_view digits) {
    const auto point = std::min(digits.find('.'), digits.size());
    auto behind = std::string{digits.substr(std::min(point + 1, digits.size()))};
    if (point == 0 || point > 9 || behind.size() > 2) {
        return std::nullopt;
    }
    behind.resize(2, '0');
    std::int64_t value = 0;
    for (const char c : std::string{digits.substr(0, point)} + behind) {
        value = value * 10 + (c - '0');
    }
    return value;
}

/// "পাঁচশ", "pachsho": a value and the hundred in one word.
std::optional<std::int64_t> joined_hundred(std::string_view sound) {
    constexpr std::array suffixes{std::string_view{"সত"}, std::string_view{"সো"},
                                  std::string_view{"স"}, std::string_view{"soto"},
                                  std::string_view{"so"}};
    for (const auto suffix : suffixes) {
        if (!sound.ends_with(suffix)) {
            continue;
        }
        const auto value = number_word_of(sound.substr(0, sound.size() - suffix.size()));
        if (value && value->kind == number_word_kind::value) {
            return value->value * 100;
        }
    }
    return std::nullopt;
}

/// Adds one number word after the other: [value] hundred [value] multiplier …, each multiplier
/// smaller than the one before.
class summing {
public:
    bool take(const token& one) {
        if (one.kind == token_kind::number) {
            const auto digits = hundredths_of(one.text);
            return digits && take_digits(*digits);
        }
        const auto sound = sound_of(one.text);
        if (const auto word = number_word_of(sound)) {
            return take_word(*word);
        }
        const auto hundreds = joined_hundred(sound);
        return hundreds && take_value(*hundreds);
    }

    /// None: not whole, nothing, or too much.
    std::optional<std::int64_t> taka() const {
        const auto sum = total_ + group_;
        if (plus_ != 0 || sum <= 0 || sum > hundredths_max || sum % 100 != 0) {
            return std::nullopt;
        }
        return sum / 100;
    }

private:
    bool take_word(const number_word& word) {
        switch (word.kind) {
        case number_word_kind::value:
            return take_value(word.value);
        case number_word_kind::plus:
            plus_ = plus_ == 0 && group_ == 0 ? word.value : bad_plus;
            return plus_ != bad_plus;
        case number_word_kind::hundred:
            return multiply_group(word.value);
        case number_word_kind::multiplier:
            break;
        }
        if (word.value >= last_multiplier_ || !fits(word.value)) {
            return false;
        }
        last_multiplier_ = word.value;
        total_ += ((group_ == 0 ? 100 : group_) + plus_) * word.value;
        group_ = 0;
        plus_ = 0;
        in_hundreds_ = false;
        is_written_ = false;
        return true;
    }
    /// Nothing stands before them in their group, and no value behind them.
    bool take_digits(std::int64_t hundredths) {
        if (group_ != 0 || total_ + hundredths > hundredths_max) {
            return false;
        }
        group_ = hundredths;
        is_written_ = true;
        return true;
    }
    /// Tens and units behind hundreds, units behind tens.
    bool take_value(std::int64_t hundredths) {
        const auto tens = group_ % (100 * 100);
        const bool fits_behind = group_ == 0 || (in_hundreds_ && hundredths < 100 * 100) ||
                                 (tens >= 2000 && tens % 1000 == 0 && hundredths < 1000);
        if (is_written_ || !fits_behind || total_ + group_ + hundredths > hundredths_max) {
            return false;
        }
        in_hundreds_ = group_ == 0 && hundredths >= 100 * 100;
        group_ += hundredths;
        return true;
    }
    bool multiply_group(std::int64_t by) {
        if (in_hundreds_ || group_ >= 100 * 100 || !fits(by)) {
            return false;
        }
        group_ = ((group_ == 0 ? 100 : group_) + plus_) * by;
        plus_ = 0;
        in_hundreds_ = true;
        is_written_ = false;
        return true;
    }
    bool fits(std::int64_t factor) const noexcept {
        return total_ + (group_ + 100) * factor <= hundredths_max + 100 * factor;
    }

    static constexpr std::int64_t bad_plus = 1;

    std::int64_t total_ = 0;
    std::int64_t group_ = 0; ///< below the next multiplier
    std::int64_t plus_ = 0;
    std::int64_t last_multiplier_ = std::numeric_limits<std::int64_t>::max();
    bool in_hundreds_ = false; ///< the group ends with a hundred, or is one
    bool is_written_ = false;  ///< the group is digits
};

} // namespace

bool is_money_word(const token& one) {
    return one.kind == token_kind::money_mark ||
           (one.kind == token_kind::word && is_one_of(money_words, one.text));
}

bool is_multiplier(const token& one) {
    if (one.kind != token_kind::word) {
        return false;
    }
    const auto word = number_word_of(sound_of(one.text));
    return word &&
           (word->kind == number_word_kind::multiplier || word->kind == number_word_kind::hundred);
}

std::optional<money> amount_of(std::span<const token> tokens) {
    summing sum;
    for (const auto& one : tokens) {
        const bool says_nothing = is_money_word(one) || is_one_of(fillers, one.text);
        if (!says_nothing && !sum.take(one)) {
            return std::nullopt;
        }
    }
    const auto taka = sum.taka();
    return taka ? std::optional{money::taka(*taka)} : std::nullopt;
}

std::optional<money> amount_of(std::string_view utf8) {
    const auto list = tokens_of(utf8);
    return list.is_cut ? std::nullopt : amount_of(list.tokens);
}

} // namespace uthan::texts
