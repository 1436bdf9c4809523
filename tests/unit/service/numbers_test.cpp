#include "access/binding.hpp"
#include "tests/support/dialogue_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Whose the number is: the changed-number attack of an officer who skims, a household of three
// women on one phone, phones whose numbers the operator masks.
namespace uthan {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using namespace testing_world;

constexpr const char* hers = "8801810000001";
constexpr const char* officers = "8801811000999";
constexpr const char* code = "K0100101";

/// Rahima uses the service; then her officer writes his own number into the core system.
class ChangedNumber : public testing::Test {
protected:
    ChangedNumber() : w{policy_with_pin(), kmss_rules_with_requests()} {
        w.ledger.add(member_with_loan(code, hers));
        w.ledger.staff_of_all.push_back(*member_with_loan(code, hers).officer);
        handset first{w, hers};
        first.dial();
        for (const char* key : {"4821", "4821", "0", "1"}) {
            first.press(key);
        }
    }

    void import(const char* number) {
        auto& record = w.registry.records[code];
        const access::imported_number said{.previous = imported,
                                           .number = number,
                                           .office_code = "K01",
                                           .staff_code = "F1",
                                           .has_pin = record.pin.has_value()};
        record.binding =
            access::after_import(record.binding, said, std::chrono::hours{24 * 7}, w.time.now());
        imported = number;
        w.ledger.add(member_with_loan(code, number));
        w.ledger.publish_next();
        w.registry.bound.clear();
        if (record.binding && record.binding->change) {
            w.registry.bound["/" + record.binding->number] = {code};
        }
    }
    void pass(std::chrono::hours time) { w.time.advance(time); }
    void reset_pin() {
        const access::change reset = access::reset_pin{slip()};
        w.registry.records[code] =
            access::decide(w.registry.records[code], reset, {}, {}, w.time.now()).record;
    }
    access::pin_verifier slip() const {
        return access::make_verifier(secret_key{1, 2, 3}, {"kmss", code}, digest128{7}, "7305");
    }

    world w;
    std::string imported = hers;
    handset phone{w, hers};
    handset thief{w, officers};
};

TEST_F(ChangedNumber, ShowsTheThiefNoFigureAndNoFirstPin) {
    import(officers);
    EXPECT_THAT(thief.dial(), HasSubstr("1 কিস্তি"));
    for (const char* fact : {"1", "2", "3", "5", "6"}) {
        thief.dial();
        EXPECT_EQ(thief.press(fact), "আপনার চার সংখ্যার পিন দিন:");
        EXPECT_THAT(thief.press("1111"), Not(HasSubstr("টাকা")));
        w.registry.records[code].tries_used = 0;
        w.registry.records[code].locked_until.reset();
    }
    // He resets her PIN and prints himself a slip, and waits for as long as he likes.
    reset_pin();
    for (int weeks = 0; weeks < 4; ++weeks) {
        EXPECT_THAT(thief.dial(), HasSubstr("এই ফোনে হিসাব দেখতে"));
        EXPECT_TRUE(thief.ended());
        pass(std::chrono::hours{24 * 7});
    }
    EXPECT_FALSE(w.registry.records[code].pin);
}

TEST_F(ChangedNumber, IsToldToTheOldNumberWhichGoesOn) {
    import(officers);
    EXPECT_EQ(phone.dial(), "২৮/১১ থেকে আপনার ফোন নম্বর হবে অন্য, শেষে 99\n1 আমি বদলাইনি\n2 ঠিক আছে");
    EXPECT_EQ(phone.press("5"),
              "২৮/১১ থেকে আপনার ফোন নম্বর হবে অন্য, শেষে 99\n1 আমি বদলাইনি\n2 ঠিক আছে");
    EXPECT_THAT(phone.press("2"), HasSubstr("1 কিস্তি"));
    EXPECT_TRUE(w.registry.records[code].binding->change->told_at);
    phone.press("3");
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
}

TEST_F(ChangedNumber, IsBlockedByHerWithOneKey) {
    import(officers);
    phone.dial();
    EXPECT_THAT(phone.press("1"), HasSubstr("থামানো"));
    EXPECT_TRUE(phone.ended());
    EXPECT_THAT(thief.dial(), HasSubstr("দেখা যাবে না"));
    EXPECT_TRUE(thief.ended());
    pass(std::chrono::hours{24 * 30});
    import(officers);
    EXPECT_THAT(thief.dial(), HasSubstr("দেখা যাবে না"));
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি"));
    phone.press("3");
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
}

TEST_F(ChangedNumber, BlockedOpensARequestPastHerWholeOffice) {
    import(officers);
    phone.dial();
    const auto said = phone.press("1");
    EXPECT_THAT(said, HasSubstr("নং ১"));
    ASSERT_EQ(w.registry.all_requests.size(), 1U);
    const auto one = w.registry.all_requests.front();
    EXPECT_EQ(one.kind, members::request_kind::number_change);
    EXPECT_EQ(one.accused_code, "F1");
    EXPECT_TRUE(one.about_staff);
    EXPECT_EQ(one.desk_office, "A1") << "nobody of her own office answers it";
    EXPECT_EQ(one.deadline_on, day("2026-11-24"));
    // Repeated, by a process that knows nothing, it is the same one.
    EXPECT_EQ(phone.repeat(), said);
    w.forget_memory();
    EXPECT_EQ(phone.repeat(), said);
    EXPECT_EQ(w.registry.all_requests.size(), 1U);
    // The next number that he writes joins it, while nobody has looked.
    import("8801816000012");
    phone.dial();
    EXPECT_THAT(phone.press("1"), HasSubstr("নং ১"));
    EXPECT_EQ(w.registry.all_requests.size(), 1U);
}

TEST_F(ChangedNumber, BlockedGoesPastTheOfficerWhereverHeWorksNow) {
    w.ledger.staff_of_all.front().office_code = "A1";
    import(officers);
    phone.dial();
    phone.press("1");
    ASSERT_EQ(w.registry.all_requests.size(), 1U);
    EXPECT_EQ(w.registry.all_requests.front().desk_office, "HO");
}

TEST_F(ChangedNumber, IsLookedIntoWhenItsCoolOffHoldsBackAFirstPin) {
    import(officers);
    EXPECT_THAT(thief.dial(), HasSubstr("1 কিস্তি"));
    EXPECT_TRUE(w.registry.all_requests.empty()) << "her PIN is there: nothing to hold back";
    reset_pin();
    const auto turned_away = thief.dial();
    EXPECT_THAT(turned_away, HasSubstr("এই ফোনে হিসাব দেখতে"));
    ASSERT_EQ(w.registry.all_requests.size(), 1U);
    EXPECT_EQ(w.registry.all_requests.front().kind, members::request_kind::number_change);
    EXPECT_EQ(w.registry.all_requests.front().desk_office, "A1");
    EXPECT_EQ(thief.repeat(), turned_away);
    thief.dial();
    EXPECT_EQ(w.registry.all_requests.size(), 1U) << "one that nobody has looked at is enough";
    w.registry.all_requests.front().state = members::request_state::closed;
    thief.dial();
    EXPECT_EQ(w.registry.all_requests.size(), 2U);
    w.registry.all_requests.clear();
    w.registry.records[code].binding->change->state = access::change_state::refused;
    thief.dial();
    EXPECT_TRUE(w.registry.all_requests.empty()) << "the auditor has spoken";
}

TEST_F(ChangedNumber, HeldBackIsSaidToAPhoneWhoseDialogueWasLost) {
    // Goal: the history of a dialogue that nobody knows ends as it did, and files nothing again.
    import(officers);
    reset_pin();
    thief.dial();
    w.registry.all_requests.clear();
    w.registry.effects.clear();
    w.forget_memory();
    w.wipe_store();
    EXPECT_THAT(thief.press("1"), HasSubstr("এই ফোনে হিসাব দেখতে"));
    EXPECT_TRUE(thief.ended());
    EXPECT_TRUE(w.registry.all_requests.empty());
}

TEST_F(ChangedNumber, OfHerOwnOpensWithHerPinAndBecomesHersAfterTheCoolOff) {
    import(officers); // a new SIM this time, and she holds it
    thief.dial();
    thief.press("3");
    EXPECT_THAT(thief.press("4821"), HasSubstr("৫,৪০০"));
    EXPECT_EQ(w.registry.records[code].binding->number, hers);
    pass(std::chrono::hours{24 * 8});
    thief.dial();
    thief.press("3");
    EXPECT_THAT(thief.press("4821"), HasSubstr("৫,৪০০"));
    EXPECT_EQ(w.registry.records[code].binding->number, officers);
    EXPECT_FALSE(w.registry.records[code].binding->change);
}

TEST_F(ChangedNumber, ConfirmedByAnAuditorTakesAPinByASlipOnly) {
    import(officers);
    reset_pin();
    auto& record = w.registry.records[code];
    record.binding = access::after_confirm(*record.binding, w.time.now());
    EXPECT_THAT(thief.dial(), HasSubstr("শাখার স্লিপ"));
    thief.press("7305");
    thief.press("4821");
    EXPECT_THAT(thief.press("4821"), HasSubstr("কিস্তি ২৪৫"));
    EXPECT_EQ(record.binding->proof, access::number_proof::pin);
}

TEST(NumberOfStaff, ShowsNothingPersonalWithoutAPinAndEnrolsNobody) {
    sessions::dialogue_policy without_pins;
    world open{without_pins};
    open.ledger.add(member_with_loan(code, officers));
    open.registry.records[code].binding =
        access::number_binding{.number = officers, .of_staff = true};
    handset phone{open, officers};
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি"));
    EXPECT_THAT(phone.press("1"), HasSubstr("এই ফোনে হিসাব দেখতে"));
    phone.dial();
    EXPECT_THAT(phone.press("4"), HasSubstr("মিটিং"));

    world w;
    w.ledger.add(member_with_loan(code, officers));
    w.registry.records[code].binding = access::number_binding{.number = officers, .of_staff = true};
    handset second{w, officers};
    EXPECT_THAT(second.dial(), HasSubstr("এই ফোনে হিসাব দেখতে"));
    EXPECT_TRUE(second.ended());
}

TEST(SharedPhone, OfThreeWomenShowsEachHerOwnFiguresOnly) {
    world w;
    const char* codes[] = {"K0100101", "K0100102", "K0100103"};
    const char* pins[] = {"4821", "5930", "6047"};
    const char* saved[] = {"৫,৪০১", "৫,৪০২", "৫,৪০৩"};
    for (int i = 0; i < 3; ++i) {
        auto facts = member_with_loan(codes[i], hers);
        facts.savings[0].balance = facts.savings[0].available = money::taka(5'401 + i);
        w.ledger.add(std::move(facts));
    }
    handset phone{w, hers};
    for (int i = 0; i < 3; ++i) {
        phone.dial();
        phone.press(std::to_string(i + 1));
        phone.press(pins[i]);
        EXPECT_THAT(phone.press(pins[i]), HasSubstr("কিস্তি"));
    }
    for (int me = 0; me < 3; ++me) {
        for (int tried = 0; tried < 3; ++tried) {
            phone.dial();
            phone.press(std::to_string(me + 1));
            phone.press("3");
            const auto shown = phone.press(pins[tried]);
            for (int whose = 0; whose < 3; ++whose) {
                const bool may = whose == me && tried == me;
                EXPECT_EQ(shown.find(saved[whose]) != std::string::npos, may) << me << tried;
            }
        }
    }
}

/// A phone whose number the operator masks.
class masked_phone {
public:
    masked_phone(world& in, std::string channel, std::string token = "AZ110-token")
        : in_(in), channel_(std::move(channel)), token_(std::move(token)) {}

    std::string dial() {
        session_ = in_.next_session();
        return send({}, true);
    }
    std::string press(const std::string& key) { return send(key, false); }

private:
    std::string send(const std::string& key, bool begins) {
        auto turn = in_.turn_of(session_, hers, {});
        turn.subscriber = address::opaque(channel_, token_);
        turn.style = sessions::turn_style::input;
        turn.input = key;
        turn.begins = begins;
        turn.request_id = "r" + std::to_string(++requests_);
        return in_.hop(turn).screen.text;
    }

    world& in_;
    std::string channel_;
    std::string token_;
    std::string session_;
    int requests_ = 0;
};

class MaskedNumber : public testing::Test {
protected:
    MaskedNumber() { w.ledger.add(member_with_loan(code, hers)); }
    void issue_slip() {
        const access::change slip = access::reset_pin{
            access::make_verifier(secret_key{1, 2, 3}, {"kmss", code}, digest128{7}, "7305")};
        w.registry.records[code] =
            access::decide(w.registry.records[code], slip, {}, {}, w.time.now()).record;
    }
    std::string link(const char* member, const char* digits) {
        phone.dial();
        phone.press(member);
        return phone.press(digits);
    }

    world w;
    masked_phone phone{w, "bd-kmss"};
};

TEST_F(MaskedNumber, IsLinkedOnceByMemberNumberAndSlip) {
    issue_slip();
    EXPECT_THAT(phone.dial(), HasSubstr("সদস্য নম্বর দিন:"));
    EXPECT_EQ(phone.press(code), "শাখার স্লিপের চার সংখ্যা দিন:");
    EXPECT_EQ(phone.press("7305"), "চার সংখ্যার নতুন পিন দিন:");
    phone.press("4821");
    EXPECT_THAT(phone.press("4821"), HasSubstr("কিস্তি ২৪৫"));
    phone.press("0");
    phone.press("1");
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি"));
    phone.press("3");
    EXPECT_THAT(phone.press("4821"), HasSubstr("৫,৪০০"));
    // The same token of another application is nobody.
    masked_phone elsewhere{w, "bd-other"};
    EXPECT_THAT(elsewhere.dial(), HasSubstr("সদস্য নম্বর দিন:"));
    // Unlinked, it is asked again.
    w.registry.bound.clear();
    w.ledger.publish_next();
    EXPECT_THAT(phone.dial(), HasSubstr("সদস্য নম্বর দিন:"));
}

TEST_F(MaskedNumber, SaysTheSameWhateverWasWrong) {
    w.registry.policy.guesses_per_member_per_day = 100;
    const auto unknown = link("K9999999", "7305");
    EXPECT_THAT(unknown, HasSubstr("মেলেনি"));
    EXPECT_EQ(link(code, "7305"), unknown); // no slip
    issue_slip();
    EXPECT_EQ(link(code, "7306"), unknown);
    w.registry.records[code].pin =
        access::make_verifier(secret_key{1, 2, 3}, {"kmss", code}, digest128{8}, "4821");
    const auto before = w.registry.records[code];
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(link(code, "4821"), unknown); // her own PIN links nothing
    }
    EXPECT_EQ(w.registry.records[code], before);
    EXPECT_TRUE(w.registry.bound["bd-kmss/AZ110-token"].empty());
}

/// Three women of one household, whose phone's number the operator masks.
class MaskedHousehold : public testing::Test {
protected:
    MaskedHousehold() {
        for (const char* of : {"K0100101", "K0100102", "K0100103"}) {
            w.ledger.add(member_with_loan(of, ""));
            issue_slip(of);
        }
    }
    void issue_slip(const std::string& of) {
        const access::change slip = access::reset_pin{
            access::make_verifier(secret_key{1, 2, 3}, {"kmss", of}, digest128{7}, "7305")};
        w.registry.records[of] =
            access::decide(w.registry.records[of], slip, {}, {}, w.time.now()).record;
    }
    /// From the question for her member number on.
    std::string enrol(const char* of, const char* pin) {
        phone.press(of);
        phone.press("7305");
        phone.press(pin);
        return phone.press(pin);
    }

    world w;
    masked_phone phone{w, "bd-kmss"};
};

TEST_F(MaskedHousehold, IsLinkedOneByOneAndAsksWhoseFromThenOn) {
    phone.dial();
    EXPECT_THAT(enrol("K0100101", "4821"), HasSubstr("কিস্তি ২৪৫"));
    phone.dial();
    EXPECT_EQ(phone.press("1"), "আপনার চার সংখ্যার পিন দিন:\n1 অন্য সদস্য");
    EXPECT_THAT(phone.press("1"), HasSubstr("সদস্য নম্বর দিন:"));
    EXPECT_THAT(enrol("K0100102", "5930"), HasSubstr("কিস্তি ২৪৫"));
    EXPECT_EQ(phone.dial(), "কার হিসাব?\n1 রহিমা 01\n2 রহিমা 02\n3 অন্য সদস্য\n0 শেষ");
    EXPECT_THAT(phone.press("3"), HasSubstr("সদস্য নম্বর দিন:"));
    EXPECT_THAT(enrol("K0100103", "6047"), HasSubstr("কিস্তি ২৪৫"));
    EXPECT_EQ(w.registry.bound["bd-kmss/AZ110-token"].size(), 3U);
    // Whose it is comes first, also within the ten minutes of a dropped dialogue.
    phone.dial();
    phone.press("2");
    EXPECT_EQ(phone.press("3"), "আপনার চার সংখ্যার পিন দিন:");
    EXPECT_THAT(phone.press("4821"), Not(HasSubstr("৫,৪০০")));
    EXPECT_THAT(phone.press("5930"), HasSubstr("৫,৪০০"));
    EXPECT_THAT(phone.dial(), HasSubstr("কার হিসাব?"));
}

TEST_F(MaskedHousehold, ADialogueThatLedToAnotherMemberIsNotTakenUp) {
    phone.dial();
    enrol("K0100101", "4821");
    phone.press("0");
    phone.press("1");
    phone.dial();
    phone.press("1");
    phone.press("1");
    phone.press("K0100102");
    EXPECT_THAT(phone.dial(), HasSubstr("1 কিস্তি"))
        << "the first member's menu, from its beginning";
}

TEST_F(MaskedHousehold, TwelveMembersAreAPhonesLimit) {
    auto& of_phone = w.registry.bound["bd-kmss/AZ110-token"];
    for (int i = 10; i < 21; ++i) {
        of_phone.push_back("K01002" + std::to_string(i));
        w.ledger.add(member_with_loan(of_phone.back(), ""));
    }
    const auto whole_list = [&] {
        std::string all = phone.dial();
        for (int page = 0; page < 3; ++page) {
            all += phone.press("9");
        }
        return all;
    };
    EXPECT_THAT(whole_list(), HasSubstr("অন্য সদস্য")) << "eleven: one more may come";
    of_phone.push_back("K0100101");
    EXPECT_THAT(whole_list(), Not(HasSubstr("অন্য সদস্য")));
}

TEST_F(MaskedNumber, IsGuessedByManyPhonesNoFasterThanByOne) {
    // Goal: six wrong slips a day for one member, however many phones try; her own phone is as it
    // was, and another member's slip too.
    issue_slip();
    unsigned compared = 0;
    for (int i = 0; i < 40; ++i) {
        masked_phone another{w, "bd-kmss", "token " + std::to_string(i)};
        another.dial();
        another.press(code);
        compared += another.press("1111").find("মেলেনি") != std::string::npos;
    }
    EXPECT_EQ(compared, w.registry.policy.guesses_per_member_per_day);
    EXPECT_THAT(link(code, "7305"), HasSubstr("অনেকবার"))
        << "not even the right one, from a stranger";
    EXPECT_THAT(link("K9999999", "1111"), HasSubstr("মেলেনি"));
    handset own{w, hers};
    EXPECT_THAT(own.dial(), HasSubstr("শাখার স্লিপের"));
    EXPECT_EQ(own.press("7305"), "চার সংখ্যার নতুন পিন দিন:");
}

TEST(PassbookDigits, AreGuessedSixTimesADayFromHerOwnPhone) {
    auto policy = policy_with_pin();
    policy.first_pin = sessions::enrolment::passbook;
    world w{policy};
    w.ledger.add(member_with_loan(code, hers));
    handset phone{w, hers};
    for (unsigned i = 0; i < w.registry.policy.guesses_per_member_per_day; ++i) {
        EXPECT_THAT(phone.dial(), HasSubstr("পাশবই নম্বরের শেষ চার সংখ্যা"));
        EXPECT_THAT(phone.press("1111"), HasSubstr("আপনার পিন নেই"));
    }
    phone.dial();
    EXPECT_THAT(phone.press("0101"), HasSubstr("অনেকবার"));
}

TEST_F(MaskedNumber, IsLimitedInItsGuesses) {
    w.registry.policy.tries_per_number_per_hour = 3;
    issue_slip();
    for (int i = 0; i < 3; ++i) {
        EXPECT_THAT(link("K9999999", "1111"), HasSubstr("মেলেনি"));
    }
    EXPECT_THAT(link(code, "7305"), HasSubstr("অনেকবার"));
}

TEST(KnownNumber, PaysForNoFurtherReadingOnAHop) {
    world w;
    w.ledger.add(member_with_loan(code, hers));
    handset phone{w, hers};
    phone.dial();
    for (const char* key : {"4821", "4821", "0", "1"}) {
        phone.press(key);
    }
    phone.dial();
    const auto reads = w.registry.bound_reads;
    const auto finds = w.registry.finds;
    phone.press("4");
    phone.press("0");
    EXPECT_EQ(w.registry.bound_reads, reads);
    EXPECT_EQ(w.registry.finds, finds);
}

} // namespace
} // namespace uthan
