#include "sessions/engine.hpp"

#include "access/decisions.hpp"
#include "core/assert.hpp"
#include "menus/amount.hpp"
#include "sessions/screens.hpp"
#include "texts/forms.hpp"

#include <algorithm>

namespace uthan::sessions {
namespace {

using access::outcome_kind;

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

/// Made in place: g++ 12 takes a moved variant in a variant for uninitialised.
template <class Need, class... Arguments>
step_result ask(Arguments&&... arguments) {
    return step_result{std::in_place_type<need>, std::in_place_type<Need>,
                       std::forward<Arguments>(arguments)...};
}

/// One step under way: the next state in the making, and the ways to end the step.
class walk {
public:
    walk(state next, const surroundings& w) : s_(std::move(next)), w_(w) {}

    step_result begin(const state* previous) {
        if (w_.candidates == nullptr) {
            return ask<need_candidates>();
        }
        s_.language = w_.policy.default_language;
        if (w_.candidates->empty()) {
            return finish("reg.unknown");
        }
        s_.shared_phone = w_.candidates->size() > 1;
        if (s_.shared_phone) {
            s_.at = phase::whose;
            return show_whose(false);
        }
        return identify(w_.candidates->front().code, previous);
    }

    step_result input(std::string_view typed) {
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
        case phase::fresh:
        case phase::ended:
            break;
        }
        return finish("nav.end");
    }

private:
    // -- ways to end a step ---------------------------------------------------------------------

    texts::rendering in() const { return rendering_for(s_.language, w_.form); }

    step_result show(std::string text) { return reply{std::move(s_), {std::move(text), false}}; }

    step_result show_text(std::string_view id, const texts::values& filled = {},
                          std::string_view nav = {}) {
        return show(say(w_, in(), id, filled, nav));
    }

    step_result finish(std::string_view id, const texts::values& filled = {}) {
        s_.at = phase::ended;
        s_.stack.clear();
        auto text = say(w_, in(), id, filled, {});
        return reply{std::move(s_), {std::move(text), true}};
    }

    /// Ends with a text that names the branch's phone.
    step_result finish_with_phone(std::string_view id) {
        if (w_.facts == nullptr) {
            return ask<need_facts>(s_.member_code);
        }
        texts::values filled;
        const auto& own = w_.facts->office_of.phone;
        filled.set("phone", texts::phone_form(own.empty() ? w_.policy.help_phone : own, in()));
        return finish(id, filled);
    }

    // -- who she is -----------------------------------------------------------------------------

    step_result show_whose(bool after_error) {
        auto screen = render_whose(*w_.candidates, s_.whose_page, s_.language, w_);
        return show(after_error ? with_prefix(w_, in(), std::move(screen.text))
                                : std::move(screen.text));
    }

    step_result input_whose(const std::string& text) {
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
            return identify(screen.choices[static_cast<std::size_t>(text[0] - '1')], nullptr);
        }
        return show_whose(true);
    }

    /// The member is chosen: her language, then her first PIN, the dropped dialogue or the menu.
    step_result identify(const std::string& member_code, const state* previous) {
        s_.member_code = member_code;
        if (w_.record == nullptr) {
            return ask<need_record>(s_.member_code);
        }
        if (w_.record->language) {
            s_.language = *w_.record->language;
        } else if (const auto* m = candidate(member_code)) {
            s_.language = m->language;
        }
        const bool had_pin = w_.record->pin && w_.enrolled == replayed_enrolment::none;
        if (w_.policy.pin_facts.any() && !had_pin) {
            return enrol();
        }
        if (may_resume(previous)) {
            s_.stack = previous->stack;
            s_.at = phase::resume;
            return show_text("menu.resume");
        }
        return main_menu();
    }

    const members::candidate* candidate(std::string_view code) const {
        if (w_.candidates == nullptr) {
            return nullptr;
        }
        const auto found = std::ranges::find(*w_.candidates, code, &members::candidate::code);
        return found == w_.candidates->end() ? nullptr : &*found;
    }

    bool may_resume(const state* previous) const {
        return previous != nullptr && !s_.shared_phone && !previous->shared_phone &&
               previous->member_code == s_.member_code && previous->stack.size() > 1 &&
               (previous->at == phase::menu || previous->at == phase::ask_pin) &&
               w_.now - previous->last_at < w_.policy.resume_for &&
               std::ranges::all_of(previous->stack, [&](const frame& f) {
                   const auto* s = w_.menu.find(f.screen);
                   return s != nullptr && s->does == menus::action::none;
               });
    }

    step_result input_resume(const std::string& text) {
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

    // -- PIN ------------------------------------------------------------------------------------

    step_result enrol() {
        s_.enrolling = true;
        s_.replacing = false;
        if (w_.enrolled != replayed_enrolment::none) {
            const bool proof = w_.enrolled == replayed_enrolment::after_proof;
            s_.at = proof ? phase::enrol_proof : phase::new_pin;
            return show_text(proof ? "pin.ask_slip" : "pin.new");
        }
        if (has_slip()) {
            s_.at = phase::enrol_proof;
            return show_text("pin.ask_slip");
        }
        if (w_.policy.first_pin == enrolment::self) {
            s_.at = phase::new_pin;
            return show_text("pin.new");
        }
        // On a shared phone half of the passbook's digits stand in the list of accounts.
        if (w_.policy.first_pin == enrolment::passbook && !s_.shared_phone &&
            s_.member_code.size() >= 4) {
            s_.at = phase::enrol_proof;
            return show_text("pin.ask_passbook");
        }
        return finish_with_phone("pin.none");
    }

    bool has_slip() const {
        return w_.record->one_time_pin &&
               w_.record->one_time_expires_at.value_or(instant{}) > w_.now;
    }

    step_result input_enrol_proof(const std::string& text) {
        if (w_.record == nullptr) {
            return ask<need_record>(s_.member_code);
        }
        if (text == "0" || text == "00") {
            return finish("nav.end");
        }
        if (!access::is_pin(text)) {
            return show_text("pin.four");
        }
        const bool passbook = w_.policy.first_pin == enrolment::passbook && !has_slip();
        return passbook ? prove_passbook(text) : prove(text);
    }

    /// One guess a dialogue: the digits stand on paper that others see, so the caller's number is
    /// limited by the hour as for PINs.
    step_result prove_passbook(const std::string& text) {
        if (w_.outcome == nullptr) {
            return ask<need_effect>(count_guess{});
        }
        if (w_.outcome->kind == outcome_kind::limited ||
            w_.outcome->kind == outcome_kind::pin_locked) {
            return finish("pin.limited");
        }
        if (!s_.member_code.ends_with(text)) {
            return finish_with_phone("pin.none");
        }
        s_.at = phase::new_pin;
        return show_text("pin.new");
    }

    step_result input_pin(const std::string& text) {
        if (text == "00") {
            return main_menu();
        }
        if (text == "0") {
            return back();
        }
        if (!access::is_pin(text)) {
            return show_text("pin.four");
        }
        return prove(text);
    }

    step_result prove(const std::string& digits) {
        if (w_.outcome == nullptr) {
            return ask<need_effect>(prove_pin{digits});
        }
        switch (w_.outcome->kind) {
        case outcome_kind::pin_right:
            return after_right_pin();
        case outcome_kind::pin_wrong:
            if (w_.outcome->tries_left > 0) {
                texts::values filled;
                filled.set("tries", texts::count_form(w_.outcome->tries_left, in()));
                return show_text("pin.wrong", filled);
            }
            return finish_with_phone("pin.locked");
        case outcome_kind::pin_locked:
            return finish_with_phone("pin.locked");
        case outcome_kind::limited:
            return finish("pin.limited");
        case outcome_kind::pin_unset:
        case outcome_kind::done:
        case outcome_kind::refused:
        case outcome_kind::try_allowed:
            break;
        }
        // The branch reset the PIN while she was typing: she starts with her slip.
        return finish_with_phone("pin.none");
    }

    step_result after_right_pin() {
        if (s_.at == phase::enrol_proof || w_.outcome->one_time) {
            // A slip opens nothing but the way to a PIN of her own.
            s_.enrolling = true;
            s_.replacing = false;
            s_.at = phase::new_pin;
            return show_text("pin.new");
        }
        s_.pin_proved = true;
        return show_top(false);
    }

    step_result input_new_pin(const std::string& text) {
        if (text == "0" || text == "00") {
            return leave_new_pin();
        }
        if (!access::is_pin(text)) {
            return show_text("pin.four");
        }
        if (access::is_weak_pin(text, s_.member_code, w_.subscriber_digits)) {
            return show_text("pin.weak");
        }
        s_.new_pin = access::make_verifier(w_.key, who(), w_.salt, text);
        s_.at = phase::new_pin_again;
        return show_text("pin.again");
    }

    step_result leave_new_pin() {
        s_.new_pin.reset();
        return s_.replacing ? back() : finish("nav.end");
    }

    step_result input_new_pin_again(const std::string& text) {
        UTHAN_ASSERT(s_.new_pin.has_value());
        if (text == "0" || text == "00") {
            return leave_new_pin();
        }
        if (!access::is_pin(text) || !access::matches(w_.key, who(), *s_.new_pin, text)) {
            s_.new_pin.reset();
            s_.at = phase::new_pin;
            return show_text("pin.mismatch");
        }
        if (w_.outcome == nullptr) {
            const bool replace = s_.replacing && w_.policy.pin_facts.any();
            return ask<need_effect>(access::set_pin{*s_.new_pin, replace});
        }
        s_.new_pin.reset();
        if (w_.outcome->kind != outcome_kind::done) {
            // Somebody set a PIN for this member meanwhile; nothing of hers is shown without it.
            return finish("pin.limited");
        }
        s_.pin_proved = true;
        s_.at = phase::menu;
        if (s_.replacing) {
            s_.replacing = false;
            return show_top(false);
        }
        s_.stack = {{w_.menu.start(), {}, 0}, {w_.menu.first_fact(), {}, 0}};
        return show_top(false);
    }

    access::member_ref who() const { return {std::string{w_.organisation}, s_.member_code}; }

    // -- consent --------------------------------------------------------------------------------

    step_result ask_consent() {
        s_.at = phase::consent;
        return show_text("reg.consent");
    }

    step_result input_consent(const std::string& text) {
        if (text == "0" || text == "00") {
            return main_menu();
        }
        if (text != "1" && text != "2" && text != "3") {
            return show(with_prefix(w_, in(), say(w_, in(), "reg.consent", {}, {})));
        }
        if (w_.outcome == nullptr) {
            using access::sms_choice;
            const auto choice = text == "1"   ? sms_choice::with_amounts
                                : text == "2" ? sms_choice::without_amounts
                                              : sms_choice::none;
            return ask<need_effect>(access::choose_sms{choice});
        }
        return stored() ? main_menu() : finish("err.system");
    }

    // -- the menu -------------------------------------------------------------------------------

    step_result main_menu() {
        s_.stack = {{w_.menu.start(), {}, 0}};
        s_.replacing = false;
        return show_top(false);
    }

    step_result back() {
        if (s_.stack.size() <= 1) {
            return finish("nav.end");
        }
        s_.stack.pop_back();
        s_.replacing = false;
        return show_top(false);
    }

    /// The screen on top of the stack, or the PIN before it.
    step_result show_top(bool after_error) {
        UTHAN_ASSERT(!s_.stack.empty());
        const auto* s = w_.menu.find(s_.stack.back().screen);
        if (s == nullptr) {
            // The menu changed since the dialogue was stored.
            return main_menu();
        }
        const bool pin_first = w_.policy.needs_pin(s->answer) ||
                               (s->does == menus::action::pin_change && w_.policy.pin_facts.any());
        if (pin_first && !s_.pin_proved) {
            s_.at = phase::ask_pin;
            return show_text("pin.ask");
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
        return show(after_error ? with_prefix(w_, in(), std::move(screen.text))
                                : std::move(screen.text));
    }

    std::optional<step_result> missing_for(const menus::screen& s) const {
        if (s.answer != menus::answer_name::none && w_.facts == nullptr) {
            return ask<need_facts>(s_.member_code);
        }
        if (s.answer != menus::answer_name::none && w_.record == nullptr) {
            return ask<need_record>(s_.member_code);
        }
        if (menus::needs_activity(s.answer) && w_.activity == nullptr) {
            return ask<need_activity>(s_.member_code);
        }
        return std::nullopt;
    }

    step_result input_menu(const std::string& text, std::string_view typed) {
        const auto* s = w_.menu.find(s_.stack.back().screen);
        if (s == nullptr) {
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
        if (!s->ask_next.empty()) {
            return input_amount(*s, typed);
        }
        return input_key(*s, text);
    }

    step_result input_more(const menus::screen& s) {
        if (const auto missing = missing_for(s)) {
            return *missing;
        }
        if (render_screen(s, s_.stack.back(), s_.language, w_).has_more) {
            ++s_.stack.back().page;
            return show_top(false);
        }
        return s_.enrolling ? after_first_fact() : show_top(true);
    }

    /// Asked after every enrolment, also when she has chosen before: a history that is run again
    /// must meet the same questions.
    step_result after_first_fact() {
        s_.enrolling = false;
        return ask_consent();
    }

    step_result input_amount(const menus::screen& s, std::string_view typed) {
        if (const auto amount = menus::parse_amount(typed)) {
            return go_to(s.ask_next, std::to_string(amount->poisha / 100));
        }
        return show(say(w_, in(), "err.amount", {}, s.has_back ? "nav.back" : ""));
    }

    step_result input_key(const menus::screen& s, const std::string& text) {
        if (text.size() != 1 || text[0] < '1' || text[0] > '8') {
            return show_top(true);
        }
        const auto* option = s.find_option(text[0]);
        // A menu offers all its options; an answer offers what the text that it chose shows.
        if (s.answer != menus::answer_name::none) {
            if (const auto missing = missing_for(s)) {
                return *missing;
            }
            const auto screen = render_screen(s, s_.stack.back(), s_.language, w_);
            const auto index = static_cast<std::size_t>(text[0] - '1');
            if (index < screen.choices.size()) {
                push({s.id, screen.choices[index], 0});
                return show_top(false);
            }
            if (screen.keys.find(text[0]) == std::string::npos) {
                return show_top(true);
            }
        }
        return option == nullptr ? show_top(true) : go_to(option->target, {});
    }

    void push(frame f) {
        if (s_.stack.size() == stack_depth_max) {
            s_.stack.erase(s_.stack.begin() + 1);
        }
        s_.stack.push_back(std::move(f));
    }

    /// Into a screen. One that is on the way back already is returned to, so that a circle in the
    /// menu does not grow the stack.
    step_result go_to(const std::string& id, std::string param) {
        const auto* target = w_.menu.find(id);
        UTHAN_ASSERT(target != nullptr); // the menu proof has seen every target
        if (target->does != menus::action::none) {
            return act(*target);
        }
        const auto known = std::ranges::find(s_.stack, id, &frame::screen);
        s_.stack.erase(known, s_.stack.end());
        push({id, std::move(param), 0});
        return show_top(false);
    }

    /// A screen states a change only when it was made.
    bool stored() const { return w_.outcome->kind == outcome_kind::done; }

    // -- changes --------------------------------------------------------------------------------

    step_result act(const menus::screen& target) {
        if (target.does == menus::action::pin_change) {
            return change_pin(target);
        }
        const bool opens_amounts = target.does == menus::action::sms_with_amounts;
        if (opens_amounts && w_.policy.pin_facts.any() && !s_.pin_proved) {
            // Whoever holds the phone may silence messages, but not send her amounts to it.
            s_.at = phase::ask_pin;
            return show_text("pin.ask");
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

    static effect effect_of(menus::action does) {
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
        case menus::action::pin_change:
        case menus::action::none:
            break;
        }
        return access::choose_sms{sms_choice::none};
    }

    /// The old PIN first (ask_pin), then the new one twice; the screen's text comes after the
    /// commit.
    step_result change_pin(const menus::screen& target) {
        push({target.id, {}, 0});
        s_.replacing = true;
        return show_top(false);
    }

    state s_;
    const surroundings& w_;
};

} // namespace

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
