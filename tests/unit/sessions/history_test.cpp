#include "sessions/history.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::sessions {
namespace {

using kind = turn_plan::kind;

const short_key key{7};

inbound_turn turn_of(std::string history, std::string session = "s1") {
    return {std::move(session), *numbering{}.parse("8801810000001"), "*384*2#", "99999",
            std::move(history)};
}

/// The state after this turn was answered.
state after(const inbound_turn& turn) {
    state s;
    s.session = session_digest(key, turn);
    remember(s, turn, key);
    return s;
}

inbound_turn input_of(std::string typed, std::string request, std::string session = "s1") {
    auto turn = turn_of("", std::move(session));
    turn.style = turn_style::input;
    turn.input = std::move(typed);
    turn.request_id = std::move(request);
    return turn;
}

inbound_turn first_of(std::string request, std::string session = "s1") {
    auto turn = input_of("", std::move(request), std::move(session));
    turn.begins = true;
    return turn;
}

struct case_ {
    std::string_view label;
    std::optional<std::string> seen; ///< none: no state
    std::string now;
    kind expected;
    std::vector<std::string> inputs;
};

TEST(History, PlansWhatATurnMeans) {
    const case_ cases[] = {
        {"a new dialogue", {}, "", kind::begin, {}},
        {"the beginning was lost", {}, "1*4821", kind::begin, {"1", "4821"}},
        {"the first answer", "", "1", kind::advance, {"1"}},
        {"the next answer", "1", "1*4821", kind::advance, {"4821"}},
        {"an empty answer", "1", "1*", kind::advance, {""}},
        {"two answers, one callback was lost", "1", "1*2*3", kind::advance, {"2", "3"}},
        {"the same again", "1*2", "1*2", kind::repeated, {}},
        {"an older one, late", "1*2", "1", kind::repeated, {}},
        {"another past", "1*2", "3*2*1", kind::begin, {"3", "2", "1"}},
        {"a longer first answer", "1", "12", kind::begin, {"12"}},
        {"a star inside an answer", "1", "1*20*5", kind::advance, {"20", "5"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        std::optional<state> known;
        if (c.seen) {
            known = after(turn_of(*c.seen));
        }
        const auto plan = plan_turn(known ? &*known : nullptr, turn_of(c.now), key);
        EXPECT_EQ(plan.what, c.expected);
        EXPECT_EQ(plan.inputs, c.inputs);
    }
}

TEST(History, AnotherTransportSessionIsANewDialogue) {
    const auto known = after(turn_of("1*2"));
    EXPECT_EQ(plan_turn(&known, turn_of("", "s2"), key).what, kind::begin);
    EXPECT_EQ(plan_turn(&known, turn_of("1*2", "s2"), key).what, kind::begin);
}

TEST(Inputs, AreTakenOneByOne) {
    EXPECT_EQ(plan_turn(nullptr, first_of("r1"), key).what, kind::begin);
    auto known = after(first_of("r1"));
    const auto plan = plan_turn(&known, input_of("4821", "r2"), key);
    EXPECT_EQ(plan.what, kind::advance);
    EXPECT_EQ(plan.inputs, std::vector<std::string>{"4821"});
    EXPECT_EQ(plan_turn(&known, first_of("r1"), key).what, kind::repeated);
    EXPECT_EQ(plan_turn(&known, first_of("r9"), key).what, kind::begin);
    EXPECT_EQ(plan_turn(&known, first_of("r1", "s2"), key).what, kind::begin);
}

TEST(Inputs, OfASessionThatIsNotKnownBeginAnewWithoutThem) {
    const auto known = after(first_of("r1", "s2"));
    for (const state* s : {static_cast<const state*>(nullptr), &known}) {
        const auto plan = plan_turn(s, input_of("1", "r2"), key);
        EXPECT_EQ(plan.what, kind::begin);
        EXPECT_TRUE(plan.inputs.empty());
    }
}

TEST(Inputs, ALateRepetitionIsNoKey) {
    auto known = after(first_of("r0"));
    for (int i = 1; i <= 20; ++i) {
        const auto turn = input_of("1", "r" + std::to_string(i));
        ASSERT_EQ(plan_turn(&known, turn, key).what, kind::advance) << i;
        ++known.step;
        remember(known, turn, key);
        for (int late = i; late >= 0 && late > i - 6; --late) {
            ASSERT_EQ(plan_turn(&known, input_of("1", "r" + std::to_string(late)), key).what,
                      kind::repeated)
                << i << ' ' << late;
        }
        ASSERT_LE(known.seen_before.size(), requests_remembered_max);
    }
}

TEST(Inputs, WithoutRequestIdsAreAllNew) {
    const auto known = after(input_of("1", ""));
    EXPECT_EQ(plan_turn(&known, input_of("1", ""), key).what, kind::advance);
}

TEST(Inputs, HaveEffectsOfTheirOwnRequestAndDialogue) {
    const digest128 dialogue{1};
    const instant began{std::chrono::hours{1}};
    const auto of = [&](const inbound_turn& turn, std::size_t typed, instant at) {
        return effect_digest(key, dialogue, turn, typed, at);
    };
    EXPECT_EQ(of(input_of("1", "r1"), 0, began), of(input_of("1", "r1"), 5, began));
    EXPECT_NE(of(input_of("1", "r1"), 0, began), of(input_of("1", "r2"), 0, began));
    EXPECT_NE(of(input_of("1", "r1"), 0, began), of(turn_of("1"), 1, began));
    // A dialogue that begins anew under the same session has effects of its own.
    const auto later = began + std::chrono::seconds{1};
    EXPECT_NE(of(input_of("1", ""), 0, began), of(input_of("1", ""), 0, later));
    // A history says all that was typed: replayed after a loss it meets the same effects.
    EXPECT_EQ(of(turn_of("1*2"), 3, began), of(turn_of("1*2"), 3, later));
}

TEST(History, TailsPutTogetherAreTheWholeHistory) {
    // Goal: property: however callbacks are lost, the inputs that are taken are the ones that were
    // typed.
    std::mt19937 random{3};
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::string> typed;
        std::vector<std::string> taken;
        std::optional<state> known;
        std::string history;
        for (auto n = 1 + random() % 10; n > 0; --n) {
            typed.push_back(std::to_string(random() % 100));
            history += (typed.size() == 1 ? "" : "*") + typed.back();
            if (random() % 3 == 0) {
                continue; // this callback was lost
            }
            const auto turn = turn_of(history);
            const auto plan = plan_turn(known ? &*known : nullptr, turn, key);
            if (plan.what == kind::begin) {
                taken.clear();
            }
            taken.insert(taken.end(), plan.inputs.begin(), plan.inputs.end());
            ASSERT_EQ(taken, typed);
            known = after(turn);
        }
    }
}

} // namespace
} // namespace uthan::sessions
