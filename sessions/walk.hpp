#pragma once

#include "sessions/engine.hpp"
#include "sessions/screens.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

// One step of a dialogue under way: the next state in the making, and the ways to end the step.
// Private to this folder.
namespace uthan::sessions {

/// What the step cannot go on without.
template <class Need, class... Arguments>
step_result ask(Arguments&&... arguments) {
    return step_result{std::in_place_type<need>, std::in_place_type<Need>,
                       std::forward<Arguments>(arguments)...};
}

class walk {
public:
    walk(state next, const surroundings& w) : s_(std::move(next)), w_(w) {}

    step_result begin(const state* previous);

    step_result input(std::string_view typed);

private:
    // -- ways to end a step ---------------------------------------------------------------------

    texts::rendering in() const { return rendering_for(s_.language, w_.form); }

    step_result show(std::string text) { return reply{std::move(s_), {std::move(text), false}}; }

    step_result show_text(std::string_view id, const texts::values& filled = {},
                          std::string_view nav = {});

    step_result finish(std::string_view id, const texts::values& filled = {});

    /// Ends with a text that names the branch's phone.
    step_result finish_with_phone(std::string_view id);

    // -- who she is -----------------------------------------------------------------------------

    step_result begin_own(const state* previous);

    step_result show_whose(bool after_error);

    step_result input_whose(const std::string& text);

    /// The member is chosen: her language, then her first PIN, the dropped dialogue or the menu.
    step_result identify(const std::string& member_code, const state* previous);

    /// The rest of it, when the number may ask for this account.
    step_result admit(const state* previous);

    /// By what is known of the number that calls; none: it may ask.
    std::optional<step_result> held_back();

    /// A number that may not set her first PIN; the auditor hears of one that tries.
    step_result turn_away();

    /// What a request about her number is made from.
    std::optional<step_result> missing_for_report();

    /// Her old number hears of the change before anything else.
    step_result show_number_notice();

    step_result input_number_notice(const std::string& text);

    bool is_masked() const noexcept;

    /// Another member of a masked phone, beside those whose it is.
    step_result begin_link();

    /// A masked phone that she is not linked to: her member number, then a branch's slip.
    step_result input_link_code(const std::string& text);

    /// One guess a dialogue, and the same words whatever was wrong.
    step_result input_link_proof(const std::string& text);

    const members::candidate* candidate(std::string_view code) const;

    bool may_resume(const state* previous) const;

    step_result input_resume(const std::string& text);

    // -- PIN ------------------------------------------------------------------------------------

    step_result enrol();

    bool has_slip() const;

    step_result input_enrol_proof(const std::string& text);

    /// One guess a dialogue: the digits stand on paper that others see, so the caller's number is
    /// limited by the hour as for PINs.
    step_result prove_passbook(const std::string& text);

    /// On a masked phone of one member the question also offers the way in for another one.
    step_result show_pin_question();

    step_result input_pin(const std::string& text);

    step_result prove(const std::string& digits);

    step_result after_right_pin();

    step_result input_new_pin(const std::string& text);

    step_result leave_new_pin();

    step_result input_new_pin_again(const std::string& text);

    access::member_ref who() const { return {std::string{w_.organisation}, s_.member_code}; }

    // -- staff ----------------------------------------------------------------------------------

    bool is_staff() const noexcept { return access::is_staff_account(s_.member_code); }

    /// The number is of a member of staff, and the organisation has a menu for them.
    bool may_work() const noexcept { return w_.staff != nullptr && !w_.menu.staff_start().empty(); }

    /// A member of staff with her account alone: no PIN of hers, no work.
    step_result begin_staff(const state* previous);

    step_result input_own_or_staff(const std::string& text);

    std::optional<step_result> missing_for_staff(const menus::screen& s, const std::string& param);

    step_result act_as_staff(const menus::screen& target, const std::string& subject);

    static effect staff_effect(menus::action does, const std::string& subject);

    /// Its one-time PIN is on the last screen, which is forgotten within a minute.
    step_result show_one_time_pin();

    // -- consent --------------------------------------------------------------------------------

    step_result ask_consent();

    step_result input_consent(const std::string& text);

    // -- the menu -------------------------------------------------------------------------------

    step_result main_menu();

    step_result back();

    /// The screen on top of the stack, or the PIN before it.
    step_result show_top(bool after_error);

    bool needs_pin(const menus::screen& s) const;

    std::optional<step_result> missing_for(const menus::screen& s);

    step_result input_menu(const std::string& text, std::string_view typed);

    step_result input_more(const menus::screen& s);

    /// Asked after every enrolment, also when she has chosen before: a history that is run again
    /// must meet the same questions.
    step_result after_first_fact();

    step_result input_amount(const menus::screen& s, std::string_view typed);

    step_result input_member(const menus::screen& s, const std::string& text);

    step_result input_key(const menus::screen& s, const std::string& text);

    /// A row of a list was chosen.
    step_result choose(const menus::screen& s, const std::string& choice);

    void push(frame f);

    /// Into a screen. One that is on the way back already is returned to, so that a circle in the
    /// menu does not grow the stack.
    step_result go_to(const std::string& id, std::string param);

    /// A screen states a change only when it was made.
    bool stored() const { return w_.outcome->kind == access::outcome_kind::done; }

    // -- changes --------------------------------------------------------------------------------

    /// `subject`: what the screen that led here is about.
    step_result act(const menus::screen& target, const std::string& subject);

    /// None when the action is about no request.
    static std::optional<effect> request_effect(menus::action does, const std::string& subject);

    /// The next screen says what became of it; from there "0" goes to the main menu, so that
    /// nothing is sent twice.
    step_result act_on_requests(const menus::screen& target, const effect& what);

    static effect effect_of(menus::action does);

    /// The old PIN first (ask_pin), then the new one twice; the screen's text comes after the
    /// commit.
    step_result change_pin(const menus::screen& target);

    state s_;
    const surroundings& w_;
};

} // namespace uthan::sessions
