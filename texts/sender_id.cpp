#include "texts/sender_id.hpp"

#include "texts/gsm7.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <unicode/uchar.h>

namespace uthan::texts {

std::string_view sender_id_fault(std::string_view utf8) noexcept {
    if (utf8.empty()) {
        return "empty";
    }
    if (!is_valid_utf8(utf8)) {
        return "not UTF-8";
    }
    std::size_t characters = 0;
    bool has_letter = false;
    for (std::size_t at = 0; at < utf8.size(); ++characters) {
        const char32_t c = next_code_point(utf8, at);
        if (c < U' ' || gsm7_septets(c) != 1) {
            return "a character that is not in GSM-7's default alphabet";
        }
        has_letter = has_letter || u_isalpha(static_cast<UChar32>(c)) != 0;
    }
    if (characters > sender_id_characters_max) {
        return "longer than 11 characters";
    }
    if (utf8.front() == ' ' || utf8.back() == ' ') {
        return "a space at its beginning or end";
    }
    return has_letter ? std::string_view{} : "no letter";
}

} // namespace uthan::texts
