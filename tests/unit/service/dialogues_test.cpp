#include "tests/support/dialogue_world.hpp"

#include "texts/weight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace uthan {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace testing_world;

constexpr const char* rahima = "8801810000001";

/// A world in which Rahima has a PIN and was asked about messages.
class DialogueTest : public testing::Test {
protected:
    DialogueTest() {
        w.ledger.add(member_with_loan("K0100101", rahima));
        handset first{w, rahima};
        first.dial();
        first.press("4821");
        first.press("4821");
        first.press("0");
        first.press("1");
    }
    world w;
    handset phone{w, rahima};
};

TEST(FirstDial, SetsThePinShowsTheInstalmentThenAsksForConsent) {
    // Goal: the order that the contract fixes.
    world w;
    w.ledger.add(member_with_loan("K0100101", rahima));
    handset phone{w, rahima};
    EXPECT_EQ(phone.dial(), "চার সংখ্যার নতুন পিন দিন:");
    EXPECT_EQ(phone.press("4821"), "নতুন পিন আবার দিন:");
    const auto due = phone.press("4821");
    EXPECT_EQ(due, "কিস্তি ২৪৫ টাকা\nমঙ্গল ২৪/১১\n৪৬টির মধ্যে ১০ নম্বর\n(২০/১১ এর হিসাব)\n0 ফিরুন");
    EXPECT_THAT(phone.press("0"), HasSubstr("এসএমএসে দেব?"));
    EXPECT_THAT(phone.press("2"), HasSubstr("1 কিস্তি"));
    EXPECT_EQ(w.registry.records["K0100101"].sms, access::sms_choice::without_amounts);
    EXPECT_EQ(phone.press("0"), "ধন্যবাদ।");
    EXPECT_TRUE(phone.ended());
}

TEST(FirstDial, RefusesWeakAndUnequalPins) {
    world w;
    w.ledger.add(member_with_loan("K0100101", rahima));
    handset phone{w, rahima};
    phone.dial();
    EXPECT_THAT(phone.press("1234"), HasSubstr("সহজে ধরা যায়"));
    EXPECT_THAT(phone.press("48a1"), HasSubstr("চারটি সংখ্যা"));
    EXPECT_THAT(phone.press("৪৮২১"), HasSubstr("আবার দিন"));
    EXPECT_THAT(phone.press("4822"), HasSubstr("মেলেনি"));
    EXPECT_FALSE(w.registry.records["K0100101"].pin.has_value());
    phone.press("4821");
    EXPECT_THAT(phone.press("4821"), HasSubstr("কিস্তি ২৪৫"));
    EXPECT_TRUE(w.registry.records["K0100101"].pin.has_value());
}

TEST_F(DialogueTest, AsksThePinOnceBeforeTheFirstFact) {
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি"));
    EXPECT_THAT(phone.press("3"), HasSubstr("পিন দিন"));
    EXPECT_EQ(phone.press("4821"), "সঞ্চয় ৫,৪০০ টাকা\n(২০/১১ পর্যন্ত)\n0 ফিরুন");
    phone.press("0");
    EXPECT_THAT(phone.press("5"), HasSubstr("ঋণ ১০,০০০"));
}

TEST_F(DialogueTest, WhatIsNoSecretNeedsNoPin) {
    phone.dial();
    EXPECT_EQ(phone.press("4"), "মিটিং মঙ্গল ২৪/১১\nসকাল ১০:৩০\nকরিমের উঠান\n0 ফিরুন");
    phone.press("0");
    phone.press("8");
    EXPECT_THAT(phone.press("4"), HasSubstr("০১৭১১০০০১১১"));
}

TEST_F(DialogueTest, ThreeWrongPinsLockAndTheLockOpensByItself) {
    phone.dial();
    phone.press("1");
    EXPECT_THAT(phone.press("1111"), HasSubstr("আর ২ বার"));
    EXPECT_THAT(phone.press("1112"), HasSubstr("আর ১ বার"));
    EXPECT_THAT(phone.press("1113"), HasSubstr("পিন আপাতত বন্ধ"));
    EXPECT_TRUE(phone.ended());
    phone.dial();
    phone.press("1");
    EXPECT_THAT(phone.press("4821"), HasSubstr("পিন আপাতত বন্ধ")) << "not even the right one";
    w.time.advance(std::chrono::hours{5});
    phone.dial();
    phone.press("1");
    EXPECT_THAT(phone.press("4821"), HasSubstr("কিস্তি ২৪৫"));
}

TEST_F(DialogueTest, AStrangerGetsOneLastScreen) {
    handset stranger{w, "+254711000111"};
    EXPECT_THAT(stranger.dial(), HasSubstr("কোনো হিসাব নেই"));
    EXPECT_TRUE(stranger.ended());
}

TEST_F(DialogueTest, AStrangerCostsAsManyReadsAsAMember) {
    // Goal: the time of the first answer does not tell a member from a stranger.
    const auto count = [&](const char* number) {
        w.ledger.reads = w.registry.finds = w.breakable().crossings = 0;
        handset{w, number}.dial();
        return std::tuple{w.ledger.reads, w.registry.finds, w.breakable().crossings};
    };
    w.wipe_store();
    w.forget_memory();
    EXPECT_EQ(count("8801799999999"), count(rahima));
}

TEST_F(DialogueTest, ARepeatedRequestShowsTheSameScreenAndChangesNothing) {
    phone.dial();
    phone.press("1");
    phone.press("1111");
    const auto shown = phone.last().screen.text;
    const auto changes = w.registry.changes;
    for (const bool forget : {false, true}) {
        if (forget) {
            w.forget_memory();
        }
        EXPECT_EQ(phone.repeat(), shown);
        EXPECT_TRUE(phone.last().repeated);
    }
    EXPECT_EQ(w.registry.changes, changes) << "a repeated wrong PIN is one try";
}

TEST_F(DialogueTest, WithTheStoreGoneTheHistoryIsReplayedWithoutEffects) {
    phone.dial();
    phone.press("1");
    phone.press("1111");
    phone.press("4821");
    phone.press("0");
    const auto before = w.registry.changes;
    w.wipe_store();
    w.forget_memory();
    EXPECT_EQ(phone.press("3"), "সঞ্চয় ৫,৪০০ টাকা\n(২০/১১ পর্যন্ত)\n0 ফিরুন");
    EXPECT_EQ(w.registry.changes, before);
    EXPECT_EQ(w.counters().replayed.value(), 1u);
}

TEST_F(DialogueTest, AForgedHistoryTriesNoPin) {
    // Goal: a replay is no way around the count of tries: it takes none.
    const auto before = w.registry.changes;
    for (const char* digits : {"1*1111", "1*4821", "1*1111*4821"}) {
        const auto text = w.hop(std::string{"forged"} + digits, rahima, digits).screen.text;
        EXPECT_THAT(text, Not(HasSubstr("২৪৫"))) << digits;
    }
    EXPECT_EQ(w.registry.changes, before);
    w.time.advance(std::chrono::minutes{11});
    phone.dial();
    phone.press("1");
    EXPECT_THAT(phone.press("4821"), HasSubstr("২৪৫"));
}

TEST_F(DialogueTest, AForgedPastChangesNothing) {
    // A history that claims a change which was never made is dropped: the main menu, no effect.
    const auto text = w.hop("forged", rahima, "8*1*2*0").screen.text;
    EXPECT_THAT(text, HasSubstr("1 কিস্তি"));
    EXPECT_FALSE(w.registry.records["K0100101"].language.has_value());
}

TEST_F(DialogueTest, AReusedSessionIdIsNoPassword) {
    // Goal: what was proved or set in a transport session is nobody else's, and no other digits'.
    w.ledger.add(member_with_loan("K0100777", "8801810000777"));
    w.hop("S", "8801810000777", "");
    w.hop("S", "8801810000777", "8362");
    w.hop("S", "8801810000777", "8362*8362");
    EXPECT_THAT(w.hop("S", rahima, "8362*8362*1*3*3").screen.text, Not(HasSubstr("৫,৪০০")));
    EXPECT_THAT(w.hop("S", rahima, "8362*8362*1*0*8*2*5931*5931").screen.text,
                Not(HasSubstr("পিন বদলেছে")));
    EXPECT_THAT(w.hop("S", "8801810000777", "1593*1593*1*0*3").screen.text,
                Not(HasSubstr("৫,৪০০")));
    w.hop("T", rahima, "");
    w.hop("T", rahima, "3");
    EXPECT_THAT(w.hop("T", rahima, "3*4821").screen.text, HasSubstr("৫,৪০০"));
    EXPECT_THAT(w.hop("T", rahima, "1*1111").screen.text, HasSubstr("মেলেনি"));
    EXPECT_EQ(w.registry.records["K0100101"].tries_used, 1u);
    phone.dial();
    phone.press("1");
    EXPECT_THAT(phone.press("4821"), HasSubstr("কিস্তি ২৪৫")) << "her PIN is what it was";
}

TEST_F(DialogueTest, AScreenStatesOnlyWhatWasStored) {
    w.hop("S", rahima, "");
    w.hop("S", rahima, "8");
    w.hop("S", rahima, "8*3");
    EXPECT_THAT(w.hop("S", rahima, "8*3*2").screen.text, HasSubstr("টাকা ছাড়া"));
    EXPECT_THAT(w.hop("S", rahima, "8*3*3").screen.text, HasSubstr("বন্ধ"));
    EXPECT_EQ(w.registry.records["K0100101"].sms, access::sms_choice::none);
}

TEST_F(DialogueTest, AmountsBySmsNeedThePinAndSilenceDoesNot) {
    phone.dial();
    phone.press("8");
    phone.press("3");
    EXPECT_THAT(phone.press("3"), HasSubstr("এসএমএস: বন্ধ"));
    phone.press("0");
    EXPECT_THAT(phone.press("1"), HasSubstr("পিন দিন"));
    EXPECT_EQ(w.registry.records["K0100101"].sms, access::sms_choice::none);
    EXPECT_THAT(phone.press("4821"), HasSubstr("এসএমএস: বন্ধ"));
    EXPECT_THAT(phone.press("1"), HasSubstr("এসএমএস: টাকাসহ"));
    EXPECT_EQ(w.registry.records["K0100101"].sms, access::sms_choice::with_amounts);
}

TEST_F(DialogueTest, ASlipTypedAsThePinOpensOnlyTheWayToANewPin) {
    phone.dial();
    phone.press("1");
    auto& record = w.registry.records["K0100101"];
    const auto slip = access::make_verifier(secret_key{1, 2, 3}, {"kmss", "K0100101"}, {9}, "6052");
    record = access::decide(record, access::reset_pin{slip}, {}, {}, w.time.now()).record;
    EXPECT_THAT(phone.press("6052"), HasSubstr("নতুন পিন"));
    phone.press("9173");
    EXPECT_THAT(phone.press("9173"), HasSubstr("কিস্তি ২৪৫"));
}

TEST_F(DialogueTest, WithTheStoreDownTheDialogueGoesOn) {
    phone.dial();
    phone.press("1");
    w.breakable().broken = true;
    EXPECT_THAT(phone.press("4821"), HasSubstr("কিস্তি ২৪৫"));
    EXPECT_THAT(phone.press("0"), HasSubstr("1 কিস্তি"));
    w.forget_memory();
    EXPECT_THAT(phone.press("3"), HasSubstr("৫,৪০০")) << "from the history alone";
    w.breakable().broken = false;
    EXPECT_THAT(phone.press("0"), HasSubstr("1 কিস্তি"));
    EXPECT_THAT(handset(w, rahima).dial(), Not(HasSubstr("পরে আবার")));
}

TEST_F(DialogueTest, WithTheFactsGoneItSaysSoAndLeavesTheDialogueAsItWas) {
    phone.dial();
    phone.press("1");
    w.ledger.broken = true;
    EXPECT_THAT(phone.press("4821"), HasSubstr("এখন দেখানো যাচ্ছে না"));
    EXPECT_TRUE(phone.ended());
    w.ledger.broken = false;
    phone.dial();
    EXPECT_THAT(phone.press("1"), HasSubstr("পিন দিন"));
}

TEST_F(DialogueTest, WithTheRegistryGoneNoPinIsTaken) {
    phone.dial();
    phone.press("1");
    w.registry.broken = true;
    EXPECT_THAT(phone.press("4821"), HasSubstr("এখন দেখানো যাচ্ছে না"));
    w.registry.broken = false;
    EXPECT_EQ(w.registry.records["K0100101"].tries_used, 0u);
}

TEST_F(DialogueTest, ADroppedDialogueIsResumedBehindThePin) {
    phone.dial();
    phone.press("3");
    phone.press("4821");
    w.time.advance(std::chrono::minutes{9});
    EXPECT_THAT(phone.dial(), HasSubstr("সেখান থেকে?"));
    EXPECT_THAT(phone.press("1"), HasSubstr("পিন দিন"));
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
    w.time.advance(std::chrono::minutes{11});
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি")) << "ten minutes are over";
}

TEST_F(DialogueTest, ASharedPhoneAsksWhoseAccountAndNeverResumes) {
    w.ledger.add(member_with_loan("K0100255", rahima));
    EXPECT_EQ(phone.dial(), "কার হিসাব?\n1 রহিমা 01\n2 রহিমা 55\n0 শেষ");
    phone.press("1");
    phone.press("3");
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
    EXPECT_THAT(phone.dial(), HasSubstr("কার হিসাব?"));
    EXPECT_THAT(phone.press("2"), HasSubstr("নতুন পিন")) << "the other member has her own PIN";
}

TEST_F(DialogueTest, LanguageIsKept) {
    phone.dial();
    phone.press("8");
    phone.press("1");
    EXPECT_EQ(phone.press("2"), "Done, English from now on.\n0 Back");
    EXPECT_THAT(phone.press("00"), HasSubstr("1 Instalment due"));
    EXPECT_THAT(phone.dial(), HasSubstr("1 Instalment due"));
}

TEST_F(DialogueTest, ChangesThePinAfterTheOldOne) {
    phone.dial();
    phone.press("8");
    EXPECT_THAT(phone.press("2"), HasSubstr("পিন দিন"));
    EXPECT_THAT(phone.press("4821"), HasSubstr("নতুন পিন দিন"));
    phone.press("7302");
    EXPECT_THAT(phone.press("7302"), HasSubstr("পিন বদলেছে"));
    phone.dial();
    phone.press("1");
    EXPECT_THAT(phone.press("4821"), HasSubstr("মেলেনি"));
    EXPECT_THAT(phone.press("7302"), HasSubstr("কিস্তি ২৪৫"));
}

TEST_F(DialogueTest, AResetPinNeedsTheSlip) {
    const secret_key key{1, 2, 3};
    auto& record = w.registry.records["K0100101"];
    const auto slip = access::make_verifier(key, {"kmss", "K0100101"}, {9}, "6052");
    record = access::decide(record, access::reset_pin{slip}, {}, {}, w.time.now()).record;
    EXPECT_THAT(phone.dial(), HasSubstr("স্লিপের চার সংখ্যা"));
    EXPECT_THAT(phone.press("4821"), HasSubstr("মেলেনি"));
    EXPECT_THAT(phone.press("6052"), HasSubstr("নতুন পিন"));
    phone.press("9173");
    EXPECT_THAT(phone.press("9173"), HasSubstr("কিস্তি ২৪৫"));
    EXPECT_FALSE(w.registry.records["K0100101"].one_time_pin.has_value());
}

TEST(Enrolment, WithoutASlipTheBranchIsNamed) {
    auto policy = policy_with_pin();
    policy.first_pin = sessions::enrolment::slip;
    world w{policy};
    w.ledger.add(member_with_loan("K0100101", rahima));
    handset phone{w, rahima};
    EXPECT_THAT(phone.dial(), HasSubstr("০১৭১১০০০১১১"));
    EXPECT_TRUE(phone.ended());
}

TEST(Enrolment, ThePassbooksLastDigitsAreGuessedOnce) {
    auto policy = policy_with_pin();
    policy.first_pin = sessions::enrolment::passbook;
    world w{policy};
    w.ledger.add(member_with_loan("K0100101", rahima));
    handset phone{w, rahima};
    EXPECT_THAT(phone.dial(), HasSubstr("পাশবই"));
    phone.press("9999");
    EXPECT_TRUE(phone.ended());
    EXPECT_GT(w.registry.tries, 0u) << "guesses of the caller's number are limited";
    phone.dial();
    EXPECT_THAT(phone.press("0101"), HasSubstr("নতুন পিন"));
}

TEST_F(DialogueTest, EligibilityAndAnotherAmount) {
    auto facts = member_with_loan("K0100300", "8801810000003");
    facts.loans.clear();
    w.ledger.add(facts);
    handset other{w, "8801810000003"};
    other.dial();
    other.press("5170");
    EXPECT_THAT(other.press("5170"), HasSubstr("এখন কোনো কিস্তি নেই"));
    other.press("0");
    other.press("1");
    EXPECT_THAT(other.press("6"), HasSubstr("৫৪,০০০ টাকা পর্যন্ত"));
    EXPECT_THAT(other.press("1"), HasSubstr("কত টাকা ঋণ চান?"));
    EXPECT_THAT(other.press("abc"), HasSubstr("যেমন 20000"));
    EXPECT_THAT(other.press("60,000"), HasSubstr("৬০০ টাকা সঞ্চয় লাগবে"));
}

TEST_F(DialogueTest, ThirtyLoansArePagedAndChosen) {
    auto facts = member_with_loan("K0100400", "8801810000004");
    for (int i = 2; i <= 30; ++i) {
        auto loan = facts.loans.front();
        loan.loan_no = "L" + std::to_string(i);
        loan.principal = money::taka(10'000 + i);
        facts.loans.push_back(loan);
    }
    w.ledger.add(facts);
    handset other{w, "8801810000004"};
    other.dial();
    other.press("5170");
    other.press("5170");
    other.press("0");
    other.press("1");
    std::string screen = other.press("5");
    unsigned rows = 0;
    while (true) {
        ASSERT_LE(texts::ussd_weight(screen).octets, 160u);
        rows += static_cast<unsigned>(std::count(screen.begin(), screen.end(), '\n'));
        if (screen.find("9 আরও") == std::string::npos) {
            break;
        }
        rows -= 1;
        screen = other.press("9");
    }
    // Under the rows stands "0"; above the first page's rows the question.
    EXPECT_GE(rows, 30u);
    EXPECT_THAT(other.press("1"), HasSubstr("বাকি"));
    EXPECT_THAT(other.press("0"), HasSubstr("1 ")) << "back to the list";
}

TEST_F(DialogueTest, ANewGenerationIsSeenInARunningDialogue) {
    phone.dial();
    phone.press("3");
    phone.press("4821");
    auto facts = member_with_loan("K0100101", rahima);
    facts.savings.front().balance = money::taka(6'000);
    w.ledger.add(facts);
    w.ledger.publish_next();
    phone.press("0");
    EXPECT_THAT(phone.press("3"), HasSubstr("৬,০০০"));
}

TEST_F(DialogueTest, FactsAreReadOnceAndTheStoreCrossedOnceAHop) {
    phone.dial();
    phone.press("1");
    phone.press("4821");
    w.ledger.reads = w.breakable().crossings = 0;
    for (const char* key : {"0", "3", "0", "5", "0"}) {
        phone.press(key);
    }
    EXPECT_EQ(w.ledger.reads, 0u);
    // The last payments are read when they are asked for.
    for (const char* key : {"2", "0", "2"}) {
        phone.press(key);
    }
    EXPECT_EQ(w.ledger.reads, 1u);
    EXPECT_EQ(w.breakable().crossings, 8u);
}

TEST_F(DialogueTest, RubbishIsAnsweredAndHarmless) {
    const std::string inputs[] = {"",     "*",        "#",      "99",
                                  "-1",   "১",        "ক",      std::string(200, '1'),
                                  "0000", "' OR 1=1", "{name}", "\n"};
    for (const auto& input : inputs) {
        SCOPED_TRACE(input);
        phone.dial();
        EXPECT_FALSE(phone.press(input).empty());
        EXPECT_FALSE(phone.last().apology);
    }
}

/// What a random walk must never see before the PIN was right.
bool shows_money(const std::string& screen) {
    for (const char* figure : {"২৪৫", "245", "৫,৪০০", "5,400", "১০,০০০", "10,000", "৮,৮", "8,8"}) {
        if (screen.find(figure) != std::string::npos) {
            return true;
        }
    }
    return false;
}

/// A link that carries no Bangla carries it.
bool is_one_septet_each(const std::string& screen) {
    const auto weight = texts::ussd_weight(screen);
    return weight.in == texts::alphabet::gsm7 && weight.units == screen.size();
}

class RandomWalk : public testing::TestWithParam<texts::rendering> {};

TEST_P(RandomWalk, HoldsItsPropertiesOnEveryPath) {
    // Goal: in every rendering, thousands of random keys over the whole menu, with repeated
    // callbacks, restarts of the process, a wiped and a broken store in between. Every screen fits;
    // money is never shown before the PIN; a repetition shows the same; a dialogue that lost its
    // state continues as one that did not (the twin's screens are the model), at most after one
    // question is asked once more.
    const char* seed_text = std::getenv("UTHAN_SEED");
    const auto seed = seed_text ? static_cast<unsigned>(std::stoul(seed_text)) : 20261121u;
    SCOPED_TRACE("UTHAN_SEED=" + std::to_string(seed));
    std::mt19937 random{seed};
    const std::vector<std::string> keys{"1", "2", "3",  "4",    "5",     "6", "7", "8",
                                        "9", "0", "00", "4821", "20000", "x", "1"};
    const menus::channel_form form{GetParam(), 160};
    world calm{policy_with_pin(), kmss_rules(), form};
    world stormy{policy_with_pin(), kmss_rules(), form};
    for (auto* w : {&calm, &stormy}) {
        w->ledger.add(member_with_loan("K0100101", rahima));
    }
    handset twin{calm, rahima};
    handset phone{stormy, rahima};
    for (int dialogue = 0; dialogue < 300; ++dialogue) {
        // A dropped dialogue's question depends on what the store still holds: compare without.
        for (auto* w : {&calm, &stormy}) {
            w->time.advance(std::chrono::hours{5});
        }
        bool pin_typed = false;
        bool was_stormy = false;
        bool asked_again = false;
        std::string shown = twin.dial();
        ASSERT_EQ(phone.dial(), shown);
        for (int i = 0; i < 30 && !twin.ended(); ++i) {
            const auto& key = keys[random() % keys.size()];
            // Without a state the first key cannot be told from a dialled tail, and a history with
            // a key that was not taken does not fit what was stored.
            const auto drawn = random() % 12;
            const auto storm = i == 0 || asked_again ? 4 : drawn;
            was_stormy = was_stormy || storm < 4;
            switch (storm) {
            case 0:
                stormy.forget_memory();
                break;
            case 1:
                stormy.wipe_store();
                break;
            case 2:
                stormy.wipe_store();
                stormy.forget_memory();
                break;
            case 3:
                stormy.breakable().broken = !stormy.breakable().broken;
                break;
            case 4:
                ASSERT_EQ(phone.repeat(), shown);
                break;
            default:
                break;
            }
            pin_typed = pin_typed || key == "4821";
            const auto asked = std::exchange(shown, twin.press(key));
            auto answered = phone.press(key);
            if (answered != shown && was_stormy && !asked_again) {
                // Of a session that the store does not know no PIN and no change is taken.
                asked_again = true;
                ASSERT_EQ(answered, asked) << "history " << phone.history();
                answered = phone.press(key);
            }
            ASSERT_EQ(answered, shown) << "history " << phone.history();
            ASSERT_EQ(phone.ended(), twin.ended());
            ASSERT_FALSE(shown.empty());
            ASSERT_LE(texts::ussd_weight(shown).octets, 160u) << shown;
            ASSERT_TRUE(GetParam() == texts::rendering::bn || is_one_septet_each(shown)) << shown;
            ASSERT_FALSE(shows_money(shown) && !pin_typed) << shown;
        }
        stormy.breakable().broken = false;
    }
    // Salts differ, because a replay draws new ones; everything else is the same.
    auto& a = calm.registry.records["K0100101"];
    auto& b = stormy.registry.records["K0100101"];
    EXPECT_EQ(a.pin.has_value(), b.pin.has_value());
    a.pin = b.pin;
    EXPECT_EQ(a, b);
    EXPECT_EQ(calm.registry.changes, stormy.registry.changes);
}

INSTANTIATE_TEST_SUITE_P(EveryRendering, RandomWalk, testing::ValuesIn(texts::all_renderings));

} // namespace
} // namespace uthan
