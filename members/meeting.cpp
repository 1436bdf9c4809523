#include "members/meeting.hpp"

#include "members/days_off.hpp"

#include <algorithm>

namespace uthan::members {
namespace {

using std::chrono::days;

/// A meeting moved to a working day is looked for this far back.
constexpr days longest_period{31};
constexpr days horizon{366};

/// The regular meeting days of a group, before holidays.
class regular_days {
public:
    regular_days(const meeting_rule& rule, std::optional<calendar_day> anchor) noexcept
        : weekday_(rule.weekday), frequency_(rule.frequency),
          reference_(calendar_day{days{3 + rule.weekday}}) { // day 4 was Monday 5 January 1970
        if (anchor && iso_weekday(*anchor) == weekday_) {
            reference_ = *anchor;
        }
    }

    calendar_day on_or_after(calendar_day day) const noexcept {
        if (frequency_ == meeting_frequency::monthly) {
            const auto here = first_of_month(std::chrono::year_month_day{day});
            return here >= day
                       ? here
                       : first_of_month(std::chrono::year_month_day{add_months_clamped(day, 1)});
        }
        const calendar_day week = weekday_on_or_after(day);
        const auto fortnight = (week - reference_).count() % 14;
        const bool off_week = frequency_ == meeting_frequency::fortnightly && fortnight != 0;
        return off_week ? week + days{7} : week;
    }

private:
    calendar_day weekday_on_or_after(calendar_day day) const noexcept {
        return day + days{(weekday_ + 7 - iso_weekday(day)) % 7};
    }

    calendar_day first_of_month(std::chrono::year_month_day date) const noexcept {
        return weekday_on_or_after(date.year() / date.month() / 1);
    }

    unsigned weekday_;
    meeting_frequency frequency_;
    calendar_day reference_;
};

std::optional<calendar_day> fortnightly_anchor(const member_facts& facts) noexcept {
    for (const loan& one : facts.loans) {
        if (one.period == repayment_period::fortnightly && !one.schedule.empty()) {
            return one.schedule.front().due_on;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<next_meeting> next_meeting_of(const meeting_rule& rule,
                                            const office_calendar& calendar,
                                            const std::vector<unsigned>& weekly_holidays,
                                            calendar_day today, std::chrono::minutes now,
                                            std::optional<calendar_day> anchor) {
    if (rule.weekday < 1 || rule.weekday > 7) {
        return std::nullopt;
    }
    const bool over_today = rule.time_of_day && now > *rule.time_of_day;
    const calendar_day earliest = over_today ? today + days{1} : today;
    const regular_days regular(rule, anchor);
    std::optional<calendar_day> cancelled;
    calendar_day day = regular.on_or_after(today - longest_period);
    while (day <= today + horizon) {
        const calendar_day following = regular.on_or_after(day + days{1});
        const auto off = holiday_rule_on(calendar, day, holiday_rule::carry_to_next)
                             .value_or(holiday_rule::none);
        std::optional<calendar_day> held;
        if (off == holiday_rule::none) {
            held = day;
        } else if (off == holiday_rule::next_working_day) {
            const calendar_day moved = next_working_day(calendar, weekly_holidays, day);
            held = moved < following ? std::optional{moved} : std::nullopt;
        }
        if (off != holiday_rule::none && day >= today && !cancelled) {
            cancelled = day;
        }
        if (held && *held >= earliest) {
            return next_meeting{*held, cancelled, rule.time_of_day, rule.place};
        }
        day = following;
    }
    return std::nullopt;
}

std::optional<next_meeting> next_meeting_of(const member_facts& facts,
                                            const organisation_rules& rules, calendar_day today,
                                            std::chrono::minutes now) {
    if (!facts.group_of || !facts.group_of->meeting) {
        return std::nullopt;
    }
    const meeting_rule& rule = *facts.group_of->meeting;
    std::optional<calendar_day> anchor;
    if (rule.frequency == meeting_frequency::fortnightly) {
        anchor = fortnightly_anchor(facts);
    }
    return next_meeting_of(rule, *facts.calendar, rules.weekly_holidays, today, now, anchor);
}

} // namespace uthan::members
