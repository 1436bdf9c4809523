#include "sms/life.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

namespace uthan::sms {
namespace {

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};

message_record accepted(message_class of = message_class::reminder) {
    message_record m;
    m.to = numbering{}.parse("01812345678").value();
    m.id = 7;
    m.of = of;
    m.text = "কিস্তি ২৪৫ টাকা";
    m.accepted_at = m.due_at = noon;
    m.valid_until = noon + std::chrono::hours{24};
    m.history.push_back({noon, message_state::accepted, reason::none, 0});
    return m;
}

claim by(std::string channel, std::uint8_t parts = 1) {
    claim c;
    c.id = 7;
    c.channel = std::move(channel);
    c.parts = parts;
    c.segments = parts;
    c.price_per_segment = money{30};
    return c;
}

message_record handed_over(message_class of = message_class::reminder, std::uint8_t parts = 1) {
    auto m = accepted(of);
    EXPECT_TRUE(take(m, by("gp", parts), noon));
    return m;
}

part_submitted submitted(std::uint8_t part = 0) {
    return {7, part, "ab", "gp"};
}
part_refused refused(refusal_kind kind, std::uint8_t part = 0) {
    return {7, part, kind, 88};
}
part_unconfirmed unanswered(std::uint8_t part = 0) {
    return {7, part, reason::no_answer};
}

TEST(Life, AMessageGoesItsOrdinaryWay) {
    auto m = handed_over();
    EXPECT_EQ(m.state, message_state::submitting);
    EXPECT_TRUE(apply(m, submitted(), noon));
    EXPECT_EQ(m.state, message_state::submitted);
    EXPECT_EQ(m.price, money{30});
    EXPECT_TRUE(apply_receipt(m, 0, receipt_state::delivered, 0, noon));
    EXPECT_EQ(m.state, message_state::delivered);
    EXPECT_FALSE(apply_receipt(m, 0, receipt_state::delivered, 0, noon));
    EXPECT_FALSE(apply_receipt(m, 0, receipt_state::failed, 5, noon));
    EXPECT_EQ(m.history.size(), 4U);
}

TEST(Life, OnlyWhatWaitsIsTaken) {
    auto m = handed_over();
    EXPECT_FALSE(take(m, by("gp"), noon));
    auto cancelled = accepted();
    ASSERT_TRUE(cancel(cancelled, noon));
    EXPECT_FALSE(take(cancelled, by("gp"), noon));
}

struct refusal_case {
    std::string_view label;
    refusal_kind kind;
    message_state state;
    reason why;
    unsigned attempts;
};

TEST(Life, ARefusalIsTriedAgainByItsKind) {
    const refusal_case all[] = {
        {"throttled", refusal_kind::throttled, message_state::accepted, reason::throttled, 0},
        {"temporary", refusal_kind::temporary, message_state::accepted, reason::temporary_refusal,
         1},
        {"unknown", refusal_kind::unknown, message_state::accepted, reason::temporary_refusal, 1},
        {"permanent", refusal_kind::permanent, message_state::failed, reason::permanent_refusal, 0},
    };
    for (const auto& one : all) {
        SCOPED_TRACE(one.label);
        auto m = handed_over();
        ASSERT_TRUE(apply(m, refused(one.kind), noon));
        EXPECT_EQ(m.state, one.state);
        EXPECT_EQ(m.history.back().why, one.why);
        EXPECT_EQ(m.history.back().detail, 88U);
        EXPECT_EQ(m.attempts, one.attempts);
        EXPECT_EQ(m.due_at > noon, one.attempts > 0);
        EXPECT_EQ(m.price, money{});
    }
}

TEST(Life, RefusalsEndSometimes) {
    for (const auto& [kind, most] :
         {std::pair{refusal_kind::temporary, 6}, std::pair{refusal_kind::unknown, 3}}) {
        auto m = accepted();
        int handed = 0;
        while (m.state == message_state::accepted) {
            ASSERT_TRUE(take(m, by("gp"), noon));
            ASSERT_TRUE(apply(m, refused(kind), noon));
            ++handed;
        }
        EXPECT_EQ(m.state, message_state::failed);
        EXPECT_EQ(handed, most);
    }
}

TEST(Life, AReminderWithoutAnAnswerIsNotSentAgain) {
    auto m = handed_over(message_class::reminder);
    ASSERT_TRUE(apply(m, unanswered(), noon));
    EXPECT_EQ(m.state, message_state::unconfirmed);
    EXPECT_EQ(m.price, money{30}) << "it may have been taken";
    // A late answer and a receipt still settle it, and it is not paid twice.
    ASSERT_TRUE(apply(m, submitted(), noon));
    EXPECT_EQ(m.state, message_state::submitted);
    EXPECT_EQ(m.price, money{30});
    ASSERT_TRUE(apply_receipt(m, 0, receipt_state::delivered, 0, noon));
    EXPECT_EQ(m.state, message_state::delivered);
}

TEST(Life, AReceiptWithoutAnAnswerIsSentOnceMoreAndSaysSo) {
    auto m = handed_over(message_class::receipt);
    EXPECT_EQ(text_to_send(m), m.text);
    ASSERT_TRUE(apply(m, unanswered(), noon));
    EXPECT_EQ(m.state, message_state::accepted);
    EXPECT_TRUE(m.marked);
    EXPECT_EQ(text_to_send(m), "(আবার) " + m.text);
    ASSERT_TRUE(take(m, by("robi"), noon)) << "no channel is bound any more";
    ASSERT_TRUE(apply(m, unanswered(), noon));
    EXPECT_EQ(m.state, message_state::unconfirmed) << "once, not again and again";
}

TEST(Life, PartsAreJoined) {
    auto m = handed_over(message_class::reminder, 3);
    ASSERT_TRUE(apply(m, submitted(0), noon));
    ASSERT_TRUE(apply(m, submitted(1), noon));
    EXPECT_EQ(m.state, message_state::submitting);
    ASSERT_TRUE(apply(m, refused(refusal_kind::temporary, 2), noon));
    EXPECT_EQ(m.state, message_state::accepted);
    EXPECT_EQ(bound_channel(m), "gp");
    EXPECT_FALSE(take(m, by("robi", 3), noon)) << "the phone could not join parts of two channels";
    ASSERT_TRUE(take(m, by("gp", 3), noon));
    EXPECT_EQ(m.parts[0], part_state::submitted);
    EXPECT_EQ(m.parts[2], part_state::submitting);
    ASSERT_TRUE(apply(m, submitted(2), noon));
    EXPECT_EQ(m.state, message_state::submitted);
    EXPECT_EQ(m.price, money{90});
    for (const std::size_t part : {0U, 2U}) {
        ASSERT_TRUE(apply_receipt(m, part, receipt_state::delivered, 0, noon));
        EXPECT_EQ(m.state, message_state::submitted);
    }
    ASSERT_TRUE(apply_receipt(m, 1, receipt_state::delivered, 0, noon));
    EXPECT_EQ(m.state, message_state::delivered);
}

TEST(Life, OneFailedPartFailsTheMessageUntilItIsKnownBetter) {
    auto m = handed_over(message_class::reminder, 2);
    ASSERT_TRUE(apply(m, submitted(0), noon));
    ASSERT_TRUE(apply(m, submitted(1), noon));
    ASSERT_TRUE(apply_receipt(m, 0, receipt_state::delivered, 0, noon));
    ASSERT_TRUE(apply_receipt(m, 1, receipt_state::failed, 27, noon));
    EXPECT_EQ(m.state, message_state::failed);
    EXPECT_EQ(m.history.back().detail, 27U);
    ASSERT_TRUE(apply_receipt(m, 1, receipt_state::delivered, 0, noon));
    EXPECT_EQ(m.state, message_state::delivered);
}

TEST(Life, ALaterPartThatIsRefusedForGoodIsSaid) {
    auto m = handed_over(message_class::reminder, 2);
    ASSERT_TRUE(apply(m, submitted(0), noon));
    ASSERT_TRUE(apply(m, refused(refusal_kind::permanent, 1), noon));
    EXPECT_EQ(m.state, message_state::failed);
    EXPECT_EQ(m.history.back().why, reason::partly_sent);
}

TEST(Life, HeldMessagesDoNotFillTheirHistory) {
    auto m = accepted();
    for (int i = 1; i <= 5; ++i) {
        const auto until = noon + std::chrono::minutes{i};
        ASSERT_TRUE(apply(m, message_held{7, until, reason::waits_for_route, {}}, noon));
        EXPECT_EQ(m.due_at, until);
    }
    EXPECT_EQ(m.history.size(), 2U);
    ASSERT_TRUE(
        apply(m, message_held{7, noon, reason::no_longer_true, message_state::cancelled}, noon));
    EXPECT_EQ(m.state, message_state::cancelled);
    EXPECT_FALSE(apply(m, message_held{7, noon, reason::waits_for_route, {}}, noon));
}

TEST(Life, WhatIsOverOrHandedOverIsNeitherCancelledNorExpired) {
    auto m = handed_over();
    EXPECT_FALSE(cancel(m, noon));
    EXPECT_FALSE(expire(m, m.valid_until));
    auto waiting = accepted();
    EXPECT_FALSE(expire(waiting, waiting.valid_until - std::chrono::milliseconds{1}));
    EXPECT_TRUE(expire(waiting, waiting.valid_until));
    EXPECT_EQ(waiting.state, message_state::expired);
}

TEST(Life, ReturnedPartsGoBackWithoutAnAttempt) {
    auto m = handed_over();
    ASSERT_TRUE(apply(m, part_returned{7, 0, noon + std::chrono::seconds{3}}, noon));
    EXPECT_EQ(m.state, message_state::accepted);
    EXPECT_EQ(m.attempts, 0U);
    EXPECT_EQ(m.due_at, noon + std::chrono::seconds{3});
    EXPECT_TRUE(take(m, by("robi"), noon));
}

TEST(Life, RetriesWaitLongerAndLonger) {
    EXPECT_EQ(retry_delay(0), std::chrono::seconds{5});
    EXPECT_EQ(retry_delay(3), std::chrono::seconds{40});
    EXPECT_EQ(retry_delay(7), std::chrono::seconds{600});
    EXPECT_EQ(retry_delay(60), std::chrono::seconds{600});
}

report any_report(std::mt19937& random) {
    const auto part = static_cast<std::uint8_t>(random() % 4);
    switch (random() % 6) {
    case 0:
        return submitted(part);
    case 1:
        return refused(static_cast<refusal_kind>(random() % 4), part);
    case 2:
        return unanswered(part);
    case 3:
        return part_returned{7, part, noon + std::chrono::seconds{random() % 60}};
    case 4:
        return message_held{7, noon, reason::waits_for_time, {}};
    default:
        return message_held{7, noon, reason::opted_out, message_state::cancelled};
    }
}

/// One event of any kind; the record may be anywhere in its life.
bool any_event(message_record& m, std::mt19937& random) {
    switch (random() % 8) {
    case 0:
    case 1:
        return take(
            m,
            by(random() % 2 == 0 ? "gp" : "robi",
               static_cast<std::uint8_t>(m.parts.empty() ? 1 + random() % 3 : m.parts.size())),
            noon);
    case 2:
        return apply_receipt(m, random() % 4, static_cast<receipt_state>(random() % 4), 1, noon);
    case 3:
        return random() % 20 == 0 && cancel(m, noon);
    case 4:
        return random() % 20 == 0 && expire(m, m.valid_until);
    default:
        return apply(m, any_report(random), noon);
    }
}

void expect_consistent(const message_record& m) {
    const auto all = [&m](part_state state) {
        return !m.parts.empty() &&
               std::ranges::count(m.parts, state) == static_cast<std::ptrdiff_t>(m.parts.size());
    };
    EXPECT_EQ(m.state == message_state::delivered, all(part_state::delivered));
    const bool in_the_air = std::ranges::count(m.parts, part_state::submitting) > 0;
    if (m.state == message_state::accepted || m.state == message_state::submitted ||
        m.state == message_state::unconfirmed) {
        EXPECT_FALSE(in_the_air);
    }
    EXPECT_LE(m.history.size(), history_max);
    EXPECT_EQ(m.history.back().state, m.state);
    EXPECT_EQ(m.price, m.price_per_segment * m.taken);
}

TEST(Life, TheFirstCopysPartsSayNothingOfTheSecond) {
    auto m = accepted(message_class::receipt);
    ASSERT_TRUE(take(m, by("gp", 2), noon));
    m.reference = 1;
    auto late = submitted(0);
    late.reference = 1;
    ASSERT_TRUE(apply(m, late, noon));
    ASSERT_TRUE(apply(m, unanswered(1), noon));
    ASSERT_TRUE(m.marked);
    late.part = 1;
    ASSERT_TRUE(take(m, by("gp", 2), noon));
    m.reference = 2;
    EXPECT_FALSE(apply(m, late, noon));
    EXPECT_FALSE(apply(m, part_refused{7, 1, refusal_kind::permanent, 11, 1}, noon));
    EXPECT_EQ(m.state, message_state::submitting);
    auto own = submitted(0);
    own.reference = 2;
    EXPECT_TRUE(apply(m, own, noon));
    own.part = 1;
    EXPECT_TRUE(apply(m, own, noon));
    EXPECT_EQ(m.state, message_state::submitted);
}

TEST(Life, ALateAnswerToTheFirstCopySettlesTheMessage) {
    auto m = handed_over(message_class::receipt);
    ASSERT_TRUE(apply(m, unanswered(), noon));
    ASSERT_TRUE(copy_waits(m));
    EXPECT_TRUE(bound_channel(m).empty()) << "the copy may go anywhere";
    ASSERT_TRUE(apply(m, submitted(), noon));
    EXPECT_EQ(m.state, message_state::submitted);
    EXPECT_FALSE(m.marked) << "there is no copy";
    EXPECT_EQ(m.price, money{30}) << "paid once";
    EXPECT_FALSE(take(m, by("robi"), noon));
}

TEST(Life, ACopyWaitsUntilEveryPartOfTheFirstIsKnown) {
    auto m = handed_over(message_class::receipt, 3);
    m.reference = 4;
    ASSERT_TRUE(apply(m, unanswered(0), noon));
    ASSERT_TRUE(apply(m, submitted(1), noon));
    ASSERT_TRUE(apply(m, unanswered(2), noon));
    ASSERT_TRUE(copy_waits(m));
    auto late = submitted(2);
    late.reference = 4;
    ASSERT_TRUE(apply(m, late, noon));
    EXPECT_TRUE(copy_waits(m)) << "nobody knows of the first part";
    EXPECT_TRUE(apply_receipt(m, 1, receipt_state::delivered, 0, noon));
    EXPECT_TRUE(copy_waits(m));
    late.part = 0;
    ASSERT_TRUE(apply(m, late, noon));
    EXPECT_EQ(m.state, message_state::submitted);
    EXPECT_FALSE(m.marked);
}

TEST(Life, ALateRefusalOfTheFirstCopyMakesItAnOrdinaryOne) {
    auto m = handed_over(message_class::receipt);
    ASSERT_TRUE(apply(m, unanswered(), noon));
    ASSERT_TRUE(apply(m, refused(refusal_kind::temporary), noon));
    EXPECT_EQ(m.state, message_state::accepted);
    EXPECT_FALSE(m.marked) << "it was certainly not taken";
    EXPECT_EQ(m.history.back().why, reason::temporary_refusal);
    auto other = handed_over(message_class::receipt);
    ASSERT_TRUE(apply(other, unanswered(), noon));
    ASSERT_TRUE(apply(other, refused(refusal_kind::permanent), noon));
    EXPECT_EQ(other.state, message_state::failed);
}

TEST(Life, ACopyThatIsNeverSentLeavesItsMessageUnconfirmed) {
    auto m = handed_over(message_class::receipt);
    ASSERT_TRUE(apply(m, part_unconfirmed{7, 0, reason::link_lost}, noon));
    EXPECT_FALSE(cancel(m, noon)) << "its first copy was handed over";
    ASSERT_TRUE(expire(m, m.valid_until));
    EXPECT_EQ(m.state, message_state::unconfirmed);
    EXPECT_EQ(m.history.back().why, reason::link_lost);
    EXPECT_FALSE(m.marked);
    ASSERT_TRUE(apply(m, submitted(), m.valid_until)) << "and may still be settled";
    EXPECT_EQ(m.state, message_state::submitted);
}

// Goal: whatever comes in whatever order, a message's rank never falls (but for the one marked
// repetition), it is delivered exactly when all its parts are, and nothing is in the air unless it
// says so. Method: a thousand seeded lives of sixty events.
TEST(Life, HoldsUnderAnyOrderOfEvents) {
    for (unsigned seed = 0; seed < 1000; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random{seed};
        auto m = accepted(static_cast<message_class>(seed % message_classes));
        for (int i = 0; i < 60; ++i) {
            const auto before = m;
            const bool changed = any_event(m, random);
            if (!changed) {
                ASSERT_EQ(m.state, before.state);
                ASSERT_EQ(m.history, before.history);
                continue;
            }
            const bool repeats = m.marked && !before.marked;
            ASSERT_TRUE(repeats || rank_of(m.state) >= rank_of(before.state));
            expect_consistent(m);
            if (HasFailure()) {
                return;
            }
        }
    }
}

} // namespace
} // namespace uthan::sms
