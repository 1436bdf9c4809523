#pragma once

#include "members/facts.hpp"
#include "members/rules.hpp"

#include <optional>

namespace uthan::members {

/// Weeks of training before a loan: done, of all.
struct training_progress {
    unsigned done = 0;
    unsigned weeks = 0;
    bool operator==(const training_progress&) const = default;
};

/// None when the organisation has no training, when the file does not say, and when hers is over or
/// she has had a loan, whatever the file says: then there is nothing to tell her. It says nothing
/// about a loan; whether it must be over first is the office's answer.
std::optional<training_progress> training_of(const member_facts& facts,
                                             const organisation_rules& rules) noexcept;

} // namespace uthan::members
