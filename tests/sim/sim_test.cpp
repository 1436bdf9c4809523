#include "sms/life.hpp"
#include "tests/sim/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace uthan::sim {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* given = std::getenv(variable);
    return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

troubles bad_day() {
    return {.refuse_throttle = 20,
            .refuse_temporary = 60,
            .refuse_permanent = 20,
            .never_answer = 40,
            .answer_late = 40,
            .answer_twice = 50,
            .drop_untaken = 15,
            .drop_taken = 15,
            .receipt_lost = 50,
            .receipt_failed = 50,
            .receipt_twice = 100,
            .receipt_first = 100,
            .store_refuses = 30,
            .crash = 10};
}

/// What the message centre took of one number, by part and mark.
struct taken_of_number {
    std::set<std::string> unmarked_by; ///< message centres
    std::map<std::pair<unsigned, bool>, unsigned> times;
    unsigned parts = 1;
    bool all_delivered = true;

    bool has_all(bool marked) const {
        for (unsigned part = 1; part <= parts; ++part) {
            if (!times.contains({part, marked})) {
                return false;
            }
        }
        return true;
    }
};

std::map<std::string, taken_of_number> by_number(const world& all) {
    std::map<std::string, taken_of_number> sums;
    for (const auto& centre : all.centres()) {
        for (const auto& one : centre.taken()) {
            auto& sum = sums[one.number];
            ++sum.times[{one.part, one.marked}];
            sum.parts = std::max(sum.parts, one.parts);
            sum.all_delivered = sum.all_delivered && one.delivered;
            if (!one.marked) {
                sum.unmarked_by.insert(centre.name());
            }
        }
    }
    return sums;
}

void check_one(const accepted_message& message, const sms::message_record& stored,
               const taken_of_number& taken) {
    using enum sms::message_state;
    EXPECT_NE(stored.state, accepted) << "lost: it waits for ever";
    EXPECT_NE(stored.state, submitting) << "lost: it is handed over for ever";
    for (const auto& [part, times] : taken.times) {
        EXPECT_LE(times, 1U) << "part " << part.first << " twice";
        if (part.second) {
            EXPECT_EQ(message.of, sms::message_class::receipt) << "only receipts are sent again";
        }
    }
    EXPECT_LE(taken.unmarked_by.size(), 1U) << "the phone cannot join parts of two channels";
    if (message.cancelled) {
        EXPECT_EQ(stored.state, cancelled);
        EXPECT_TRUE(taken.times.empty()) << "cancelled, and sent";
    }
    if (stored.state == submitted || stored.state == delivered) {
        // Of a message in one part, either copy is the message.
        const bool is_there =
            taken.has_all(stored.marked) || (taken.parts == 1 && taken.has_all(false));
        EXPECT_TRUE(is_there) << "said to be sent, and was not";
    }
    if (stored.state == delivered && !stored.marked) {
        EXPECT_TRUE(taken.all_delivered);
    }
    if (stored.state == expired) {
        EXPECT_TRUE(taken.times.empty() || stored.segments > 1);
    }
    EXPECT_GE(stored.taken, 0U);
}

void check(world& all) {
    const auto taken = by_number(all);
    EXPECT_TRUE(all.wrong_claims().empty()) << all.wrong_claims().front();
    for (const auto& [number, message] : all.accepted()) {
        SCOPED_TRACE(::testing::Message() << "message " << message.id);
        const auto found = taken.find(number);
        check_one(message, all.stored(message.id),
                  found == taken.end() ? taken_of_number{} : found->second);
    }
    for (const auto& [number, sum] : taken) {
        EXPECT_TRUE(all.accepted().contains(number)) << "sent, and never accepted";
    }
}

TEST(SimulatedWorld, OnACalmDayEverythingIsDeliveredOnce) {
    for (const auto joined_by : {texts::concatenation::udh8, texts::concatenation::udh16}) {
        world all({.seed = 7, .joined_by = joined_by});
        all.run();
        check(all);
        ASSERT_EQ(all.accepted().size(), 150U);
        for (const auto& [number, message] : all.accepted()) {
            const auto stored = all.stored(message.id);
            EXPECT_TRUE(stored.state == sms::message_state::delivered ||
                        stored.state == sms::message_state::cancelled)
                << message.id;
            if (stored.state == sms::message_state::cancelled && !message.cancelled) {
                EXPECT_FALSE(message.member_code.empty()) << "nobody cancelled it";
            }
        }
    }
}

TEST(SimulatedWorld, OnABadDayNothingIsLostAndNothingGoesTwiceUnmarked) {
    const auto first = number_from("UTHAN_SIM_SEED", 1);
    const auto runs = number_from("UTHAN_SIM_RUNS", 4);
    unsigned crashes = 0;
    std::size_t taken = 0;
    for (auto seed = first; seed < first + runs; ++seed) {
        SCOPED_TRACE(::testing::Message() << "UTHAN_SIM_SEED=" << seed);
        world all({.seed = seed, .trouble = bad_day()});
        all.run();
        check(all);
        crashes += all.crashes();
        taken += all.taken();
        if (HasFailure()) {
            break;
        }
    }
    RecordProperty("crashes", std::to_string(crashes));
    RecordProperty("parts_taken", std::to_string(taken));
    EXPECT_GT(crashes, runs) << "a bad day has crashes";
}

/// A small world with troubles of its own, all of them from its seed.
world_plan plan_of(std::uint64_t seed) {
    const auto one_of = [seed](std::uint64_t part, unsigned kinds) {
        return static_cast<unsigned>(seed / part % kinds);
    };
    return {.seed = seed,
            .trouble = bad_day(),
            .messages = 30,
            .window = seed % 4 == 0 ? 2U : 8U,
            .joined_by = seed % 2 == 0 ? texts::concatenation::udh8 : texts::concatenation::udh16,
            .channels = 1 + seed % 3,
            .channel_outages = one_of(1, 3),
            .partitions = one_of(2, 3),
            .locks = one_of(3, 3),
            .deliveries = one_of(1, 4),
            .begins = morning,
            .validity = std::chrono::minutes{100},
            .lasts = std::chrono::hours{4},
            .clock_steps = one_of(2, 4)};
}

// Goal: the promises hold with several channels that come and go, a database that is away or
// locked, deliveries in the moment of sending, and a clock that is set. Method: sixty small worlds.
TEST(SimulatedWorld, SeveralChannelsAnAbsentDatabaseDeliveriesAndClocks) {
    const auto first = number_from("UTHAN_SIM_SEED", 1001);
    const auto runs = number_from("UTHAN_SIM_RUNS", 60);
    std::size_t taken = 0;
    std::size_t by_others = 0;
    for (auto seed = first; seed < first + runs; ++seed) {
        SCOPED_TRACE(::testing::Message() << "UTHAN_SIM_SEED=" << seed);
        world all(plan_of(seed));
        all.run();
        check(all);
        taken += all.taken();
        by_others += all.taken() - all.centres().front().taken().size();
        if (HasFailure()) {
            break;
        }
    }
    RecordProperty("parts_taken", std::to_string(taken));
    EXPECT_GT(by_others, 0U) << "other channels carried something too";
}

TEST(SimulatedWorld, SeedsThatOnceFailed) {
    // 112: the first copy's answers were taken for the second's, whose parts are others.
    for (const std::uint64_t seed : {112U}) {
        SCOPED_TRACE(::testing::Message() << "UTHAN_SIM_SEED=" << seed);
        world all({.seed = seed, .trouble = bad_day()});
        all.run();
        check(all);
    }
}

TEST(SimulatedWorld, OneSeedIsOneStory) {
    const auto story = [](std::uint64_t seed) {
        world all({.seed = seed, .trouble = bad_day(), .messages = 60});
        all.run();
        std::string told;
        for (const auto& one : all.centres().front().taken()) {
            told += one.number + one.id + (one.marked ? "m" : "-");
        }
        return told;
    };
    EXPECT_EQ(story(3), story(3));
    EXPECT_NE(story(3), story(4));
}

} // namespace
} // namespace uthan::sim
