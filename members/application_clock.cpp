#include "members/application_clock.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace uthan::members {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_one_of(std::string_view status, const std::vector<std::string>& words) noexcept {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
        return std::equal(word.begin(), word.end(), status.begin(), status.end(),
                          [](char a, char b) { return lower(a) == lower(b); });
    });
}

bool is_final(const application& one, const application_rules& rules) noexcept {
    return is_one_of(one.status, rules.granted) || is_one_of(one.status, rules.refused);
}

/// From `from` to `to`; 0 when `to` is not after it.
unsigned days_between(calendar_day from, calendar_day to) noexcept {
    return to > from ? static_cast<unsigned>((to - from).count()) : 0;
}

} // namespace

std::optional<calendar_day> deadline_of(const application& one,
                                        const application_rules& rules) noexcept {
    if (one.deadline_on) {
        return one.deadline_on;
    }
    const auto& allowed =
        one.type == application_type::first ? rules.first_days : rules.reinvest_days;
    if (!allowed) {
        return std::nullopt;
    }
    return one.applied_on + std::chrono::days{*allowed};
}

application_clock clock_of(const application& one, const application_rules& rules,
                           calendar_day as_of, calendar_day today) noexcept {
    application_clock clock;
    clock.deadline_on = deadline_of(one, rules);
    if (is_final(one, rules)) {
        clock.kind =
            is_one_of(one.status, rules.granted) ? clock_kind::granted : clock_kind::refused;
        if (clock.deadline_on && one.status_on) {
            clock.days_late = days_between(*clock.deadline_on, *one.status_on);
        }
        return clock;
    }
    if (!clock.deadline_on) {
        return clock;
    }
    const calendar_day deadline = *clock.deadline_on;
    if (today <= deadline) {
        clock.kind = clock_kind::running;
        clock.days_left = days_between(today, deadline);
        clock.near = clock.days_left <= rules.near_days;
    } else if (as_of < deadline) {
        clock.kind = clock_kind::stale;
    } else {
        clock.kind = clock_kind::late;
        clock.days_late = days_between(deadline, today);
        clock.may_complain = true;
    }
    return clock;
}

const application* application_shown(std::span<const application> newest_first,
                                     const application_rules& rules) noexcept {
    const auto undecided = std::find_if(newest_first.begin(), newest_first.end(),
                                        [&](const application& a) { return !is_final(a, rules); });
    if (undecided != newest_first.end()) {
        return &*undecided;
    }
    return newest_first.empty() ? nullptr : &newest_first.front();
}

} // namespace uthan::members
