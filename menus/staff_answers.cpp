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
constexpr std::string_view answered_word = "answered ";

answer plain(std::string_view text) {
    answer a;
    a.text = text;
    return a;
}

std::string word_of(const staff_question& q, std::string_view id) {
    const auto* found = q.texts.find(id, q.in);
    UTHAN_ASSERT(found != nullptr);
    return found->render({}, {}, q.in).front();
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
        row.set("amt", texts::money_form(member.total(), q.in));
        a.choices.push_back(written_member(group->group_code, member.member_code));
    }
    return a;
}

void add_part(const staff_question& q, answer& a, std::string_view word, money amount) {
    if (amount > money{}) {
        auto& row = a.rows.emplace_back();
        row.set("kind", word_of(q, word));
        row.set("amt", texts::money_form(amount, q.in));
    }
}

answer answer_collect(const staff_question& q) {
    for (const auto& group : q.view.dues->groups) {
        for (const auto& member : group.rows) {
            if (written_member(group.group_code, member.member_code) != q.chosen) {
                continue;
            }
            answer a = plain("staff.collect");
            set_member(a.shared, member.name, member.member_code, q.in);
            add_part(q, a, "word.loan_repay", member.instalment);
            add_part(q, a, "word.overdue", member.arrears);
            add_part(q, a, "word.savings_deposit", member.savings);
            a.shared.set("total", texts::money_form(member.total(), q.in));
            a.shared.set("asof", texts::date_form(group.as_of, q.in));
            return a;
        }
    }
    return none_due(q);
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
    switch (one.kind) {
    case request_kind::refund_emergency:
        return word_of(q, "word.refund");
    case request_kind::refund_exit:
        return word_of(q, "word.leaving");
    case request_kind::call_me:
        return word_of(q, "word.call_me");
    case request_kind::number_change:
        return word_of(q, "word.number_change");
    case request_kind::complaint:
        break;
    }
    const auto* category = members::category_of(q.rules.requests, one.category);
    return category == nullptr ? one.category : shown_name(category->name, q.in);
}

std::string_view way_id(members::reach_way way) noexcept {
    switch (way) {
    case members::reach_way::call_morning:
        return "word.call_morning";
    case members::reach_way::call_afternoon:
        return "word.call_afternoon";
    case members::reach_way::sms:
        return "word.reach_sms";
    case members::reach_way::at_meeting:
        return "word.reach_meeting";
    case members::reach_way::at_office:
        return "word.at_office";
    case members::reach_way::none:
        break;
    }
    return "word.reach_none";
}

std::string number_of(const staff_question& q, const waiting_request& one) {
    return texts::count_form(static_cast<std::int64_t>(one.number), q.in);
}

answer answer_requests(const staff_question& q) {
    if (q.view.requests->empty()) {
        return plain("staff.requests_none");
    }
    answer a = plain("staff.requests");
    for (const auto& one : *q.view.requests) {
        auto& row = a.rows.emplace_back();
        row.set("id", number_of(q, one));
        row.set("count", texts::count_form((q.today - one.opened_on).count(), q.in));
        row.set("matter", matter_of(q, one));
        a.choices.push_back(std::to_string(one.number));
    }
    return a;
}

/// Null when it waits for her no more.
const waiting_request* request_of(const staff_question& q) {
    const auto found = std::ranges::find(*q.view.requests, q.chosen, [](const waiting_request& r) {
        return std::to_string(r.number);
    });
    return found == q.view.requests->end() ? nullptr : &*found;
}

answer answer_request(const staff_question& q) {
    const auto* one = request_of(q);
    if (one == nullptr) {
        return plain("staff.refused");
    }
    answer a = plain(q.today > one->deadline_on ? "staff.request_late" : "staff.request");
    a.shared.set("id", number_of(q, *one));
    a.shared.set("matter", matter_of(q, *one));
    a.shared.set("date", texts::date_form(one->opened_on, q.in));
    a.shared.set("date2", texts::date_form(one->deadline_on, q.in));
    a.shared.set("way", word_of(q, way_id(one->reach)));
    a.subject = q.chosen;
    return a;
}

/// What it is about is what was chosen, whatever has become of it since: it is asked again after
/// its effect.
answer answer_question(const staff_question& q) {
    const auto* one = request_of(q);
    if (one == nullptr) {
        answer gone = plain("staff.refused");
        gone.subject = q.chosen;
        return gone;
    }
    answer a = plain("staff.answer");
    a.shared.set("id", number_of(q, *one));
    a.shared.set("matter", matter_of(q, *one));
    a.subject = q.chosen;
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
    if (q.chosen.starts_with(answered_word)) {
        answer a = plain("staff.answered");
        const auto number = q.chosen.substr(answered_word.size());
        a.shared.set("id", q.in == texts::rendering::bn ? texts::with_bangla_digits(number)
                                                        : std::string{number});
        return a;
    }
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
    case answer_name::staff_collect:
        return answer_collect(q);
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
    case answer_name::staff_request:
        return answer_request(q);
    case answer_name::staff_answer:
        return answer_question(q);
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
    case action::request_answer:
        result = answered_word;
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
