#include "sms/budget.hpp"
#include "sms/channel_health.hpp"
#include "sms/picker.hpp"
#include "sms/quiet_hours.hpp"
#include "sms/route.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace uthan::sms {
namespace {

using namespace std::chrono_literals;

const instant start{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}}; // Monday, 06:00 local

TEST(Picker, TheMostUrgentGoesFirst) {
    class_picker picker;
    EXPECT_EQ(picker.next({}), std::nullopt);
    EXPECT_EQ(picker.next({false, true, true, false, false, true}), message_class::receipt);
    EXPECT_EQ(picker.next({false, false, false, false, false, true}), message_class::broadcast);
}

TEST(Picker, TheLowestWaitingClassGetsOneOfSixteenAndNoMoreIsTaken) {
    class_picker picker;
    std::vector<message_class> picked;
    for (int i = 0; i < 160; ++i) {
        picked.push_back(*picker.next({true, false, true, false, false, true}));
    }
    EXPECT_EQ(std::ranges::count(picked, message_class::broadcast), 10);
    EXPECT_EQ(std::ranges::count(picked, message_class::security), 150);
    for (std::size_t i = 0; i + class_picker::floor_slots <= picked.size(); ++i) {
        const auto from = picked.begin() + static_cast<std::ptrdiff_t>(i);
        EXPECT_GE(std::count(from, from + class_picker::floor_slots, message_class::broadcast), 1);
    }
}

TEST(ChannelHealth, FailsOverAtOnceAndReturnsAfterHoldingGood) {
    channel_health channel;
    EXPECT_EQ(channel.at(start), health::down);
    channel.linked(link_state::up, start);
    EXPECT_EQ(channel.at(start), health::up);
    channel.linked(link_state::down, start + 1s);
    EXPECT_EQ(channel.at(start + 1s), health::down);
    channel.linked(link_state::up, start + 2s);
    EXPECT_EQ(channel.at(start + 5min), health::degraded);
    EXPECT_EQ(channel.at(start + 5min + 2s), health::up);
    for (int i = 0; i < 4; ++i) {
        channel.failed(start + 6min);
    }
    channel.answered();
    channel.failed(start + 6min);
    EXPECT_EQ(channel.at(start + 6min), health::up);
    for (int i = 0; i < 4; ++i) {
        channel.failed(start + 6min);
    }
    EXPECT_EQ(channel.at(start + 6min), health::degraded);
    channel.linked(link_state::stopped, start + 7min);
    EXPECT_EQ(channel.at(start + 60min), health::stopped);
}

TEST(ChannelHealth, AChannelThatComesAndGoesIsTakenUpOncePerReturnPeriod) {
    std::mt19937 random{11}; // NOLINT(cert-msc51-cpp): the same run every time
    channel_health channel;
    auto was = health::down;
    std::vector<instant> returns;
    for (auto now = start; now < start + 24h; now += 1s) {
        if (random() % 400 == 0) {
            channel.linked(random() % 2 == 0 ? link_state::up : link_state::down, now);
        }
        if (random() % 2000 == 0) {
            channel.failed(now);
        }
        const auto is = channel.at(now);
        if (is == health::up && was != health::up) {
            returns.push_back(now);
        }
        was = is;
    }
    ASSERT_GT(returns.size(), 10U);
    for (std::size_t i = 2; i < returns.size(); ++i) {
        EXPECT_GE(returns[i] - returns[i - 1], 5min);
    }
}

const address somebody = *numbering{}.parse("01712345678");

std::vector<channel_terms> three_channels() {
    return {{.name = "gp", .network_operator = "grameenphone"},
            {.name = "any", .form = {.parts_max = 2}},
            {.name = "latin", .carries_ucs2 = false}};
}

TEST(Route, OrderHealthOperatorAlphabetAndPartsDecide) {
    constexpr auto up = health::up;
    constexpr auto down = health::down;
    constexpr auto degraded = health::degraded;
    struct row {
        std::string text;
        std::string network_operator;
        std::string bound_to;
        std::array<health, 3> healths;
        route_kind kind;
        std::size_t channel;
        reason why;
    };
    const std::string bangla = "কিস্তি";
    const std::vector<row> rows{
        {"hello", "grameenphone", "", {up, up, up}, route_kind::chosen, 0, reason::none},
        {"hello", "", "", {up, up, up}, route_kind::chosen, 0, reason::none},
        {"hello", "robi", "", {up, up, up}, route_kind::chosen, 1, reason::none},
        {"hello", "", "", {down, degraded, up}, route_kind::chosen, 2, reason::none},
        {"hello", "", "", {degraded, degraded, down}, route_kind::chosen, 0, reason::none},
        {"hello", "", "any", {up, up, up}, route_kind::chosen, 1, reason::none},
        {"hello", "", "any", {up, down, up}, route_kind::waits, 1, reason::waits_for_route},
        {"hello", "", "gone", {up, up, up}, route_kind::never, 0, reason::no_route},
        {bangla, "robi", "", {up, down, up}, route_kind::waits, 1, reason::waits_for_route},
        {bangla, "", "latin", {up, up, up}, route_kind::never, 0, reason::no_route},
        {std::string(400, 'a'),
         "robi",
         "any",
         {up, up, up},
         route_kind::never,
         0,
         reason::too_many_parts},
        {std::string(400, 'a'), "robi", "", {up, up, up}, route_kind::chosen, 2, reason::none},
    };
    const auto channels = three_channels();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        SCOPED_TRACE(i);
        const auto& r = rows[i];
        const auto got =
            choose_route(channels, r.healths, {r.text, somebody, r.network_operator, r.bound_to});
        EXPECT_EQ(got.kind, r.kind);
        EXPECT_EQ(got.why, r.why);
        if (r.kind != route_kind::never) {
            EXPECT_EQ(got.channel, r.channel);
        }
        if (r.kind == route_kind::chosen) {
            EXPECT_EQ(got.plan, *texts::plan_sms(r.text, channels[r.channel].form));
        }
    }
}

TEST(Route, ATokenGoesOnlyToItsOwnChannel) {
    constexpr std::array all_up{health::up, health::up, health::up};
    const auto channels = three_channels();
    const auto token = address::opaque("any", "tel:abc");
    EXPECT_EQ(choose_route(channels, all_up, {"hello", token, "", ""}).channel, 1U);
    const auto strange = address::opaque("elsewhere", "tel:abc");
    EXPECT_EQ(choose_route(channels, all_up, {"hello", strange, "", ""}).kind, route_kind::never);
}

TEST(QuietHours, EachClassGoesAtItsTimes) {
    const zone dhaka{"Asia/Dhaka"};
    const auto at = [](int day, int hour, int minute) -> instant {
        return start + std::chrono::days{day - 23} + std::chrono::hours{hour - 6} +
               std::chrono::minutes{minute};
    };
    using enum message_class;
    struct row {
        message_class of;
        instant now;
        std::optional<instant> until;
    };
    const std::vector<row> rows{
        {reminder, at(23, 7, 59), at(23, 8, 0)},     {reminder, at(23, 8, 0), std::nullopt},
        {reminder, at(23, 19, 59), std::nullopt},    {reminder, at(23, 20, 0), at(24, 8, 0)},
        {receipt, at(23, 20, 59), std::nullopt},     {receipt, at(23, 21, 0), at(24, 8, 0)},
        {receipt, at(27, 13, 0), std::nullopt},      {meeting, at(27, 12, 0), at(27, 14, 30)},
        {broadcast, at(27, 14, 29), at(27, 14, 30)}, {broadcast, at(27, 14, 30), std::nullopt},
        {meeting, at(26, 13, 0), std::nullopt},      {security, at(23, 3, 0), std::nullopt},
        {answer, at(23, 23, 0), std::nullopt}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(quiet_until(rows[i].of, rows[i].now, dhaka, {}), rows[i].until) << i;
    }
}

TEST(Budget, LowerClassesStopFirstAndReceiptsNever) {
    const std::vector<spending> spent{{message_class::receipt, "a", 0, money::taka(60)},
                                      {message_class::reminder, "b", 0, money::taka(20)}};
    const auto may = [&](message_class of, const char* office, budget limit) {
        return is_affordable(of, office, money::taka(1), spent, limit);
    };
    const budget hundred{.organisation = money::taka(100)};
    EXPECT_FALSE(may(message_class::broadcast, "b", hundred));
    EXPECT_TRUE(may(message_class::reminder, "b", hundred));
    const budget eighty{.organisation = money::taka(80)};
    EXPECT_FALSE(may(message_class::answer, "b", eighty));
    EXPECT_TRUE(may(message_class::receipt, "b", eighty));
    EXPECT_TRUE(may(message_class::security, "b", eighty));
    const budget by_office{.office = money::taka(60)};
    EXPECT_FALSE(may(message_class::reminder, "a", by_office));
    EXPECT_TRUE(may(message_class::reminder, "b", by_office));
    EXPECT_TRUE(may(message_class::broadcast, "", {}));
}

} // namespace
} // namespace uthan::sms
