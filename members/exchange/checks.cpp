#include "members/exchange/checks.hpp"

#include "members/exchange/fields.hpp"
#include "members/exchange/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace uthan::members::exchange {
namespace {

constexpr int office_levels_max = 16;

std::string range_text(const std::optional<unsigned>& least, const std::optional<unsigned>& most) {
    return fmt::format("{}–{}", least.value_or(0), most ? std::to_string(*most) : "");
}

bool outside(unsigned value, const std::optional<unsigned>& least,
             const std::optional<unsigned>& most) {
    return (least && value < *least) || (most && value > *most);
}

unsigned age_on(calendar_day born, calendar_day day) {
    const std::chrono::year_month_day from{born};
    const std::chrono::year_month_day to{day};
    const auto years = static_cast<int>(to.year()) - static_cast<int>(from.year());
    const bool before_birthday =
        std::pair{to.month(), to.day()} < std::pair{from.month(), from.day()};
    return static_cast<unsigned>(std::max(0, years - (before_birthday ? 1 : 0)));
}

std::string_view word_of(income_class income) {
    switch (income) {
    case income_class::ka:
        return "ka";
    case income_class::kha:
        return "kha";
    case income_class::ga:
        return "ga";
    case income_class::none:
        break;
    }
    return "none";
}

} // namespace

row_checks::row_checks(context in, findings& said) : in_(std::move(in)), said_(said) {
    if (!in_.delivery.partial) {
        return;
    }
    for (const auto& [code, as_of] : in_.current_offices) {
        if (!in_.delivery.offices.contains(code)) {
            offices_[code] = {};
        }
    }
}

template <class Row>
verdict row_checks::bad(const Row& row, std::string_view kind, std::string text) {
    said_.add(severity::error, name_of(Row::kind), row.line, kind, std::move(text));
    return verdict::bad;
}

template <class Row>
void row_checks::warn(const Row& row, std::string_view kind, std::string text) {
    said_.add(severity::warning, name_of(Row::kind), row.line, kind, std::move(text));
}

void row_checks::begin(file_kind file, std::size_t expected) {
    switch (file) {
    case file_kind::staff:
        staff_ = code_index{expected};
        break;
    case file_kind::groups:
        groups_ = code_index{expected};
        group_places_.reserve(expected);
        break;
    case file_kind::members:
        members_ = code_index{expected};
        member_places_.reserve(expected);
        households_ = code_index{in_.rules.groups.one_member_per_household ? expected : 0};
        break;
    case file_kind::loans:
        loans_ = code_index{expected};
        loan_places_.reserve(expected);
        break;
    default:
        break;
    }
}

void row_checks::end(file_kind file) {
    if (file == file_kind::branches) {
        end_of_offices();
    } else if (file == file_kind::members) {
        end_of_members();
    }
}

void row_checks::lose(file_kind file, const std::string& key) {
    if (key.empty()) {
        return;
    }
    if (file == file_kind::branches) {
        offices_.try_emplace(key).first->second.lost = true;
    } else if (file == file_kind::groups) {
        groups_.insert(key, lost_row);
    } else if (file == file_kind::members) {
        members_.insert(key, lost_row);
    } else if (file == file_kind::loans) {
        loans_.insert(key, lost_row);
    }
}

void row_checks::fill(label& name) {
    if (name.en.empty() && !name.bn.empty() && in_.to_latin) {
        name.en = in_.to_latin(name.bn);
        ++transliterated_;
    }
}

verdict row_checks::check(office_row& row) {
    const auto& code = row.value.code;
    const bool named = in_.delivery.offices.contains(code);
    if (in_.delivery.partial && !named && in_.current_offices.contains(code)) {
        return verdict::left_out;
    }
    auto& place = offices_[code];
    if (place.number != 0 || place.lost) {
        return bad(row, "branch_code twice", fmt::format("the office {} is there twice", code));
    }
    row.value.as_of = in_.delivery.as_of_office(code);
    const auto current = in_.current_offices.find(code);
    if (current != in_.current_offices.end() && row.value.as_of < current->second) {
        said_.refuse(name_of(row.kind), row.line,
                     fmt::format("office {} is of {}, but {} is published already", code,
                                 to_iso(row.value.as_of), to_iso(current->second)));
    }
    if (office_count_ >= offices_max) {
        said_.refuse(name_of(row.kind), row.line,
                     fmt::format("there are more than {} offices", offices_max));
        return verdict::bad;
    }
    fill(row.value.name);
    row.number = ++office_count_;
    place = {row.number, !in_.delivery.partial || named, false, row.value.parent_code, row.line};
    return verdict::keep;
}

void row_checks::end_of_offices() {
    constexpr auto file = name_of(file_kind::branches);
    for (const auto& [code, day] : in_.delivery.offices) {
        if (const auto at = offices_.find(code); at == offices_.end() || at->second.number == 0) {
            said_.refuse(
                file, 0,
                fmt::format("{} names the office {}, but it has no row here", manifest_name, code));
        }
    }
    for (const auto& [code, place] : offices_) {
        int levels = 0;
        for (auto at = &place; !at->parent.empty(); ++levels) {
            const auto parent = offices_.find(at->parent);
            if (parent == offices_.end()) {
                said_.add(severity::warning, file, at->line, "unknown parent",
                          fmt::format("the parent {} has no row", at->parent));
                break;
            }
            at = &parent->second;
            if (levels == office_levels_max) {
                said_.refuse(file, place.line,
                             fmt::format("office {} is above itself by its parents", code));
                break;
            }
        }
    }
}

verdict row_checks::check(staff_row& row) {
    if (!staff_.insert(row.value.code, 0)) {
        return bad(row, "staff_code twice",
                   fmt::format("the staff code {} is there twice", row.value.code));
    }
    fill(row.value.name);
    if (row.value.short_name.bn.empty()) {
        row.value.short_name.bn = row.value.name.bn;
        row.value.short_name.en =
            row.value.short_name.en.empty() ? row.value.name.en : row.value.short_name.en;
    }
    fill(row.value.short_name);
    return verdict::keep;
}

/// Where only some offices are delivered, staff of the others may be meant.
bool row_checks::may_know_staff(const std::string& code) {
    return code.empty() || in_.delivery.partial || staff_.size() == 0 ||
           staff_.find(code) != nullptr;
}

template <class Row>
verdict row_checks::resolve_office(const Row& row, const std::string& code, row_number& out) {
    const auto found = offices_.find(code);
    if (found == offices_.end()) {
        return bad(row, "unknown office",
                   fmt::format("the office {} is not in {}", code, name_of(file_kind::branches)));
    }
    if (found->second.number == 0 && found->second.lost) {
        return verdict::left_out;
    }
    if (!found->second.replaced) {
        return bad(row, "office not delivered",
                   fmt::format("the office {} is not one that this delivery replaces", code));
    }
    out = found->second.number;
    return verdict::keep;
}

verdict row_checks::check(group_row& row) {
    auto& value = row.value;
    const auto office = resolve_office(row, value.office_code, row.office);
    if (office != verdict::keep) {
        lose(row.kind, value.code);
        return office;
    }
    const auto number = static_cast<row_number>(group_places_.size() + 1);
    if (!groups_.insert(value.code, number)) {
        return bad(row, "group_code twice", fmt::format("the group {} is there twice", value.code));
    }
    const bool sized =
        value.kind != group_kind::cohesion && value.kind != group_kind::village_committee;
    group_places_.push_back({row.office, 0, sized ? static_cast<std::uint32_t>(row.line) : 0});
    row.number = number;
    if (!may_know_staff(value.staff_code)) {
        warn(row, "unknown staff_code",
             fmt::format("the staff code {} is not in {}", value.staff_code,
                         name_of(file_kind::staff)));
    }
    if (value.meeting && value.meeting->weekday == 0) {
        value.meeting.reset();
    }
    fill(value.name);
    if (value.meeting) {
        fill(value.meeting->place);
    }
    return verdict::keep;
}

verdict row_checks::check(member_row& row) {
    auto& value = row.value;
    const auto leave = [&](verdict why) {
        lose(row.kind, value.code);
        return why;
    };
    if (!value.group_code.empty()) {
        const auto* group = groups_.find(value.group_code);
        if (group == nullptr) {
            return leave(bad(row, "unknown group",
                             fmt::format("the group {} is not in {}", value.group_code,
                                         name_of(file_kind::groups))));
        }
        if (*group == lost_row) {
            return leave(verdict::left_out);
        }
        row.group = *group;
    }
    if (!value.office_code.empty()) {
        const auto office = resolve_office(row, value.office_code, row.office);
        if (office != verdict::keep) {
            return leave(office);
        }
    } else if (row.group != 0) {
        row.office = group_places_[row.group - 1].office;
    } else {
        return leave(bad(row, "neither group nor office", "group_code and branch_code are empty"));
    }
    if (!value.cohesion_code.empty()) {
        const auto* cohesion = groups_.find(value.cohesion_code);
        row.cohesion = cohesion == nullptr || *cohesion == lost_row ? 0 : *cohesion;
        if (row.cohesion == 0) {
            warn(row, "unknown cohesion group",
                 fmt::format("the cohesion group {} is not in {}; it is left empty",
                             value.cohesion_code, name_of(file_kind::groups)));
        }
    }
    const auto number = static_cast<row_number>(member_places_.size() + 1);
    if (!members_.insert(value.code, number)) {
        return bad(row, "member_code twice",
                   fmt::format("the member {} is there twice", value.code));
    }
    member_places_.emplace_back();
    row.number = number;
    if (row.group != 0 && row.office != group_places_[row.group - 1].office) {
        warn(row, "office of her group",
             fmt::format("her office {} is not the office of her group {}", value.office_code,
                         value.group_code));
    }
    read_number(row);
    fill(value.name);
    check_person(row);
    check_household(row);
    if (row.group != 0 && value.status == member_status::active) {
        ++group_places_[row.group - 1].members;
    }
    return verdict::keep;
}

void row_checks::read_number(member_row& row) {
    if (row.value.msisdn.empty()) {
        return;
    }
    const auto number = in_.numbers.parse(row.value.msisdn);
    row.value.msisdn = number ? number->reveal() : std::string{};
    if (!number) {
        warn(row, "msisdn", "msisdn is not a phone number; the member is kept without it");
    }
}

void row_checks::check_person(const member_row& row) {
    const auto& rules = in_.rules;
    const auto& value = row.value;
    if (value.born_on && value.joined_on) {
        const auto age = age_on(*value.born_on, *value.joined_on);
        if (outside(age, rules.groups.entry_age_min, rules.groups.entry_age_max)) {
            warn(row, "age at entry",
                 fmt::format("she was {} when she joined; the rule is {}", age,
                             range_text(rules.groups.entry_age_min, rules.groups.entry_age_max)));
        }
    }
    if (value.annual_family_income && value.income != income_class::none) {
        const auto band = income_class_on(rules, *value.annual_family_income, in_.delivery.as_of);
        if (band != income_class::none && band != value.income) {
            warn(row, "income class",
                 fmt::format("income_class is {}, but an income of {} is {}", word_of(value.income),
                             to_decimal(*value.annual_family_income), word_of(band)));
        }
    }
}

void row_checks::check_household(const member_row& row) {
    const auto& value = row.value;
    if (!in_.rules.groups.one_member_per_household || value.household_id.empty() ||
        value.status != member_status::active) {
        return;
    }
    if (!households_.insert(value.household_id, 0)) {
        warn(row, "several active members in a household",
             fmt::format("the household {} has an active member already; the rule is one",
                         value.household_id));
    }
}

void row_checks::end_of_members() {
    households_ = code_index{};
    const auto& rules = in_.rules.groups;
    for (const auto& group : group_places_) {
        if (group.line != 0 && outside(group.members, rules.members_min, rules.members_max)) {
            said_.add(severity::warning, name_of(file_kind::groups), group.line, "group size",
                      fmt::format("the group has {} active members; the rule is {}", group.members,
                                  range_text(rules.members_min, rules.members_max)));
        }
    }
}

template <class Row>
verdict row_checks::resolve_member(Row& row) {
    const auto* found = members_.find(row.member_code);
    if (found == nullptr) {
        return bad(row, "unknown member",
                   fmt::format("the member {} is not in {}", row.member_code,
                               name_of(file_kind::members)));
    }
    if (*found == lost_row) {
        return verdict::left_out;
    }
    row.member = *found;
    return verdict::keep;
}

verdict row_checks::check(savings_row& row) {
    const auto found = resolve_member(row);
    if (found != verdict::keep) {
        return found;
    }
    if (!row.available_said) {
        row.value.available = row.value.balance;
    }
    auto& place = member_places_[row.member - 1];
    if (place.accounts == accounts_per_member_max) {
        said_.refuse(name_of(row.kind), row.line,
                     fmt::format("the member {} has more than {} accounts", row.member_code,
                                 accounts_per_member_max));
        return verdict::bad;
    }
    ++place.accounts;
    return verdict::keep;
}

verdict row_checks::check(loan_row& row) {
    const auto found = resolve_member(row);
    if (found != verdict::keep) {
        lose(row.kind, row.value.loan_no);
        return found;
    }
    auto& place = member_places_[row.member - 1];
    if (place.loans == loans_per_member_max) {
        said_.refuse(name_of(row.kind), row.line,
                     fmt::format("the member {} has more than {} loans", row.member_code,
                                 loans_per_member_max));
        return verdict::bad;
    }
    if (!loans_.insert(row.value.loan_no, static_cast<std::uint32_t>(loan_places_.size()))) {
        return bad(row, "loan_no twice",
                   fmt::format("the loan {} is there twice", row.value.loan_no));
    }
    row.ordinal = ++place.loans;
    loan_places_.push_back({row.member, row.ordinal, 0, 0});
    check_terms(row);
    return verdict::keep;
}

void row_checks::check_terms(const loan_row& row) {
    const auto& value = row.value;
    if (!may_know_staff(value.staff_code)) {
        warn(row, "unknown staff_code",
             fmt::format("the staff code {} is not in {}", value.staff_code,
                         name_of(file_kind::staff)));
    }
    if (value.status != loan_status::active) {
        return;
    }
    if (value.paid_total + value.outstanding_total != value.principal + value.charge_total) {
        warn(row, "paid and outstanding",
             fmt::format("paid {} and outstanding {} are not principal and charge {}",
                         to_decimal(value.paid_total), to_decimal(value.outstanding_total),
                         to_decimal(value.principal + value.charge_total)));
    }
    if (in_.rules.products.empty()) {
        return;
    }
    const auto* product = product_on(in_.rules, value.product_code, value.disbursed_on);
    if (product == nullptr) {
        warn(row, "unknown product",
             fmt::format("the product \"{}\" has no rules on {}", clipped(value.product_code),
                         to_iso(value.disbursed_on)));
        return;
    }
    if (value.principal < product->principal_min ||
        (product->principal_max > money{} && value.principal > product->principal_max)) {
        warn(row, "principal",
             fmt::format("the principal {} is outside {}–{} of {}", to_decimal(value.principal),
                         to_decimal(product->principal_min), to_decimal(product->principal_max),
                         product->code));
    }
    if (product->instalments != 0 && value.instalments != product->instalments) {
        warn(row, "number of instalments",
             fmt::format("there are {} instalments; the rule of {} is {}", value.instalments,
                         product->code, product->instalments));
    }
}

std::string due_order_text(const instalment& row, unsigned other_seq, calendar_day other_due) {
    return fmt::format("the due date {} of instalment {} is not {} that of instalment {}, {}",
                       to_iso(row.due_on), row.seq, row.seq > other_seq ? "after" : "before",
                       other_seq, to_iso(other_due));
}

verdict row_checks::check(instalment_row& row) {
    const auto* found = loans_.find(row.loan_no);
    if (found == nullptr) {
        return bad(row, "unknown loan",
                   fmt::format("the loan {} is not in {}", row.loan_no, name_of(file_kind::loans)));
    }
    if (*found == lost_row) {
        return verdict::left_out;
    }
    auto& place = loan_places_[*found];
    row.member = place.member;
    row.ordinal = place.ordinal;
    row.out_of_order = row.value.seq <= place.last_seq;
    if (row.out_of_order) {
        return verdict::keep;
    }
    const calendar_day last_due{std::chrono::days{place.last_due}};
    if (place.last_seq != 0 && row.value.due_on <= last_due) {
        return bad(row, due_order, due_order_text(row.value, place.last_seq, last_due));
    }
    place.last_seq = static_cast<std::uint16_t>(row.value.seq);
    place.last_due = static_cast<std::int32_t>(row.value.due_on.time_since_epoch().count());
    return verdict::keep;
}

std::uint64_t row_checks::loans_without_schedule() const noexcept {
    return static_cast<std::uint64_t>(
        std::count_if(loan_places_.begin(), loan_places_.end(),
                      [](const loan_place& loan) { return loan.last_seq == 0; }));
}

verdict row_checks::check(transaction_row& row) {
    return resolve_member(row);
}

verdict row_checks::check(application_row& row) {
    return resolve_member(row);
}

verdict row_checks::check(holiday_row& row) {
    if (++holidays_ > holidays_max) {
        said_.refuse(name_of(row.kind), row.line,
                     fmt::format("there are more than {} holidays", holidays_max));
        return verdict::bad;
    }
    const auto& scope = row.value.scope_code;
    if (!scope.empty() && !offices_.contains(scope)) {
        return bad(row, "unknown office",
                   fmt::format("the office {} is not in {}", scope, name_of(file_kind::branches)));
    }
    fill(row.value.name);
    return verdict::keep;
}

verdict row_checks::check(moratorium_row& row) {
    if (++moratoria_ > moratoria_max) {
        said_.refuse(name_of(row.kind), row.line,
                     fmt::format("there are more than {} moratoria", moratoria_max));
        return verdict::bad;
    }
    const auto& scope = row.value.scope_code;
    if (!scope.empty() && !offices_.contains(scope)) {
        return bad(row, "unknown office",
                   fmt::format("the office {} is not in {}", scope, name_of(file_kind::branches)));
    }
    if (row.value.to < row.value.from) {
        return bad(row, "from and to", "\"to\" is before \"from\"");
    }
    return verdict::keep;
}

verdict row_checks::check(ladder_row& row) {
    return row.name.empty() ? bad(row, "empty name", "name is empty") : verdict::keep;
}

} // namespace uthan::members::exchange
