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
    application,      ///< where her loan application is
    // Of staff.
    staff_dues,     ///< the next working day's dues, by group
    staff_group,    ///< the same, of one group's members
    staff_collect,  ///< of one member: instalment, arrears, savings
    staff_meetings, ///< the next meeting of each group
    staff_meeting,  ///< of one group
    staff_days,     ///< the days that it may be moved to
    staff_move,     ///< shall it be moved?
    staff_cancel,   ///< shall it be cancelled?
    staff_requests, ///< what waits for her
    staff_request,  ///< one of them
    staff_answer,   ///< was it answered?
    staff_reset,    ///< shall this member have a new PIN?
    staff_result,   ///< what became of an action
    services        ///< programmes and services of the organisation, and what each is
};
std::optional<answer_name> parse_answer(std::string_view name) noexcept;
std::string_view to_string(answer_name name) noexcept;

/// Of a member of staff, not of a member.
bool is_of_staff(answer_name name) noexcept;

/// A fact is shown within screens_to_fact_max (proof.hpp) of the main menu. What only asks "shall
/// it be sent?", or says what became of it, is none.
bool is_fact(answer_name name) noexcept;

/// Says something of the member herself that a stranger with her number must not learn: amounts,
/// loans, requests. Her group's meeting and her branch are none.
bool is_personal(answer_name name) noexcept;

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
    request_withdraw,
    meeting_move,
    meeting_cancel,
    meeting_restore,
    member_reset,  ///< a one-time PIN for a member
    request_answer ///< a request that waits was answered
};
std::optional<action> parse_action(std::string_view name) noexcept;
/// Done by a member of staff in the course of her work.
bool is_of_staff(action does) noexcept;

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
    bool asks = false; ///< an amount, or a member's number, is asked; `next` answers it
    bool asks_member = false;
    bool for_staff = false;  ///< of the staff's own menu
    std::uint16_t index = 0; ///< its place among the graph's screens
    /// Where an amount, a chosen row or a request that was stored leads; empty for rows: the screen
    /// itself.
    std::string next;
    std::string beside; ///< where the row behind a list of choices leads
    std::vector<option> options;
    std::string dropped; ///< keys that the text offers and this organisation has not
    bool splittable = false;
    bool has_back = true; ///< "0" is offered; false where only the listed answers are taken
    texts::position at;

    const option* find_option(char key) const noexcept;
};

/// An order in which most ids are told apart by their lengths: a hop looks for several.
struct by_length {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    }
};
using screens_by_id = std::map<std::string, screen, by_length>;

class graph {
public:
    /// Reads a menu file; every problem is appended with its position. What could be read is
    /// returned, so that the proof can name more of them at once.
    static graph load(const std::filesystem::path& file, std::vector<texts::problem>& problems);

    /// Adds the staff's own menu from its file: a start of its own, and screens whose ids are not
    /// the members'. Which of the two a dialogue is in, whoever dials decides.
    void add_staff(const std::filesystem::path& file, std::vector<texts::problem>& problems);

    /// For an organisation that has nothing to say there: its screens of this answer, the options
    /// that lead to them and, where those are shown, their lines are left out.
    void drop(answer_name name);

    const screen* find(std::string_view id) const noexcept;
    const screens_by_id& screens() const noexcept { return screens_; }
    const std::string& start() const noexcept { return start_; }
    /// Empty where there is no menu for staff.
    const std::string& staff_start() const noexcept { return staff_start_; }
    bool is_start(std::string_view id) const noexcept { return id == start_ || id == staff_start_; }
    /// Shown at once after a member has chosen her PIN.
    const std::string& first_fact() const noexcept { return first_fact_; }
    const texts::position& at() const noexcept { return at_; }

private:
    void read(const std::filesystem::path& file, bool for_staff,
              std::vector<texts::problem>& problems);
    void number_screens();

    std::string start_;
    std::string staff_start_;
    std::string first_fact_;
    texts::position at_;
    screens_by_id screens_;
};

} // namespace uthan::menus
