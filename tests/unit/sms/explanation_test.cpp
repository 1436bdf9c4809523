#include "sms/explanation.hpp"

#include "sms/life.hpp"

#include <gtest/gtest.h>

#include <set>

namespace uthan::sms {
namespace {

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};

message_record accepted(message_class of) {
    message_record m;
    m.id = 7;
    m.of = of;
    m.to = numbering{}.parse("01812345678").value();
    m.text = "Tk 245";
    m.accepted_at = noon;
    m.due_at = noon + std::chrono::minutes{5};
    m.valid_until = noon + std::chrono::hours{24};
    m.history.push_back({noon, message_state::accepted, reason::none, 0});
    return m;
}

void take_all(message_record& m, std::uint8_t parts) {
    claim by;
    by.channel = "gp";
    by.parts = parts;
    by.segments = parts;
    ASSERT_TRUE(take(m, by, noon + std::chrono::minutes{6}));
}

TEST(Explanation, FollowsAMessageThroughItsLife) {
    auto m = accepted(message_class::reminder);
    EXPECT_EQ(explain(m), "Accepted at 2026-11-21T12:00:00Z; it is sent in its turn, not before "
                          "2026-11-21T12:05:00Z.");
    apply(m, message_held{7, noon + std::chrono::hours{1}, reason::waits_for_route, {}}, noon);
    EXPECT_EQ(explain(m), "Waits, because no channel that may carry it is up; it is tried again at "
                          "2026-11-21T13:00:00Z.");
    take_all(m, 2);
    EXPECT_EQ(explain(m), "Being handed to channel gp since 2026-11-21T12:06:00Z.");
    for (std::uint8_t part = 0; part < 2; ++part) {
        apply(m, part_submitted{7, part, "a", "gp"}, noon + std::chrono::minutes{7});
    }
    EXPECT_EQ(explain(m), "Channel gp took it at 2026-11-21T12:07:00Z in 2 segments; the operator "
                          "has not said whether it arrived.");
    for (const std::size_t part : {0U, 1U}) {
        apply_receipt(m, part, receipt_state::delivered, 0, noon + std::chrono::minutes{8});
    }
    EXPECT_EQ(explain(m),
              "Delivered to the phone at 2026-11-21T12:08:00Z, by channel gp in 2 segments.");
}

TEST(Explanation, SaysWhatWentWrong) {
    auto refused = accepted(message_class::reminder);
    take_all(refused, 1);
    apply(refused, part_refused{7, 0, refusal_kind::permanent, 11}, noon);
    EXPECT_EQ(explain(refused), "Failed at 2026-11-21T12:00:00Z, because the channel refused it "
                                "for good (status 11).");
    auto lost = accepted(message_class::reminder);
    take_all(lost, 1);
    apply(lost, part_unconfirmed{7, 0, reason::link_lost}, noon);
    EXPECT_EQ(explain(lost), "Handed to channel gp, and the link was lost before the answer: it "
                             "may have arrived, and is not sent again.");
    auto again = accepted(message_class::receipt);
    take_all(again, 1);
    apply(again, part_unconfirmed{7, 0, reason::no_answer}, noon);
    take_all(again, 1);
    EXPECT_EQ(explain(again),
              "Being handed to channel gp since 2026-11-21T12:06:00Z. It was sent once more, and "
              "says so, because nobody knows whether it arrived the first time.");
    auto over = accepted(message_class::reminder);
    expire(over, over.valid_until);
    EXPECT_EQ(explain(over), "Expired at 2026-11-22T12:00:00Z, because its validity ended before "
                             "it could be sent.");
}

TEST(Explanation, EveryReasonHasItsOwnName) {
    std::set<std::string_view> names;
    for (int why = 0; why <= static_cast<int>(reason::partly_delivered); ++why) {
        EXPECT_TRUE(names.insert(name_of(static_cast<reason>(why))).second);
    }
}

} // namespace
} // namespace uthan::sms
