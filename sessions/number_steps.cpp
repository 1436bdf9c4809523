#include "access/binding.hpp"
#include "access/decisions.hpp"
#include "sessions/walk.hpp"
#include "texts/forms.hpp"

#include <algorithm>

// Whose the number is that calls: a changed one, one of staff, a masked one.
namespace uthan::sessions {

using access::outcome_kind;
using access::standing;

namespace {

/// A passbook's number; no organisation's is longer.
constexpr std::size_t typed_code_bytes_max = 32;

} // namespace

std::optional<step_result> walk::held_back() {
    if (w_.caller == nullptr) {
        return std::nullopt;
    }
    const auto view = access::view_of(*w_.record, *w_.caller, w_.now);
    s_.guarded = view.stands == standing::guarded || view.stands == standing::pin_only;
    if (view.stands == standing::closed) {
        return finish_with_phone("num.closed");
    }
    if (view.stands == standing::pin_only && !w_.record->pin) {
        return finish_with_phone("num.changed");
    }
    if (view.is_told) {
        return show_number_notice();
    }
    return std::nullopt;
}

step_result walk::show_number_notice() {
    const auto& change = *w_.record->binding->change;
    // In the organisation's days: an instant that far away is a whole number of days from now.
    const auto left = std::max(change.opens_at - w_.now, instant::duration{});
    const auto opens_on = w_.today + std::chrono::ceil<std::chrono::days>(left);
    const auto digits = std::min<std::size_t>(change.number.size(), 2);
    texts::values filled;
    filled.set("date", texts::date_form(opens_on, in()));
    filled.set("tail", change.number.substr(change.number.size() - digits));
    s_.at = phase::number_notice;
    return show_text("num.notice", filled);
}

step_result walk::input_number_notice(const std::string& text) {
    if (w_.record == nullptr) {
        return ask<need_record>(s_.member_code);
    }
    if (text == "0" || text == "00") {
        return finish("nav.end");
    }
    if (text != "1" && text != "2") {
        return show_number_notice();
    }
    const bool hers = text == "2";
    if (w_.outcome == nullptr) {
        return ask<need_effect>(answer_number_change{hers});
    }
    if (!hers) {
        return stored() ? finish("num.blocked") : finish("err.system");
    }
    return admit(nullptr);
}

step_result walk::input_link_code(const std::string& text) {
    if (text == "0" || text == "00") {
        return finish("nav.end");
    }
    if (text.empty() || text.size() > typed_code_bytes_max) {
        return show_text("num.ask_code");
    }
    s_.member_code = text;
    s_.at = phase::link_proof;
    return show_text("pin.ask_slip");
}

step_result walk::input_link_proof(const std::string& text) {
    if (text == "0" || text == "00") {
        return finish("nav.end");
    }
    if (!access::is_pin(text)) {
        return show_text("pin.four");
    }
    if (w_.outcome == nullptr) {
        return ask<need_effect>(prove_pin{text, true});
    }
    if (w_.outcome->kind == outcome_kind::limited) {
        return finish("pin.limited");
    }
    if (w_.outcome->kind != outcome_kind::pin_right || !w_.outcome->one_time) {
        return finish("num.no_match");
    }
    s_.enrolling = true;
    s_.replacing = false;
    s_.at = phase::new_pin;
    return show_text("pin.new");
}

} // namespace uthan::sessions
