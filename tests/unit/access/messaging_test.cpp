#include "access/messaging.hpp"

#include <gtest/gtest.h>

namespace uthan::access {
namespace {

constexpr instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
constexpr std::chrono::days day{1};

members::member her() {
    members::member made;
    made.msisdn = "8801711111111";
    return made;
}

member_record bound(std::optional<number_change> change = {}, bool of_staff = false) {
    member_record made;
    made.binding = number_binding{};
    made.binding->number = "8801722222222";
    made.binding->change = std::move(change);
    made.binding->of_staff = of_staff;
    return made;
}

number_change change_of(change_state state, instant opens_at) {
    number_change made;
    made.number = "8801733333333";
    made.state = state;
    made.opens_at = opens_at;
    return made;
}

TEST(Messaging, ANumberIsHersBeforeItIsWrittenTo) {
    EXPECT_EQ(number_to_write_to({}, her(), now), "8801711111111");
    EXPECT_EQ(number_to_write_to({}, {}, now), std::nullopt);
    EXPECT_EQ(number_to_write_to(bound(), her(), now), "8801722222222");
    EXPECT_EQ(number_to_write_to(bound({}, true), her(), now), std::nullopt);
    // Another one that a file said is not hers until her PIN came from it.
    for (const auto state : {change_state::waiting, change_state::blocked, change_state::refused}) {
        EXPECT_EQ(number_to_write_to(bound(change_of(state, now + day)), her(), now),
                  "8801722222222");
    }
    const auto opened = now - old_number_kept_for;
    EXPECT_EQ(number_to_write_to(bound(change_of(change_state::waiting, opened + day)), her(), now),
              "8801722222222");
    EXPECT_EQ(number_to_write_to(bound(change_of(change_state::waiting, opened)), her(), now),
              std::nullopt);
    EXPECT_EQ(number_to_write_to(bound(change_of(change_state::blocked, opened)), her(), now),
              "8801722222222");
}

TEST(Messaging, HerChoiceDecidesWhatIsSent) {
    struct example {
        sms_choice choice;
        std::optional<bool> in_file;
        message_scope receipt;
        bool others;
    };
    const example table[] = {
        {sms_choice::unasked, {}, message_scope::without_amounts, false},
        {sms_choice::unasked, true, message_scope::without_amounts, true},
        {sms_choice::unasked, false, message_scope::nothing, false},
        {sms_choice::with_amounts, {}, message_scope::with_amounts, true},
        {sms_choice::without_amounts, {}, message_scope::without_amounts, true},
        {sms_choice::none, {}, message_scope::nothing, false},
        {sms_choice::none, true, message_scope::nothing, false}};
    for (const auto& one : table) {
        member_record record;
        record.sms = one.choice;
        record.sms_chosen_at = now;
        auto who = her();
        who.sms_consent = one.in_file;
        EXPECT_EQ(receipt_scope(record, who), one.receipt);
        EXPECT_EQ(takes_messages(record, who), one.others);
    }
}

} // namespace
} // namespace uthan::access
