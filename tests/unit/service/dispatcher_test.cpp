#include "service/dispatcher.hpp"

#include "sms/explanation.hpp"
#include "tests/unit/service/dispatch_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace uthan::service {
namespace {

using namespace dispatch_test;
using sms::message_class;
using sms::message_state;
using sms::reason;
using testing::HasSubstr;

std::vector<sms::channel_terms> first_and_second() {
    return {{.name = "first", .tps = 1000}, {.name = "second", .tps = 1000}};
}

TEST(Dispatcher, FailsOverAtOnceAndReturnsAfterFiveGoodMinutes) {
    dispatch_world all{first_and_second()};
    EXPECT_EQ(all.goes_by(), 0U);
    all.links[0].turn(sms::link_state::down);
    EXPECT_EQ(all.goes_by(), 1U);
    all.links[0].turn(sms::link_state::up);
    EXPECT_EQ(all.goes_by(), 1U) << "it has to hold first";
    all.pass(5min - 1ms);
    EXPECT_EQ(all.goes_by(), 1U);
    all.pass(1ms);
    EXPECT_EQ(all.goes_by(), 0U);
}

TEST(Dispatcher, AChannelThatComesAndGoesIsNotTakenUpEachTime) {
    dispatch_world all{first_and_second()};
    unsigned changes = 0;
    auto last = all.goes_by();
    for (int i = 0; i < 120; ++i) { // An hour, up and down every half minute.
        all.pass(30s);
        all.links[0].turn(i % 2 == 0 ? sms::link_state::down : sms::link_state::up);
        const auto now = all.goes_by();
        ASSERT_TRUE(now);
        changes += now == last ? 0 : 1;
        last = now;
    }
    EXPECT_EQ(changes, 1U) << "away from it, once";
    all.pass(5min);
    EXPECT_EQ(all.goes_by(), 0U) << "it has held";
}

TEST(Dispatcher, AnswersThatDoNotComeDegradeAChannel) {
    dispatch_world all{first_and_second()};
    for (int i = 0; i < 5; ++i) {
        all.accept();
        all.feed();
        ASSERT_EQ(all.links[0].under_way.size(), 1U) << i;
        all.links[0].lose_all();
        all.feed();
    }
    EXPECT_EQ(all.it->health_of(0), sms::health::degraded);
    EXPECT_EQ(all.goes_by(), 1U);
    all.links[1].turn(sms::link_state::down);
    EXPECT_EQ(all.goes_by(), 0U) << "better than none";
}

TEST(Dispatcher, NothingGoesOnAStoppedChannel) {
    dispatch_world all{first_and_second()};
    all.links[0].turn(sms::link_state::stopped);
    EXPECT_EQ(all.it->health_of(0), sms::health::stopped);
    EXPECT_EQ(all.goes_by(), 1U);
    all.links[1].turn(sms::link_state::stopped);
    EXPECT_EQ(all.goes_by(), std::nullopt);
}

TEST(Dispatcher, WhatWasOnTheWayWhenAChannelFellIsNotSentByTheOther) {
    dispatch_world all{first_and_second()};
    const auto id = all.accept(message_class::reminder);
    all.feed();
    ASSERT_EQ(all.links[0].under_way.size(), 1U);
    all.links[0].turn(sms::link_state::down);
    all.links[0].lose_all();
    all.feed();
    all.pass(1h);
    all.feed();
    EXPECT_EQ(all.message(id).state, message_state::unconfirmed);
    EXPECT_TRUE(all.links[1].took.empty());
}

TEST(Dispatcher, TheLowestClassHasItsFloorOnEveryChannel) {
    for (const std::size_t by : {0U, 1U}) {
        dispatch_world all{first_and_second()};
        all.links[1 - by].turn(sms::link_state::down);
        for (int i = 0; i < 96; ++i) {
            all.accept(message_class::answer);
            all.accept(message_class::broadcast);
        }
        all.links[by].window = 64;
        all.feed();
        const auto& took = all.links[by].took;
        ASSERT_EQ(took.size(), 64U);
        const auto low =
            std::ranges::count(took, message_class::broadcast, &sms::outgoing_part::of);
        EXPECT_EQ(low, 4) << "one of sixteen";
    }
}

TEST(Dispatcher, AChannelsSpeedIsOfSegments) {
    // Three parts each; ten segments a second on the first channel, forty on the second.
    const std::string long_text(400, 'a');
    for (const std::uint32_t tps : {10U, 40U}) {
        dispatch_world all{{{.name = "slow", .tps = tps}}};
        for (int i = 0; i < 500; ++i) {
            all.accept(message_class::answer, {}, long_text);
        }
        constexpr int time = 60;
        for (int i = 0; i < time * 20; ++i) {
            all.feed();
            all.links[0].answer_all();
            all.pass(50ms);
        }
        const auto segments = all.links[0].took.size();
        EXPECT_EQ(segments % 3, 0U);
        EXPECT_LE(segments, std::size_t{tps} * time + tps / 10 + 3);
        EXPECT_GE(segments, std::min<std::size_t>(std::size_t{tps} * time - tps, 1500 - 3));
    }
}

TEST(Dispatcher, ASlowChannelDoesNotHoldUpTheOther) {
    dispatch_world all{{{.name = "gp", .network_operator = "gp", .tps = 1},
                        {.name = "robi", .network_operator = "robi", .tps = 1000}}};
    for (int i = 0; i < 100; ++i) {
        const auto id = all.accept();
        all.box.served[all.message(id).to.reveal()] = {i % 2 == 0 ? "gp" : "robi", false};
    }
    all.feed();
    EXPECT_EQ(all.links[0].took.size(), 1U);
    EXPECT_EQ(all.links[1].took.size(), 50U);
}

TEST(Dispatcher, WhoOptedOutAfterwardsGetsNothingOptional) {
    dispatch_world all{first_and_second()};
    const auto reminder = all.accept(message_class::reminder, "M1");
    const auto receipt = all.accept(message_class::receipt, "M1");
    const auto others = all.accept(message_class::reminder, "M2");
    all.registry.of["M1"] = access::sms_choice::none;
    all.feed();
    EXPECT_EQ(all.message(reminder).state, message_state::cancelled);
    EXPECT_EQ(all.message(reminder).history.back().why, reason::opted_out);
    EXPECT_THAT(sms::explain(all.message(reminder)),
                HasSubstr("because she does not want such messages"));
    EXPECT_EQ(all.message(receipt).state, message_state::submitting);
    EXPECT_EQ(all.message(others).state, message_state::submitting);
}

TEST(Dispatcher, AnOptOutBetweenTheLookAndTheClaimIsSeen) {
    dispatch_world all{first_and_second()};
    const auto id = all.accept(message_class::reminder, "M1");
    all.box.before_claims = [&all] {
        all.registry.of["M1"] = access::sms_choice::none;
        ++all.box.facts_version;
        all.box.before_claims = nullptr;
    };
    all.feed();
    EXPECT_EQ(all.it->counters().facts_moved.value(), 1U);
    all.pass(1s);
    all.feed();
    EXPECT_TRUE(all.links[0].took.empty());
    EXPECT_EQ(all.message(id).history.back().why, reason::opted_out);
}

TEST(Dispatcher, ACappedMessageSaysSo) {
    sms::class_caps most;
    most[static_cast<std::size_t>(message_class::reminder)].per_day = 2;
    dispatch_world all{first_and_second(), most};
    std::vector<std::uint64_t> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(all.accept(message_class::reminder, "M1"));
    }
    const auto others = all.accept(message_class::reminder, "M2");
    all.feed();
    all.pass(2s);
    all.feed();
    EXPECT_EQ(all.message(ids[1]).state, message_state::submitting);
    EXPECT_EQ(all.message(others).state, message_state::submitting);
    const auto& third = all.message(ids[2]);
    EXPECT_EQ(third.state, message_state::accepted);
    EXPECT_EQ(third.history.back().why, reason::cap_reached);
    EXPECT_EQ(to_rfc3339(third.due_at), "2026-11-24T18:00:00Z") << "midnight in Dhaka";
    EXPECT_THAT(sms::explain(third), HasSubstr("as many of this kind as one member gets"));
}

TEST(Dispatcher, ALateAnswerThatIsNotStoredYetStopsTheCopy) {
    dispatch_world all{first_and_second()};
    const auto id = all.accept(message_class::receipt);
    all.feed();
    ASSERT_EQ(all.links[0].took.size(), 1U);
    all.links[0].lose_all();
    while (all.it->has_reports()) {
        all.await(all.it->record());
    }
    ASSERT_TRUE(all.message(id).marked);
    all.links[0].to->reported(sms::part_submitted{id, 0, "late", "a", 0});
    all.feed();
    EXPECT_EQ(all.message(id).state, message_state::submitted);
    EXPECT_EQ(all.links[0].took.size() + all.links[1].took.size(), 1U) << "no copy";
}

TEST(Dispatcher, WithoutTheStoreNothingIsHandedOverAndItRecovers) {
    dispatch_world all{first_and_second()};
    const auto id = all.accept();
    all.box.refuses = true;
    all.feed();
    EXPECT_TRUE(all.links[0].took.empty());
    EXPECT_EQ(all.message(id).state, message_state::accepted);
    EXPECT_GT(all.it->counters().store_errors.value(), 0U);
    all.box.refuses = false;
    all.pass(1s);
    all.feed();
    EXPECT_EQ(all.links[0].took.size(), 1U);
}

TEST(Dispatcher, AContractChangesWhileItRuns) {
    auto terms = first_and_second();
    dispatch_world all{terms};
    const auto id = all.accept();
    all.box.served[all.message(id).to.reveal()] = {"gp", false};
    terms[0].network_operator = "robi";
    terms[1].price_per_segment = money{45};
    terms[1].tps = 5;
    all.it->show(terms);
    all.feed();
    ASSERT_EQ(all.links[1].took.size(), 1U) << "the first is robi's now";
    EXPECT_EQ(all.message(id).price_per_segment, money{45});
    for (int i = 0; i < 20; ++i) {
        const auto next = all.accept();
        all.box.served[all.message(next).to.reveal()] = {"gp", false};
    }
    for (int i = 0; i < 40; ++i) {
        all.feed();
        all.pass(50ms);
    }
    EXPECT_LE(all.links[1].took.size(), 12U) << "five a second, for two seconds";
    EXPECT_GE(all.links[1].took.size(), 9U);
}

} // namespace
} // namespace uthan::service
