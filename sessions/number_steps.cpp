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
        return turn_away();
    }
    if (view.is_told) {
        return show_number_notice();
    }
    return std::nullopt;
}

step_result walk::turn_away() {
    if (w_.outcome == nullptr && access::is_held_back_change(*w_.record, *w_.caller, w_.now)) {
        if (auto missing = missing_for_report()) {
            return std::move(*missing);
        }
        return ask<need_effect>(report_number_change{s_.member_code});
    }
    return finish_with_phone("num.changed");
}

std::optional<step_result> walk::missing_for_report() {
    if (w_.facts == nullptr) {
        return ask<need_facts>(s_.member_code);
    }
    if (w_.ladder == nullptr) {
        return ask<need_ladder>(s_.member_code);
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
        if (auto missing = hers ? std::nullopt : missing_for_report()) {
            return std::move(*missing);
        }
        return ask<need_effect>(answer_number_change{hers});
    }
    if (hers) {
        return admit(nullptr);
    }
    if (!stored()) {
        return finish("err.system");
    }
    texts::values filled;
    filled.set("id", texts::count_form(static_cast<std::int64_t>(w_.outcome->request), in()));
    return finish("num.blocked", filled);
}

bool walk::is_masked() const noexcept {
    return w_.caller != nullptr && w_.caller->type() == address::kind::opaque;
}

step_result walk::begin_link() {
    s_.shared_phone = true; // Nobody takes up a dialogue that began as another's.
    s_.guarded = false;
    s_.stack.clear();
    s_.at = phase::link_code;
    return show_text("num.ask_code");
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
