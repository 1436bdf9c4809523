#include "core/assert.hpp"
#include "menus/amount.hpp"
#include "menus/request_answers.hpp"
#include "sessions/walk.hpp"

#include <algorithm>
#include <charconv>

// The menu, and what its screens change.
namespace uthan::sessions {

step_result walk::main_menu() {
    const auto& start = is_staff() ? w_.menu.staff_start() : w_.menu.start();
    if (start.empty()) {
        return finish("nav.end"); // The staff's menu was taken away since the dialogue was stored.
    }
    s_.stack = {{start, {}, 0}};
    s_.replacing = false;
    return show_top(false);
}

step_result walk::back() {
    if (s_.stack.size() <= 1) {
        return finish("nav.end");
    }
    s_.stack.pop_back();
    s_.replacing = false;
    return show_top(false);
}

step_result walk::show_top(bool after_error) {
    UTHAN_ASSERT(!s_.stack.empty());
    const auto* s = w_.menu.find(s_.stack.back().screen);
    if (s == nullptr || s->for_staff != is_staff()) {
        // The menu changed since the dialogue was stored.
        return main_menu();
    }
    const bool pin_first = s->for_staff || needs_pin(*s) ||
                           (s->does == menus::action::pin_change && w_.policy.pin_facts.any());
    if (pin_first && !s_.pin_proved) {
        if (s_.guarded && w_.record == nullptr) {
            return ask<need_record>(s_.member_code);
        }
        if (s_.guarded && !w_.record->pin) {
            return finish_with_phone("num.changed");
        }
        return show_pin_question();
    }
    if (s->does == menus::action::pin_change && s_.replacing) {
        s_.at = phase::new_pin;
        return show_text("pin.new");
    }
    if (const auto missing = missing_for(*s)) {
        return *missing;
    }
    s_.at = phase::menu;
    auto screen = render_screen(*s, s_.stack.back(), s_.language, w_);
    auto shown =
        after_error ? with_prefix(w_, in(), std::move(screen.text)) : std::move(screen.text);
    return reply{std::move(s_), {std::move(shown), false, s}};
}

bool walk::needs_pin(const menus::screen& s) const {
    return w_.policy.needs_pin(s.answer) || (s_.guarded && menus::is_personal(s.answer));
}

std::optional<step_result> walk::missing_for(const menus::screen& s) {
    if (s.for_staff) {
        return missing_for_staff(s, s_.stack.back().param);
    }
    if (s.answer != menus::answer_name::none && w_.facts == nullptr) {
        return ask<need_facts>(s_.member_code);
    }
    if (s.answer != menus::answer_name::none && w_.record == nullptr) {
        return ask<need_record>(s_.member_code);
    }
    if (menus::needs_activity(s.answer) && w_.activity == nullptr) {
        return ask<need_activity>(s_.member_code);
    }
    if (menus::needs_household(s.answer) && w_.household == nullptr &&
        members::shares_limit(*w_.facts, w_.rules, w_.today)) {
        return ask<need_household>(s_.member_code);
    }
    if (menus::needs_meeting_changes(s.answer) && w_.meeting_changes == nullptr) {
        return ask<need_meeting_changes>(w_.facts->who.group_code);
    }
    if (menus::needs_requests(s.answer) && w_.requests == nullptr) {
        return ask<need_requests>(s_.member_code);
    }
    if (menus::needs_requests(s.answer) && w_.ladder == nullptr) {
        return ask<need_ladder>(s_.member_code);
    }
    return std::nullopt;
}

step_result walk::input_menu(const std::string& text, std::string_view typed) {
    const auto* s = w_.menu.find(s_.stack.back().screen);
    if (s == nullptr || s->for_staff != is_staff()) {
        return main_menu();
    }
    if (text == "9") {
        return input_more(*s);
    }
    if (s_.enrolling) {
        return after_first_fact();
    }
    if (text == "00") {
        return main_menu();
    }
    if (text == "0" && s->has_back) {
        return back();
    }
    if (s->asks) {
        return s->asks_member ? input_member(*s, text) : input_amount(*s, typed);
    }
    return input_key(*s, text);
}

step_result walk::input_more(const menus::screen& s) {
    if (const auto missing = missing_for(s)) {
        return *missing;
    }
    if (render_screen(s, s_.stack.back(), s_.language, w_).has_more) {
        ++s_.stack.back().page;
        return show_top(false);
    }
    return s_.enrolling ? after_first_fact() : show_top(true);
}

step_result walk::after_first_fact() {
    s_.enrolling = false;
    return ask_consent();
}

step_result walk::input_amount(const menus::screen& s, std::string_view typed) {
    if (const auto amount = menus::parse_amount(typed)) {
        return go_to(s.next, std::to_string(amount->poisha / 100));
    }
    return show(say(w_, in(), "err.amount", {}, s.has_back ? "nav.back" : ""));
}

step_result walk::input_key(const menus::screen& s, const std::string& text) {
    if (text.size() != 1 || text[0] < '1' || text[0] > '8') {
        return show_top(true);
    }
    const auto* option = s.find_option(text[0]);
    std::string subject;
    // A menu offers all its options; an answer offers what the text that it chose shows.
    if (s.answer != menus::answer_name::none) {
        if (const auto missing = missing_for(s)) {
            return *missing;
        }
        const auto screen = render_screen(s, s_.stack.back(), s_.language, w_);
        const auto index = static_cast<std::size_t>(text[0] - '1');
        if (index < screen.choices.size()) {
            return choose(s, screen.choices[index]);
        }
        // After its effect the screen may offer the key no more.
        if (w_.outcome == nullptr && screen.keys.find(text[0]) == std::string::npos) {
            return show_top(true);
        }
        subject = screen.subject;
    }
    return option == nullptr ? show_top(true) : go_to(option->target, std::move(subject));
}

step_result walk::choose(const menus::screen& s, const std::string& choice) {
    if (choice.empty()) {
        return go_to(s.beside, {});
    }
    if (!s.next.empty()) {
        return go_to(s.next, choice);
    }
    push({s.id, choice, 0});
    return show_top(false);
}

void walk::push(frame f) {
    if (s_.stack.size() == stack_depth_max) {
        s_.stack.erase(s_.stack.begin() + 1);
    }
    s_.stack.push_back(std::move(f));
}

step_result walk::go_to(const std::string& id, std::string param) {
    const auto* target = w_.menu.find(id);
    UTHAN_ASSERT(target != nullptr); // the menu proof has seen every target
    if (target->does != menus::action::none) {
        return act(*target, param);
    }
    const auto known = std::ranges::find(s_.stack, id, &frame::screen);
    s_.stack.erase(known, s_.stack.end());
    push({id, std::move(param), 0});
    return show_top(false);
}

step_result walk::act(const menus::screen& target, const std::string& subject) {
    if (menus::is_of_staff(target.does)) {
        return act_as_staff(target, subject);
    }
    if (target.does == menus::action::pin_change) {
        return change_pin(target);
    }
    // Whoever holds the phone may silence messages, but not send her amounts to it; he may
    // complain, but not take her complaint back.
    const bool hers_alone = target.does == menus::action::sms_with_amounts ||
                            target.does == menus::action::request_withdraw;
    if (hers_alone && (s_.guarded || w_.policy.pin_facts.any()) && !s_.pin_proved) {
        s_.at = phase::ask_pin;
        return show_text("pin.ask");
    }
    if (const auto about_request = request_effect(target.does, subject)) {
        return act_on_requests(target, *about_request);
    }
    if (w_.outcome == nullptr) {
        return ask<need_effect>(effect_of(target.does));
    }
    if (!stored()) {
        return finish("err.system");
    }
    if (target.does == menus::action::language_bn) {
        s_.language = members::written_language::bn;
    } else if (target.does == menus::action::language_en) {
        s_.language = members::written_language::en;
    }
    push({target.id, {}, 0});
    return show_top(false);
}

effect walk::effect_of(menus::action does) {
    using access::sms_choice;
    using members::written_language;
    switch (does) {
    case menus::action::language_bn:
        return access::choose_language{written_language::bn};
    case menus::action::language_en:
        return access::choose_language{written_language::en};
    case menus::action::sms_with_amounts:
        return access::choose_sms{sms_choice::with_amounts};
    case menus::action::sms_without_amounts:
        return access::choose_sms{sms_choice::without_amounts};
    case menus::action::sms_none:
    default:
        break;
    }
    return access::choose_sms{sms_choice::none};
}

std::optional<effect> walk::request_effect(menus::action does, const std::string& subject) {
    const auto number = [&subject] {
        std::uint64_t value = 0;
        std::from_chars(subject.data(), subject.data() + subject.size(), value);
        return value;
    };
    switch (does) {
    case menus::action::request_open:
        return ask_request{menus::parse_form(subject).value_or(members::request_form{})};
    case menus::action::request_escalate:
        return press_request{number()};
    case menus::action::request_withdraw:
        return take_back_request{number()};
    default:
        return std::nullopt;
    }
}

step_result walk::act_on_requests(const menus::screen& target, const effect& what) {
    if (w_.facts == nullptr) {
        return ask<need_facts>(s_.member_code);
    }
    if (w_.ladder == nullptr) {
        return ask<need_ladder>(s_.member_code);
    }
    if (w_.outcome == nullptr) {
        return ask<need_effect>(what);
    }
    s_.stack = {{w_.menu.start(), {}, 0},
                {target.next, menus::result_of(target.does, *w_.outcome), 0}};
    return show_top(false);
}

step_result walk::change_pin(const menus::screen& target) {
    push({target.id, {}, 0});
    s_.replacing = true;
    return show_top(false);
}

} // namespace uthan::sessions
