#pragma once

#include "core/calendar.hpp"
#include "members/facts.hpp"
#include "members/rules.hpp"

#include <cstdint>
#include <optional>
#include <span>

// Where her application is against its deadline (RSS: 30 days for a first loan, 20 for
// reinvestment). The file has no day of the village's selection, from which the first loan's month
// runs: it is counted from applied_on, unless the file says the deadline itself.
namespace uthan::members {

enum class clock_kind : std::uint8_t {
    no_deadline, ///< undecided, and neither the file nor the rules know a deadline
    running,     ///< undecided, `days_left` to go; 0 = today is the last day
    late,        ///< undecided, `days_late` past the deadline
    stale,       ///< the deadline has passed since the office last reported: not called late
    granted,
    refused
};

struct application_clock {
    clock_kind kind = clock_kind::no_deadline;
    std::optional<calendar_day> deadline_on;
    unsigned days_left = 0;
    unsigned days_late = 0;    ///< of a final one: how late it became final, when that is known
    bool near = false;         ///< running, and within rules.near_days of its deadline
    bool may_complain = false; ///< late: from the first day after the deadline
};

/// The imported deadline, else applied_on and the rules' days for its type.
std::optional<calendar_day> deadline_of(const application& one,
                                        const application_rules& rules) noexcept;

/// As the office of `as_of` knows it. A final status is final whatever the clock says.
application_clock clock_of(const application& one, const application_rules& rules,
                           calendar_day as_of, calendar_day today) noexcept;

/// The one that "where is my application" speaks of: her newest undecided one, else her newest;
/// null when she has none. `newest_first` as the ledger delivers them.
const application* application_shown(std::span<const application> newest_first,
                                     const application_rules& rules) noexcept;

} // namespace uthan::members
