#include "adapters/smpp/unanswered_turns.hpp"

#include <gtest/gtest.h>

namespace uthan::adapters::smpp {
namespace {

using namespace std::chrono_literals;

constexpr unanswered_turns::time_point begun{1h};

sessions::inbound_turn delivered_turn(const std::string& request, const std::string& input,
                                      const std::string& number = "+8801712345678") {
    sessions::inbound_turn made{"i0010", address::e164(number).value(), "*213#", {}, {}};
    made.style = sessions::turn_style::input;
    made.request_id = request;
    made.begins = input.starts_with('*');
    (made.begins ? made.dialled : made.input) = input;
    return made;
}

class UnansweredTurns : public ::testing::Test {
protected:
    /// The request id under which it is taken.
    std::string taken(const std::string& request, const std::string& input,
                      const std::string& number = "+8801712345678") {
        auto turn = delivered_turn(request, input, number);
        last = turns.take(turn, now);
        return turn.request_id;
    }

    unanswered_turns turns{short_key{}};
    unanswered_turns::time_point now = begun;
    unanswered_turns::taken last;
};

TEST_F(UnansweredTurns, ATurnThatComesAgainHasItsFirstId) {
    EXPECT_EQ(taken("a", "1"), "a");
    EXPECT_FALSE(last.repeats);
    EXPECT_EQ(taken("b", "1"), "a");
    EXPECT_TRUE(last.repeats);
    EXPECT_EQ(taken("c", "2"), "c") << "another key";
    EXPECT_EQ(taken("d", "1"), "a") << "also behind a newer one";
    EXPECT_EQ(taken("e", "1", "+8801712345679"), "e") << "another subscriber";
}

TEST_F(UnansweredTurns, AfterItsAnswerItIsTheSameKeyPressedAgain) {
    taken("a", "1");
    const auto id = last.id;
    taken("b", "1");
    turns.answered(id);
    EXPECT_EQ(taken("c", "1"), "c");
    EXPECT_FALSE(last.repeats);
}

TEST_F(UnansweredTurns, ANewDialogueMakesEverythingNewForHerAlone) {
    taken("a", "*213#");
    taken("b", "1");
    taken("x", "1", "+8801712345679");
    EXPECT_EQ(taken("c", "*213*2#"), "c");
    EXPECT_EQ(taken("d", "1"), "d");
    EXPECT_EQ(taken("e", "*213*2#"), "c") << "the begin itself may come again";
    EXPECT_EQ(taken("f", "1"), "d");
    EXPECT_EQ(taken("y", "1", "+8801712345679"), "x");
    turns.end(*address::e164("+8801712345678"));
    EXPECT_EQ(taken("g", "1"), "g");
    EXPECT_EQ(taken("y", "1", "+8801712345679"), "x");
}

TEST_F(UnansweredTurns, ABeginIsNotAnInputOfTheSameForm) {
    taken("a", "*213#");
    auto input = delivered_turn("b", "*213#");
    input.begins = false;
    input.input = "*213#";
    EXPECT_FALSE(turns.take(input, now).repeats);
}

TEST_F(UnansweredTurns, ItForgetsAfterAWhile) {
    taken("a", "1");
    now += unanswered_turns::known_for - 1s;
    EXPECT_EQ(taken("b", "1"), "a");
    now += 1s;
    EXPECT_EQ(taken("c", "1"), "c");
}

TEST_F(UnansweredTurns, AnAnsweredOnesAgeIsNotItsSuccessors) {
    taken("a", "1");
    turns.answered(last.id);
    now += 100s;
    EXPECT_EQ(taken("b", "1"), "b");
    now += 100s;
    EXPECT_EQ(taken("c", "1"), "b");
}

TEST_F(UnansweredTurns, ItsNumberIsBounded) {
    taken("first", "1");
    for (std::size_t i = 0; i < unanswered_turns::turns_max; ++i) {
        taken("r", "n" + std::to_string(i));
    }
    EXPECT_EQ(taken("again", "1"), "again");
}

} // namespace
} // namespace uthan::adapters::smpp
