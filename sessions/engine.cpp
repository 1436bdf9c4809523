#include "sessions/engine.hpp"

#include "core/assert.hpp"
#include "sessions/walk.hpp"
#include "texts/forms.hpp"

#include <algorithm>

namespace uthan::sessions {
namespace {

/// What a member types: Bangla digits count, spaces and '#' do not.
std::string normalised(std::string_view typed) {
    std::string out;
    for (const char c : texts::with_ascii_digits(typed)) {
        if (c != ' ' && c != '#') {
            out.push_back(c);
        }
    }
    return out;
}

} // namespace

step_result walk::begin(const state* previous) {
    if (w_.candidates == nullptr) {
        return ask<need_candidates>();
    }
    s_.language = w_.policy.default_language;
    if (may_work() && w_.candidates->empty()) {
        return begin_staff(previous);
    }
    if (may_work() && w_.shortcut == nullptr) {
        s_.at = phase::own_or_staff;
        return show_text("staff.which");
    }
    return begin_own(previous);
}

step_result walk::begin_own(const state* previous) {
    if (w_.candidates->empty() && is_masked()) {
        s_.at = phase::link_code;
        return show_text("num.ask_code");
    }
    if (w_.candidates->empty()) {
        return finish("reg.unknown");
    }
    s_.shared_phone = w_.candidates->size() > 1;
    if (w_.shortcut != nullptr) {
        s_.stack = {{w_.menu.start(), {}, 0}};
        if (*w_.shortcut != w_.menu.start()) {
            s_.stack.push_back({*w_.shortcut, {}, 0});
        }
    }
    if (s_.shared_phone) {
        s_.at = phase::whose;
        return show_whose(false);
    }
    return identify(w_.candidates->front().code, previous);
}

step_result walk::input(std::string_view typed) {
    const auto text = normalised(typed);
    switch (s_.at) {
    case phase::whose:
        return input_whose(text);
    case phase::enrol_proof:
        return input_enrol_proof(text);
    case phase::new_pin:
        return input_new_pin(text);
    case phase::new_pin_again:
        return input_new_pin_again(text);
    case phase::ask_pin:
        return input_pin(text);
    case phase::resume:
        return input_resume(text);
    case phase::consent:
        return input_consent(text);
    case phase::menu:
        return input_menu(text, typed);
    case phase::number_notice:
        return input_number_notice(text);
    case phase::link_code:
        return input_link_code(text);
    case phase::link_proof:
        return input_link_proof(text);
    case phase::own_or_staff:
        return input_own_or_staff(text);
    case phase::fresh:
    case phase::ended:
        break;
    }
    return finish("nav.end");
}

step_result walk::show_text(std::string_view id, const texts::values& filled,
                            std::string_view nav) {
    return show(say(w_, in(), id, filled, nav));
}

step_result walk::finish(std::string_view id, const texts::values& filled) {
    s_.at = phase::ended;
    s_.stack.clear();
    auto text = say(w_, in(), id, filled, {});
    return reply{std::move(s_), {std::move(text), true}};
}

step_result walk::finish_with_phone(std::string_view id) {
    texts::values filled;
    if (is_staff()) {
        filled.set("phone", texts::phone_form(w_.policy.help_phone, in()));
        return finish(id, filled);
    }
    if (w_.facts == nullptr) {
        return ask<need_facts>(s_.member_code);
    }
    const auto& own = w_.facts->office_of.phone;
    filled.set("phone", texts::phone_form(own.empty() ? w_.policy.help_phone : own, in()));
    return finish(id, filled);
}

step_result walk::show_whose(bool after_error) {
    auto screen = render_whose(*w_.candidates, s_.whose_page, s_.language, w_);
    return show(after_error ? with_prefix(w_, in(), std::move(screen.text))
                            : std::move(screen.text));
}

step_result walk::input_whose(const std::string& text) {
    if (w_.candidates == nullptr) {
        return ask<need_candidates>();
    }
    if (text == "0" || text == "00") {
        return finish("nav.end");
    }
    const auto screen = render_whose(*w_.candidates, s_.whose_page, s_.language, w_);
    if (text == "9" && screen.has_more) {
        ++s_.whose_page;
        return show_whose(false);
    }
    if (text.size() == 1 && text[0] >= '1' &&
        static_cast<std::size_t>(text[0] - '1') < screen.choices.size()) {
        const auto& code = screen.choices[static_cast<std::size_t>(text[0] - '1')];
        return code.empty() ? begin_link() : identify(code, nullptr);
    }
    return show_whose(true);
}

step_result walk::identify(const std::string& member_code, const state* previous) {
    s_.member_code = member_code;
    if (w_.record == nullptr) {
        return ask<need_record>(s_.member_code);
    }
    if (w_.record->language) {
        s_.language = *w_.record->language;
    } else if (const auto* m = candidate(member_code)) {
        s_.language = m->language;
    }
    if (auto held = held_back()) {
        return std::move(*held);
    }
    return admit(previous);
}

step_result walk::admit(const state* previous) {
    const bool had_pin = w_.record->pin && w_.enrolled == replayed_enrolment::none;
    const bool wants_pin = w_.policy.pin_facts.any() || (s_.guarded && has_slip());
    if (wants_pin && !had_pin) {
        return enrol();
    }
    if (!s_.stack.empty()) {
        return show_top(false); // She dialled more than the code.
    }
    if (may_resume(previous)) {
        s_.stack = previous->stack;
        s_.at = phase::resume;
        return show_text("menu.resume");
    }
    return main_menu();
}

const members::candidate* walk::candidate(std::string_view code) const {
    if (w_.candidates == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(*w_.candidates, code, &members::candidate::code);
    return found == w_.candidates->end() ? nullptr : &*found;
}

bool walk::may_resume(const state* previous) const {
    return previous != nullptr && !s_.shared_phone && !s_.guarded && !previous->shared_phone &&
           previous->member_code == s_.member_code && previous->stack.size() > 1 &&
           (previous->at == phase::menu || previous->at == phase::ask_pin) &&
           w_.now - previous->last_at < w_.policy.resume_for &&
           std::ranges::all_of(previous->stack, [&](const frame& f) {
               const auto* s = w_.menu.find(f.screen);
               return s != nullptr && s->does == menus::action::none;
           });
}

step_result walk::input_resume(const std::string& text) {
    if (text == "1") {
        return show_top(false);
    }
    if (text == "2" || text == "00") {
        return main_menu();
    }
    if (text == "0") {
        return finish("nav.end");
    }
    return show(with_prefix(w_, in(), say(w_, in(), "menu.resume", {}, {})));
}

step_result begin(state fresh, const state* previous, const surroundings& w) {
    return walk{std::move(fresh), w}.begin(previous);
}

step_result input(state now, std::string_view typed, const surroundings& w) {
    return walk{std::move(now), w}.input(typed);
}

shown_screen apology(const state* known, const surroundings& w) {
    const auto language = known == nullptr ? w.policy.default_language : known->language;
    return {say(w, rendering_for(language, w.form), "err.system", {}, {}), true};
}

} // namespace uthan::sessions
