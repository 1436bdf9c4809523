#pragma once

#include "access/record.hpp"

#include <optional>
#include <span>
#include <vector>

// Pure decisions about a member's requests. No clock, no I/O.
namespace uthan::access {

bool is_about_requests(const change& what) noexcept;

/// The ladder of one of her requests: without the accused's own phone where it accuses.
std::vector<members::ladder_rung> ladder_for(const members::request& one,
                                             const members::member_facts& facts,
                                             const members::organisation_rules& rules,
                                             const members::ladder_source& source);

struct request_decision {
    outcome result;
    /// To store: a new one when its number is 0 (the store gives the next and `result` takes it),
    /// else in place of the one with its number.
    std::optional<members::request> stored;
};

/// `what` is about requests; `hers` as registry::requests gives them, read in the same commit.
request_decision decide(const change& what, std::span<const members::request> hers, instant now);

} // namespace uthan::access
