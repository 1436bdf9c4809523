#include "members/training.hpp"

#include "example_facts.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

TEST(Training, IsSaidWhileItIsNotOver) {
    struct row {
        unsigned weeks;
        std::optional<unsigned> done;
        std::optional<training_progress> said;
    };
    const row rows[] = {
        {8, 0U, training_progress{0, 8}},
        {8, 7U, training_progress{7, 8}},
        {8, 8U, std::nullopt},
        {8, 9U, std::nullopt},
        {8, std::nullopt, std::nullopt},
        {0, 3U, std::nullopt},
        {1, 0U, training_progress{0, 1}},
    };
    for (const row& r : rows) {
        auto facts = examples::facts_of(examples::day("2026-11-20"), {});
        facts.who.training_weeks_done = r.done;
        organisation_rules rules;
        rules.training.weeks = r.weeks;
        EXPECT_EQ(training_of(facts, rules), r.said) << r.weeks << '/' << r.done.value_or(99);
        facts.loans.emplace_back();
        EXPECT_EQ(training_of(facts, rules), std::nullopt) << "whoever has had a loan was trained";
    }
}

} // namespace
} // namespace uthan::members
