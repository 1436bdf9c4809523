#include "db/memory/session_store.hpp"
#include "tests/unit/db/sessions/redis_rig.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <random>
#include <vector>

// One suite for every store behind the port: whoever uses it need not know which one it is.
namespace uthan::test {

namespace {

using sessions::save_result;
using sessions::stored_state;
using std::chrono::seconds;

class memory_rig {
public:
    void connect() {}
    sessions::store& store() { return store_; }
    shard_loop& loop() { return loop_; }

    /// Lets the key's time to live, which must be `left`, run out.
    void expire(const digest128&, seconds left) {
        clock_.advance(left - seconds(1));
        clock_.advance(seconds(1));
    }
    bool expires_within(const digest128& key, seconds left) {
        clock_.advance(left - std::chrono::milliseconds(1));
        const bool is_there = loop_.await(store_.load(key)).value().has_value();
        clock_.advance(std::chrono::milliseconds(1));
        return is_there && !loop_.await(store_.load(key)).value().has_value();
    }

private:
    manual_clock clock_{instant{std::chrono::milliseconds(1'800'000'000'000)}};
    shard_loop loop_;
    db::memory::session_store store_{clock_, 10'000};
};

class real_redis_rig {
public:
    void connect() { ASSERT_TRUE(rig_.connect()); }
    sessions::store& store() { return rig_.store; }
    shard_loop& loop() { return rig_.loop; }

    void expire(const digest128& key, seconds) {
        rig_.server().command({"PEXPIRE", key_in_redis(key), "0"});
    }
    /// Redis keeps the time: what it would wait for is read, then made to be now.
    bool expires_within(const digest128& key, seconds left) {
        const auto redis_left = std::stoll(rig_.server().command({"PTTL", key_in_redis(key)}));
        const auto limit = std::chrono::milliseconds(left).count();
        expire(key, left);
        return redis_left > limit - 60'000 && redis_left <= limit &&
               !loop().await(store().load(key)).value().has_value();
    }

private:
    redis_rig rig_;
};

template <class Rig>
class SessionStore : public testing::Test {
protected:
    void SetUp() override { rig_.connect(); }

    std::optional<stored_state> load(const digest128& key) {
        return rig_.loop().await(rig_.store().load(key)).value();
    }
    result<save_result> try_save(const digest128& key, std::uint64_t expected, std::string bytes,
                                 seconds time_to_live = seconds(600)) {
        return rig_.loop().await(
            rig_.store().save(key, expected, {expected + 1, std::move(bytes)}, time_to_live));
    }
    save_result save(const digest128& key, std::uint64_t expected, std::string bytes,
                     seconds time_to_live = seconds(600)) {
        return try_save(key, expected, std::move(bytes), time_to_live).value();
    }

    Rig rig_;
    const digest128 key_ = digest_of(7);
};

using stores = testing::Types<memory_rig, real_redis_rig>;
struct store_names {
    template <class Rig>
    static std::string GetName(int) {
        return std::is_same_v<Rig, memory_rig> ? "memory" : "redis";
    }
};
TYPED_TEST_SUITE(SessionStore, stores, store_names);

} // namespace

TYPED_TEST(SessionStore, LoadsNothingWhereNothingIs) {
    EXPECT_EQ(this->load(this->key_), std::nullopt);
    EXPECT_EQ(this->load(digest_of(0)), std::nullopt);
}

TYPED_TEST(SessionStore, SavesOnAnAbsentKeyWhateverIsExpected) {
    for (const std::uint64_t expected : {0U, 1U, 7U}) {
        const auto key = digest_of(static_cast<std::uint8_t>(100 + expected));
        EXPECT_TRUE(this->save(key, expected, "state").saved());
        EXPECT_EQ(this->load(key), (stored_state{expected + 1, "state"}));
    }
}

TYPED_TEST(SessionStore, ReplacesTheExpectedVersion) {
    for (std::uint64_t version = 0; version < 20; ++version) {
        const auto bytes = "state " + std::to_string(version);
        ASSERT_TRUE(this->save(this->key_, version, bytes).saved());
        ASSERT_EQ(this->load(this->key_), (stored_state{version + 1, bytes}));
    }
}

TYPED_TEST(SessionStore, AnswersAConflictWithTheWinnersState) {
    const stored_state winner{6, std::string("won\0by\xff", 7)};
    ASSERT_TRUE(this->save(this->key_, 5, winner.bytes).saved());
    // Nothing expected, an older version, the one before, a newer one.
    for (const std::uint64_t expected : {0U, 1U, 5U, 7U, 1000U}) {
        SCOPED_TRACE(expected);
        const auto lost = this->save(this->key_, expected, "lost");
        ASSERT_FALSE(lost.saved());
        EXPECT_EQ(*lost.conflict, winner);
        EXPECT_EQ(this->load(this->key_), winner);
    }
    EXPECT_TRUE(this->save(this->key_, 6, "next").saved());
}

TYPED_TEST(SessionStore, KeepsAnyBytes) {
    std::string every_byte(256, '\0');
    std::iota(every_byte.begin(), every_byte.end(), '\0');
    const std::vector<std::string> values{"", std::string(1, '\0'), "\r\n$-1\r\n*3\r\n", every_byte,
                                          std::string(sessions::state_bytes_max, '\xff')};
    std::uint64_t version = 0;
    for (const auto& bytes : values) {
        SCOPED_TRACE(bytes.size());
        ASSERT_TRUE(this->save(this->key_, version, bytes).saved());
        ++version;
        ASSERT_EQ(this->load(this->key_), (stored_state{version, bytes}));
        // The same bytes as a conflict.
        EXPECT_EQ(this->save(this->key_, version + 9, "lost").conflict,
                  (stored_state{version, bytes}));
    }
}

TYPED_TEST(SessionStore, ComparesAllBytesOfTheVersion) {
    // Each pair differs in one byte of the version, the lowest to the highest.
    std::uint8_t n = 0;
    for (std::uint64_t bit = 1; bit != 0 && n < 64; bit <<= 8U) {
        SCOPED_TRACE(bit);
        const auto key = digest_of(n++);
        const std::uint64_t version = 0x0102030405060708U;
        ASSERT_TRUE(this->save(key, version - 1, "here").saved());
        EXPECT_FALSE(this->save(key, version ^ bit, "lost").saved());
        EXPECT_TRUE(this->save(key, version, "next").saved());
    }
}

TYPED_TEST(SessionStore, RefusesAStateAboveTheLimitAndChangesNothing) {
    const std::string too_large(sessions::state_bytes_max + 1, 'x');
    EXPECT_EQ(this->try_save(this->key_, 0, too_large).error(), errc::too_large);
    EXPECT_EQ(this->load(this->key_), std::nullopt);
    ASSERT_TRUE(this->save(this->key_, 0, "small").saved());
    EXPECT_EQ(this->try_save(this->key_, 1, too_large).error(), errc::too_large);
    EXPECT_EQ(this->load(this->key_), (stored_state{1, "small"}));
}

TYPED_TEST(SessionStore, ForgetsAfterTheTimeToLive) {
    ASSERT_TRUE(this->save(this->key_, 0, "first", seconds(600)).saved());
    EXPECT_TRUE(this->rig_.expires_within(this->key_, seconds(600)));
    // The dialogue goes on: its next save finds the key absent and makes it again.
    EXPECT_TRUE(this->save(this->key_, 1, "second", seconds(90)).saved());
    EXPECT_EQ(this->load(this->key_), (stored_state{2, "second"}));
    EXPECT_TRUE(this->rig_.expires_within(this->key_, seconds(90)));
}

TYPED_TEST(SessionStore, RenewsTheTimeToLiveWithEachSave) {
    ASSERT_TRUE(this->save(this->key_, 0, "first", seconds(600)).saved());
    ASSERT_TRUE(this->save(this->key_, 1, "second", seconds(7200)).saved());
    EXPECT_TRUE(this->rig_.expires_within(this->key_, seconds(7200)));
}

TYPED_TEST(SessionStore, GivesEachOfManySavesOfOneMomentItsOwnTimeToLive) {
    // More than one script carries, ends and beginnings mixed.
    std::vector<std::optional<result<save_result>>> outcomes(100);
    const auto kept_for = [](std::size_t i) { return seconds(i % 3 == 1 ? 90 : 7200); };
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        this->rig_.loop().start(this->rig_.store().save(digest_of(static_cast<std::uint8_t>(i)), 0,
                                                        {1, std::to_string(i)}, kept_for(i)),
                                outcomes[i]);
    }
    ASSERT_TRUE(this->rig_.loop().run_until([&outcomes] {
        return std::all_of(outcomes.begin(), outcomes.end(),
                           [](const auto& each) { return each.has_value(); });
    }));
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        EXPECT_TRUE(outcomes[i]->value().saved());
        EXPECT_EQ(this->load(digest_of(static_cast<std::uint8_t>(i))),
                  (stored_state{1, std::to_string(i)}));
    }
    // By the shorter first: the memory's clock goes on for all.
    EXPECT_TRUE(this->rig_.expires_within(digest_of(1), seconds(90)));
    EXPECT_TRUE(this->load(digest_of(0)).has_value());
}

TYPED_TEST(SessionStore, GivesEveryVersionToExactlyOneOfAThousand) {
    // The first round begins on an absent key, the others on a version: two ways of comparing.
    for (std::uint64_t version = 0; version < 3; ++version) {
        SCOPED_TRACE(version);
        std::vector<std::optional<result<save_result>>> outcomes(1000);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const stored_state mine{version + 1, "by " + std::to_string(i)};
            this->rig_.loop().start(
                this->rig_.store().save(this->key_, version, mine, seconds(600)), outcomes[i]);
        }
        const auto all_done = [&outcomes] {
            return std::all_of(outcomes.begin(), outcomes.end(),
                               [](const auto& each) { return each.has_value(); });
        };
        ASSERT_TRUE(this->rig_.loop().run_until(all_done));
        const auto stored = this->load(this->key_);
        ASSERT_TRUE(stored.has_value());
        int winners = 0;
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const auto& outcome = outcomes[i]->value();
            if (outcome.saved()) {
                ++winners;
                EXPECT_EQ(stored, (stored_state{version + 1, "by " + std::to_string(i)}));
            } else {
                EXPECT_EQ(outcome.conflict, stored);
            }
        }
        EXPECT_EQ(winners, 1);
    }
}

namespace {

struct operation {
    enum class kind { load, save };
    kind what = kind::load;
    digest128 key{};
    std::uint64_t expected = 0;
    std::string bytes;
};

/// What a store must do, in the plainest words.
class store_model {
public:
    std::optional<stored_state> load(const digest128& key) const {
        const auto found = states_.find(key);
        return found == states_.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<stored_state> save(const operation& o) {
        auto found = load(o.key);
        if (found && found->version != o.expected) {
            return found;
        }
        states_[o.key] = {o.expected + 1, o.bytes};
        return std::nullopt;
    }
    void forget(const digest128& key) { states_.erase(key); }

private:
    std::map<digest128, stored_state> states_;
};

operation random_operation(std::mt19937& random, const store_model& model) {
    operation out;
    out.key = digest_of(static_cast<std::uint8_t>(random() % 4));
    out.what = random() % 3 == 0 ? operation::kind::load : operation::kind::save;
    const auto now = model.load(out.key);
    const auto version = now ? now->version : 0;
    const std::array<std::uint64_t, 6> expectations{version, version,     version,
                                                    0,       version + 1, random() % 8};
    out.expected = expectations[random() % expectations.size()];
    out.bytes.resize(random() % 300);
    for (auto& byte : out.bytes) {
        byte = static_cast<char>(random() % 256);
    }
    return out;
}

task<std::optional<stored_state>> perform(sessions::store& store, operation o) {
    if (o.what == operation::kind::load) {
        auto found = co_await store.load(o.key);
        co_return std::move(found).value();
    }
    stored_state next{o.expected + 1, o.bytes};
    auto outcome = co_await store.save(o.key, o.expected, std::move(next), seconds(600));
    co_return std::move(outcome).value().conflict;
}

} // namespace

TYPED_TEST(SessionStore, AgreesWithAModelUnderRandomInterleavings) {
    // Up to eight operations are begun in one turn; both stores do them in the order of beginning.
    std::mt19937 random(20261121);
    store_model model;
    // So that no save of a batch waits for the script to be sent.
    ASSERT_TRUE(this->save(digest_of(99), 1, "warm").saved());
    for (int batch = 0; batch < 400; ++batch) {
        SCOPED_TRACE(batch);
        if (random() % 10 == 0) {
            // In memory the time of all keys passes together.
            for (std::uint8_t n = 0; n < 4; ++n) {
                this->rig_.expire(digest_of(n), seconds(600));
                model.forget(digest_of(n));
            }
        }
        const auto count = 1 + random() % 8;
        std::vector<std::optional<stored_state>> expected;
        std::vector<std::optional<std::optional<stored_state>>> actual(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto o = random_operation(random, model);
            expected.push_back(o.what == operation::kind::load ? model.load(o.key) : model.save(o));
            this->rig_.loop().start(perform(this->rig_.store(), o), actual[i]);
        }
        const auto all_done = [&actual] {
            return std::all_of(actual.begin(), actual.end(),
                               [](const auto& each) { return each.has_value(); });
        };
        ASSERT_TRUE(this->rig_.loop().run_until(all_done));
        for (std::size_t i = 0; i < count; ++i) {
            ASSERT_EQ(*actual[i], expected[i]) << "operation " << i;
        }
    }
}

} // namespace uthan::test
