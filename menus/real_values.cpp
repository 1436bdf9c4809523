#include "menus/real_values.hpp"

#include "texts/weight.hpp"

#include <iterator>
#include <vector>

namespace uthan::menus {
namespace {

/// The facts that are shown without anything chosen, typed or asked for before.
bool stands_alone(answer_name name) noexcept {
    switch (name) {
    case answer_name::due:
    case answer_name::statement:
    case answer_name::savings:
    case answer_name::meeting:
    case answer_name::loan:
    case answer_name::branch:
    case answer_name::eligibility:
    case answer_name::application:
    case answer_name::refund:
    case answer_name::refund_exit:
        return true;
    default:
        return false;
    }
}

void take_wider(real_values::widest& known, std::string line, const std::string& member_code) {
    const auto octets = texts::ussd_weight(line).octets;
    if (octets > known.octets) {
        known = {octets, std::move(line), member_code};
    }
}

} // namespace

void real_values::note(const graph& menu, const question& asked) {
    for (const auto& [id, s] : menu.screens()) {
        if (!stands_alone(s.answer)) {
            continue;
        }
        note_answer(s, asked);
        if (s.answer != answer_name::loan) {
            continue;
        }
        for (const auto& loan : asked.facts.loans) {
            question chosen = asked;
            chosen.chosen = loan.loan_no;
            note_answer(s, chosen);
        }
    }
}

void real_values::note_answer(const screen& s, const question& asked) {
    const auto made = make_answer(s.answer, asked);
    const auto* text = asked.texts.find(made.text, asked.in);
    if (text == nullptr) {
        return;
    }
    auto lines = text->render(made.shared, made.rows, asked.in);
    if (!made.choices.empty()) {
        for (auto& line : lines) {
            line.insert(0, "8 ");
        }
    }
    auto& of = by_text_[{std::string{made.text}, asked.in}];
    std::string whole;
    for (auto& line : lines) {
        whole += whole.empty() ? line : "\n" + line;
        take_wider(of.line, std::move(line), asked.facts.who.code);
    }
    take_wider(of.whole, std::move(whole), asked.facts.who.code);
}

const real_values::seen* real_values::find(std::string_view text,
                                           texts::rendering in) const noexcept {
    const auto found = by_text_.find(std::pair<std::string, texts::rendering>{text, in});
    return found == by_text_.end() ? nullptr : &found->second;
}

} // namespace uthan::menus
