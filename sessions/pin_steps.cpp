#include "access/decisions.hpp"
#include "core/assert.hpp"
#include "sessions/walk.hpp"
#include "texts/forms.hpp"

// The PIN, and the one question after the first.
namespace uthan::sessions {

using access::outcome_kind;

step_result walk::enrol() {
    s_.enrolling = true;
    s_.replacing = false;
    s_.stack.clear();
    if (w_.enrolled != replayed_enrolment::none) {
        const bool proof = w_.enrolled == replayed_enrolment::after_proof;
        s_.at = proof ? phase::enrol_proof : phase::new_pin;
        return show_text(proof ? "pin.ask_slip" : "pin.new");
    }
    if (has_slip()) {
        s_.at = phase::enrol_proof;
        return show_text("pin.ask_slip");
    }
    if (is_staff()) {
        return finish_with_phone("pin.none");
    }
    if (s_.guarded) {
        return finish_with_phone("num.changed");
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

bool walk::has_slip() const {
    return w_.record->one_time_pin && w_.record->one_time_expires_at.value_or(instant{}) > w_.now;
}

step_result walk::input_enrol_proof(const std::string& text) {
    if (w_.record == nullptr) {
        return ask<need_record>(s_.member_code);
    }
    if (text == "0" || text == "00") {
        return finish("nav.end");
    }
    if (!access::is_pin(text)) {
        return show_text("pin.four");
    }
    const bool passbook = w_.policy.first_pin == enrolment::passbook && !has_slip() && !is_staff();
    return passbook ? prove_passbook(text) : prove(text);
}

step_result walk::prove_passbook(const std::string& text) {
    if (w_.outcome == nullptr) {
        return ask<need_effect>(count_guess{});
    }
    if (w_.outcome->kind == outcome_kind::limited || w_.outcome->kind == outcome_kind::pin_locked) {
        return finish("pin.limited");
    }
    if (!s_.member_code.ends_with(text)) {
        return finish_with_phone("pin.none");
    }
    s_.at = phase::new_pin;
    return show_text("pin.new");
}

step_result walk::show_pin_question() {
    s_.at = phase::ask_pin;
    return show_text(is_masked() && !s_.shared_phone ? "num.ask_pin" : "pin.ask");
}

step_result walk::input_pin(const std::string& text) {
    if (text == "1" && is_masked() && !s_.shared_phone) {
        return begin_link();
    }
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

step_result walk::prove(const std::string& digits) {
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
    case outcome_kind::opened:
    case outcome_kind::already:
    case outcome_kind::too_many:
        break;
    }
    // The branch reset the PIN while she was typing: she starts with her slip.
    return finish_with_phone("pin.none");
}

step_result walk::after_right_pin() {
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

step_result walk::input_new_pin(const std::string& text) {
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

step_result walk::leave_new_pin() {
    s_.new_pin.reset();
    return s_.replacing ? back() : finish("nav.end");
}

step_result walk::input_new_pin_again(const std::string& text) {
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
        const bool replace = s_.replacing && (is_staff() || w_.policy.pin_facts.any());
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
    if (is_staff()) {
        s_.enrolling = false;
        return main_menu();
    }
    s_.stack = {{w_.menu.start(), {}, 0}, {w_.menu.first_fact(), {}, 0}};
    return show_top(false);
}

step_result walk::ask_consent() {
    s_.at = phase::consent;
    return show_text("reg.consent");
}

step_result walk::input_consent(const std::string& text) {
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

} // namespace uthan::sessions
