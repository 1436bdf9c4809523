#pragma once

#include "access/requests.hpp"
#include "core/clock.hpp"
#include "core/counter.hpp"
#include "members/ledger.hpp"
#include "service/dialogues.hpp"

#include <cstdint>
#include <optional>

namespace uthan::service {

/// Written by the clock's thread; any thread reads.
struct request_clock_counters {
    counter escalated; ///< requests that moved up because nobody answered in time
    gauge overdue;     ///< open ones whose deadline has passed, as of the last run
};

enum class clock_run : std::uint8_t {
    finished, ///< nothing to do before another day, or other facts
    more      ///< there may be more: run again at once
};

/// Requests of one run; each batch is one commit.
inline constexpr std::size_t risen_per_run_max = 32;

/// Moves one organisation's overdue requests a rung up, where it lets them climb by themselves.
/// What it does follows from what is stored and from the day alone: a run that was cut off, or made
/// twice, moves no request twice. Deadlines are days, so the list is gone through once for a day
/// and a generation of facts. One thread; everything it refers to lives longer.
class request_clock {
public:
    request_clock(members::ledger& ledger, access::overdue_requests& requests, const clock& time)
        : ledger_(ledger), requests_(requests), clock_(time) {}

    /// One batch at most. What failed is tried again by the next run. Errors: those of the ports.
    /// `of`: always the same organisation, with its rules of now; it must live until the run ends.
    task<result<clock_run>> run(const organisation& of);

    const request_clock_counters& counters() const noexcept { return counters_; }

private:
    /// What a walk through the list is about.
    struct occasion {
        calendar_day today{};
        std::uint32_t generation = 0;
        bool operator==(const occasion&) const = default;
    };

    task<result<clock_run>> walk_on(const organisation& of, occasion now);
    task<result<std::optional<members::request>>>
    risen_one(const organisation& of, members::request one, calendar_day today);

    members::ledger& ledger_;
    access::overdue_requests& requests_;
    const clock& clock_;
    std::optional<occasion> walking_; ///< the walk under way, or the last one that was finished
    bool finished_ = false;
    access::overdue_place place_;
    request_clock_counters counters_;
};

} // namespace uthan::service
