#pragma once

#include "access/record.hpp"
#include "access/staff.hpp"
#include "members/facts.hpp"
#include "members/household_limit.hpp"
#include "members/rules.hpp"
#include "menus/graph.hpp"
#include "menus/proof.hpp"
#include "menus/staff_view.hpp"
#include "sessions/state.hpp"

#include <array>
#include <bitset>
#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The dialogue's decisions. No I/O, no clock, no transport: one step reads what it was given and
// returns a screen, or says what else it needs.
namespace uthan::sessions {

/// How a member without a PIN gets her first one.
enum class enrolment : std::uint8_t { self, passbook, slip };

/// An organisation's choices about its dialogue.
struct dialogue_policy {
    enrolment first_pin = enrolment::slip;
    /// By menus::answer_name: which facts need the PIN. None at all: no PIN is asked or set.
    std::bitset<64> pin_facts;
    members::written_language default_language = members::written_language::bn;
    std::chrono::minutes resume_for{10};
    /// Said where an office has no phone of its own.
    std::string help_phone;

    bool needs_pin(menus::answer_name fact) const noexcept {
        return pin_facts.test(static_cast<std::size_t>(fact));
    }
};

/// Asks whether these four digits are the member's PIN (or her one-time PIN). The try is counted
/// before the compare.
struct prove_pin {
    std::string digits;
    /// A phone that nobody is linked to: only a branch's slip proves anything.
    bool slip_only = false;
};
/// Counts a guess at the passbook's digits against the caller's number; the engine compares.
struct count_guess {};
/// The request's effects; who she is and whom it may go to is known by then.
struct ask_request {
    members::request_form form;
};
struct press_request {
    std::uint64_t number = 0;
};
struct take_back_request {
    std::uint64_t number = 0;
};
/// Her answer on her old number.
struct answer_number_change {
    bool hers = false;
};
/// The change that this number belongs to is held back: it is looked into.
struct report_number_change {
    std::string member_code;
};
/// Of a member of staff; whether it is of her groups is seen when it is performed.
struct reword_meeting {
    members::meeting_change what;
};
struct reset_member {
    std::string member_code;
};
struct answer_waiting {
    std::uint64_t number = 0;
};
using effect = std::variant<prove_pin, count_guess, access::set_pin, access::choose_language,
                            access::choose_sms, ask_request, press_request, take_back_request,
                            answer_number_change, report_number_change, reword_meeting,
                            reset_member, answer_waiting>;

struct need_candidates {};
struct need_record {
    explicit need_record(std::string of) : member_code(std::move(of)) {}
    std::string member_code;
};
struct need_facts {
    explicit need_facts(std::string of) : member_code(std::move(of)) {}
    std::string member_code;
};
struct need_activity {
    explicit need_activity(std::string of) : member_code(std::move(of)) {}
    std::string member_code;
};
struct need_household {
    explicit need_household(std::string of) : member_code(std::move(of)) {}
    std::string member_code;
};
struct need_requests {
    explicit need_requests(std::string of) : member_code(std::move(of)) {}
    std::string member_code;
};
struct need_ladder {
    explicit need_ladder(std::string of) : member_code(std::move(of)) {}
    std::string member_code;
};
struct need_meeting_changes {
    explicit need_meeting_changes(std::string of) : group_code(std::move(of)) {}
    std::string group_code;
};
/// A part of her work, read from nothing that another dialogue knows.
struct need_staff {
    need_staff(menus::staff_part wanted, std::string of) : part(wanted), param(std::move(of)) {}
    menus::staff_part part;
    std::string param; ///< the number of staff_part::member
};
/// To be performed under the key of this input; then the step is taken again with the outcome.
struct need_effect {
    explicit need_effect(effect asked) : what(std::move(asked)) {}
    effect what;
};

/// What a step cannot go on without.
using need =
    std::variant<need_candidates, need_record, need_facts, need_activity, need_household,
                 need_requests, need_ladder, need_meeting_changes, need_staff, need_effect>;

/// A screen as the phone shows it.
struct shown_screen {
    std::string text;
    bool final = false;
    const menus::screen* of = nullptr; ///< of the menu; null: the dialogue's own
};
struct reply {
    state next;
    shown_screen screen;
};
using step_result = std::variant<reply, need>;

/// A dialogue that is run again from its history began before what it did: whether the first PIN
/// was set in it, and whether a slip or the passbook was asked for before.
enum class replayed_enrolment : std::uint8_t { none, direct, after_proof };

/// What the phone's screen offers beside its text.
struct rendered {
    std::string text;
    std::string keys;                 ///< the digits of the text's own options
    std::vector<std::string> choices; ///< by key '1' …: what each row of this page stands for
    std::string subject;              ///< what the options are about, for their screens
    bool has_more = false;
};

/// The screens of a menu that say the same to everybody, rendered once for one channel's form; more
/// than half of all hops show one. Immutable; refers to nothing that it was made from.
class fixed_screens {
public:
    fixed_screens(const menus::graph& menu, const texts::catalog& texts,
                  const menus::channel_form& form);

    /// Of a screen of that menu. Null when it is another for everybody. A page past the end gives
    /// the last one.
    const rendered* find(const menus::screen& screen, std::uint8_t page,
                         members::written_language language) const noexcept;

private:
    using pages = std::vector<rendered>;
    /// By the screen's index, then by language.
    std::vector<std::array<pages, 2>> screens_;
};

/// Everything that a step may read. References outlive the step; a null pointer is what has not
/// been asked for yet.
struct surroundings {
    const menus::graph& menu;
    const texts::catalog& texts;
    const members::organisation_rules& rules;
    const dialogue_policy& policy;
    const secret_key& key;
    std::string_view organisation;
    std::string_view subscriber_digits; ///< for the weak-PIN rule only
    const address* caller = nullptr;    ///< null: whoever calls is who the ledger says
    menus::channel_form form;
    const fixed_screens* fixed = nullptr; ///< of this menu and form; null: every screen is rendered
    instant now{};
    calendar_day today{};
    std::chrono::minutes time_of_day{};
    digest128 salt{}; ///< fresh for a step in which a new PIN may be typed
    replayed_enrolment enrolled = replayed_enrolment::none;
    const std::vector<members::candidate>* candidates = nullptr;
    const access::member_record* record = nullptr;           ///< of the state's member
    const members::member_facts* facts = nullptr;            ///< of the state's member
    const members::member_activity* activity = nullptr;      ///< likewise
    const members::household* household = nullptr;           ///< likewise
    const std::vector<members::request>* requests = nullptr; ///< likewise
    const members::ladder_source* ladder = nullptr;          ///< likewise
    const access::outcome* outcome = nullptr;                ///< of this input's effect
    /// Of the member's group.
    const std::vector<members::meeting_change>* meeting_changes = nullptr;
    const members::staff* staff = nullptr;         ///< who dials; known with the candidates
    const menus::staff_view* staff_view = nullptr; ///< of the state's member of staff
    std::string_view one_time_pin{};               ///< of this input's reset_member
    /// Of a beginning: the screen that a dialled tail leads to; null: the code alone was dialled.
    const std::string* shortcut = nullptr;
};

/// A new dialogue. `previous`: what was stored for this caller and code, or null; it may be resumed
/// for policy.resume_for, never past the PIN and never on a shared phone.
step_result begin(state fresh, const state* previous, const surroundings& w);

/// One input, as typed.
step_result input(state now, std::string_view typed, const surroundings& w);

/// The one screen for when facts or effects cannot be had in time; it ends the transport's session
/// and changes nothing.
shown_screen apology(const state* known, const surroundings& w);

} // namespace uthan::sessions
