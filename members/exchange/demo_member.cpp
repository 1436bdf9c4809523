#include "members/exchange/demo_member.hpp"

#include "members/exchange/demo_transactions.hpp"

#include <algorithm>
#include <array>

namespace uthan::members::exchange {

namespace {

using std::chrono::days;

struct making {
    const demo_setting& setting;
    const demo_seat& seat;
    demo_random& random;
    demo_member& made;

    calendar_day as_of() const noexcept { return seat.office->row.as_of; }
    bool is_rss() const noexcept { return setting.shape->kind == group_kind::karmadal; }
};

// Who she is.

void name_her(making& m) {
    if (m.seat.is(demo_case::name_of_sixty_graphemes)) {
        m.made.who.name = {std::string{longest_name().bn}, std::string{longest_name().en}};
        return;
    }
    const demo_word& first = m.random.pick(women_names());
    const demo_word& family = m.random.pick(family_names());
    m.made.who.name.bn = std::string{first.bn} + " " + std::string{family.bn};
    if (!m.random.chance(30)) { // the rest is left to the import's transliteration
        m.made.who.name.en = std::string{first.en} + " " + std::string{family.en};
    }
}

/// She joined between 18 and 45, the rule that KMSS publishes; two cases did not.
void say_her_age(making& m) {
    unsigned years = 18 + m.random.below(27);
    days member_for{500 + m.random.below(3000)};
    if (m.seat.is(demo_case::too_young)) {
        years = 16;
        member_for = days{100};
    } else if (m.seat.is(demo_case::too_old)) {
        years = 62;
    }
    m.made.who.joined_on = m.as_of() - member_for;
    m.made.who.born_on =
        *m.made.who.joined_on - days{years * 365 + years / 4 + 2} - days{m.random.below(300)};
}

void say_her_income(making& m) {
    if (!m.is_rss()) {
        m.made.land_decimal = std::to_string(m.random.below(50));
        if (m.setting.shape->kind == group_kind::group) {
            // KMSS trains new members for eight weeks.
            m.made.who.training_weeks_done = m.random.chance(90) ? 8 : m.random.below(8);
        }
        return;
    }
    const unsigned draw = m.seat.case_number() != 0 ? 0 : m.random.below(100);
    unsigned income = 24'000 + 500 * m.random.below(53); // up to 50,000
    if (draw >= 70) {
        income = 50'001 + 500 * m.random.below(20);
    }
    if (draw >= 93 || m.seat.is(demo_case::class_ga)) {
        income = 60'001 + 1'000 * m.random.below(60);
    }
    m.made.who.annual_family_income = money::taka(income);
    m.made.who.income = income <= 50'000   ? income_class::ka
                        : income <= 60'000 ? income_class::kha
                                           : income_class::ga;
}

void say_her_consent(making& m) {
    const unsigned draw = m.random.below(10);
    const bool yes = m.seat.is(demo_case::consent_yes) || draw < 5;
    const bool no = m.seat.is(demo_case::consent_no) || (!yes && draw < 7);
    if (m.seat.is(demo_case::consent_not_said) || (!yes && !no)) {
        return;
    }
    m.made.who.sms_consent = !m.seat.is(demo_case::consent_no) && yes;
    m.made.who.consent_on = m.as_of() - days{30 + m.random.below(400)};
}

member_status status_of(making& m) {
    if (m.seat.is(demo_case::closed_member) || m.seat.is(demo_case::closed_on_a_shared_phone)) {
        return member_status::closed;
    }
    if (m.seat.is(demo_case::dropout)) {
        return member_status::dropout;
    }
    // The first of an office shows the office's case, so she is there.
    if (m.seat.case_number() != 0 || m.seat.number == 1) {
        return member_status::active;
    }
    const unsigned draw = m.random.below(1000);
    return draw < 15   ? member_status::closed
           : draw < 40 ? member_status::dropout
                       : member_status::active;
}

void introduce(making& m) {
    member& who = m.made.who;
    who.code = demo_member_code(*m.seat.office, m.seat.number);
    who.office_code = m.seat.office->row.code;
    name_her(m);
    who.status = status_of(m);
    if (m.seat.is(demo_case::empty_columns)) {
        return;
    }
    who.gender = m.seat.case_number() == 0 && m.random.chance(2) ? "M" : "F";
    say_her_age(m);
    say_her_income(m);
    say_her_consent(m);
    who.household_id =
        "H" + (m.seat.household_head.empty() ? who.code : std::string{m.seat.household_head});
    if (m.seat.of != nullptr) {
        who.group_code = m.seat.of->code;
        who.cohesion_code = m.seat.cohesion;
    }
    const bool english =
        m.seat.case_number() == 0 ? m.random.chance(3) : m.seat.is(demo_case::english);
    who.language = english ? written_language::en : written_language::bn;
    m.made.nid_last4 = padded(m.random.below(10'000), 4);
}

// What she has borrowed.

money principal_for(const demo_product& product, demo_random& random) {
    const auto steps =
        static_cast<std::uint32_t>((product.principal_max.poisha - product.principal_min.poisha) /
                                   product.principal_step.poisha);
    // Two draws, the smaller one: most loans are small. The general loan's average is published.
    const std::uint32_t draw = product.charge_bp == 2400 && product.instalments == 46
                                   ? random.below(steps + 1)
                                   : std::min(random.below(steps + 1), random.below(steps + 1));
    return product.principal_min + product.principal_step * draw;
}

const demo_product& product_by_share(const demo_shape& shape, demo_random& random) {
    unsigned draw = random.below(100);
    for (const demo_product& product : shape.products) {
        if (draw < product.share) {
            return product;
        }
        draw -= product.share;
    }
    return shape.products.front();
}

demo_loan_plan running_loan(making& m, const demo_product& product) {
    demo_loan_plan plan;
    plan.product = &product;
    plan.principal = principal_for(product, m.random);
    plan.cycle = 1 + m.random.below(4);
    plan.due = m.random.below(product.instalments);
    return plan;
}

/// A loan of the ordinary product, long enough under way for any behaviour.
demo_loan_plan ordinary_loan(making& m) {
    const demo_product& product = m.setting.shape->products.front();
    demo_loan_plan plan = running_loan(m, product);
    plan.due = product.instalments / 2 + m.random.below(product.instalments / 5);
    return plan;
}

demo_loan_plan repaid_loan(making& m) {
    demo_loan_plan plan = ordinary_loan(m);
    plan.due = plan.product->instalments + m.random.below(6);
    plan.ahead = plan.product->instalments; // nothing is left open by a holiday or a pause
    plan.status = loan_status::closed;
    return plan;
}

void behave(demo_loan_plan& plan, demo_random& random) {
    const unsigned draw = random.below(1000);
    if (draw < 45) {
        plan.behind = 1;
    } else if (draw < 60) {
        plan.behind = 2 + random.below(6);
    } else if (draw < 80) {
        plan.last_in_part = true;
    } else if (draw < 105) {
        plan.ahead = 1 + random.below(3);
    } else if (draw < 130) {
        plan.ahead_in_part = true;
    }
}

std::vector<demo_loan_plan> thirty_loans(making& m) {
    std::vector<demo_loan_plan> plans;
    for (unsigned i = 0; i < 30; ++i) {
        demo_loan_plan plan = ordinary_loan(m);
        plan.cycle = i + 1;
        plan.principal = plan.product->principal_min + plan.product->principal_step * i;
        plan.due = 1 + i % (plan.product->instalments - 1);
        plan.behind = i % 5 == 4 ? 1 : 0;
        plans.push_back(plan);
    }
    return plans;
}

/// The behaviours that one loan shows; no loan at all for a case that is about none.
std::vector<demo_loan_plan> plans_of_one_loan(making& m) {
    demo_loan_plan plan = ordinary_loan(m);
    const demo_shape& shape = *m.setting.shape;
    const unsigned n = plan.product->instalments;
    switch (static_cast<demo_case>(m.seat.case_number())) {
    case demo_case::overdue_by_one:
        plan.behind = 1;
        break;
    case demo_case::overdue_by_five:
        plan.behind = 5;
        break;
    case demo_case::advance_two_whole:
        plan.ahead = 2;
        break;
    case demo_case::advance_in_part:
        plan.ahead_in_part = true;
        break;
    case demo_case::last_paid_in_part:
        plan.last_in_part = true;
        break;
    case demo_case::advance_whole_and_part:
        plan.ahead = 1;
        plan.ahead_in_part = true;
        break;
    case demo_case::smallest_loan:
        plan.principal = plan.product->principal_min;
        break;
    case demo_case::largest_loan:
        plan.principal = plan.product->principal_max;
        break;
    case demo_case::nothing_due_yet:
        plan.due = 0;
        break;
    case demo_case::last_instalment_left:
        plan.due = n - 1;
        break;
    case demo_case::past_the_last_due_date:
        plan.due = n + 3;
        plan.behind = 2;
        break;
    case demo_case::written_off:
        plan.due = n + 12;
        plan.behind = n / 2;
        plan.status = loan_status::written_off;
        break;
    case demo_case::poisha:
        plan.with_poisha = true;
        plan.principal += money{33};
        break;
    case demo_case::one_instalment:
    case demo_case::two_instalments:
    case demo_case::three_instalments:
        if (m.is_rss()) {
            const auto which = m.seat.case_number() - number_of(demo_case::one_instalment) + 1;
            plan = running_loan(m, shape.products[which]);
            plan.due = which - 1;
        }
        break;
    case demo_case::loan_repaid:
        return {repaid_loan(m)};
    default:
        break;
    }
    return {plan};
}

bool has_no_loan(const making& m) {
    switch (static_cast<demo_case>(m.seat.case_number())) {
    case demo_case::never_borrowed:
    case demo_case::may_borrow:
    case demo_case::must_save_first:
    case demo_case::empty_columns:
    case demo_case::closed_member:
    case demo_case::closed_on_a_shared_phone:
    case demo_case::dropout:
    case demo_case::without_transactions:
    case demo_case::savings_of_a_hundred_crore:
        return true;
    case demo_case::class_ga:
        return m.is_rss();
    default:
        return m.made.who.status != member_status::active ||
               (m.is_rss() && m.made.who.income == income_class::ga);
    }
}

std::vector<demo_loan_plan> plans_by_case(making& m) {
    if (m.seat.is(demo_case::thirty_loans)) {
        return thirty_loans(m);
    }
    std::vector<demo_loan_plan> plans = plans_of_one_loan(m);
    if (m.seat.is(demo_case::two_loans) || m.seat.is(demo_case::overdue_on_both_loans)) {
        plans.push_back(ordinary_loan(m));
        plans.back().cycle = plans.front().cycle + 1;
        const unsigned behind = m.seat.is(demo_case::overdue_on_both_loans) ? 2 : 0;
        plans.front().behind = behind;
        plans.back().behind = behind;
    }
    if (m.seat.is(demo_case::one_repaid_one_running)) {
        plans.insert(plans.begin(), repaid_loan(m));
        plans.back().cycle = plans.front().cycle + 1;
    }
    return plans;
}

/// The first member of an office with a holiday of its own has an instalment on that day.
std::vector<demo_loan_plan> plans_by_office(making& m) {
    demo_loan_plan plan = ordinary_loan(m);
    if (m.is_rss() && m.seat.office->case_holiday) {
        plan.pinned_on = m.seat.office->case_holiday;
        plan.due = 3;
    }
    return {plan};
}

std::vector<demo_loan_plan> plans_by_chance(making& m) {
    if (!m.random.chance(m.setting.shape->borrowers)) {
        return m.random.chance(40) ? std::vector{repaid_loan(m)} : std::vector<demo_loan_plan>{};
    }
    std::vector<demo_loan_plan> plans;
    if (m.random.chance(8)) {
        plans.push_back(repaid_loan(m));
    }
    plans.push_back(running_loan(m, product_by_share(*m.setting.shape, m.random)));
    behave(plans.back(), m.random);
    if (!m.is_rss() && m.random.chance(3)) {
        plans.push_back(ordinary_loan(m));
    }
    return plans;
}

std::vector<demo_loan_plan> plans_for(making& m) {
    if (has_no_loan(m)) {
        return {};
    }
    if (m.seat.case_number() != 0) {
        return plans_by_case(m);
    }
    return m.seat.number == 1 ? plans_by_office(m) : plans_by_chance(m);
}

void lend(making& m) {
    demo_loan_setting setting;
    setting.as_of = m.as_of();
    setting.calendar = &m.seat.office->calendar;
    setting.rules = m.setting.rules;
    if (m.seat.of != nullptr && m.seat.of->meeting) {
        setting.meeting_weekday = m.seat.of->meeting->weekday;
    }
    for (const demo_loan_plan& plan : plans_for(m)) {
        demo_loan made = make_demo_loan(plan, setting, m.random);
        made.row.loan_no = "L" + m.made.who.code + padded(m.made.loans.size() + 1, 2);
        made.row.staff_code = m.seat.of != nullptr && !m.seat.of->staff_code.empty()
                                  ? m.seat.of->staff_code
                                  : demo_officer_code(*m.seat.office, 0);
        if (m.is_rss()) {
            made.row.household_limit = money::taka(50'000);
        }
        m.made.loans.push_back(std::move(made));
    }
}

// What she has saved.

money ordinary_savings(making& m) {
    switch (static_cast<demo_case>(m.seat.case_number())) {
    case demo_case::savings_of_a_hundred_crore:
        return money::taka(999'999'999);
    case demo_case::may_borrow:
        return money::taka(12'000);
    case demo_case::must_save_first:
        return money::taka(640);
    case demo_case::poisha:
        return money{1'234'56};
    default:
        break;
    }
    const demo_shape& shape = *m.setting.shape;
    const auto spread =
        static_cast<std::uint32_t>((shape.savings_max.poisha - shape.savings_min.poisha) / 100);
    money amount = shape.savings_min + money::taka(m.random.below(spread + 1));
    for (const demo_loan& one : m.made.loans) {
        // KMSS: a tenth of the loan was saved before it.
        if (shape.kind == group_kind::group && one.row.status == loan_status::active &&
            !m.seat.is(demo_case::thirty_loans)) {
            amount += money{one.row.principal.poisha / 10};
        }
    }
    return amount;
}

void open_account(making& m, savings_product product, money balance) {
    savings_account account;
    account.account_no = "S" + m.made.who.code + std::to_string(m.made.savings.size() + 1);
    account.product = product;
    account.balance = balance;
    account.available = product == savings_product::term ? money{} : balance;
    account.interest_ytd = money{balance.poisha / 10'000 * 300}; // 3 % in whole taka (assumed)
    account.opened_on = m.made.who.joined_on;
    if (product == savings_product::term) {
        account.matures_on = m.as_of() + days{30 + m.random.below(900)};
    }
    m.made.savings.push_back(std::move(account));
}

void save_of_every_kind(making& m) {
    open_account(m, savings_product::general, money::taka(4'520));
    open_account(m, savings_product::voluntary, money::taka(1'250));
    open_account(m, savings_product::term, money::taka(24'000));
    open_account(m, savings_product::security, money::taka(3'000));
    open_account(m, savings_product::group_share, money::taka(500));
    open_account(m, savings_product::voluntary, money::taka(75));
    open_account(m, savings_product::general, money{});
    m.made.savings.back().status = account_status::closed;
}

void save(making& m) {
    if (m.seat.is(demo_case::without_savings) || m.seat.is(demo_case::empty_columns)) {
        return;
    }
    if (m.seat.is(demo_case::savings_of_every_kind)) {
        save_of_every_kind(m);
        return;
    }
    if (m.made.who.status != member_status::active) {
        open_account(m, savings_product::general, money{});
        m.made.savings.back().status = account_status::closed;
        return;
    }
    open_account(m, savings_product::general, ordinary_savings(m));
    if (m.seat.case_number() != 0 || m.is_rss()) {
        return;
    }
    if (m.random.chance(25)) {
        open_account(m, savings_product::voluntary, money::taka(50 + m.random.below(3'000)));
    }
    if (m.random.chance(8)) {
        open_account(m, savings_product::term, money::taka(1'000 * (1 + m.random.below(30))));
    }
}

// What she has asked for.

void apply_again_or_first(making& m, bool again, std::size_t status) {
    static constexpr std::array<std::string_view, 8> statuses{"submitted",
                                                              "verified",
                                                              "recommended",
                                                              "with_USSO",
                                                              "UPIC_approved",
                                                              "UPIC_rejected",
                                                              "disbursement_scheduled",
                                                              "disbursed"};
    // One month from the village's selection for the first loan, 20 days for the next ones.
    const days allowed{again ? 20 : 30};
    application made;
    made.app_no = "A" + m.made.who.code + "1";
    made.stage = again ? "2" : "1";
    made.type = again ? application_type::reinvest : application_type::first;
    made.requested = money::taka(5'000 + 5'000 * m.random.below(10));
    made.applied_on = m.as_of() - days{5 + m.random.below(40)};
    made.status = statuses[status];
    made.status_on = made.applied_on + days{status == 0 ? 0 : 1 + m.random.below(5)};
    made.deadline_on = made.applied_on + allowed;
    m.made.applications.push_back(std::move(made));
}

void apply(making& m) {
    if (!m.is_rss()) {
        return;
    }
    const std::uint32_t number = m.seat.case_number();
    if (number >= number_of(demo_case::application_first)) {
        const std::uint32_t nth = number - number_of(demo_case::application_first);
        apply_again_or_first(m, nth >= 8, nth % 8);
    } else if (number == 0 && m.made.who.status == member_status::active && m.random.chance(10)) {
        apply_again_or_first(m, m.random.chance(70), m.random.below(8));
    }
}

} // namespace

std::uint32_t demo_seat::case_number() const noexcept {
    return office->number == number_of(demo_office::cases) && number <= number_of(demo_case::last)
               ? number
               : 0;
}

std::string demo_member_code(const demo_leaf& office, std::uint32_t number) {
    return office.row.code + padded(number, 6);
}

demo_member make_demo_member(const demo_setting& setting, const demo_seat& seat) {
    demo_random random{setting.seed,
                       (static_cast<std::uint64_t>(seat.office->number) << 32U) | seat.number};
    demo_member made;
    making m{setting, seat, random, made};
    introduce(m);
    lend(m);
    save(m);
    apply(m);
    const demo_transaction_setting for_transactions{
        seat.office,
        seat.of,
        setting.shape->meets == meeting_frequency::monthly,
        seat.is(demo_case::many_transactions),
        seat.is(demo_case::without_transactions) || seat.is(demo_case::empty_columns),
        seat.is(demo_case::reversed_payment)};
    made.transactions = make_demo_transactions(for_transactions, made, random);
    return made;
}

} // namespace uthan::members::exchange
