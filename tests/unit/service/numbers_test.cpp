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
    ChangedNumber() {
        w.ledger.add(member_with_loan(code, hers));
        handset first{w, hers};
        first.dial();
        for (const char* key : {"4821", "4821", "0", "1"}) {
            first.press(key);
        }
    }

    void import(const char* number) {
        auto& record = w.registry.records[code];
        const access::imported_number said{
            .previous = imported, .number = number, .has_pin = record.pin.has_value()};
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
    masked_phone(world& in, std::string channel) : in_(in), channel_(std::move(channel)) {}

    std::string dial() {
        session_ = in_.next_session();
        return send({}, true);
    }
    std::string press(const std::string& key) { return send(key, false); }

private:
    std::string send(const std::string& key, bool begins) {
        auto turn = in_.turn_of(session_, hers, {});
        turn.subscriber = address::opaque(channel_, "AZ110-token");
        turn.style = sessions::turn_style::input;
        turn.input = key;
        turn.begins = begins;
        turn.request_id = "r" + std::to_string(++requests_);
        return in_.hop(turn).screen.text;
    }

    world& in_;
    std::string channel_;
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
