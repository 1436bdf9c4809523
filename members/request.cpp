#include "members/request.hpp"

#include "members/days_off.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace uthan::members {
namespace {

constexpr std::chrono::days month_days{30};

/// The days that a rung has for this kind of request.
unsigned answer_days_of(request_kind kind, const request_rules& rules, const ladder_rung* at) {
    const auto offered = std::find_if(rules.offered.begin(), rules.offered.end(),
                                      [&](const offered_request& o) { return o.kind == kind; });
    unsigned count = at == nullptr ? rules.answer_days : at->answer_days;
    if (kind != request_kind::complaint && offered != rules.offered.end() &&
        offered->answer_days > 0) {
        count = offered->answer_days;
    }
    return std::clamp(count, 1U, answer_days_max);
}

/// The request on this rung since `today`; a null rung is her own office, whoever that is.
void put_on(request& one, const ladder_rung* at, const organisation_rules& rules,
            const office_calendar& calendar, calendar_day today) {
    one.level = at == nullptr ? 0 : at->level;
    one.level_since = today;
    one.desk_office = at == nullptr ? one.office_code : at->office_code;
    one.deadline_on = working_days_after(calendar, rules.weekly_holidays, today,
                                         answer_days_of(one.kind, rules.requests, at));
}

/// The highest rung that the officer is on himself: one of his office that names his role, or the
/// first of his office when that is not hers (there he is on rung 0).
unsigned level_of(const staff& officer, std::string_view her_office,
                  std::span<const ladder_rung> ladder) {
    unsigned level = 0;
    bool is_first = officer.office_code != her_office;
    for (const ladder_rung& rung : ladder) {
        if (rung.office_code.empty() || rung.office_code != officer.office_code) {
            continue;
        }
        const auto& roles = rung.roles;
        if (is_first || std::find(roles.begin(), roles.end(), officer.role) != roles.end()) {
            level = rung.level;
        }
        is_first = false;
    }
    return level;
}

/// Where one that accuses begins; null when the ladder is empty.
const ladder_rung* first_past(const request& one, const std::optional<staff>& officer,
                              std::span<const ladder_rung> ladder) {
    const unsigned accused_level = officer ? level_of(*officer, one.office_code, ladder) : 0;
    for (const ladder_rung& rung : ladder) {
        if (rung.level > accused_level && (officer || rung.office_code != one.office_code)) {
            return &rung;
        }
    }
    return ladder.empty() ? nullptr : &ladder.back();
}

/// The first rung of another office than hers, above the accused's own; the top one where there is
/// none, null when the ladder is empty.
const ladder_rung* first_outside(const request& one, const staff* accused,
                                 std::span<const ladder_rung> ladder) {
    const bool on_ladder = accused != nullptr && !accused->office_code.empty();
    const unsigned accused_level = on_ladder ? level_of(*accused, one.office_code, ladder) : 0;
    for (const ladder_rung& rung : ladder) {
        if (rung.level > accused_level && rung.office_code != one.office_code) {
            return &rung;
        }
    }
    return ladder.empty() ? nullptr : &ladder.back();
}

/// Refunds may be asked for by one who has left, while her savings are still here.
bool may_ask(request_kind kind, member_status status) noexcept {
    const bool refund_on_leaving = kind == request_kind::refund_exit;
    return status == member_status::active ||
           (refund_on_leaving && status == member_status::dropout);
}

bool same_matter(const request& one, const request_form& form) noexcept {
    return one.kind == form.kind && one.category == form.category;
}

/// One that she is shown in place of a new one; null when there is none.
const request* standing_in(const request_form& form, std::span<const request> hers,
                           const request_rules& rules, calendar_day today) noexcept {
    const request* newest = nullptr;
    const std::chrono::days repeat{rules.repeat_days};
    for (const request& one : hers) {
        const bool lately = one.state == request_state::closed && today - one.state_on < repeat;
        if (same_matter(one, form) && (is_unfinished(one) || lately) &&
            (newest == nullptr || one.number > newest->number)) {
            newest = &one;
        }
    }
    return newest;
}

bool is_too_many(std::span<const request> hers, const request_rules& rules,
                 calendar_day today) noexcept {
    const auto unfinished = std::count_if(hers.begin(), hers.end(), is_unfinished);
    const auto this_month = std::count_if(hers.begin(), hers.end(), [&](const request& one) {
        return today - one.opened_on < month_days;
    });
    return unfinished >= std::int64_t{rules.open_max} ||
           this_month >= std::int64_t{rules.month_max};
}

std::uint64_t newest_unfinished(std::span<const request> hers) noexcept {
    std::uint64_t number = 0;
    for (const request& one : hers) {
        number = is_unfinished(one) ? std::max(number, one.number) : number;
    }
    return number;
}

request made_of(const request_form& form, const member_facts& facts, bool about_staff, instant now,
                calendar_day today) {
    request made;
    made.kind = form.kind;
    made.category = form.category;
    made.reach = form.reach;
    made.member_code = facts.who.code;
    made.office_code = facts.office_of.code;
    made.group_code = facts.who.group_code;
    made.about_staff = about_staff;
    if (about_staff && facts.officer) {
        made.accused_code = facts.officer->code;
    }
    if (form.kind == request_kind::refund_emergency || form.kind == request_kind::refund_exit) {
        made.amount = form.amount;
    }
    made.opened_at = now;
    made.opened_on = today;
    made.state_on = today;
    return made;
}

const ladder_rung* rung_above(const request& one, std::span<const ladder_rung> ladder) noexcept {
    const auto next = std::find_if(ladder.begin(), ladder.end(),
                                   [&](const ladder_rung& r) { return r.level > one.level; });
    return next == ladder.end() ? nullptr : &*next;
}

/// Whether the time has come, whatever rungs there are.
bool may_climb(const request& one, climber who, escalation_way way, calendar_day today) noexcept {
    if (today <= one.level_since) {
        return false;
    }
    if (who == climber::clock) {
        return way == escalation_way::by_itself && is_overdue(one, today);
    }
    return one.state == request_state::answered || is_overdue(one, today);
}

status_text text_of(const request& one, bool has_above, calendar_day today) noexcept {
    switch (one.state) {
    case request_state::answered:
        return status_text::answered;
    case request_state::closed:
        return status_text::closed;
    case request_state::withdrawn:
        return status_text::withdrawn;
    case request_state::open:
        break;
    }
    if (!is_overdue(one, today)) {
        return status_text::waiting;
    }
    return has_above ? status_text::late : status_text::late_at_top;
}

} // namespace

bool is_unfinished(const request& one) noexcept {
    return one.state == request_state::open || one.state == request_state::answered;
}

bool is_overdue(const request& one, calendar_day today) noexcept {
    return one.state == request_state::open && today > one.deadline_on;
}

opening open_request(const request_form& form, const member_facts& facts,
                     const organisation_rules& rules, std::span<const ladder_rung> ladder,
                     std::span<const request> hers, instant now, calendar_day today) {
    const complaint_category* category = category_of(rules.requests, form.category);
    const bool is_complaint = form.kind == request_kind::complaint;
    const bool about_staff = is_complaint && category != nullptr && accuses(*category);
    const bool is_category_right = is_complaint ? category != nullptr : form.category.empty();
    if (!is_offered(rules.requests, form.kind) || !is_category_right ||
        !may_reach(form.reach, about_staff)) {
        return {opening_kind::not_offered, {}, 0};
    }
    if (!may_ask(form.kind, facts.who.status)) {
        return {opening_kind::not_member, {}, 0};
    }
    if (const request* standing = standing_in(form, hers, rules.requests, today)) {
        return {opening_kind::already, {}, standing->number};
    }
    if (is_too_many(hers, rules.requests, today)) {
        return {opening_kind::too_many, {}, newest_unfinished(hers)};
    }
    request made = made_of(form, facts, about_staff, now, today);
    const ladder_rung* first = about_staff      ? first_past(made, facts.officer, ladder)
                               : ladder.empty() ? nullptr
                                                : &ladder.front();
    put_on(made, first, rules, *facts.calendar, today);
    made.first_level = made.level;
    return {opening_kind::opened, std::move(made), 0};
}

opening open_number_change(const member_facts& facts, const organisation_rules& rules,
                           std::span<const ladder_rung> ladder, std::string accused_code,
                           const staff* accused, std::span<const request> hers, instant now,
                           calendar_day today) {
    for (const request& one : hers) {
        if (one.kind == request_kind::number_change && is_unfinished(one)) {
            return {opening_kind::already, {}, one.number};
        }
    }
    const request_form form{request_kind::number_change, {}, reach_way::none, {}};
    request made = made_of(form, facts, true, now, today);
    made.accused_code = std::move(accused_code);
    put_on(made, first_outside(made, accused, ladder), rules, *facts.calendar, today);
    made.first_level = made.level;
    return {opening_kind::opened, std::move(made), 0};
}

bool may_reach(reach_way way, bool about_staff) noexcept {
    return !about_staff || way != reach_way::at_meeting;
}

climb escalate(const request& one, climber who, const organisation_rules& rules,
               std::span<const ladder_rung> ladder, const office_calendar& calendar,
               calendar_day today) {
    const bool is_over =
        !is_unfinished(one) || (who == climber::clock && one.state == request_state::answered);
    if (is_over) {
        return {climb_kind::finished, one};
    }
    if (!may_climb(one, who, rules.requests.escalation, today)) {
        return {climb_kind::not_yet, one};
    }
    const ladder_rung* next = rung_above(one, ladder);
    if (next == nullptr) {
        return {climb_kind::at_top, one};
    }
    request after = one;
    put_on(after, next, rules, calendar, today);
    if (after.state != request_state::open) {
        after.state = request_state::open;
        after.state_on = today;
    }
    return {climb_kind::moved, std::move(after)};
}

std::optional<request> acted(const request& one, request_action action, calendar_day today) {
    const bool is_possible =
        action == request_action::answer ? one.state == request_state::open : is_unfinished(one);
    if (!is_possible) {
        return std::nullopt;
    }
    request after = one;
    after.state = action == request_action::answer  ? request_state::answered
                  : action == request_action::close ? request_state::closed
                                                    : request_state::withdrawn;
    after.state_on = today;
    return after;
}

const ladder_rung* responsible(const request& one, std::span<const ladder_rung> ladder) noexcept {
    const ladder_rung* below = nullptr;
    for (const ladder_rung& rung : ladder) {
        if (rung.level >= one.level) {
            return &rung;
        }
        below = rung.level >= one.first_level ? &rung : below;
    }
    return below;
}

bool may_see(const request& one, const staff& who) noexcept {
    if (!who.active) {
        return false;
    }
    if (!one.about_staff) {
        return true;
    }
    // Her own office is the accused's: his colleagues would tell him.
    const bool is_colleague =
        who.office_code == one.office_code && one.desk_office != one.office_code;
    return !is_colleague && (one.accused_code.empty() || who.code != one.accused_code);
}

bool waits_for(const request& one, const staff& who, std::span<const ladder_rung> ladder) noexcept {
    const ladder_rung* at = responsible(one, ladder);
    if (one.state != request_state::open || at == nullptr || !may_see(one, who) ||
        at->office_code != who.office_code) {
        return false;
    }
    return at->roles.empty() ||
           std::find(at->roles.begin(), at->roles.end(), who.role) != at->roles.end();
}

request_status status_of(const request& one, const organisation_rules& rules,
                         std::span<const ladder_rung> ladder, calendar_day today) {
    const bool has_above = rung_above(one, ladder) != nullptr;
    request_status said;
    said.text = text_of(one, has_above, today);
    said.number = one.number;
    said.level = one.level;
    if (const ladder_rung* at = responsible(one, ladder)) {
        said.office = at->name;
        said.phone = at->phone;
    }
    said.deadline_on = one.deadline_on;
    said.may_escalate = has_above && is_unfinished(one) &&
                        may_climb(one, climber::member, rules.requests.escalation, today);
    return said;
}

void sort_work_list(std::vector<request>& list, calendar_day today) {
    const auto before = [today](const request& a, const request& b) {
        const bool open_a = a.state == request_state::open;
        const bool open_b = b.state == request_state::open;
        if (open_a != open_b) {
            return open_a;
        }
        if (!open_a) {
            return std::tie(a.state_on, a.number) > std::tie(b.state_on, b.number);
        }
        const bool late_a = is_overdue(a, today);
        const bool late_b = is_overdue(b, today);
        if (late_a != late_b) {
            return late_a;
        }
        return std::tuple{a.deadline_on, b.level, a.number} <
               std::tuple{b.deadline_on, a.level, b.number};
    };
    std::sort(list.begin(), list.end(), before);
}

} // namespace uthan::members
