#include "access/decisions.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

// A PIN decision is a function of a record, a change, the recent tries, the policy and a moment:
// each branch is a row, and a random walk looks for an order of changes that buys extra compares.
namespace uthan::access {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + hours{12}};
constexpr pin_policy policy{};

pin_verifier verifier(std::uint8_t mark) {
    pin_verifier made;
    made.salt.fill(mark);
    made.digest.fill(mark);
    return made;
}

member_record with_pin() {
    return {.pin = verifier(1), .pin_set_at = noon - hours{24}};
}

member_record with_one_time() {
    return {.one_time_pin = verifier(2), .one_time_expires_at = noon + hours{1}};
}

member_record locked(member_record record) {
    record.tries_used = policy.tries_max;
    record.locked_until = noon + minutes{30};
    return record;
}

TEST(Pin, IsFourAsciiDigits) {
    EXPECT_TRUE(is_pin("0000"));
    EXPECT_TRUE(is_pin("9281"));
    for (const auto* text : {"", "123", "12345", "12a4", " 123", "১২৩৪", "12\n4", "+123"}) {
        EXPECT_FALSE(is_pin(text)) << text;
    }
}

struct weak_case {
    const char* pin;
    const char* member_code;
    const char* number;
    bool weak;
};

TEST(Pin, ThatIsEasyToGuessIsWeak) {
    const weak_case cases[] = {
        {"0000", "", "", true},
        {"7777", "", "", true},
        {"1234", "", "", true},
        {"7890", "", "", true},
        {"9876", "", "", true},
        {"3210", "", "", true},
        {"2109", "", "", true},
        {"1212", "", "", true},
        {"9090", "", "", true},
        {"1939", "", "", false},
        {"1940", "", "", true},
        {"1987", "", "", true},
        {"2029", "", "", true},
        {"2030", "", "", false},
        {"5281", "MSS-0015281", "", true},
        {"5281", "528-1", "", true},  // the code's digits, whatever stands between them
        {"5281", "281", "", false},   // a shorter code has no last four
        {"5281", "52810", "", false}, // not its end
        {"5281", "", "8801712345281", true},
        {"5281", "", "8801752817777", false},
        {"2580", "", "", false},
        {"1221", "", "", false},
        {"1357", "", "", false},
        {"1235", "M000123", "8801712345678", false},
        {"12a4", "", "", true}, // no PIN at all
    };
    for (const auto& c : cases) {
        EXPECT_EQ(is_weak_pin(c.pin, c.member_code, c.number), c.weak)
            << c.pin << " of " << c.member_code << ' ' << c.number;
    }
}

TEST(Verifier, MatchesOnlyItsOwnPinMemberSaltAndKey) {
    secret_key key{};
    key.fill(7);
    secret_key other_key{};
    digest128 salt{};
    salt.fill(9);
    const member_ref who{"mss", "1001"};
    const auto made = make_verifier(key, who, salt, "2580");
    EXPECT_TRUE(matches(key, who, made, "2580"));
    EXPECT_FALSE(matches(key, who, made, "2581"));
    EXPECT_FALSE(matches(key, who, made, ""));
    EXPECT_FALSE(matches(other_key, who, made, "2580"));
    EXPECT_FALSE(matches(key, {"mss", "1002"}, made, "2580"));
    EXPECT_FALSE(matches(key, {"kmss", "1001"}, made, "2580"));
    EXPECT_FALSE(matches(key, {"mss1", "001"}, made, "2580"));
    auto other_salt = made;
    other_salt.salt[15] ^= 1;
    EXPECT_FALSE(matches(key, who, other_salt, "2580"));
    digest128 salt2 = salt;
    salt2[0] ^= 1;
    EXPECT_NE(make_verifier(key, who, salt2, "2580").digest, made.digest);
}

struct decision_case {
    const char* name;
    member_record before;
    change what;
    recent_tries tries;
    member_record after;
    outcome result;
    bool counted = false;
};

member_record changed(member_record record, void (*edit)(member_record&)) {
    edit(record);
    return record;
}

void expect_decisions(const std::vector<decision_case>& cases) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto made = decide(c.before, c.what, c.tries, policy, noon);
        EXPECT_EQ(made.record, c.after);
        EXPECT_EQ(made.result, c.result);
        EXPECT_EQ(made.count_try, c.counted);
    }
}

TEST(Begin, CountsATryBeforeItsCompare) {
    const auto lock_end = noon + policy.lock_for;
    const member_record used_two = changed(with_pin(), [](auto& r) { r.tries_used = 2; });
    auto third = used_two;
    third.tries_used = 3;
    third.locked_until = lock_end;
    expect_decisions({
        {"first try",
         with_pin(),
         begin_pin_try{},
         {},
         changed(with_pin(), [](auto& r) { r.tries_used = 1; }),
         {.kind = outcome_kind::try_allowed, .tries_left = 2, .compare_with = verifier(1)},
         true},
        {"the last try locks at once",
         used_two,
         begin_pin_try{},
         {},
         third,
         {.kind = outcome_kind::try_allowed,
          .tries_left = 0,
          .locked_until = lock_end,
          .compare_with = verifier(1)},
         true},
        {"locked",
         locked(with_pin()),
         begin_pin_try{},
         {},
         locked(with_pin()),
         {.kind = outcome_kind::pin_locked, .locked_until = noon + minutes{30}},
         false},
        {"more tries used than a stricter policy allows",
         changed(with_pin(), [](auto& r) { r.tries_used = 4; }),
         begin_pin_try{},
         {},
         changed(with_pin(),
                 [](auto& r) {
                     r.tries_used = 4;
                     r.locked_until = noon + policy.lock_for;
                 }),
         {.kind = outcome_kind::pin_locked, .locked_until = lock_end},
         false},
        {"no PIN: still a guess of this number",
         {},
         begin_pin_try{},
         {},
         {},
         {.kind = outcome_kind::pin_unset},
         true},
    });
}

TEST(Begin, OpensALockWhoseTimeHasCome) {
    auto lapsed = with_pin();
    lapsed.tries_used = 3;
    lapsed.locked_until = noon;
    auto fresh = with_pin();
    fresh.tries_used = 1;
    auto last_moment = lapsed;
    last_moment.locked_until = noon + milliseconds{1};
    expect_decisions({
        {"at its end",
         lapsed,
         begin_pin_try{},
         {},
         fresh,
         {.kind = outcome_kind::try_allowed, .tries_left = 2, .compare_with = verifier(1)},
         true},
        {"a millisecond before",
         last_moment,
         begin_pin_try{},
         {},
         last_moment,
         {.kind = outcome_kind::pin_locked, .locked_until = noon + milliseconds{1}},
         false},
    });
}

TEST(Begin, ComparesWithTheOneTimePinWhileItIsGoodAndNoOtherIsSet) {
    auto expired = with_one_time();
    expired.one_time_expires_at = noon;
    auto both = with_one_time();
    both.pin = verifier(1);
    auto counted = with_one_time();
    counted.tries_used = 1;
    auto both_counted = both;
    both_counted.tries_used = 1;
    expect_decisions({
        {"good",
         with_one_time(),
         begin_pin_try{},
         {},
         counted,
         {.kind = outcome_kind::try_allowed,
          .tries_left = 2,
          .compare_with = verifier(2),
          .one_time = true},
         true},
        {"expired", expired, begin_pin_try{}, {}, expired, {.kind = outcome_kind::pin_unset}, true},
        {"her own PIN goes first",
         both,
         begin_pin_try{},
         {},
         both_counted,
         {.kind = outcome_kind::try_allowed, .tries_left = 2, .compare_with = verifier(1)},
         true},
        {"locked all the same",
         locked(with_one_time()),
         begin_pin_try{},
         {},
         locked(with_one_time()),
         {.kind = outcome_kind::pin_locked, .locked_until = noon + minutes{30}},
         false},
    });
}

TEST(Begin, IsLimitedByNumberAndByChannelBeforeAnythingIsSaidOfTheMember) {
    const auto number_max = policy.tries_per_number_per_hour;
    const auto channel_max = policy.tries_per_channel_per_hour;
    auto counted = with_pin();
    counted.tries_used = 1;
    const outcome limited{.kind = outcome_kind::limited};
    expect_decisions({
        {"one below both limits",
         with_pin(),
         begin_pin_try{},
         {number_max - 1, channel_max - 1},
         counted,
         {.kind = outcome_kind::try_allowed, .tries_left = 2, .compare_with = verifier(1)},
         true},
        {"number", with_pin(), begin_pin_try{}, {number_max, 0}, with_pin(), limited, false},
        {"channel", with_pin(), begin_pin_try{}, {0, channel_max}, with_pin(), limited, false},
        {"locked",
         locked(with_pin()),
         begin_pin_try{},
         {number_max, 0},
         locked(with_pin()),
         limited,
         false},
        {"unset", {}, begin_pin_try{}, {number_max, 0}, {}, limited, false},
    });
}

TEST(Settle, ResetsTheTriesWhenRightAndChangesNothingWhenWrong) {
    auto one_used = with_pin();
    one_used.tries_used = 1;
    auto one_time_used = with_one_time();
    one_time_used.tries_used = 1;
    expect_decisions({
        {"right",
         one_used,
         settle_pin_try{true},
         {},
         with_pin(),
         {.kind = outcome_kind::pin_right, .tries_left = 3}},
        {"right at the last try opens the lock",
         locked(with_pin()),
         settle_pin_try{true},
         {},
         with_pin(),
         {.kind = outcome_kind::pin_right, .tries_left = 3}},
        {"wrong",
         one_used,
         settle_pin_try{false},
         {},
         one_used,
         {.kind = outcome_kind::pin_wrong, .tries_left = 2}},
        {"wrong at the last try",
         locked(with_pin()),
         settle_pin_try{false},
         {},
         locked(with_pin()),
         {.kind = outcome_kind::pin_wrong, .tries_left = 0, .locked_until = noon + minutes{30}}},
        {"right one-time PIN, which stays until a PIN is set",
         one_time_used,
         settle_pin_try{true},
         {},
         with_one_time(),
         {.kind = outcome_kind::pin_right, .tries_left = 3, .one_time = true}},
        {"wrong one-time PIN",
         one_time_used,
         settle_pin_try{false},
         {},
         one_time_used,
         {.kind = outcome_kind::pin_wrong, .tries_left = 2, .one_time = true}},
    });
}

TEST(Settle, SaysOneTimeEvenWhenItExpiredDuringTheCompare) {
    auto expired = with_one_time();
    expired.tries_used = 1;
    expired.one_time_expires_at = noon - milliseconds{1};
    EXPECT_TRUE(decide(expired, settle_pin_try{true}, {}, policy, noon).result.one_time);
}

TEST(SetPin, NeedsAnEmptyPlaceOrAProvedOldPinAndNoLock) {
    const member_record fresh{.pin = verifier(3), .pin_set_at = noon};
    auto used = with_one_time();
    used.tries_used = 2;
    auto lapsed = locked(with_pin());
    lapsed.locked_until = noon;
    const outcome done{.kind = outcome_kind::done};
    const outcome refused{.kind = outcome_kind::refused};
    const outcome refused_by_lock{.kind = outcome_kind::refused,
                                  .locked_until = noon + minutes{30}};
    expect_decisions({
        {"first", {}, set_pin{verifier(3), false}, {}, fresh, done},
        {"after a one-time PIN", used, set_pin{verifier(3), false}, {}, fresh, done},
        {"one is there", with_pin(), set_pin{verifier(3), false}, {}, with_pin(), refused},
        {"another", with_pin(), set_pin{verifier(3), true}, {}, fresh, done},
        {"another for none: staff took it away meanwhile",
         with_one_time(),
         set_pin{verifier(3), true},
         {},
         with_one_time(),
         refused},
        {"locked",
         locked(with_pin()),
         set_pin{verifier(3), true},
         {},
         locked(with_pin()),
         refused_by_lock},
        {"locked over the one-time PIN",
         locked(with_one_time()),
         set_pin{verifier(3), false},
         {},
         locked(with_one_time()),
         refused_by_lock},
        {"a lapsed lock", lapsed, set_pin{verifier(3), true}, {}, fresh, done},
    });
}

TEST(ResetPin, ForgetsThePinOpensTheLockAndKeepsTheRest) {
    auto before = locked(with_pin());
    before.language = members::written_language::en;
    before.sms = sms_choice::none;
    before.sms_chosen_at = noon - hours{1};
    const member_record after{.one_time_pin = verifier(4),
                              .one_time_expires_at = noon + policy.one_time_valid_for,
                              .language = members::written_language::en,
                              .sms = sms_choice::none,
                              .sms_chosen_at = noon - hours{1}};
    expect_decisions({
        {"", before, reset_pin{verifier(4)}, {}, after, {.kind = outcome_kind::done}},
    });
}

TEST(Choices, TouchNothingElse) {
    auto in_english = locked(with_pin());
    in_english.language = members::written_language::en;
    auto with_amounts = with_pin();
    with_amounts.sms = sms_choice::with_amounts;
    with_amounts.sms_chosen_at = noon;
    const outcome done{.kind = outcome_kind::done};
    expect_decisions({
        {"language",
         locked(with_pin()),
         choose_language{members::written_language::en},
         {},
         in_english,
         done},
        {"sms", with_pin(), choose_sms{sms_choice::with_amounts}, {}, with_amounts, done},
    });
}

/// A walk of dialogues that interleave: at most two tries are begun and not yet settled, and some
/// are never settled at all.
class walk {
public:
    explicit walk(unsigned seed) : random_(seed) {}

    void step() {
        now_ += minutes{below(90)};
        switch (below(12)) {
        case 0:
            apply(reset_pin{verifier(4)});
            compares_ = 0;
            break;
        case 1:
            if (apply(set_pin{verifier(5), below(2) == 0}).kind == outcome_kind::done) {
                compares_ = 0;
            }
            break;
        case 2:
            apply(choose_sms{sms_choice::none});
            break;
        case 3:
            apply(choose_language{members::written_language::en});
            break;
        case 4:
        case 5:
            settle();
            break;
        default:
            begin();
            break;
        }
    }

    unsigned most_compares() const { return most_compares_; }
    unsigned locks() const { return locks_; }

private:
    unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

    outcome apply(const change& what) {
        const auto made = decide(record_, what, {}, policy, now_);
        record_ = made.record;
        return made.result;
    }

    void begin() {
        const auto lock_before = record_.locked_until;
        const bool lapsed = lock_before && now_ >= *lock_before;
        const auto begun = apply(begin_pin_try{});
        if (begun.kind == outcome_kind::pin_locked) {
            EXPECT_TRUE(lock_before && now_ < *lock_before);
            ++locks_;
        }
        if (begun.kind != outcome_kind::try_allowed) {
            return;
        }
        compares_ = lapsed ? 1 : compares_ + 1;
        most_compares_ = std::max(most_compares_, compares_);
        EXPECT_EQ(begun.tries_left, policy.tries_max - compares_);
        open_ = std::min(open_ + 1, 2U);
    }

    void settle() {
        if (open_ == 0) {
            return;
        }
        --open_;
        const bool right = below(8) == 0;
        if (apply(settle_pin_try{right}).kind == outcome_kind::pin_right) {
            compares_ = 0;
        }
    }

    std::mt19937 random_;
    instant now_ = noon;
    member_record record_ = with_pin();
    unsigned open_ = 0;
    unsigned compares_ = 0;
    unsigned most_compares_ = 0;
    unsigned locks_ = 0;
};

TEST(Property, NeverMoreComparesThanTriesBetweenTwoLocksOrResets) {
    unsigned locks = 0;
    unsigned most = 0;
    for (unsigned seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(seed);
        walk one{seed};
        for (int i = 0; i < 500; ++i) {
            one.step();
        }
        ASSERT_LE(one.most_compares(), policy.tries_max);
        ASSERT_FALSE(::testing::Test::HasFailure());
        most = std::max(most, one.most_compares());
        locks += one.locks();
    }
    // The walk went where it matters.
    EXPECT_EQ(most, policy.tries_max);
    EXPECT_GT(locks, 100U);
}

TEST(StrangersSlips, AreCountedBesideHerRecordAndNeverLockIt) {
    begin_pin_try strangers{{}, "bd-kmss", true};
    strangers.member = digest128{5};
    for (unsigned before = 0; before < policy.guesses_per_member_per_day; ++before) {
        const auto made = decide(with_one_time(), strangers, {0, 0, before}, policy, noon);
        EXPECT_EQ(made.result.kind, outcome_kind::try_allowed);
        EXPECT_TRUE(made.result.one_time);
        EXPECT_TRUE(made.count_try);
        EXPECT_EQ(made.record, with_one_time());
    }
    const recent_tries all_used{0, 0, policy.guesses_per_member_per_day};
    // Whatever there is of her, the same is said.
    for (const auto& record : {with_one_time(), with_pin(), member_record{}}) {
        const auto made = decide(record, strangers, all_used, policy, noon);
        EXPECT_EQ(made.result, outcome{.kind = outcome_kind::limited});
        EXPECT_FALSE(made.count_try);
    }
    // Her own phone goes on: its slip is counted as ever.
    const auto own = decide(with_one_time(), begin_pin_try{{}, "at-kmss"}, all_used, policy, noon);
    EXPECT_EQ(own.result.kind, outcome_kind::try_allowed);
    EXPECT_EQ(own.record.tries_used, 1U);
}

TEST(StrangersSlips, AreNotComparedWithAPinALockedOrAnExpiredOne) {
    begin_pin_try strangers{{}, "bd-kmss", true};
    strangers.member = digest128{5};
    auto expired = with_one_time();
    expired.one_time_expires_at = noon;
    for (const auto& record : {with_pin(), locked(with_one_time()), expired, member_record{}}) {
        const auto made = decide(record, strangers, {}, policy, noon);
        EXPECT_EQ(made.result, outcome{.kind = outcome_kind::pin_unset});
        EXPECT_TRUE(made.count_try);
        EXPECT_EQ(made.record, record);
    }
}

} // namespace
} // namespace uthan::access
