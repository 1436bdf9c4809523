#pragma once

#include "texts/catalog.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A menu as data: config/menus/*.toml. A graph is immutable once loaded and proved (proof.hpp).
namespace uthan::menus {

/// What one screen shows; the engine of a dialogue decides when.
enum class answer_name : std::uint8_t {
    none,
    due,
    statement,
    savings,
    meeting,
    loan,
    eligibility,
    eligibility_for,
    branch,
    sms,
    complaint,        ///< what she may complain about
    request_way,      ///< how she wants to hear about it
    call_me,          ///< the same, for a call that is all she asks for
    request_confirm,  ///< shall it be sent?
    request_result,   ///< what became of sending, escalating or taking back
    requests,         ///< what she has asked for and where it is
    request_withdraw, ///< shall it be taken back?
    refund,           ///< savings that she may ask for
    refund_confirm,   ///< the same for the amount that was typed
    refund_exit,      ///< all of them, on leaving
    application       ///< where her loan application is
};
std::optional<answer_name> parse_answer(std::string_view name) noexcept;
std::string_view to_string(answer_name name) noexcept;

/// A fact is shown within screens_to_fact_max (proof.hpp) of the main menu. What only asks "shall
/// it be sent?", or says what became of it, is none.
bool is_fact(answer_name name) noexcept;

/// A change that a screen makes; stored before its text, or the next screen, is shown.
enum class action : std::uint8_t {
    none,
    language_bn,
    language_en,
    sms_with_amounts,
    sms_without_amounts,
    sms_none,
    pin_change,
    request_open,
    request_escalate,
    request_withdraw
};
std::optional<action> parse_action(std::string_view name) noexcept;

struct option {
    char key = '1'; ///< '1' … '8'
    std::string target;
    texts::position at;
};

struct screen {
    std::string id;
    std::string text;                       ///< menus, asks and actions; empty for an answer
    answer_name answer = answer_name::none; ///< a fact
    action does = action::none;
    bool asks = false; ///< an amount is asked; `next` answers it
    /// Where an amount, a chosen row or a request that was stored leads; empty for rows: the screen
    /// itself.
    std::string next;
    std::string beside; ///< where the row behind a list of choices leads
    std::vector<option> options;
    bool splittable = false;
    bool has_back = true; ///< "0" is offered; false where only the listed answers are taken
    texts::position at;

    const option* find_option(char key) const noexcept;
};

class graph {
public:
    /// Reads a menu file; every problem is appended with its position. What could be read is
    /// returned, so that the proof can name more of them at once.
    static graph load(const std::filesystem::path& file, std::vector<texts::problem>& problems);

    const screen* find(std::string_view id) const noexcept;
    const std::map<std::string, screen, std::less<>>& screens() const noexcept { return screens_; }
    const std::string& start() const noexcept { return start_; }
    /// Shown at once after a member has chosen her PIN.
    const std::string& first_fact() const noexcept { return first_fact_; }
    const texts::position& at() const noexcept { return at_; }

private:
    std::string start_;
    std::string first_fact_;
    texts::position at_;
    std::map<std::string, screen, std::less<>> screens_;
};

} // namespace uthan::menus
