#include "db/sqlite/member_registry.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_tables.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <random>
#include <vector>

// The registry over a real file. What a change does is decided in access/ and tested there; here:
// it is stored, once for each key, together with its outcome.
namespace uthan::db::sqlite::gateway_test {
namespace {

using namespace access;
using std::chrono::hours;
using std::chrono::minutes;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + hours{12}};

pin_verifier verifier(std::uint8_t mark) {
    pin_verifier made;
    made.salt.fill(mark);
    made.digest.fill(static_cast<std::uint8_t>(mark + 100));
    return made;
}

effect_key key(std::uint32_t step, std::uint8_t part = 0) {
    digest128 session{};
    session.fill(3);
    return {"demo-ussd", session, step, part};
}

begin_pin_try from(std::uint8_t number) {
    begin_pin_try made;
    made.number.fill(number);
    made.channel = "demo-ussd";
    return made;
}

class registry_test : public ::testing::Test {
protected:
    registry_test() {
        database_ = gateway_database::open(path_).value();
        registry_ = make_registry();
        observer_.emplace(open_reader(path_).value());
    }

    std::unique_ptr<member_registry> make_registry() {
        return std::make_unique<member_registry>(database_->writing(), open_reader(path_).value(),
                                                 pin_policies{});
    }

    outcome apply(effect_key by, change what, instant now = noon) {
        return apply_to(std::move(by), who_, std::move(what), now);
    }

    outcome apply_to(effect_key by, member_ref who, change what, instant now = noon) {
        return finish(loop_, registry_->apply(std::move(by), std::move(who), std::move(what), now))
            .value();
    }

    member_record find() { return finish(loop_, registry_->find(who_)).value(); }

    /// Changes with every commit that wrote anything.
    std::int64_t data_version() { return observer_->scalar("PRAGMA data_version").value(); }

    temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1}; // before the database: a loop outlives the writer
    asio::io_context other_loop_{1};
    std::unique_ptr<gateway_database> database_;
    std::unique_ptr<member_registry> registry_;
    std::optional<connection> observer_;
    member_ref who_{"mss", "0101-0007"};
};

TEST_F(registry_test, KnowsNothingOfAMemberNeverWrittenAbout) {
    EXPECT_EQ(find(), member_record{});
    EXPECT_FALSE(finish(loop_, registry_->recorded(key(1))).value().has_value());
}

TEST_F(registry_test, KeepsWhatWasDecided) {
    apply(key(1), set_pin{verifier(1), false});
    apply(key(2), choose_language{members::written_language::en}, noon + minutes{1});
    apply(key(3), choose_sms{sms_choice::without_amounts}, noon + minutes{2});
    apply(key(4), begin_pin_try{}, noon + minutes{3});
    const member_record expected{.pin = verifier(1),
                                 .pin_set_at = noon,
                                 .tries_used = 1,
                                 .language = members::written_language::en,
                                 .sms = sms_choice::without_amounts,
                                 .sms_chosen_at = noon + minutes{2}};
    EXPECT_EQ(find(), expected);
    // Another member, another organisation: other records.
    EXPECT_EQ(finish(loop_, registry_->find({"kmss", who_.member_code})).value(), member_record{});
    EXPECT_EQ(finish(loop_, registry_->find({"mss", "0101-0008"})).value(), member_record{});
}

TEST_F(registry_test, OutlivesTheProcess) {
    apply(key(1), set_pin{verifier(1), false});
    const auto before = find();
    registry_.reset();
    database_.reset();
    database_ = gateway_database::open(path_).value();
    registry_ = make_registry();
    EXPECT_EQ(find(), before);
    EXPECT_TRUE(apply(key(1), set_pin{verifier(1), false}).replayed);
}

/// Every kind of change and what it leads to, on a member with a PIN.
struct replay_case {
    const char* name;
    change what;
    outcome_kind kind;
};

TEST_F(registry_test, ReplayOfEveryKindReturnsTheRecordedOutcomeAndWritesNothing) {
    apply(key(1), set_pin{verifier(1), false});
    const replay_case cases[] = {
        {"language", choose_language{members::written_language::en}, outcome_kind::done},
        {"sms", choose_sms{sms_choice::none}, outcome_kind::done},
        {"refused", set_pin{verifier(2), false}, outcome_kind::refused},
        {"another PIN", set_pin{verifier(3), true}, outcome_kind::done},
        {"reset", reset_pin{verifier(4)}, outcome_kind::done},
        {"first PIN", set_pin{verifier(5), false}, outcome_kind::done},
    };
    std::uint32_t step = 10;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        ++step;
        auto first = apply(key(step), c.what);
        EXPECT_EQ(first.kind, c.kind);
        EXPECT_FALSE(first.replayed);
        const auto record = find();
        const auto version = data_version();
        first.replayed = true;
        EXPECT_EQ(apply(key(step), c.what, noon + hours{1}), first);
        EXPECT_EQ(finish(loop_, registry_->recorded(key(step))).value(), first);
        EXPECT_EQ(find(), record);
        EXPECT_EQ(data_version(), version);
    }
}

TEST_F(registry_test, ReplayOfATryNeverCountsAndNeverComparesAgain) {
    apply(key(1), set_pin{verifier(1), false});
    const auto begun = apply(key(2), from(1));
    EXPECT_EQ(begun.kind, outcome_kind::try_allowed);
    EXPECT_EQ(begun.compare_with, verifier(1));
    EXPECT_EQ(begun.tries_left, 2U);

    // Begun and never settled: nobody knows what the compare said.
    const outcome unknown{.kind = outcome_kind::pin_wrong, .tries_left = 2, .replayed = true};
    auto version = data_version();
    EXPECT_EQ(apply(key(2), from(1)), unknown);
    EXPECT_EQ(finish(loop_, registry_->recorded(key(2))).value(), unknown);
    EXPECT_EQ(data_version(), version);
    EXPECT_EQ(find().tries_used, 1U);

    auto right = apply(key(2), settle_pin_try{true});
    EXPECT_EQ(right.kind, outcome_kind::pin_right);
    EXPECT_FALSE(right.replayed);
    EXPECT_EQ(find().tries_used, 0U);
    right.replayed = true;
    version = data_version();
    EXPECT_EQ(apply(key(2), from(1)), right);
    EXPECT_EQ(apply(key(2), settle_pin_try{false}), right);
    EXPECT_EQ(finish(loop_, registry_->recorded(key(2))).value(), right);
    EXPECT_EQ(data_version(), version);
}

TEST_F(registry_test, ReplayOfTheLastTrySaysWhenTheLockOpens) {
    apply(key(1), set_pin{verifier(1), false});
    for (std::uint32_t step = 2; step <= 4; ++step) {
        apply(key(step), from(1));
        apply(key(step), settle_pin_try{false});
    }
    const auto opens = noon + pin_policy{}.lock_for;
    const outcome last{.kind = outcome_kind::pin_wrong, .locked_until = opens, .replayed = true};
    EXPECT_EQ(apply(key(4), from(1), noon + minutes{1}), last);
    outcome locked{.kind = outcome_kind::pin_locked, .locked_until = opens};
    EXPECT_EQ(apply(key(5), from(1), noon + minutes{1}), locked);
    locked.replayed = true;
    EXPECT_EQ(apply(key(5), from(1), opens), locked);
    EXPECT_EQ(apply(key(6), from(1), opens).kind, outcome_kind::try_allowed);
    // What was not begun cannot be settled; the locked try's record stays.
    EXPECT_EQ(apply(key(5), settle_pin_try{true}, opens), locked);
}

TEST_F(registry_test, SettleWithoutATryIsRefused) {
    apply(key(1), set_pin{verifier(1), false});
    const auto version = data_version();
    EXPECT_EQ(apply(key(2), settle_pin_try{true}), outcome{.kind = outcome_kind::refused});
    EXPECT_EQ(apply(key(1), settle_pin_try{true}), outcome{.kind = outcome_kind::refused});
    EXPECT_EQ(data_version(), version);
}

TEST_F(registry_test, APinThatWasReplacedDuringTheCompareProvesNothing) {
    apply(key(1), set_pin{verifier(1), false});
    apply(key(2), from(1));
    apply(key(3), reset_pin{verifier(4)});
    EXPECT_EQ(apply(key(2), settle_pin_try{true}).kind, outcome_kind::pin_wrong);
    // The same with a one-time PIN that was used meanwhile.
    apply(key(4), from(1));
    apply(key(5), set_pin{verifier(5), false});
    EXPECT_EQ(apply(key(4), settle_pin_try{true}).kind, outcome_kind::pin_wrong);
}

TEST_F(registry_test, OneTimePinLeadsToAPinOfHerOwn) {
    apply(key(1), reset_pin{verifier(4)});
    const auto begun = apply(key(2), from(1));
    EXPECT_EQ(begun.compare_with, verifier(4));
    EXPECT_TRUE(begun.one_time);
    EXPECT_TRUE(apply(key(2), settle_pin_try{true}).one_time);
    EXPECT_TRUE(apply(key(2), from(1)).one_time);
    EXPECT_EQ(apply(key(2, 1), set_pin{verifier(5), false}).kind, outcome_kind::done);
    EXPECT_EQ(find(), (member_record{.pin = verifier(5), .pin_set_at = noon}));
}

TEST_F(registry_test, AKeyOfAnotherMemberOrAnotherKindIsRefused) {
    apply(key(1), set_pin{verifier(1), false});
    apply(key(2), from(1));
    apply(key(2), settle_pin_try{true});
    const auto version = data_version();
    const outcome refused{.kind = outcome_kind::refused};
    EXPECT_EQ(apply_to(key(2), {"mss", "0101-0008"}, from(1)), refused);
    EXPECT_EQ(apply_to(key(2), {"kmss", who_.member_code}, from(1)), refused);
    EXPECT_EQ(apply_to(key(2), {"mss", "0101-0008"}, settle_pin_try{true}), refused);
    EXPECT_EQ(apply(key(2), choose_sms{sms_choice::none}), refused);
    EXPECT_EQ(data_version(), version);
}

TEST_F(registry_test, EveryPartOfAKeyCounts) {
    const auto set = choose_sms{sms_choice::none};
    apply(key(1), set);
    effect_key other_session = key(1);
    other_session.session[15] ^= 1;
    effect_key other_channel = key(1);
    other_channel.channel = "other";
    for (const auto& other : {key(2), key(1, 1), other_session, other_channel}) {
        EXPECT_FALSE(apply(other, set).replayed);
    }
    EXPECT_TRUE(apply(key(1), set).replayed);
}

TEST_F(registry_test, LimitsTheGuessesOfANumberOverAllMembers) {
    const auto allowed = pin_policy{}.tries_per_number_per_hour;
    for (std::uint32_t i = 0; i < allowed; ++i) {
        const member_ref who{"mss", std::to_string(i)};
        apply_to(key(i, 0), who, set_pin{verifier(1), false});
        EXPECT_EQ(apply_to(key(i, 1), who, from(1)).kind, outcome_kind::try_allowed);
    }
    apply(key(100), set_pin{verifier(1), false});
    EXPECT_EQ(apply(key(101), from(1)), outcome{.kind = outcome_kind::limited});
    EXPECT_EQ(find().tries_used, 0U);
    // Another number goes on; so does this one after its hour, counted in steps of five minutes.
    EXPECT_EQ(apply(key(102), from(2)).kind, outcome_kind::try_allowed);
    EXPECT_EQ(apply(key(103), from(1), noon + minutes{59}).kind, outcome_kind::limited);
    EXPECT_EQ(apply(key(104), from(1), noon + minutes{65}).kind, outcome_kind::try_allowed);
}

TEST_F(registry_test, ARightPinIsNoGuess) {
    // Goal: a busy channel of members who know their PINs is never limited.
    registry_ = std::make_unique<member_registry>(
        database_->writing(), open_reader(path_).value(),
        pin_policies{{"mss", {.tries_per_number_per_hour = 2, .tries_per_channel_per_hour = 2}}});
    apply(key(1), set_pin{verifier(1), false});
    for (std::uint32_t i = 10; i < 30; ++i) {
        EXPECT_EQ(apply(key(i), from(1)).kind, outcome_kind::try_allowed);
        EXPECT_EQ(apply(key(i), settle_pin_try{true, from(1)}).kind, outcome_kind::pin_right);
    }
    for (std::uint32_t i = 40; i < 42; ++i) {
        EXPECT_EQ(apply(key(i), from(1)).kind, outcome_kind::try_allowed);
        EXPECT_EQ(apply(key(i), settle_pin_try{false, from(1)}).kind, outcome_kind::pin_wrong);
    }
    EXPECT_EQ(apply(key(50), from(1)).kind, outcome_kind::limited);
}

TEST_F(registry_test, LimitsTheGuessesOfAChannel) {
    registry_ =
        std::make_unique<member_registry>(database_->writing(), open_reader(path_).value(),
                                          pin_policies{{"mss", {.tries_per_channel_per_hour = 2}}});
    apply(key(1), set_pin{verifier(1), false});
    EXPECT_EQ(apply(key(2), from(1)).kind, outcome_kind::try_allowed);
    EXPECT_EQ(apply(key(3), from(2)).kind, outcome_kind::try_allowed);
    EXPECT_EQ(apply(key(4), from(3)).kind, outcome_kind::limited);
    auto elsewhere = from(3);
    elsewhere.channel = "another";
    EXPECT_EQ(apply(key(5), elsewhere).kind, outcome_kind::try_allowed);
}

TEST_F(registry_test, FollowsThePolicyOfTheOrganisation) {
    registry_ = std::make_unique<member_registry>(database_->writing(), open_reader(path_).value(),
                                                  pin_policies{{"mss", {.tries_max = 5}}});
    const member_ref other{"kmss", "7"};
    apply(key(1), set_pin{verifier(1), false});
    apply_to(key(2), other, set_pin{verifier(1), false});
    EXPECT_EQ(apply(key(3), from(1)).tries_left, 4U);
    EXPECT_EQ(apply_to(key(4), other, from(1)).tries_left, pin_policy{}.tries_max - 1);
}

TEST_F(registry_test, ForgetsOldOutcomesAndTriesAFewAtATime) {
    for (std::uint32_t step = 0; step < 20; ++step) {
        apply_to(key(step, 0), {"mss", std::to_string(step)}, set_pin{verifier(1), false});
        apply_to(key(step, 1), {"mss", std::to_string(step)}, from(static_cast<uint8_t>(step)));
    }
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM effects"), 40);
    // 20 numbers, of which those over the limit count nothing, and one channel.
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM pin_tries"), 21);
    const auto set = choose_sms{sms_choice::none};
    apply(key(100), set, noon + effects_kept_for);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM effects"), 41);
    for (std::uint32_t step = 101; step <= 110; ++step) {
        const auto before = scalar(path_, "SELECT count(*) FROM effects");
        apply(key(step), set, noon + effects_kept_for + minutes{1});
        EXPECT_GE(scalar(path_, "SELECT count(*) FROM effects"), before + 1 - pruned_per_change);
    }
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM effects"), 11);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM pin_tries"), 0);
}

TEST_F(registry_test, EveryReaderSeesWhatWasAcknowledged) {
    const auto other = make_registry();
    for (std::uint32_t step = 0; step < 50; ++step) {
        const auto choice = step % 2 == 0 ? sms_choice::none : sms_choice::with_amounts;
        apply(key(step), choose_sms{choice});
        EXPECT_EQ(find().sms, choice);
        EXPECT_EQ(finish(other_loop_, other->find(who_)).value().sms, choice);
    }
}

TEST_F(registry_test, ManyAtOnceUnderOneKeyAreOne) {
    apply(key(1), set_pin{verifier(1), false});
    const auto other = make_registry();
    std::vector<eventually<result<outcome>>> outcomes;
    for (int i = 0; i < 100; ++i) {
        auto& registry = i % 2 == 0 ? *registry_ : *other;
        outcomes.push_back(start(loop_, registry.apply(key(2), who_, from(1), noon)));
    }
    loop_.restart();
    loop_.run();
    int allowed = 0;
    for (const auto& one : outcomes) {
        const auto& got = one->value().value();
        allowed += got.kind == outcome_kind::try_allowed ? 1 : 0;
        EXPECT_EQ(got.tries_left, 2U);
        if (got.replayed) {
            EXPECT_EQ(got.kind, outcome_kind::pin_wrong);
            EXPECT_FALSE(got.compare_with);
        }
    }
    EXPECT_EQ(allowed, 1);
    EXPECT_EQ(find().tries_used, 1U);
}

TEST_F(registry_test, SaysSoWhenTheQueueIsFull) {
    database_.reset();
    database_ = gateway_database::open(path_, {.queue_max = 0}).value();
    registry_ = make_registry();
    EXPECT_EQ(finish(loop_, registry_->apply(key(1), who_, from(1), noon)).error(),
              errc::queue_full);
}

TEST_F(registry_test, WhatDoesNotDecodeIsCorrupt) {
    apply(key(1), set_pin{verifier(1), false});
    execute(path_, "UPDATE effects SET outcome = 99");
    EXPECT_EQ(finish(loop_, registry_->recorded(key(1))).error(), errc::corrupt);
    for (const auto* damage :
         {"sms = 4", "sms = -1", "sms = 0, language = 2", "language = NULL, pin_salt = x'00'"}) {
        execute(path_, (std::string{"UPDATE member_records SET "} + damage).c_str());
        EXPECT_EQ(finish(loop_, registry_->find(who_)).error(), errc::corrupt) << damage;
        EXPECT_EQ(finish(loop_, registry_->apply(key(2), who_, from(1), noon)).error(),
                  errc::corrupt);
    }
}

TEST_F(registry_test, AnyRecordComesBackAsItWasStored) {
    std::mt19937 random{20261121};
    const auto flip = [&random] { return random() % 2 == 0; };
    const auto mark = [&random] { return verifier(static_cast<std::uint8_t>(random() % 100)); };
    const auto moment = [&random] {
        return noon + std::chrono::milliseconds{static_cast<std::int64_t>(random())};
    };
    prepared_connection db{open_beside(path_).value()};
    for (int i = 0; i < 200; ++i) {
        member_record record;
        record.pin = flip() ? std::optional{mark()} : std::nullopt;
        record.pin_set_at = flip() ? std::optional{moment()} : std::nullopt;
        record.one_time_pin = flip() ? std::optional{mark()} : std::nullopt;
        record.one_time_expires_at = flip() ? std::optional{moment()} : std::nullopt;
        record.tries_used = static_cast<unsigned>(random() % 5);
        record.locked_until = flip() ? std::optional{moment()} : std::nullopt;
        record.language = flip()
                              ? std::optional{static_cast<members::written_language>(random() % 2)}
                              : std::nullopt;
        record.sms = static_cast<sms_choice>(random() % 4);
        record.sms_chosen_at = flip() ? std::optional{moment()} : std::nullopt;
        ASSERT_FALSE(store_record(db, who_, record));
        ASSERT_EQ(load_record(db, who_).value(), record);
    }
}

TEST(StoredNumbers, NeverChange) {
    EXPECT_EQ(static_cast<int>(outcome_kind::done), 0);
    EXPECT_EQ(static_cast<int>(outcome_kind::try_allowed), 2);
    EXPECT_EQ(static_cast<int>(outcome_kind::pin_right), 3);
    EXPECT_EQ(static_cast<int>(outcome_kind::limited), 7);
    EXPECT_EQ(static_cast<int>(sms_choice::none), 3);
    EXPECT_EQ(static_cast<int>(members::written_language::en), 1);
    EXPECT_EQ(change{begin_pin_try{}}.index(), 0U);
    EXPECT_EQ(change{set_pin{}}.index(), 2U);
    EXPECT_EQ(change{choose_sms{}}.index(), 5U);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
