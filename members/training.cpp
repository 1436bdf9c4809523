#include "members/training.hpp"

namespace uthan::members {

std::optional<training_progress> training_of(const member_facts& facts,
                                             const organisation_rules& rules) noexcept {
    const auto& done = facts.who.training_weeks_done;
    if (rules.training.weeks == 0 || !done || *done >= rules.training.weeks ||
        !facts.loans.empty()) {
        return std::nullopt;
    }
    return training_progress{*done, rules.training.weeks};
}

} // namespace uthan::members
