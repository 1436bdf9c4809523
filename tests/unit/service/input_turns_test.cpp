#include "tests/support/dialogue_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace uthan {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace testing_world;

constexpr const char* rahima = "8801810000001";

/// A phone behind a transport that sends each input alone, as bdapps does.
class keypad {
public:
    explicit keypad(world& in) : in_(in) {}

    std::string dial() {
        session_ = in_.next_session();
        return begin();
    }
    /// The same transport session from its beginning.
    std::string begin() { return send({}, true); }
    std::string press(const std::string& key) { return send(key, false); }
    /// The last callback once more.
    std::string again() { return in_.hop(last_).screen.text; }
    bool has_ids = true;

private:
    std::string send(const std::string& key, bool begins) {
        last_ = in_.turn_of(session_, rahima, {});
        last_.style = sessions::turn_style::input;
        last_.input = key;
        last_.begins = begins;
        last_.request_id = has_ids ? "r" + std::to_string(++requests_) : std::string{};
        return in_.hop(last_).screen.text;
    }

    world& in_;
    std::string session_;
    sessions::inbound_turn last_ = in_.turn_of("", rahima, {});
    int requests_ = 0;
};

class InputTurns : public testing::Test {
protected:
    InputTurns() {
        w.ledger.add(member_with_loan("K0100101", rahima));
        phone.dial();
        phone.press("4821");
        phone.press("4821");
        phone.press("0");
        phone.press("1");
        phone.dial();
    }
    world w;
    keypad phone{w};
};

TEST_F(InputTurns, GoThroughTheMenuAndTheirRepetitionsChangeNothing) {
    EXPECT_THAT(phone.press("3"), HasSubstr("পিন দিন"));
    const auto savings = phone.press("4821");
    EXPECT_THAT(savings, HasSubstr("৫,৪০০"));
    const auto changes = w.registry.changes;
    EXPECT_EQ(phone.again(), savings);
    EXPECT_EQ(w.registry.changes, changes);
    EXPECT_THAT(phone.press("0"), HasSubstr("1 কিস্তি"));
}

TEST_F(InputTurns, WhatTheStoreMissedIsNotTakenFromAnOlderScreen) {
    EXPECT_THAT(phone.press("3"), HasSubstr("পিন দিন"));
    w.breakable().broken = true;
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
    w.breakable().broken = false;
    // The store still asks for the PIN; this key is for the savings that she sees.
    const auto tries = w.registry.tries;
    EXPECT_THAT(phone.press("0"), HasSubstr("1 কিস্তি"));
    EXPECT_EQ(w.registry.tries, tries);
    // And it has come up with what it missed.
    w.forget_memory();
    EXPECT_THAT(phone.press("5"), HasSubstr("ঋণ ১০,০০০"));
}

TEST_F(InputTurns, OfADialogueThatBeginsAnewHaveEffectsOfTheirOwn) {
    phone.has_ids = false;
    phone.dial();
    phone.press("3");
    phone.press("4821");
    // Half a minute later the same session begins again, and the PIN is asked and compared again.
    w.time.advance(std::chrono::seconds{30});
    phone.begin();
    phone.press("2"); // not where the dropped one was
    EXPECT_THAT(phone.press("3"), HasSubstr("পিন দিন"));
    const auto changes = w.registry.changes;
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
    EXPECT_GT(w.registry.changes, changes);
}

TEST_F(InputTurns, AfterALossBeginAnew) {
    phone.press("3");
    w.wipe_store();
    w.forget_memory();
    EXPECT_THAT(phone.press("4821"), HasSubstr("1 কিস্তি"));
}

} // namespace
} // namespace uthan
