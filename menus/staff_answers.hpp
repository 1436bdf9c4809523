#pragma once

#include "access/record.hpp"
#include "menus/answers.hpp"
#include "menus/staff_view.hpp"

#include <string>
#include <string_view>

// The screens of a member of staff: pure.
namespace uthan::menus {

/// What they are made from. All of it outlives the call.
struct staff_question {
    const staff_view& view; ///< with the part that the answer is made from
    const members::organisation_rules& rules;
    const texts::catalog& texts;
    texts::rendering in = texts::rendering::bn;
    calendar_day today{};
    /// What was chosen or typed for the screen: a group's code, a meeting_subject, a member's
    /// number, or what result_of made.
    std::string_view chosen;
};

/// `name` is of staff.
answer make_staff_answer(answer_name name, const staff_question& q);

/// What became of an action, as the answer staff_result takes it.
std::string staff_result_of(action done, const access::outcome& outcome, std::string_view subject);

/// {name} {tail} of a member, as a list shows her.
void set_member(texts::values& into, const members::label& name, std::string_view code,
                texts::rendering in);

} // namespace uthan::menus
