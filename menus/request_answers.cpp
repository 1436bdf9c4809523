#include "menus/request_answers.hpp"

#include "access/requests.hpp"
#include "members/application_clock.hpp"
#include "members/savings_request.hpp"
#include "menus/filler.hpp"
#include "texts/graphemes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace uthan::menus {
namespace {

using members::refund_answer;
using members::request;
using members::request_form;
using members::request_kind;
using members::status_text;

/// Requests that are over are shown for so long.
constexpr std::chrono::days shown_after_end{60};
constexpr std::size_t listed_max = 16;

constexpr std::string_view opened_word = "opened ";
constexpr std::string_view already_word = "already ";
constexpr std::string_view too_many_word = "too_many ";
constexpr std::string_view moved_word = "moved ";
constexpr std::string_view kept_word = "kept ";
constexpr std::string_view withdrawn_word = "withdrawn ";

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failed == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional{value} : std::nullopt;
}

template <class Enum>
bool parse_enum(std::string_view text, Enum last, Enum& out) {
    const auto value = parse_number<unsigned>(text);
    if (!value || *value > static_cast<unsigned>(last)) {
        return false;
    }
    out = static_cast<Enum>(*value);
    return true;
}

/// The ways that the phone offers; of the others the staff's forms know.
constexpr std::array offered_ways{members::reach_way::call_morning,
                                  members::reach_way::call_afternoon,
                                  members::reach_way::at_office};

std::string_view word_id(members::reach_way way) noexcept {
    switch (way) {
    case members::reach_way::call_morning:
        return "word.call_morning";
    case members::reach_way::call_afternoon:
        return "word.call_afternoon";
    default:
        return "word.at_office";
    }
}

std::string_view word_id(const request& one, calendar_day today) noexcept {
    switch (one.state) {
    case members::request_state::answered:
        return "word.req_answered";
    case members::request_state::closed:
        return "word.req_closed";
    case members::request_state::withdrawn:
        return "word.req_withdrawn";
    case members::request_state::open:
        break;
    }
    return members::is_overdue(one, today) ? "word.req_late" : "word.req_waiting";
}

answer plain(std::string_view text) {
    answer a;
    a.text = text;
    return a;
}

std::string number_text(const question& q, std::uint64_t number) {
    return texts::count_form(static_cast<std::int64_t>(number), q.in);
}

/// Her office's own number, else the organisation's.
std::string phone_text(const question& q, std::string_view of_rung = {}) {
    const std::string_view own = q.facts.office_of.phone;
    const auto& phone = !of_rung.empty() ? of_rung : !own.empty() ? own : q.help_phone;
    return texts::phone_form(phone, q.in);
}

answer answer_complaint(const question& q) {
    if (!members::is_offered(q.rules.requests, request_kind::complaint)) {
        return plain("req.not_offered");
    }
    answer a = plain("comp.menu");
    for (const auto& category : q.rules.requests.categories) {
        filler{q, a.rows.emplace_back()}.named("matter", category.name);
        a.choices.push_back(written({.category = category.code, .amount = std::nullopt}));
    }
    filler{q, a.rows.emplace_back()}.text("matter", word(q, "word.req_replies"));
    a.choices.emplace_back();
    return a;
}

void add_way(const question& q, answer& a, request_form form, members::reach_way way) {
    filler{q, a.rows.emplace_back()}.text("way", word(q, word_id(way)));
    form.reach = way;
    a.choices.push_back(written(form));
}

answer answer_way(const question& q) {
    const auto form = parse_form(q.chosen);
    if (!form) {
        return plain("req.not_offered");
    }
    answer a = plain("comp.reach");
    for (const auto way : offered_ways) {
        add_way(q, a, *form, way);
    }
    return a;
}

answer answer_call_me(const question& q) {
    if (!members::is_offered(q.rules.requests, request_kind::call_me)) {
        return plain("req.not_offered");
    }
    answer a = plain("req.call");
    const request_form form{.kind = request_kind::call_me, .category = {}, .amount = std::nullopt};
    add_way(q, a, form, members::reach_way::call_morning);
    add_way(q, a, form, members::reach_way::call_afternoon);
    return a;
}

answer answer_confirm(const question& q) {
    const auto form = parse_form(q.chosen);
    if (!form) {
        return plain("req.not_offered");
    }
    answer a;
    a.subject = q.chosen;
    if (form->kind == request_kind::call_me) {
        a.text = "req.confirm_call";
        filler{q, a.shared}.text("way", word(q, word_id(form->reach)));
        return a;
    }
    const auto* category = members::category_of(q.rules.requests, form->category);
    if (category == nullptr) {
        return plain("req.not_offered");
    }
    a.text = members::accuses(*category) ? "comp.confirm_past" : "comp.confirm";
    filler{q, a.shared}.named("matter", category->name);
    return a;
}

/// What her status screens speak of, in the order of a work list.
std::vector<request> shown_requests(const question& q) {
    std::vector<request> shown;
    for (const auto& one : *q.requests) {
        if (members::is_unfinished(one) || q.today - one.state_on <= shown_after_end) {
            shown.push_back(one);
        }
    }
    members::sort_work_list(shown, q.today);
    shown.resize(std::min(shown.size(), listed_max));
    return shown;
}

members::request_status status_for(const question& q, const request& one) {
    const auto ladder = access::ladder_for(one, q.facts, q.rules, *q.ladder);
    auto status = members::status_of(one, q.rules, ladder, q.today);
    if (status.office.bn.empty()) {
        status.office = q.facts.office_of.name;
    }
    if (status.office.en.empty()) {
        // The imported ladder has Bangla names only.
        status.office.en = texts::transliterate(status.office.bn);
    }
    return status;
}

answer answer_status(const question& q, const request& one) {
    const auto status = status_for(q, one);
    answer a;
    a.subject = std::to_string(one.number);
    filler fill{q, a.shared};
    fill.text("id", number_text(q, one.number));
    switch (status.text) {
    case status_text::waiting:
        a.text = "req.waiting";
        fill.named("office", status.office).day_of("date", status.deadline_on);
        break;
    case status_text::late:
        a.text = status.may_escalate ? "req.late" : "req.waiting";
        fill.named("office", status.office).day_of("date", status.deadline_on);
        break;
    case status_text::late_at_top:
        a.text = "req.late_top";
        fill.text("phone", phone_text(q, status.phone));
        break;
    case status_text::answered:
        a.text = status.may_escalate ? "req.answered" : "req.answered_top";
        fill.named("office", status.office);
        break;
    case status_text::closed:
        a.text = "req.closed";
        break;
    case status_text::withdrawn:
        a.text = "req.withdrawn";
        break;
    }
    return a;
}

answer answer_requests(const question& q) {
    const auto shown = shown_requests(q);
    if (shown.empty()) {
        return plain("req.none");
    }
    if (const auto number = parse_number<std::uint64_t>(q.chosen)) {
        const auto found = std::ranges::find(shown, *number, &request::number);
        if (found != shown.end()) {
            return answer_status(q, *found);
        }
    }
    if (shown.size() == 1) {
        return answer_status(q, shown.front());
    }
    answer a = plain("req.list");
    for (const auto& one : shown) {
        filler{q, a.rows.emplace_back()}
            .text("id", number_text(q, one.number))
            .text("status", word(q, word_id(one, q.today)));
        a.choices.push_back(std::to_string(one.number));
    }
    return a;
}

answer answer_withdraw(const question& q) {
    const auto number = parse_number<std::uint64_t>(q.chosen);
    answer a = plain("req.withdraw");
    a.subject = q.chosen;
    filler{q, a.shared}.text("id", number_text(q, number.value_or(0)));
    return a;
}

answer refused(const question& q) {
    answer a = plain("req.refused");
    filler{q, a.shared}.text("phone", phone_text(q));
    return a;
}

answer result_about(const question& q, std::string_view what, const request& one) {
    answer a;
    filler fill{q, a.shared};
    fill.text("id", number_text(q, one.number));
    if (what == opened_word) {
        a.text = one.kind == request_kind::complaint ? "comp.done" : "req.done";
        fill.day_of("date", one.deadline_on);
    } else if (what == already_word) {
        a.text = "req.already";
    } else if (what == moved_word) {
        a.text = "comp.escalated";
        fill.named("office", status_for(q, one).office).day_of("date", one.deadline_on);
    } else if (what == withdrawn_word) {
        a.text = "req.withdrawn";
    } else if (one.state == members::request_state::open && !members::is_overdue(one, q.today)) {
        a.text = "comp.early";
        fill.day_of("date", one.deadline_on);
    } else {
        return refused(q);
    }
    return a;
}

answer answer_result(const question& q) {
    const auto end = std::min(q.chosen.find(' '), q.chosen.size() - (q.chosen.empty() ? 0 : 1));
    const auto what = q.chosen.substr(0, end + 1);
    const auto number = parse_number<std::uint64_t>(q.chosen.substr(what.size()));
    if (what == too_many_word) {
        return plain("req.too_many");
    }
    const auto found = std::ranges::find(*q.requests, number.value_or(0), &request::number);
    return found == q.requests->end() ? refused(q) : result_about(q, what, *found);
}

// Refunds

answer answer_refund(const question& q) {
    const auto offer = members::refund_of(q.facts, q.rules, members::refund_kind::emergency);
    answer a;
    filler fill{q, a.shared};
    switch (offer.answer) {
    case refund_answer::allowed:
        a.text = "refund.offer";
        fill.amount("max", offer.at_most).as_of();
        return a;
    case refund_answer::locked:
        a.text = "refund.locked";
        fill.amount("savings", offer.savings).as_of();
        return a;
    case refund_answer::nothing:
        return plain("sav.none");
    default:
        return plain("req.not_offered");
    }
}

answer answer_refund_confirm(const question& q) {
    const auto offer = members::refund_of(q.facts, q.rules, members::refund_kind::emergency);
    const auto asked = q.amount.value_or(money{});
    answer a;
    filler fill{q, a.shared};
    if (offer.answer != refund_answer::allowed) {
        return plain("req.not_offered");
    }
    if (members::refund_for(offer, asked) != members::refund_amount::possible) {
        a.text = "refund.too_much";
        fill.amount("max", offer.at_most).as_of();
        return a;
    }
    a.text = "refund.confirm";
    fill.amount("amt", asked);
    a.subject = written({request_kind::refund_emergency, {}, members::reach_way::at_office, asked});
    return a;
}

answer answer_refund_exit(const question& q) {
    const auto offer = members::refund_of(q.facts, q.rules, members::refund_kind::leaving);
    answer a;
    filler fill{q, a.shared};
    a.subject =
        written({request_kind::refund_exit, {}, members::reach_way::at_office, offer.at_most});
    switch (offer.answer) {
    case refund_answer::allowed:
        a.text = "refund.exit";
        fill.amount("max", offer.at_most).as_of();
        return a;
    case refund_answer::after_loans:
        a.text = "refund.after_loans";
        fill.amount("left", offer.loans_left).amount("max", offer.at_most).as_of();
        return a;
    case refund_answer::loans_exceed:
        a.text = "refund.loans_first";
        fill.amount("left", offer.loans_left).as_of();
        return a;
    case refund_answer::nothing:
        return plain("sav.none");
    default:
        return plain("req.not_offered");
    }
}

// Applications

std::string_view text_of(members::clock_kind kind) noexcept {
    switch (kind) {
    case members::clock_kind::running:
        return "app.running";
    case members::clock_kind::late:
        return "app.late";
    case members::clock_kind::stale:
        return "app.stale";
    case members::clock_kind::granted:
        return "app.granted";
    case members::clock_kind::refused:
        return "app.refused";
    case members::clock_kind::no_deadline:
        break;
    }
    return "app.waiting";
}

answer answer_application(const question& q) {
    const auto* one = members::application_shown(q.activity->applications, q.rules.applications);
    if (one == nullptr) {
        return plain("app.none");
    }
    const auto clock = members::clock_of(*one, q.rules.applications, q.facts.as_of(), q.today);
    answer a = plain(text_of(clock.kind));
    const bool is_final =
        clock.kind == members::clock_kind::granted || clock.kind == members::clock_kind::refused;
    filler fill{q, a.shared};
    fill.day_of("date", is_final ? one->status_on.value_or(one->applied_on) : one->applied_on);
    fill.as_of();
    if (!is_final && clock.deadline_on) {
        fill.day_of("date2", *clock.deadline_on);
    }
    return a;
}

} // namespace

std::string written(const request_form& form) {
    return fmt::format("{}/{}/{}/{}", static_cast<unsigned>(form.kind), form.category,
                       static_cast<unsigned>(form.reach),
                       form.amount ? std::to_string(form.amount->poisha) : "");
}

std::optional<request_form> parse_form(std::string_view text) {
    std::array<std::string_view, 3> parts;
    for (auto& part : parts) {
        const auto end = text.find('/');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        part = text.substr(0, end);
        text.remove_prefix(end + 1);
    }
    request_form form;
    const bool numbers = parse_enum(parts[0], request_kind::call_me, form.kind) &&
                         parse_enum(parts[2], members::reach_way::none, form.reach);
    if (!numbers) {
        return std::nullopt;
    }
    form.category = parts[1];
    if (!text.empty()) {
        const auto poisha = parse_number<std::int64_t>(text);
        if (!poisha) {
            return std::nullopt;
        }
        form.amount = money{*poisha};
    }
    return form;
}

std::string result_of(action done, const access::outcome& outcome) {
    using access::outcome_kind;
    std::string_view what = kept_word;
    if (outcome.kind == outcome_kind::opened) {
        what = opened_word;
    } else if (outcome.kind == outcome_kind::already) {
        what = already_word;
    } else if (outcome.kind == outcome_kind::too_many) {
        what = too_many_word;
    } else if (outcome.kind == outcome_kind::done) {
        what = done == action::request_withdraw ? withdrawn_word : moved_word;
    }
    return std::string{what} + std::to_string(outcome.request);
}

answer make_request_answer(answer_name name, const question& q) {
    switch (name) {
    case answer_name::complaint:
        return answer_complaint(q);
    case answer_name::request_way:
        return answer_way(q);
    case answer_name::call_me:
        return answer_call_me(q);
    case answer_name::request_confirm:
        return answer_confirm(q);
    case answer_name::request_result:
        return answer_result(q);
    case answer_name::requests:
        return answer_requests(q);
    case answer_name::request_withdraw:
        return answer_withdraw(q);
    case answer_name::refund:
        return answer_refund(q);
    case answer_name::refund_confirm:
        return answer_refund_confirm(q);
    case answer_name::refund_exit:
        return answer_refund_exit(q);
    case answer_name::application:
        return answer_application(q);
    default:
        break;
    }
    UTHAN_ASSERT(false);
    return {};
}

} // namespace uthan::menus
