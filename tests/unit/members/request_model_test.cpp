#include "members/request.hpp"

#include "members/days_off.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace uthan::members {
namespace {

using examples::below;
using examples::complaint;
using examples::member_of;
using examples::officer_of;
using examples::today;
using std::chrono::days;

// A second, slow reading: a desk calendar that crosses out a day at a time.
class desk {
public:
    desk(std::set<calendar_day> holidays, std::vector<int> days_by_rung, bool climbs_itself)
        : holidays_(std::move(holidays)), days_by_rung_(std::move(days_by_rung)),
          climbs_itself_(climbs_itself) {}

    std::size_t rung = 0;
    int working_days_left = 0;
    bool has_moved_today = false;
    bool is_answered = false;

    void receive(std::size_t first) {
        rung = first;
        working_days_left = days_by_rung_[first];
        has_moved_today = true;
        is_answered = false;
    }

    /// The next morning. `is_late` is yesterday's count at zero with yesterday over.
    void begin(calendar_day on) {
        is_late_ = working_days_left == 0;
        has_moved_today = false;
        const bool is_friday = iso_weekday(on) == 5;
        if (working_days_left > 0 && !is_friday && holidays_.count(on) == 0) {
            --working_days_left;
        }
    }

    bool press() { return !has_moved_today && (is_late_ || is_answered) && move(); }
    bool tick() { return climbs_itself_ && !has_moved_today && is_late_ && !is_answered && move(); }

private:
    bool move() {
        if (rung + 1 == days_by_rung_.size()) {
            return false;
        }
        receive(rung + 1);
        is_late_ = false;
        return true;
    }

    std::set<calendar_day> holidays_;
    std::vector<int> days_by_rung_;
    bool climbs_itself_;
    bool is_late_ = false;
};

struct life {
    organisation_rules rules;
    office_calendar calendar;
    std::set<calendar_day> holidays;
    std::vector<int> days_by_rung;
    std::vector<ladder_rung> ladder;

    explicit life(std::mt19937& random) {
        rules = examples::request_rules_of(below(random, 2) == 0 ? escalation_way::by_itself
                                                                 : escalation_way::by_member);
        const unsigned off_percent = below(random, 60);
        for (calendar_day on = today - days{5}; on < today + days{900}; on += days{1}) {
            if (below(random, 100) < off_percent) {
                const bool is_worked =
                    below(random, 5) == 0; // a listed day that counts as any other
                calendar.holidays.push_back(examples::day_off(
                    on, is_worked ? std::optional{holiday_rule::none} : std::nullopt));
                if (!is_worked) {
                    holidays.insert(on);
                }
            }
        }
        const std::size_t rungs = 1 + below(random, 6);
        for (unsigned level = 0; level < rungs; ++level) {
            ladder_rung made;
            made.level = level * 2; // levels need not be next to each other
            made.answer_days = 1 + below(random, 15);
            made.office_code = "O" + std::to_string(level);
            days_by_rung.push_back(static_cast<int>(made.answer_days));
            ladder.push_back(made);
        }
        ladder[0].office_code = "B1";
    }
};

TEST(RequestModel, FourHundredDaysAgreeWithADeskCalendar) {
    std::mt19937 random(20261122);
    for (int round = 0; round < 200; ++round) {
        SCOPED_TRACE(round);
        const life at(random);
        const staff officer = officer_of("S1", "B1");
        const auto facts = member_of(officer, at.calendar);
        const bool accuses_him = below(random, 2) == 0;
        request one = open_request(complaint(accuses_him ? "bad_behaviour" : "other"), facts,
                                   at.rules, at.ladder, {}, instant{today}, today)
                          .made;
        desk slow(at.holidays, at.days_by_rung,
                  at.rules.requests.escalation == escalation_way::by_itself);
        slow.receive(accuses_him && at.ladder.size() > 1 ? 1 : 0);
        for (int passed = 0; passed < 400; ++passed) {
            const calendar_day on = today + days{passed};
            SCOPED_TRACE(to_iso(on));
            if (passed > 0) {
                slow.begin(on);
            }
            // On some days the clock is not run, she presses twice, or the office answers.
            const unsigned event = below(random, 40);
            if (event == 0 && one.state == request_state::open) {
                one = acted(one, request_action::answer, on).value();
                slow.is_answered = true;
            }
            const std::size_t presses = event < 6 ? event % 3 : 0;
            for (std::size_t i = 0; i < presses; ++i) {
                const climb up =
                    escalate(one, climber::member, at.rules, at.ladder, at.calendar, on);
                ASSERT_EQ(up.kind == climb_kind::moved, slow.press());
                one = up.after;
            }
            if (event != 10) {
                const climb up =
                    escalate(one, climber::clock, at.rules, at.ladder, at.calendar, on);
                ASSERT_EQ(up.kind == climb_kind::moved, slow.tick());
                one = up.after;
            }
            ASSERT_EQ(one.level, at.ladder[slow.rung].level);
            ASSERT_EQ(one.state == request_state::answered, slow.is_answered);
            ASSERT_EQ(on >= one.deadline_on, slow.working_days_left == 0);
        }
    }
}

TEST(RequestProperties, WhateverHappensTheAccusedSeesNothingAndNothingFalls) {
    std::mt19937 random(414);
    for (int round = 0; round < 2'000; ++round) {
        SCOPED_TRACE(round);
        const life at(random);
        staff officer = officer_of("S1", "B1");
        const bool is_known = below(random, 4) != 0;
        const auto facts = member_of(is_known ? std::optional{officer} : std::nullopt, at.calendar);
        const auto& categories = at.rules.requests.categories;
        const std::string category = categories[below(random, categories.size())].code;
        request one = open_request(complaint(category.c_str()), facts, at.rules, at.ladder, {},
                                   instant{today}, today)
                          .made;
        ASSERT_GT(one.deadline_on, one.opened_on);
        calendar_day on = today;
        while (on < today + days{400}) {
            const request before = one;
            const auto who = below(random, 2) == 0 ? climber::member : climber::clock;
            one = escalate(one, who, at.rules, at.ladder, at.calendar, on).after;
            if (below(random, 10) == 0) {
                const auto action = static_cast<request_action>(below(random, 3));
                one = acted(one, action, on).value_or(one);
            }
            ASSERT_GE(one.level, before.level);
            ASSERT_GE(one.level, one.first_level);
            // Only an early answer that did not satisfy her can bring the deadline forward.
            ASSERT_TRUE(one.deadline_on >= before.deadline_on ||
                        before.state == request_state::answered);
            ASSERT_GT(one.deadline_on, one.level_since);
            ASSERT_EQ(one.accused_code, before.accused_code);
            if (one.about_staff) {
                // Wherever he is posted by now, and whoever is left on the ladder.
                officer.office_code = "O" + std::to_string(below(random, 6));
                ASSERT_FALSE(is_known && may_see(one, officer));
                ASSERT_FALSE(is_known && waits_for(one, officer, at.ladder));
                officer.office_code = "B1";
                const bool is_elsewhere = one.desk_office != "B1";
                ASSERT_EQ(is_elsewhere, at.ladder.size() > 1);
                ASSERT_FALSE((is_known || is_elsewhere) && may_see(one, officer));
            }
            const auto said = status_of(one, at.rules, at.ladder, on);
            const auto press = escalate(one, climber::member, at.rules, at.ladder, at.calendar, on);
            ASSERT_EQ(said.may_escalate, press.kind == climb_kind::moved)
                << "the screen offers what will happen";
            on += days{below(random, 9)};
        }
    }
}

} // namespace
} // namespace uthan::members
