#include "sms/caps.hpp"
#include "sms/served_by.hpp"
#include "sms/verdict.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace uthan::sms {
namespace {

/// Tuesday 2026-11-24 in Dhaka, 15:30.
constexpr instant afternoon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} +
                            std::chrono::minutes{9 * 60 + 30}};

TEST(Caps, OneMoreIsTooManyFromTheLimitOn) {
    struct row {
        class_cap most;
        sent_counts sent;
        bool is_capped;
    };
    const std::vector<row> rows{
        {{}, {900, 900}, false},         {{.per_day = 2}, {1, 9}, false},
        {{.per_day = 2}, {2, 2}, true},  {{.per_week = 3}, {0, 2}, false},
        {{.per_week = 3}, {0, 3}, true}, {{.per_day = 2, .per_week = 3}, {1, 3}, true},
        {{.per_day = 0}, {0, 0}, true},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(is_capped(rows[i].most, rows[i].sent), rows[i].is_capped) << i;
    }
}

TEST(Caps, ReceiptsAndSecurityHaveNone) {
    const auto most = default_caps();
    for (const auto of : {message_class::security, message_class::receipt, message_class::answer}) {
        EXPECT_EQ(most[static_cast<std::size_t>(of)], class_cap{});
    }
}

TEST(Caps, ItIsAskedAgainAsTheNextDayBegins) {
    const zone dhaka{"Asia/Dhaka"};
    EXPECT_EQ(to_rfc3339(capped_until(afternoon, dhaka)), "2026-11-24T18:00:00Z");
}

message_record reminder_at(instant now) {
    message_record m;
    m.id = 1;
    m.of = message_class::reminder;
    m.to = numbering{}.parse("01712345678").value();
    m.text = "Tk 245";
    m.valid_until = now + std::chrono::hours{24};
    m.history.push_back({now, message_state::accepted, reason::none, 0});
    return m;
}

struct judging {
    std::vector<channel_terms> channels{{.name = "gp", .network_operator = "gp"}, {.name = "any"}};
    std::vector<health> healths{health::up, health::up};
    dispatch_policy policy{zone{"Asia/Dhaka"}, {}, {}, default_caps(), {{"88017", "gp"}}};

    verdict judge(const message_record& message, sent_counts sent, served_by served = {}) const {
        return sms::judge(message, served, policy,
                          {.now = afternoon,
                           .channels = channels,
                           .healths = healths,
                           .spent = {},
                           .sent = sent});
    }
};

TEST(Verdict, ACappedMessageWaitsForTheNextDayOrEnds) {
    const judging all;
    auto m = reminder_at(afternoon);
    EXPECT_EQ(all.judge(m, {1, 1}).kind, verdict_kind::send);
    const auto held = all.judge(m, {2, 2});
    EXPECT_EQ(held.kind, verdict_kind::hold);
    EXPECT_EQ(held.why, reason::cap_reached);
    EXPECT_EQ(to_rfc3339(held.until), "2026-11-24T18:00:00Z");
    m.valid_until = held.until;
    const auto over = all.judge(m, {2, 2});
    EXPECT_EQ(over.kind, verdict_kind::end);
    EXPECT_EQ(over.as, message_state::cancelled);
    EXPECT_EQ(over.why, reason::cap_reached);
    m.channel = "gp";
    EXPECT_EQ(all.judge(m, {2, 2}).kind, verdict_kind::send) << "it is one of the two";
}

TEST(Verdict, WhatWasLearntIsStrongerThanThePrefix) {
    const judging all;
    const auto m = reminder_at(afternoon);
    const auto goes_by = [&](served_by served) { return all.judge(m, {}, served).by.channel; };
    EXPECT_EQ(goes_by({}), 0U) << "her number begins as those of gp";
    EXPECT_EQ(goes_by({"gp", false}), 0U);
    EXPECT_EQ(goes_by({"robi", false}), 1U) << "she took it along";
    EXPECT_EQ(goes_by({"gp", true}), 1U) << "gp says that it does not know her";
}

TEST(ServedBy, TheLongestPrefixIsTheHint) {
    const std::vector<operator_prefix> prefixes{{"8801", "someone"}, {"88017", "gp"}};
    const auto of = [&](const char* number) {
        return std::string{operator_by_prefix(numbering{}.parse(number).value(), prefixes)};
    };
    EXPECT_EQ(of("01712345678"), "gp");
    EXPECT_EQ(of("01812345678"), "someone");
    EXPECT_EQ(operator_by_prefix(address::opaque("c", "88017"), prefixes), "");
    EXPECT_EQ(operator_by_prefix(numbering{}.parse("01712345678").value(), {}), "");
}

TEST(Route, AHintIsFollowedWhereItLeadsSomewhere) {
    const std::vector<channel_terms> channels{{.name = "robi", .network_operator = "robi"},
                                              {.name = "gp", .network_operator = "gp"}};
    constexpr std::array up{health::up, health::up};
    constexpr std::array gp_down{health::up, health::down};
    const auto to = numbering{}.parse("01712345678").value();
    const auto by = [&](std::span<const health> healths, std::string_view known,
                        std::string_view denied, std::string_view hint) {
        return choose_route(channels, healths, {"x", to, known, "", denied, hint});
    };
    EXPECT_EQ(by(up, "", "", "gp").channel, 1U);
    EXPECT_EQ(by(up, "robi", "", "gp").channel, 0U);
    EXPECT_EQ(by(gp_down, "", "", "gp").kind, route_kind::waits);
    EXPECT_EQ(by(up, "", "", "teletalk").channel, 0U) << "no channel is teletalk's";
    EXPECT_EQ(by(up, "", "gp", "gp").channel, 0U);
    EXPECT_EQ(by(up, "teletalk", "", "").kind, route_kind::never);
    EXPECT_EQ(by(up, "", "robi", "gp").channel, 1U);
}

} // namespace
} // namespace uthan::sms
