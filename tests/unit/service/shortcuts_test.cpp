#include "tests/support/dialogue_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace testing_world;

constexpr const char* rahima = "8801810000001";
constexpr const char* main_menu = "1 কিস্তি";
constexpr const char* ask_pin = "পিন দিন";

/// A member with a PIN whose phone dials more than the code.
class ShortcutTest : public testing::Test {
protected:
    ShortcutTest() {
        w.ledger.add(member_with_loan("K0100101", rahima));
        enrol();
    }
    void enrol() {
        handset first{w, rahima};
        first.dial();
        for (const char* key : {"4821", "4821", "0", "1"}) {
            first.press(key);
        }
        w.time.advance(std::chrono::minutes{11});
    }
    /// As a transport says it that sends its history: the tail is the first input.
    std::string history(const std::string& session, const std::string& text) {
        return w.hop(session, rahima, text).screen.text;
    }
    /// As a transport says it that tells what was dialled.
    std::string dialled(const std::string& session, const std::string& tail,
                        const std::string& text = {}) {
        auto turn = world::turn_of(session, rahima, text);
        turn.tail = tail;
        return w.hop(std::move(turn)).screen.text;
    }
    world w;
};

TEST_F(ShortcutTest, LeadsStraightToAScreenAndBackToTheMainMenu) {
    EXPECT_THAT(dialled("a", "14"), HasSubstr("করিমের উঠান"));
    EXPECT_THAT(dialled("a", "14", "0"), HasSubstr(main_menu));
    EXPECT_THAT(history("b", "14"), HasSubstr("করিমের উঠান"));
    EXPECT_THAT(history("b", "14*0"), HasSubstr(main_menu));
    EXPECT_THAT(history("c", "4"), HasSubstr("করিমের উঠান")) << "one digit";
}

TEST_F(ShortcutTest, ThePinIsAskedOnTheWay) {
    EXPECT_THAT(dialled("a", "13"), HasSubstr(ask_pin));
    EXPECT_THAT(dialled("a", "13", "4821"), HasSubstr("৫,৪০০"));
    EXPECT_THAT(history("b", "13"), HasSubstr(ask_pin));
    EXPECT_THAT(history("b", "13*4821"), HasSubstr("৫,৪০০"));
    EXPECT_THAT(history("b", "13*4821*0"), HasSubstr(main_menu));
}

TEST_F(ShortcutTest, NothingThatIsDialledAnswersAPin) {
    for (const char* tail : {"13*4821", "3*4821", "1*4821", "13*4821*4821"}) {
        const auto before = w.registry.changes;
        const auto explicitly = dialled(std::string{"x"} + tail, tail);
        EXPECT_THAT(explicitly, HasSubstr(main_menu)) << tail;
        const auto inside = history(std::string{"y"} + tail, tail);
        EXPECT_THAT(inside, Not(HasSubstr("৫,৪০০"))) << tail;
        EXPECT_EQ(w.registry.changes, before) << tail << ": not even a try";
    }
    EXPECT_THAT(history("z", "3*4821"), HasSubstr(ask_pin));
    EXPECT_THAT(history("z", "3*4821*4821"), HasSubstr("৫,৪০০")) << "typed, it is hers";
}

TEST_F(ShortcutTest, NothingThatIsDialledConfirmsAChange) {
    const auto before = w.registry.changes;
    history("a", "8*1*2");     // language
    history("b", "8*3*3");     // messages off
    history("c", "4821*4821"); // a new PIN
    dialled("d", "8*3*3");
    EXPECT_EQ(w.registry.changes, before);
    EXPECT_FALSE(w.registry.records["K0100101"].language.has_value());
}

TEST_F(ShortcutTest, AnUnknownTailIsTheMainMenu) {
    for (const char* tail : {"77", "999", "55555", "123456"}) {
        EXPECT_THAT(history(std::string{"h"} + tail, tail), testing::StartsWith(main_menu)) << tail;
        EXPECT_THAT(dialled(std::string{"d"} + tail, tail), testing::StartsWith(main_menu)) << tail;
        w.time.advance(std::chrono::minutes{11});
    }
}

TEST_F(ShortcutTest, ALostStateIsFoundAgainBehindTheTail) {
    history("a", "13");
    history("a", "13*4821");
    w.wipe_store();
    w.forget_memory();
    EXPECT_THAT(history("a", "13*4821*0"), HasSubstr(main_menu));
    EXPECT_THAT(history("a", "13*4821*0*3"), HasSubstr("৫,৪০০")) << "the PIN was proved";
}

TEST_F(ShortcutTest, OnASharedPhoneTheAccountComesFirst) {
    w.ledger.add(member_with_loan("K0100102", rahima));
    EXPECT_THAT(dialled("a", "14"), HasSubstr("1 "));
    EXPECT_THAT(dialled("a", "14"), Not(HasSubstr("করিমের উঠান")));
    EXPECT_THAT(dialled("a", "14", "1"), HasSubstr("করিমের উঠান"));
    EXPECT_THAT(history("b", "14"), Not(HasSubstr("করিমের উঠান")));
    EXPECT_THAT(history("b", "14*1"), HasSubstr("করিমের উঠান"));
}

TEST_F(ShortcutTest, TheFirstPinComesBeforeAnyShortcut) {
    w.ledger.add(member_with_loan("K0100109", "8801810000009"));
    auto turn = world::turn_of("n", "8801810000009", "");
    turn.tail = "14";
    EXPECT_THAT(w.hop(std::move(turn)).screen.text, HasSubstr("নতুন পিন"));
}

TEST_F(ShortcutTest, ADroppedDialogueDoesNotStandBetween) {
    history("a", "");
    history("a", "4");
    EXPECT_THAT(dialled("b", "15"), HasSubstr(ask_pin));
    EXPECT_THAT(history("c", "15"), HasSubstr(ask_pin)) << "while another session is remembered";
}

} // namespace
} // namespace uthan
