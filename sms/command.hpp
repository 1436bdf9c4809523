#pragma once

#include "core/money.hpp"
#include "texts/keywords.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What a member asks for in a text message. Pure.
namespace uthan::sms {

enum class command_kind : std::uint8_t {
    unknown,
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
    language_bn,
    language_en,
    languages,   ///< which ones there are
    menu_number, ///< a digit of the main menu: `menu`
    pin          ///< a PIN was written, or something about it: it is never taken by text message
};

struct command {
    command_kind kind = command_kind::unknown;
    texts::confidence how = texts::confidence::unknown;
    std::optional<money> amount{}; ///< of eligibility
    std::string number{};          ///< digits behind a keyword: perhaps a passbook number; or empty
    char menu = 0;                 ///< '1' … '8'
};

/// The first word decides, or the first two in one ("koto rin"); words that say nothing of their
/// own are passed over before it. A digit alone is the main menu's. Nothing, or "?", asks for help.
/// `stop` and `start` only where nothing else is said: "off day kobe" is neither.
command read_command(const texts::keyword_table& words, std::string_view utf8);

/// Whether a text may hold a PIN: four digits alone, behind a keyword or anywhere that they are no
/// amount ("5000 taka", "ELIG 20000") – also as four single digits, and in either script.
bool may_hold_pin(const texts::keyword_table& words, std::string_view utf8);

/// What is kept in the place of such a text. `read_command` reads it, and what holds it, as `pin`.
inline constexpr std::string_view redacted_text = "****";

} // namespace uthan::sms
