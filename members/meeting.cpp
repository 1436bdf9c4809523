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

/// What staff said of this regular day; null when nothing, or when it was taken back.
const meeting_change* change_of(std::span<const meeting_change> changes,
                                calendar_day regular_on) noexcept {
    const auto found = std::ranges::find(changes, regular_on, &meeting_change::regular_on);
    return found == changes.end() || found->word == meeting_word::as_planned ? nullptr : &*found;
}

/// The day on which the regular meeting is held by the calendar alone; none when it is left out.
std::optional<calendar_day> planned_day(const office_calendar& calendar,
                                        const std::vector<unsigned>& weekly_holidays,
                                        calendar_day regular_on, calendar_day following,
                                        holiday_rule off) {
    if (off == holiday_rule::none) {
        return regular_on;
    }
    if (off != holiday_rule::next_working_day) {
        return std::nullopt;
    }
    const calendar_day moved = next_working_day(calendar, weekly_holidays, regular_on);
    return moved < following ? std::optional{moved} : std::nullopt;
}

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
                                            std::optional<calendar_day> anchor,
                                            std::span<const meeting_change> changes) {
    if (rule.weekday < 1 || rule.weekday > 7) {
        return std::nullopt;
    }
    const bool over_today = rule.time_of_day && now > *rule.time_of_day;
    const calendar_day earliest = over_today ? today + days{1} : today;
    const regular_days regular(rule, anchor);
    next_meeting next;
    next.time_of_day = rule.time_of_day;
    next.place = rule.place;
    calendar_day day = regular.on_or_after(today - longest_period);
    while (day <= today + horizon) {
        const calendar_day following = regular.on_or_after(day + days{1});
        const auto off = holiday_rule_on(calendar, day, holiday_rule::carry_to_next)
                             .value_or(holiday_rule::none);
        auto held = planned_day(calendar, weekly_holidays, day, following, off);
        const auto* change = change_of(changes, day);
        if (change != nullptr) {
            const bool moved = change->word == meeting_word::moved;
            held = moved ? std::optional{change->new_on} : std::nullopt;
            if (!moved && day >= today && !next.cancelled_by_staff) {
                next.cancelled_by_staff = day;
            }
        } else if (off != holiday_rule::none && day >= today && !next.cancelled_by_holiday) {
            next.cancelled_by_holiday = day;
        }
        if (held && *held >= earliest) {
            next.on = *held;
            next.regular_on = day;
            next.following_on = following;
            next.moved = change != nullptr;
            return next;
        }
        day = following;
    }
    return std::nullopt;
}

std::optional<next_meeting> next_meeting_of(const member_facts& facts,
                                            const organisation_rules& rules, calendar_day today,
                                            std::chrono::minutes now,
                                            std::span<const meeting_change> changes) {
    if (!facts.group_of || !facts.group_of->meeting) {
        return std::nullopt;
    }
    const meeting_rule& rule = *facts.group_of->meeting;
    std::optional<calendar_day> anchor;
    if (rule.frequency == meeting_frequency::fortnightly) {
        anchor = fortnightly_anchor(facts);
    }
    return next_meeting_of(rule, *facts.calendar, rules.weekly_holidays, today, now, anchor,
                           changes);
}

std::vector<calendar_day> days_to_move(const next_meeting& meeting, const office_calendar& calendar,
                                       const std::vector<unsigned>& weekly_holidays,
                                       calendar_day today) {
    std::vector<calendar_day> found;
    for (calendar_day day = today + days{1};
         day < meeting.following_on && found.size() < days_to_move_max; day += days{1}) {
        const bool weekly_off =
            std::ranges::find(weekly_holidays, iso_weekday(day)) != weekly_holidays.end();
        const auto listed = holiday_rule_on(calendar, day, holiday_rule::carry_to_next)
                                .value_or(holiday_rule::none);
        if (day != meeting.on && !weekly_off && listed == holiday_rule::none) {
            found.push_back(day);
        }
    }
    return found;
}

} // namespace uthan::members
