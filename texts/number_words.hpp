#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace uthan::texts {

enum class number_word_kind : std::uint8_t {
    value,   ///< 1 … 99, in hundredths; also 1½ and 2½, which are words of their own
    plus,    ///< ½, ¼ or -¼ with the number behind it (সাড়ে তিন), in hundredths
    hundred, ///< multiplies what stands before it
    multiplier ///< thousand, lakh, crore
};
struct number_word {
    number_word_kind kind = number_word_kind::value;
    std::int64_t value = 0; ///< of `value` and `plus` in hundredths
};

/// By how it sounds (sound_of).
std::optional<number_word> number_word_of(std::string_view sound);

} // namespace uthan::texts
