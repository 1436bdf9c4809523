#include "menus/staff_answers.hpp"
#include "sessions/walk.hpp"

#include <charconv>

// Staff on their own phones: which account, and what their menu changes.
namespace uthan::sessions {

namespace {

/// As an import takes it.
constexpr std::size_t member_code_bytes_max = 64;

} // namespace

step_result walk::begin_staff(const state* previous) {
    s_.member_code = access::staff_account(w_.staff->code);
    s_.shared_phone = false;
    s_.stack.clear();
    if (w_.record == nullptr) {
        return ask<need_record>(s_.member_code);
    }
    if (w_.record->language) {
        s_.language = *w_.record->language;
    }
    if (!w_.record->pin || w_.enrolled != replayed_enrolment::none) {
        return enrol();
    }
    if (may_resume(previous)) {
        s_.stack = previous->stack;
        s_.at = phase::resume;
        return show_text("menu.resume");
    }
    return main_menu();
}

step_result walk::input_own_or_staff(const std::string& text) {
    if (w_.candidates == nullptr) {
        return ask<need_candidates>();
    }
    if (text == "0" || text == "00") {
        return finish("nav.end");
    }
    if (text == "1") {
        return begin_own(nullptr);
    }
    if (text == "2" && may_work()) {
        return begin_staff(nullptr);
    }
    return show(with_prefix(w_, in(), say(w_, in(), "staff.which", {}, {})));
}

std::optional<step_result> walk::missing_for_staff(const menus::screen& s,
                                                   const std::string& param) {
    if (s.answer == menus::answer_name::none) {
        return std::nullopt;
    }
    const auto part = menus::part_of(s.answer);
    if (w_.staff_view == nullptr) {
        return ask<need_staff>(part, param);
    }
    if (w_.staff_view->who == nullptr) {
        // The number was given to somebody else, or she has left.
        return finish("reg.unknown");
    }
    if (!w_.staff_view->has(part, param)) {
        return ask<need_staff>(part, param);
    }
    return std::nullopt;
}

step_result walk::input_member(const menus::screen& s, const std::string& text) {
    if (text.empty() || text.size() > member_code_bytes_max) {
        return show_top(true);
    }
    return go_to(s.next, text);
}

effect walk::staff_effect(menus::action does, const std::string& subject) {
    if (does == menus::action::member_reset) {
        return reset_member{subject};
    }
    if (does == menus::action::request_answer) {
        answer_waiting what;
        std::from_chars(subject.data(), subject.data() + subject.size(), what.number);
        return what;
    }
    const auto meeting = menus::parse_meeting(subject).value_or(menus::meeting_subject{});
    const auto word = does == menus::action::meeting_move     ? members::meeting_word::moved
                      : does == menus::action::meeting_cancel ? members::meeting_word::cancelled
                                                              : members::meeting_word::as_planned;
    return reword_meeting{{meeting.group_code, meeting.regular_on, word, meeting.new_on}};
}

step_result walk::act_as_staff(const menus::screen& target, const std::string& subject) {
    if (w_.outcome == nullptr) {
        const effect what = staff_effect(target.does, subject);
        return ask<need_effect>(what);
    }
    if (target.does == menus::action::member_reset && stored()) {
        return show_one_time_pin();
    }
    s_.stack = {{w_.menu.staff_start(), {}, 0},
                {target.next, menus::staff_result_of(target.does, *w_.outcome, subject), 0}};
    return show_top(false);
}

step_result walk::show_one_time_pin() {
    if (w_.staff_view == nullptr || !w_.staff_view->member) {
        return finish("staff.refused");
    }
    texts::values filled;
    menus::set_member(filled, w_.staff_view->member->name, w_.staff_view->member->code, in());
    filled.set("pin", std::string{w_.one_time_pin});
    return finish("staff.pin", filled);
}

} // namespace uthan::sessions
