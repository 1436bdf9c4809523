#include "menus/staff_answers.hpp"

#include "core/assert.hpp"
#include "menus/shown_name.hpp"
#include "texts/forms.hpp"
#include "texts/graphemes.hpp"

#include <algorithm>

namespace uthan::menus {
namespace {

using members::request_kind;

constexpr std::string_view moved_word = "moved ";
constexpr std::string_view cancelled_word = "cancelled ";
constexpr std::string_view restored_word = "restored ";

answer plain(std::string_view text) {
    answer a;
    a.text = text;
    return a;
}

void set_day(texts::values& into, std::string_view date_name, calendar_day day,
             texts::rendering in) {
    into.set("day", texts::weekday_form(iso_weekday(day), in));
    into.set(date_name, texts::date_form(day, in));
}

answer none_due(const staff_question& q) {
    answer a = plain("staff.dues_none");
    set_day(a.shared, "date", q.view.dues->on, q.in);
    return a;
}

answer answer_dues(const staff_question& q) {
    if (q.view.dues->groups.empty()) {
        return none_due(q);
    }
    answer a = plain("staff.dues");
    set_day(a.shared, "date", q.view.dues->on, q.in);
    for (const auto& group : q.view.dues->groups) {
        auto& row = a.rows.emplace_back();
        row.set("group", shown_name(group.name, q.in));
        row.set("count", texts::count_form(static_cast<std::int64_t>(group.rows.size()), q.in));
        row.set("total", texts::money_form(group.total, q.in));
        a.choices.push_back(group.group_code);
    }
    return a;
}

answer answer_group(const staff_question& q) {
    const auto group =
        std::ranges::find(q.view.dues->groups, q.chosen, &members::group_collection::group_code);
    if (group == q.view.dues->groups.end()) {
        return none_due(q);
    }
    answer a = plain("staff.group");
    a.shared.set("total", texts::money_form(group->total, q.in));
    a.shared.set("asof", texts::date_form(group->as_of, q.in));
    for (const auto& member : group->rows) {
        auto& row = a.rows.emplace_back();
        set_member(row, member.name, member.member_code, q.in);
        row.set("amt", texts::money_form(member.amount, q.in));
    }
    return a;
}

answer answer_meetings(const staff_question& q) {
    answer a = plain("staff.meetings");
    for (const auto& group : *q.view.groups) {
        if (!group.next) {
            continue;
        }
        auto& row = a.rows.emplace_back();
        row.set("group", shown_name(group.of.of.name, q.in));
        set_day(row, "date", group.next->on, q.in);
        a.choices.push_back(group.of.of.code);
    }
    return a.rows.empty() ? plain("staff.no_groups") : a;
}

/// Null when the group is not hers, or has no meeting.
const staff_meeting* meeting_of(const staff_question& q, std::string_view group_code) {
    const auto found = std::ranges::find(*q.view.groups, group_code,
                                         [](const staff_meeting& m) { return m.of.of.code; });
    return found == q.view.groups->end() || !found->next ? nullptr : &*found;
}

answer answer_meeting(const staff_question& q) {
    const auto* meeting = meeting_of(q, q.chosen);
    if (meeting == nullptr) {
        return plain("staff.not_yours");
    }
    const auto& next = *meeting->next;
    answer a;
    a.shared.set("group", shown_name(meeting->of.of.name, q.in));
    auto meant = next.regular_on;
    if (next.cancelled_by_staff) {
        a.text = "staff.meeting_off";
        meant = *next.cancelled_by_staff;
        a.shared.set("date", texts::date_form(meant, q.in));
        set_day(a.shared, "date2", next.on, q.in);
    } else if (next.moved) {
        a.text = "staff.meeting_moved";
        a.shared.set("date", texts::date_form(next.regular_on, q.in));
        set_day(a.shared, "date2", next.on, q.in);
    } else {
        a.text = "staff.meeting";
        set_day(a.shared, "date", next.on, q.in);
    }
    a.subject = written({meeting->of.of.code, meant, meant});
    return a;
}

answer answer_days(const staff_question& q) {
    const auto subject = parse_meeting(q.chosen);
    const auto* meeting = subject ? meeting_of(q, subject->group_code) : nullptr;
    if (meeting == nullptr || meeting->next->regular_on != subject->regular_on ||
        meeting->days_to_move.empty()) {
        return plain("staff.not_yours");
    }
    answer a = plain("staff.days");
    for (const auto day : meeting->days_to_move) {
        set_day(a.rows.emplace_back(), "date", day, q.in);
        a.choices.push_back(written({subject->group_code, subject->regular_on, day}));
    }
    return a;
}

/// The question before a meeting is moved or cancelled. What it is about is what was chosen,
/// whatever has become of the meeting since: it is asked again after its effect.
answer answer_confirm(const staff_question& q, bool moves) {
    const auto subject = parse_meeting(q.chosen);
    const auto* meeting = subject ? meeting_of(q, subject->group_code) : nullptr;
    if (meeting == nullptr) {
        return plain("staff.not_yours");
    }
    answer a = plain(moves ? "staff.move" : "staff.cancel");
    a.shared.set("group", shown_name(meeting->of.of.name, q.in));
    if (moves) {
        a.shared.set("date", texts::date_form(subject->regular_on, q.in));
    }
    set_day(a.shared, moves ? "date2" : "date", subject->new_on, q.in);
    a.subject = q.chosen;
    return a;
}

std::string matter_of(const staff_question& q, const waiting_request& one) {
    const auto word = [&](std::string_view id) {
        const auto* found = q.texts.find(id, q.in);
        UTHAN_ASSERT(found != nullptr);
        return found->render({}, {}, q.in).front();
    };
    switch (one.kind) {
    case request_kind::refund_emergency:
        return word("word.refund");
    case request_kind::refund_exit:
        return word("word.leaving");
    case request_kind::call_me:
        return word("word.call_me");
    case request_kind::complaint:
        break;
    }
    const auto* category = members::category_of(q.rules.requests, one.category);
    return category == nullptr ? one.category : shown_name(category->name, q.in);
}

answer answer_requests(const staff_question& q) {
    if (q.view.requests->empty()) {
        return plain("staff.requests_none");
    }
    answer a = plain("staff.requests");
    for (const auto& one : *q.view.requests) {
        auto& row = a.rows.emplace_back();
        row.set("id", texts::count_form(static_cast<std::int64_t>(one.number), q.in));
        row.set("count", texts::count_form((q.today - one.opened_on).count(), q.in));
        row.set("matter", matter_of(q, one));
    }
    return a;
}

answer answer_reset(const staff_question& q) {
    if (!q.view.member) {
        return plain("staff.not_yours");
    }
    answer a = plain("staff.reset");
    set_member(a.shared, q.view.member->name, q.view.member->code, q.in);
    a.subject = q.view.member->code;
    return a;
}

answer answer_result(const staff_question& q) {
    struct way {
        std::string_view word;
        std::string_view text;
    };
    for (const auto& [word, text] :
         {way{moved_word, "staff.moved"}, way{cancelled_word, "staff.cancelled"},
          way{restored_word, "staff.restored"}}) {
        if (!q.chosen.starts_with(word)) {
            continue;
        }
        const auto subject = parse_meeting(q.chosen.substr(word.size()));
        const auto* meeting = subject ? meeting_of(q, subject->group_code) : nullptr;
        if (meeting == nullptr) {
            break;
        }
        answer a = plain(text);
        a.shared.set("group", shown_name(meeting->of.of.name, q.in));
        set_day(a.shared, "date", subject->new_on, q.in);
        return a;
    }
    return plain("staff.refused");
}

} // namespace

answer make_staff_answer(answer_name name, const staff_question& q) {
    UTHAN_ASSERT(is_of_staff(name));
    switch (name) {
    case answer_name::staff_dues:
        return answer_dues(q);
    case answer_name::staff_group:
        return answer_group(q);
    case answer_name::staff_meetings:
        return answer_meetings(q);
    case answer_name::staff_meeting:
        return answer_meeting(q);
    case answer_name::staff_days:
        return answer_days(q);
    case answer_name::staff_move:
        return answer_confirm(q, true);
    case answer_name::staff_cancel:
        return answer_confirm(q, false);
    case answer_name::staff_requests:
        return answer_requests(q);
    case answer_name::staff_reset:
        return answer_reset(q);
    default:
        return answer_result(q);
    }
}

std::string staff_result_of(action done, const access::outcome& outcome, std::string_view subject) {
    if (outcome.kind != access::outcome_kind::done) {
        return {};
    }
    std::string result;
    switch (done) {
    case action::meeting_move:
        result = moved_word;
        break;
    case action::meeting_cancel:
        result = cancelled_word;
        break;
    case action::meeting_restore:
        result = restored_word;
        break;
    default:
        return {};
    }
    result += subject;
    return result;
}

void set_member(texts::values& into, const members::label& name, std::string_view code,
                texts::rendering in) {
    into.set("name", texts::first_name(shown_name(name, in)));
    const auto tail = code.substr(code.size() - std::min<std::size_t>(2, code.size()));
    into.set("tail", std::string{tail});
}

} // namespace uthan::menus
