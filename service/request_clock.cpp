#include "service/request_clock.hpp"

#include "service/accused.hpp"

namespace uthan::service {

task<result<clock_run>> request_clock::run(const organisation& of) {
    const occasion now{of.local.day_of(clock_.now()), ledger_.generation()};
    clock_run left = clock_run::finished;
    // Without facts nobody knows whose turn a request would be.
    if (of.rules.requests.escalation == members::escalation_way::by_itself && now.generation != 0) {
        if (walking_ != now) {
            walking_ = now;
            finished_ = false;
            place_ = {};
        }
        if (!finished_) {
            const auto walked = co_await walk_on(of, now);
            if (!walked) {
                co_return walked.error();
            }
            left = *walked;
            finished_ = left == clock_run::finished;
        }
    }
    if (left == clock_run::finished) {
        const auto overdue = co_await requests_.count(of.code, now.today);
        if (!overdue) {
            co_return overdue.error();
        }
        counters_.overdue.set(static_cast<std::int64_t>(*overdue));
    }
    co_return left;
}

/// The next batch of the walk; finished at its end. The place moves only when the batch is stored.
task<result<clock_run>> request_clock::walk_on(const organisation& of, occasion now) {
    const auto found = co_await requests_.find(of.code, now.today, place_, risen_per_run_max);
    if (!found) {
        co_return found.error();
    }
    std::vector<access::risen_request> moved;
    for (const members::request& one : *found) {
        auto after = co_await risen_one(of, one, now.today);
        if (!after) {
            co_return after.error();
        }
        if (*after) {
            moved.push_back({one, std::move(**after)});
        }
    }
    if (!moved.empty()) {
        const auto done = co_await requests_.move_up(of.code, std::move(moved), clock_.now());
        if (!done) {
            co_return done.error();
        }
        counters_.escalated.add(*done);
    }
    if (!found->empty()) {
        place_ = {found->back().deadline_on, found->back().number};
    }
    co_return found->size() == risen_per_run_max ? clock_run::more : clock_run::finished;
}

/// None when it stays where it is, also when its member is in no delivery any more: her office has
/// it on its list.
task<result<std::optional<members::request>>>
request_clock::risen_one(const organisation& of, members::request one, calendar_day today) {
    const auto facts = co_await ledger_.facts(one.member_code);
    if (!facts && facts.error() != errc::not_found) {
        co_return facts.error();
    }
    if (!facts) {
        co_return std::optional<members::request>{};
    }
    std::vector<std::string> accused{one.accused_code};
    const auto ladder = co_await find_ladder(ledger_, one.member_code, std::move(accused));
    if (!ladder) {
        co_return ladder.error();
    }
    co_return access::risen(one, **facts, of.rules, **ladder, today);
}

} // namespace uthan::service
