#include "menus/answers.hpp"

#include "access/consent.hpp"
#include "core/assert.hpp"
#include "members/due.hpp"
#include "members/eligibility.hpp"
#include "members/meeting.hpp"
#include "members/savings.hpp"
#include "members/training.hpp"
#include "menus/filler.hpp"
#include "menus/request_answers.hpp"
#include "menus/service_answers.hpp"
#include "texts/forms.hpp"

#include <algorithm>
#include <array>

namespace uthan::menus {
namespace {

using members::due_kind;
using members::eligibility_kind;
using members::transaction_kind;

constexpr std::array all_texts{
    answer_text{answer_name::due, "due.next", "inst day date n k asof"},
    answer_text{answer_name::due, "due.total", "inst sav total day date asof"},
    answer_text{answer_name::due, "due.several", "count total day date asof"},
    answer_text{answer_name::due, "due.advance", "inst day date advance asof"},
    answer_text{answer_name::due, "due.overdue", "overdue inst total day date asof"},
    answer_text{answer_name::due, "due.overdue_only", "overdue asof"},
    answer_text{answer_name::due, "due.stale", "date inst asof"},
    answer_text{answer_name::due, "due.paused", "date day date2 inst asof"},
    answer_text{answer_name::due, "due.none", "asof"},
    answer_text{answer_name::statement, "stmt.rows", "date kind paid asof"},
    answer_text{answer_name::statement, "stmt.none", "asof"},
    answer_text{answer_name::savings, "sav.balance", "savings asof"},
    answer_text{answer_name::savings, "sav.multi", "kind sav total asof"},
    answer_text{answer_name::savings, "sav.balance_refund", "savings asof"},
    answer_text{answer_name::savings, "sav.multi_refund", "kind sav total asof"},
    answer_text{answer_name::savings, "sav.none", ""},
    answer_text{answer_name::meeting, "meet.next", "day date time place"},
    answer_text{answer_name::meeting, "meet.shifted", "date day date2"},
    answer_text{answer_name::meeting, "meet.none", ""},
    answer_text{answer_name::loan, "loan.summary", "principal left n k asof"},
    answer_text{answer_name::loan, "loan.choose", "principal date", true},
    answer_text{answer_name::loan, "loan.none", ""},
    answer_text{answer_name::eligibility, "elig.yes", "savings limit asof"},
    answer_text{answer_name::eligibility, "elig.gap", "goal gap asof"},
    answer_text{answer_name::eligibility, "elig.charge", "min limit rate"},
    answer_text{answer_name::eligibility, "elig.range", "min limit"},
    answer_text{answer_name::eligibility, "elig.household", "limit rate asof"},
    answer_text{answer_name::eligibility, "elig.household_full", ""},
    answer_text{answer_name::eligibility, "elig.training", "k n", false, true},
    answer_text{answer_name::eligibility, "elig.running", "left asof"},
    answer_text{answer_name::eligibility, "elig.excluded", ""},
    answer_text{answer_name::eligibility, "elig.unknown", ""},
    answer_text{answer_name::eligibility_for, "elig.amount", "goal asof"},
    answer_text{answer_name::eligibility_for, "elig.gap", "goal gap asof"},
    answer_text{answer_name::eligibility_for, "elig.outside", "min max"},
    answer_text{answer_name::eligibility_for, "elig.household_max", "max asof"},
    answer_text{answer_name::eligibility_for, "elig.household_full", ""},
    answer_text{answer_name::eligibility_for, "elig.training", "k n", false, true},
    answer_text{answer_name::eligibility_for, "elig.running", "left asof"},
    answer_text{answer_name::eligibility_for, "elig.excluded", ""},
    answer_text{answer_name::eligibility_for, "elig.unknown", ""},
    answer_text{answer_name::branch, "info.branch", "branch phone officer"},
    answer_text{answer_name::branch, "info.branch_call", "branch phone officer"},
    answer_text{answer_name::sms, "sms.choice", "status"},
    answer_text{answer_name::complaint, "comp.menu", "matter", true},
    answer_text{answer_name::complaint, "req.not_offered", ""},
    answer_text{answer_name::request_way, "comp.reach", "way", true},
    answer_text{answer_name::request_way, "req.not_offered", ""},
    answer_text{answer_name::call_me, "req.call", "way", true},
    answer_text{answer_name::call_me, "req.not_offered", ""},
    answer_text{answer_name::request_confirm, "comp.confirm", "matter"},
    answer_text{answer_name::request_confirm, "comp.confirm_past", "matter"},
    answer_text{answer_name::request_confirm, "req.confirm_call", "way"},
    answer_text{answer_name::request_confirm, "req.not_offered", ""},
    answer_text{answer_name::request_result, "comp.done", "id date"},
    answer_text{answer_name::request_result, "req.done", "id date"},
    answer_text{answer_name::request_result, "req.already", "id"},
    answer_text{answer_name::request_result, "req.too_many", ""},
    answer_text{answer_name::request_result, "comp.escalated", "id office date"},
    answer_text{answer_name::request_result, "comp.early", "date"},
    answer_text{answer_name::request_result, "req.withdrawn", "id"},
    answer_text{answer_name::request_result, "req.refused", "phone"},
    answer_text{answer_name::requests, "req.list", "id status", true},
    answer_text{answer_name::requests, "req.waiting", "id office date"},
    answer_text{answer_name::requests, "req.late", "id office"},
    answer_text{answer_name::requests, "req.late_top", "id phone"},
    answer_text{answer_name::requests, "req.answered", "id office"},
    answer_text{answer_name::requests, "req.answered_top", "id office"},
    answer_text{answer_name::requests, "req.closed", "id"},
    answer_text{answer_name::requests, "req.withdrawn", "id"},
    answer_text{answer_name::requests, "req.none", ""},
    answer_text{answer_name::request_withdraw, "req.withdraw", "id"},
    answer_text{answer_name::refund, "refund.offer", "max asof"},
    answer_text{answer_name::refund, "refund.locked", "savings asof"},
    answer_text{answer_name::refund, "sav.none", ""},
    answer_text{answer_name::refund, "req.not_offered", ""},
    answer_text{answer_name::refund_confirm, "refund.confirm", "amt"},
    answer_text{answer_name::refund_confirm, "refund.too_much", "max asof"},
    answer_text{answer_name::refund_confirm, "req.not_offered", ""},
    answer_text{answer_name::refund_exit, "refund.exit", "max asof"},
    answer_text{answer_name::refund_exit, "refund.after_loans", "left max asof"},
    answer_text{answer_name::refund_exit, "refund.loans_first", "left asof"},
    answer_text{answer_name::refund_exit, "sav.none", ""},
    answer_text{answer_name::refund_exit, "req.not_offered", ""},
    answer_text{answer_name::services, "serv.list", "matter", true},
    answer_text{answer_name::services, "serv.text", "line"},
    answer_text{answer_name::services, "req.not_offered", ""},
    answer_text{answer_name::application, "app.none", ""},
    answer_text{answer_name::application, "elig.training", "k n", false, true},
    answer_text{answer_name::application, "app.waiting", "date asof"},
    answer_text{answer_name::application, "app.running", "date date2 asof"},
    answer_text{answer_name::application, "app.late", "date date2 asof"},
    answer_text{answer_name::application, "app.stale", "date date2 asof"},
    answer_text{answer_name::application, "app.granted", "date asof"},
    answer_text{answer_name::application, "app.refused", "date asof"},
    answer_text{answer_name::meeting, "meet.moved", "date day date2 time place"},
    answer_text{answer_name::meeting, "meet.cancelled", "date day date2"},
    answer_text{answer_name::staff_dues, "staff.dues", "day date group count total", true},
    answer_text{answer_name::staff_dues, "staff.dues_none", "day date"},
    answer_text{answer_name::staff_group, "staff.group", "name tail amt total asof", true},
    answer_text{answer_name::staff_group, "staff.dues_none", "day date"},
    answer_text{answer_name::staff_collect, "staff.collect", "name tail kind amt total asof"},
    answer_text{answer_name::staff_collect, "staff.dues_none", "day date"},
    answer_text{answer_name::staff_meetings, "staff.meetings", "group day date", true},
    answer_text{answer_name::staff_meetings, "staff.no_groups", ""},
    answer_text{answer_name::staff_meeting, "staff.meeting", "group day date"},
    answer_text{answer_name::staff_meeting, "staff.meeting_moved", "group date day date2"},
    answer_text{answer_name::staff_meeting, "staff.meeting_off", "group date day date2"},
    answer_text{answer_name::staff_meeting, "staff.not_yours", ""},
    answer_text{answer_name::staff_days, "staff.days", "day date", true},
    answer_text{answer_name::staff_days, "staff.not_yours", ""},
    answer_text{answer_name::staff_move, "staff.move", "group date day date2"},
    answer_text{answer_name::staff_move, "staff.not_yours", ""},
    answer_text{answer_name::staff_cancel, "staff.cancel", "group day date"},
    answer_text{answer_name::staff_cancel, "staff.not_yours", ""},
    answer_text{answer_name::staff_requests, "staff.requests", "id count matter", true},
    answer_text{answer_name::staff_requests, "staff.requests_none", ""},
    answer_text{answer_name::staff_request, "staff.request", "id matter date date2 way"},
    answer_text{answer_name::staff_request, "staff.request_late", "id matter date date2 way"},
    answer_text{answer_name::staff_request, "staff.refused", ""},
    answer_text{answer_name::staff_answer, "staff.answer", "id matter"},
    answer_text{answer_name::staff_answer, "staff.refused", ""},
    answer_text{answer_name::staff_reset, "staff.reset", "name tail"},
    answer_text{answer_name::staff_reset, "staff.not_yours", ""},
    answer_text{answer_name::staff_result, "staff.moved", "group day date"},
    answer_text{answer_name::staff_result, "staff.cancelled", "group day date"},
    answer_text{answer_name::staff_result, "staff.restored", "group day date"},
    answer_text{answer_name::staff_result, "staff.answered", "id"},
    answer_text{answer_name::staff_result, "staff.refused", ""},
};

answer due_next(const question& q, const members::member_due& due) {
    answer a;
    filler fill{q, a.shared};
    fill.as_of();
    if (due.paused_until) {
        a.text = "due.paused";
        fill.day_of("date", *due.paused_until)
            .weekday_and("date2", due.on)
            .amount("inst", due.amount);
        return a;
    }
    fill.weekday_and("date", due.on);
    if (due.overdue > money{}) {
        a.text = "due.overdue";
        fill.amount("overdue", due.overdue)
            .amount("inst", due.amount)
            .amount("total", due.overdue + due.amount);
    } else if (due.loans_open > 1 || due.seq == 0) {
        a.text = "due.several";
        fill.count("count", due.loans_open).amount("total", due.amount);
    } else if (due.advance > money{}) {
        a.text = "due.advance";
        fill.amount("inst", due.amount).amount("advance", due.advance);
    } else if (due.savings_rate > money{}) {
        a.text = "due.total";
        fill.amount("inst", due.amount)
            .amount("sav", due.savings_rate)
            .amount("total", due.amount + due.savings_rate);
    } else {
        a.text = "due.next";
        fill.amount("inst", due.amount).count("n", due.count).count("k", due.seq);
    }
    return a;
}

answer answer_due(const question& q) {
    const auto due = members::due_of(q.facts, q.rules, q.today);
    if (due.kind == due_kind::next) {
        return due_next(q, due);
    }
    answer a;
    filler fill{q, a.shared};
    fill.as_of();
    switch (due.kind) {
    case due_kind::arrears:
        a.text = "due.overdue_only";
        fill.amount("overdue", due.overdue);
        break;
    case due_kind::stale:
        a.text = "due.stale";
        fill.day_of("date", due.on).amount("inst", due.amount);
        break;
    case due_kind::none:
    case due_kind::next:
        a.text = "due.none";
        break;
    }
    return a;
}

std::string_view word_id(transaction_kind kind) noexcept {
    switch (kind) {
    case transaction_kind::loan_repay:
        return "word.loan_repay";
    case transaction_kind::savings_deposit:
        return "word.savings_deposit";
    case transaction_kind::savings_withdraw:
        return "word.savings_withdraw";
    case transaction_kind::disburse:
        return "word.disburse";
    case transaction_kind::interest:
        return "word.interest";
    case transaction_kind::adjust:
        return "word.adjust";
    case transaction_kind::reversal:
        return "word.reversal";
    }
    return "word.adjust";
}

std::string_view word_id(members::savings_product product) noexcept {
    switch (product) {
    case members::savings_product::general:
        return "word.general";
    case members::savings_product::voluntary:
        return "word.voluntary";
    case members::savings_product::term:
        return "word.term";
    case members::savings_product::security:
        return "word.security";
    case members::savings_product::group_share:
        return "word.share";
    }
    return "word.general";
}

answer answer_statement(const question& q) {
    answer a;
    filler{q, a.shared}.as_of();
    if (q.activity->recent.empty()) {
        a.text = "stmt.none";
        return a;
    }
    a.text = "stmt.rows";
    for (const auto& t : q.activity->recent) {
        filler{q, a.rows.emplace_back()}
            .day_of("date", t.txn_on)
            .text("kind", word(q, word_id(t.kind)))
            .amount("paid", t.amount);
    }
    return a;
}

answer answer_savings(const question& q) {
    const auto summary = members::savings_of(q.facts.savings);
    answer a;
    if (summary.accounts == 0) {
        a.text = "sav.none";
        return a;
    }
    filler fill{q, a.shared};
    fill.as_of();
    std::vector<members::savings_product> products;
    for (const auto& account : q.facts.savings) {
        if (account.status == members::account_status::active &&
            std::ranges::find(products, account.product) == products.end()) {
            products.push_back(account.product);
        }
    }
    const bool refunds =
        members::is_offered(q.rules.requests, members::request_kind::refund_emergency);
    if (products.size() == 1) {
        a.text = refunds ? "sav.balance_refund" : "sav.balance";
        fill.amount("savings", summary.total);
        return a;
    }
    a.text = refunds ? "sav.multi_refund" : "sav.multi";
    fill.amount("total", summary.total);
    std::ranges::sort(products);
    for (const auto product : products) {
        filler{q, a.rows.emplace_back()}
            .text("kind", word(q, word_id(product)))
            .amount("sav", summary.of(product));
    }
    return a;
}

answer answer_meeting(const question& q) {
    answer a;
    UTHAN_ASSERT(q.meeting_changes != nullptr);
    const auto next =
        members::next_meeting_of(q.facts, q.rules, q.today, q.now, *q.meeting_changes);
    if (!next) {
        a.text = "meet.none";
        return a;
    }
    filler fill{q, a.shared};
    const auto time = next->time_of_day ? texts::time_form(*next->time_of_day, q.in) : "";
    if (next->moved) {
        a.text = "meet.moved";
        fill.day_of("date", next->regular_on).weekday_and("date2", next->on);
        fill.text("time", time).named("place", next->place);
        return a;
    }
    if (next->cancelled_by_staff) {
        a.text = "meet.cancelled";
        fill.day_of("date", *next->cancelled_by_staff).weekday_and("date2", next->on);
        return a;
    }
    if (next->cancelled_by_holiday) {
        a.text = "meet.shifted";
        fill.day_of("date", *next->cancelled_by_holiday).weekday_and("date2", next->on);
        return a;
    }
    a.text = "meet.next";
    fill.weekday_and("date", next->on).named("place", next->place);
    fill.text("time", time);
    return a;
}

answer loan_summary(const question& q, const members::loan& of) {
    const auto due = members::due_of(of, *q.facts.calendar, q.rules, q.facts.as_of(), q.today);
    answer a;
    a.text = "loan.summary";
    filler{q, a.shared}
        .amount("principal", of.principal)
        .amount("left", due.left)
        .count("n", due.count)
        .count("k", due.paid_count)
        .as_of();
    return a;
}

answer answer_loan(const question& q) {
    std::vector<const members::loan*> running;
    for (const auto& l : q.facts.loans) {
        if (l.status == members::loan_status::active) {
            running.push_back(&l);
        }
    }
    answer a;
    if (running.empty()) {
        a.text = "loan.none";
        return a;
    }
    const auto chosen =
        std::ranges::find_if(running, [&](const auto* l) { return l->loan_no == q.chosen; });
    if (chosen != running.end()) {
        return loan_summary(q, **chosen);
    }
    if (running.size() == 1) {
        return loan_summary(q, *running.front());
    }
    a.text = "loan.choose";
    for (const auto* l : running) {
        filler{q, a.rows.emplace_back()}
            .amount("principal", l->principal)
            .day_of("date", l->disbursed_on);
        a.choices.push_back(l->loan_no);
    }
    return a;
}

answer eligibility_answer(const question& q, const members::eligibility& e) {
    answer a;
    filler fill{q, a.shared};
    switch (e.kind) {
    case eligibility_kind::limit:
        a.text = "elig.yes";
        fill.amount("savings", e.savings).amount("limit", e.limit).as_of();
        break;
    case eligibility_kind::gap:
        a.text = "elig.gap";
        fill.amount("goal", e.goal).amount("gap", e.gap).as_of();
        break;
    case eligibility_kind::possible:
        a.text = "elig.amount";
        fill.amount("goal", e.goal).as_of();
        break;
    case eligibility_kind::below_min:
    case eligibility_kind::above_max:
        a.text = "elig.outside";
        fill.amount("min", e.min).amount("max", e.max);
        break;
    case eligibility_kind::running:
        a.text = "elig.running";
        fill.amount("left", e.left).as_of();
        break;
    case eligibility_kind::class_excluded:
        a.text = "elig.excluded";
        break;
    case eligibility_kind::unknown_rules:
        a.text = "elig.unknown";
        break;
    }
    return a;
}

/// Where no savings are asked first, what counts is the range, and the charge where it is one sum
/// on the principal (RSS). A declining yearly rate says nothing per thousand and is not shown.
answer answer_range(const question& q, const members::product_rules& product,
                    const members::eligibility& e) {
    answer a;
    filler fill{q, a.shared};
    fill.amount("min", e.min).amount("limit", e.limit);
    if (product.method == members::charge_method::declining) {
        a.text = "elig.range";
        return a;
    }
    a.text = "elig.charge";
    fill.amount("rate", e.charge_per_thousand);
    return a;
}

/// Her answer within what the loans of her household leave.
struct shared_answer {
    members::eligibility hers;
    bool full = false;    ///< the household has no room, and nothing else speaks against a loan
    bool lowered = false; ///< less than her own rules allow
};

shared_answer share(const question& q, const members::eligibility& alone) {
    if (q.household == nullptr) {
        return {alone};
    }
    const auto room = members::household_room_of(*q.household, q.rules, q.today);
    shared_answer within{members::within_household(alone, room)};
    const bool changed = within.hers.kind != alone.kind;
    within.full = changed && room.kind == members::household_kind::full;
    within.lowered = within.hers.max < alone.max;
    return within;
}

/// What is left for her household, and never whose loans take the rest of it.
answer answer_household(const question& q, const members::eligibility& e) {
    answer a;
    a.text = "elig.household";
    filler{q, a.shared}.amount("limit", e.limit).amount("rate", e.charge_per_thousand).as_of();
    return a;
}

answer answer_eligibility(const question& q) {
    const auto within = share(q, members::eligibility_of(q.facts, q.rules, q.today));
    const auto& e = within.hers;
    const auto* product = members::product_on(q.rules, q.rules.eligibility_product, q.today);
    if (within.full) {
        answer a;
        a.text = "elig.household_full";
        return a;
    }
    if (e.kind == eligibility_kind::limit && product != nullptr && product->savings_first_bp == 0) {
        const bool says_charge = product->method != members::charge_method::declining;
        return within.lowered && says_charge ? answer_household(q, e)
                                             : answer_range(q, *product, e);
    }
    return eligibility_answer(q, e);
}

answer answer_eligibility_for(const question& q) {
    const auto asked = q.amount.value_or(money{});
    const auto within = share(q, members::eligibility_for(q.facts, q.rules, q.today, asked));
    answer a;
    if (within.full) {
        a.text = "elig.household_full";
    } else if (within.lowered && within.hers.kind == eligibility_kind::above_max) {
        a.text = "elig.household_max";
        filler{q, a.shared}.amount("max", within.hers.max).as_of();
    } else {
        a = eligibility_answer(q, within.hers);
    }
    return a;
}

/// Where a loan is spoken of: how far her training is.
answer with_training(const question& q, answer a) {
    if (const auto training = members::training_of(q.facts, q.rules)) {
        a.lead = "elig.training";
        filler{q, a.shared}.count("k", training->done).count("n", training->weeks);
    }
    return a;
}

answer answer_branch(const question& q) {
    answer a;
    const bool calls = members::is_offered(q.rules.requests, members::request_kind::call_me);
    a.text = calls ? "info.branch_call" : "info.branch";
    filler fill{q, a.shared};
    fill.named("branch", q.facts.office_of.name)
        .text("phone", texts::phone_form(q.facts.office_of.phone, q.in));
    if (q.facts.officer) {
        fill.named("officer", q.facts.officer->short_name);
    } else {
        fill.text("officer", q.facts.office_of.officer_name);
    }
    return a;
}

answer answer_sms(const question& q) {
    answer a;
    a.text = "sms.choice";
    const auto& who = q.facts.who;
    switch (access::sms_in_force(q.record, {.sms = who.sms_consent, .on = who.consent_on})) {
    case access::sms_choice::with_amounts:
        filler{q, a.shared}.text("status", word(q, "word.sms_with_amounts"));
        break;
    case access::sms_choice::without_amounts:
        filler{q, a.shared}.text("status", word(q, "word.sms_without_amounts"));
        break;
    case access::sms_choice::unasked:
    case access::sms_choice::none:
        filler{q, a.shared}.text("status", word(q, "word.sms_none"));
        break;
    }
    return a;
}

} // namespace

std::span<const answer_text> answer_texts() noexcept {
    return all_texts;
}

bool needs_activity(answer_name name) noexcept {
    return name == answer_name::statement || name == answer_name::application;
}

bool needs_household(answer_name name) noexcept {
    return name == answer_name::eligibility || name == answer_name::eligibility_for;
}

bool needs_meeting_changes(answer_name name) noexcept {
    return name == answer_name::meeting;
}

bool needs_requests(answer_name name) noexcept {
    return name == answer_name::requests || name == answer_name::request_result;
}

answer make_answer(answer_name name, const question& q) {
    switch (name) {
    case answer_name::due:
        return answer_due(q);
    case answer_name::statement:
        return answer_statement(q);
    case answer_name::savings:
        return answer_savings(q);
    case answer_name::meeting:
        return answer_meeting(q);
    case answer_name::loan:
        return answer_loan(q);
    case answer_name::eligibility:
        return with_training(q, answer_eligibility(q));
    case answer_name::eligibility_for:
        return with_training(q, answer_eligibility_for(q));
    case answer_name::services:
        return make_service_answer(q);
    case answer_name::application:
        return with_training(q, make_request_answer(name, q));
    case answer_name::branch:
        return answer_branch(q);
    case answer_name::sms:
        return answer_sms(q);
    case answer_name::none:
        break;
    default:
        return make_request_answer(name, q);
    }
    UTHAN_ASSERT(false);
    return {};
}

} // namespace uthan::menus
