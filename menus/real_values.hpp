#pragma once

#include "menus/answers.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace uthan::menus {

/// The widest that real members' answers come to, by text and rendering. Its size is the menu's,
/// not the members' number.
class real_values {
public:
    struct widest {
        std::size_t octets = 0;
        std::string line; ///< of a line alone
        std::string member_code;
    };
    struct seen {
        widest line;
        widest whole; ///< all lines, without "0" and "9"
    };

    /// Every answer of the menu that needs nothing from another screen, to one member, in one
    /// rendering. The question's texts have been proved to be there.
    void note(const graph& menu, const question& asked);

    /// Null when no member gets this text.
    const seen* find(std::string_view text, texts::rendering in) const noexcept;

private:
    void note_answer(const screen& s, const question& asked);

    std::map<std::pair<std::string, texts::rendering>, seen, std::less<>> by_text_;
};

} // namespace uthan::menus
