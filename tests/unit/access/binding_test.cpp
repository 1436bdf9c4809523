#include "access/binding.hpp"
#include "access/consent.hpp"
#include "access/decisions.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

// Whose an account is, is a function of its binding, the caller and the moment: each answer is a
// row, and a random walk looks for an order of events that lets a stranger in.
namespace uthan::access {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + hours{12}};
constexpr hours week{24 * 7};
constexpr const char* hers = "8801711111111";
constexpr const char* officers = "8801822222222";
constexpr const char* third = "8801933333333";

address number(const std::string& digits) {
    return address::e164("+" + digits).value();
}

pin_verifier verifier(std::uint8_t mark) {
    pin_verifier made;
    made.salt.fill(mark);
    return made;
}

member_record with_pin(std::optional<number_binding> binding) {
    return {.pin = verifier(1), .binding = std::move(binding)};
}

number_binding changed(number_proof proof = number_proof::pin) {
    number_binding bound{.number = hers, .since = noon - week, .proof = proof};
    bound.change = number_change{.number = officers, .seen_at = noon, .opens_at = noon + week};
    return bound;
}

number_binding in_state(change_state state) {
    auto bound = changed();
    bound.change->state = state;
    return bound;
}

number_binding of_staff() {
    return {.number = officers, .since = noon, .of_staff = true};
}

struct view_case {
    const char* name;
    member_record record;
    std::string caller;
    instant at;
    caller_view expected;
};

TEST(Binding, SaysWhatACallerMayDo) {
    const auto kept = week + old_number_kept_for;
    const view_case cases[] = {
        {"nothing known", {}, hers, noon, {standing::own}},
        {"the old number in the cool-off", with_pin(changed()), hers, noon, {standing::own, true}},
        {"and long after it",
         with_pin(changed()),
         hers,
         noon + kept - hours{1},
         {standing::own, true}},
        {"until it may be a stranger's",
         with_pin(changed()),
         hers,
         noon + kept,
         {standing::closed}},
        {"the new number in the cool-off",
         with_pin(changed()),
         officers,
         noon,
         {standing::pin_only}},
        {"after it", with_pin(changed()), officers, noon + week, {standing::pin_only}},
        {"after it, her PIN reset",
         {.binding = changed()},
         officers,
         noon + week,
         {standing::pin_only}},
        {"never proved, in the cool-off",
         {.binding = changed(number_proof::imported)},
         officers,
         noon + week - hours{1},
         {standing::pin_only}},
        {"never proved, after it",
         {.binding = changed(number_proof::imported)},
         officers,
         noon + week,
         {standing::guarded}},
        {"blocked",
         with_pin(in_state(change_state::blocked)),
         officers,
         noon + week,
         {standing::closed}},
        {"blocked, the old one",
         with_pin(in_state(change_state::blocked)),
         hers,
         noon + kept,
         {standing::own}},
        {"refused",
         with_pin(in_state(change_state::refused)),
         officers,
         noon + week,
         {standing::closed}},
        {"another number yet", with_pin(changed()), third, noon + kept, {standing::pin_only}},
        {"a number of staff", with_pin(of_staff()), officers, noon, {standing::guarded}},
        {"confirmed by an auditor",
         with_pin(after_confirm(changed(), noon)),
         officers,
         noon,
         {standing::guarded}},
        {"and the old one then",
         with_pin(after_confirm(changed(), noon)),
         hers,
         noon,
         {standing::pin_only}},
    };
    for (const auto& c : cases) {
        EXPECT_EQ(view_of(c.record, number(c.caller), c.at), c.expected) << c.name;
    }
    const auto masked = address::opaque("bd-kmss", hers);
    EXPECT_EQ(view_of(with_pin(in_state(change_state::blocked)), masked, noon).stands,
              standing::own);
}

struct import_case {
    const char* name;
    std::optional<number_binding> before;
    imported_number said;
    std::optional<std::string> bound;  ///< none: no row
    std::optional<std::string> change; ///< none: no change
};

TEST(Binding, TakesWhatAnImportSaysAsAProposal) {
    const import_case cases[] = {
        {"first sight", {}, {.number = hers}, {}, {}},
        {"as before", {}, {.previous = hers, .number = hers}, {}, {}},
        {"changed", {}, {.previous = hers, .number = officers}, hers, officers},
        {"removed", {}, {.previous = hers, .number = ""}, hers, ""},
        {"removed, then another", changed(), {.previous = "", .number = third}, hers, third},
        {"a number of staff", {}, {.number = officers, .of_staff = true}, officers, {}},
        {"the same again", changed(), {.previous = officers, .number = officers}, hers, officers},
        {"the old one again", changed(), {.previous = officers, .number = hers}, hers, {}},
        {"the bound one, bound", number_binding{.number = hers}, {.number = hers}, hers, {}},
        {"another, bound", number_binding{.number = hers}, {.number = officers}, hers, officers},
    };
    for (const auto& c : cases) {
        const auto after = after_import(c.before, c.said, week, noon + hours{1});
        ASSERT_EQ(after.has_value(), c.bound.has_value()) << c.name;
        if (!after) {
            continue;
        }
        EXPECT_EQ(after->number, *c.bound) << c.name;
        ASSERT_EQ(after->change.has_value(), c.change.has_value()) << c.name;
        if (after->change) {
            EXPECT_EQ(after->change->number, *c.change) << c.name;
        }
    }
}

TEST(Binding, RepeatedByAnImportKeepsItsCoolOffAndItsBlock) {
    auto bound = in_state(change_state::blocked);
    const auto again =
        after_import(bound, {.previous = officers, .number = officers}, week, noon + days{3});
    EXPECT_EQ(again, bound);
    EXPECT_EQ(after_import(changed(), {.number = officers}, week, noon + days{3}), changed());
}

TEST(Binding, MovesByTheOwnPinWhenTheCoolOffIsOver) {
    const auto early = after_proof(changed(), number(officers), noon + week - hours{1});
    EXPECT_EQ(early, changed());
    const auto moved = after_proof(changed(), number(officers), noon + week);
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->number, officers);
    EXPECT_EQ(moved->proof, number_proof::pin);
    EXPECT_FALSE(moved->change);
    EXPECT_EQ(after_proof(in_state(change_state::blocked), number(officers), noon + week),
              in_state(change_state::blocked));
    EXPECT_EQ(after_proof({}, address::opaque("bd", "token"), noon), std::nullopt);
}

TEST(Binding, IsAnsweredFromTheOldNumberAlone) {
    EXPECT_EQ(after_answer(changed(), number(officers), false, noon), changed());
    EXPECT_EQ(after_answer(changed(), number(hers), false, noon)->change->state,
              change_state::blocked);
    const auto told = after_answer(changed(), number(hers), true, noon);
    EXPECT_EQ(told->change->state, change_state::waiting);
    EXPECT_EQ(told->change->told_at, noon);
    const change from_officer = answer_number_change{false, number(officers)};
    EXPECT_EQ(decide(with_pin(changed()), from_officer, {}, {}, noon).result.kind,
              outcome_kind::refused);
}

TEST(Binding, LetsNoFirstPinBeSetFromAChangedNumber) {
    const member_record reset{.binding = changed()};
    const change first = set_pin{verifier(9), false, number(officers)};
    EXPECT_EQ(decide(reset, first, {}, {}, noon + week).result.kind, outcome_kind::refused);
    const change old_one = set_pin{verifier(9), false, number(hers)};
    EXPECT_EQ(decide(reset, old_one, {}, {}, noon + week).result.kind, outcome_kind::done);
}

TEST(MaskedNumber, ProvesNothingByTheMembersOwnPinAndCannotLockIt) {
    const begin_pin_try asked{{}, "bd-kmss", true};
    const auto decided = decide(with_pin({}), asked, {}, {}, noon);
    EXPECT_EQ(decided.result.kind, outcome_kind::pin_unset);
    EXPECT_TRUE(decided.count_try);
    EXPECT_EQ(decided.record, with_pin({}));
    const member_record slip{.one_time_pin = verifier(2), .one_time_expires_at = noon + hours{1}};
    EXPECT_EQ(decide(slip, asked, {}, {}, noon).result.kind, outcome_kind::try_allowed);
    EXPECT_EQ(decide(slip, asked, {12, 0}, {}, noon).result.kind, outcome_kind::limited);
    const change set = set_pin{verifier(3), false, address::opaque("bd-kmss", "token")};
    const auto linked = decide(slip, set, {}, {}, noon);
    EXPECT_TRUE(linked.link);
    EXPECT_FALSE(linked.record.binding);
}

/// A world of one member, an officer who can write the core system's number, reset her PIN and
/// print slips, and an auditor who never confirms. The officer knows no PIN that she set.
class attack {
public:
    explicit attack(unsigned seed) : random_(seed) {}

    void step() {
        now_ += hours{static_cast<int>(random_() % 60)};
        switch (random_() % 7) {
        case 0:
            import(officers);
            break;
        case 1:
            import(random_() % 4 == 0 ? "" : hers);
            break;
        case 2: // from her phone, with the PIN that is there or a new one
            act_from(hers, true);
            break;
        case 3:
        case 4:
            act_from(officers, false);
            break;
        case 5:
            reset();
            break;
        default:
            if (random_() % 5 == 0) {
                answer();
            }
        }
    }

    bool officer_sees = false;
    bool she_was_shut_out = false;

private:
    void import(const std::string& said) {
        const imported_number row{
            .previous = imported_, .number = said, .has_pin = record_.pin.has_value()};
        record_.binding = after_import(record_.binding, row, week, now_);
        imported_ = said;
    }
    void act_from(const std::string& digits, bool knows_pin) {
        const auto from = number(digits);
        const bool found = imported_ == digits || (record_.binding && record_.binding->change &&
                                                   record_.binding->number == digits);
        if (!found) {
            return;
        }
        const auto view = view_of(record_, from, now_);
        const bool own = view.stands == standing::own || view.stands == standing::guarded;
        if (knows_pin && view.stands == standing::closed &&
            now_ < record_.binding->change->opens_at + old_number_kept_for) {
            she_was_shut_out = true;
        }
        if (view.stands == standing::closed) {
            return;
        }
        if (record_.pin && knows_pin) {
            record_.binding = after_proof(record_.binding, from, now_);
        } else if (!record_.pin && own) {
            const auto set = decide(record_, set_pin{verifier(1), false, from}, {}, {}, now_);
            if (set.result.kind == outcome_kind::done) {
                record_ = set.record;
                officer_sees = officer_sees || !knows_pin;
            }
        }
    }
    void reset() { record_ = decide(record_, reset_pin{verifier(5)}, {}, {}, now_).record; }
    void answer() {
        record_ =
            decide(record_, answer_number_change{random_() % 2 == 0, number(hers)}, {}, {}, now_)
                .record;
    }

    std::mt19937 random_;
    instant now_ = noon;
    std::string imported_ = hers;
    member_record record_{.pin = verifier(1),
                          .binding = number_binding{.number = hers, .proof = number_proof::pin}};
};

TEST(Binding, HoldsInAWalkAgainstAnOfficerWithTheCoreSystemAndTheSlips) {
    // Goal: whatever the order of imports, resets and calls, a number that she never proved opens
    // nothing, and her own is never shut out before its time.
    for (unsigned seed = 1; seed <= 2'000; ++seed) {
        attack one{seed};
        for (int i = 0; i < 60; ++i) {
            one.step();
        }
        EXPECT_FALSE(one.officer_sees) << seed;
        EXPECT_FALSE(one.she_was_shut_out) << seed;
        if (one.officer_sees || one.she_was_shut_out) {
            return;
        }
    }
}

struct consent_case {
    const char* name;
    sms_choice chosen;
    imported_consent said;
    sms_choice expected;
};

TEST(Consent, OfThePhoneStandsAgainstAnOlderFile) {
    using enum sms_choice;
    const calendar_day today = std::chrono::sys_days{std::chrono::year{2026} / 11 / 21};
    const auto after = today + days{2};
    const consent_case cases[] = {
        {"never asked, file yes", unasked, {true, today}, without_amounts},
        {"never asked, file no", unasked, {false, {}}, none},
        {"never asked, file silent", unasked, {}, unasked},
        {"chosen, file silent", with_amounts, {}, with_amounts},
        {"chosen, file no of the same day", with_amounts, {false, today}, with_amounts},
        {"chosen, file no of the next day", with_amounts, {false, today + days{1}}, with_amounts},
        {"chosen, file no later", with_amounts, {false, after}, none},
        {"chosen, file no without a day", with_amounts, {false, {}}, with_amounts},
        {"chosen, file yes later", with_amounts, {true, after}, with_amounts},
        {"withdrawn, file yes before", none, {true, today - days{9}, true}, none},
        {"withdrawn, file yes later", none, {true, after}, none},
        {"withdrawn, signed form later", none, {true, after, true}, without_amounts},
    };
    for (const auto& c : cases) {
        member_record record{.sms = c.chosen};
        if (c.chosen != unasked) {
            record.sms_chosen_at = noon;
        }
        EXPECT_EQ(sms_in_force(record, c.said), c.expected) << c.name;
    }
}

TEST(HeldBackChange, IsOfTheWaitingNumberOfAnAccountWithoutAPin) {
    const member_record reset{.one_time_pin = verifier(2), .binding = changed()};
    EXPECT_TRUE(is_held_back_change(reset, number(officers), noon));
    EXPECT_TRUE(is_held_back_change(reset, number(officers), noon + week + days{30}))
        << "there was a PIN: that takes an auditor, however long it waits";
    EXPECT_FALSE(is_held_back_change(reset, number(hers), noon));
    EXPECT_FALSE(is_held_back_change(reset, number(third), noon));
    EXPECT_FALSE(is_held_back_change(with_pin(changed()), number(officers), noon));
    EXPECT_FALSE(is_held_back_change({}, number(officers), noon));
    for (const auto state : {change_state::blocked, change_state::refused}) {
        EXPECT_FALSE(is_held_back_change({.binding = in_state(state)}, number(officers), noon));
    }
    const member_record never{.binding = changed(number_proof::imported)};
    EXPECT_TRUE(is_held_back_change(never, number(officers), noon));
    EXPECT_FALSE(is_held_back_change(never, number(officers), noon + week))
        << "her first PIN may be set from there now";
}

} // namespace
} // namespace uthan::access
