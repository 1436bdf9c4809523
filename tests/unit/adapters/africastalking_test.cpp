#include "adapters/africastalking/ussd.hpp"
#include "tests/unit/adapters/adapter_cases.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::adapters::africastalking {
namespace {

using testing_cases::form_field;

const std::vector<form_field> good_turn{{"sessionId", "ATUid_0f3c5a7be2d94c11", true},
                                        {"phoneNumber", "%2B8801810000001", true},
                                        {"networkCode", "99999"},
                                        {"serviceCode", "%2A384%2A2%23", true},
                                        {"text", "1*4821", true, true}};

std::string reason_of(const auto& parsed) {
    const auto* refused = std::get_if<rejection>(&parsed);
    return refused == nullptr ? "" : refused->reason;
}

TEST(AfricasTalkingUssd, NegativeCases) {
    testing_cases::run_negative_cases(
        good_turn, [](std::string_view body) { return reason_of(parse_ussd(body, numbering{})); });
}

TEST(AfricasTalkingUssd, ReadsTurns) {
    struct case_ {
        std::string_view label;
        std::string_view number;
        std::string_view text;
        std::string_view expected_number; ///< empty: refused
        std::string_view expected_history;
    };
    constexpr case_ cases[] = {
        {"first turn", "%2B8801810000001", "", "8801810000001", ""},
        {"history", "%2B8801810000001", "1*4821", "8801810000001", "1*4821"},
        {"escaped stars", "%2B8801810000001", "1%2A4821", "8801810000001", "1*4821"},
        {"empty answer", "%2B8801810000001", "1*", "8801810000001", "1*"},
        {"Bangla digits", "%2B8801810000001", "%E0%A7%A7", "8801810000001", "১"},
        {"national number", "01810000001", "", "8801810000001", ""},
        {"a plus that was not escaped", "+8801810000001", "", "8801810000001", ""},
        {"another country", "%2B254711000111", "", "254711000111", ""},
        {"a word", "anonymous", "", "", ""},
        {"too short", "%2B12", "", "", ""},
        {"a history above the limit", "%2B8801810000001", "*", "8801810000001", "*"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        auto fields = good_turn;
        fields[1].value = c.number;
        fields[4].value = c.text;
        const auto parsed = parse_ussd(testing_cases::body_of(fields), numbering{});
        const auto* turn = std::get_if<sessions::inbound_turn>(&parsed);
        if (c.expected_number.empty()) {
            EXPECT_EQ(turn, nullptr);
            continue;
        }
        ASSERT_NE(turn, nullptr) << reason_of(parsed);
        EXPECT_EQ(turn->subscriber.reveal(), c.expected_number);
        EXPECT_EQ(turn->history, c.expected_history);
        EXPECT_EQ(turn->service_code, "*384*2#");
        EXPECT_EQ(turn->session_id, "ATUid_0f3c5a7be2d94c11");
    }
}

TEST(AfricasTalkingUssd, RendersWhatTheProviderExpects) {
    EXPECT_EQ(render_ussd("1 কিস্তি\n0 শেষ", false), "CON 1 কিস্তি\n0 শেষ");
    EXPECT_EQ(render_ussd("ধন্যবাদ।", true), "END ধন্যবাদ।");
}

TEST(AfricasTalkingUssd, RandomBytesAreReadOrRefused) {
    std::mt19937 random{4};
    for (int i = 0; i < 20'000; ++i) {
        std::string body = testing_cases::body_of(good_turn);
        for (auto n = random() % 8; n > 0; --n) {
            body[random() % body.size()] = static_cast<char>(random());
        }
        body.resize(random() % (body.size() + 1));
        const auto parsed = parse_ussd(body, numbering{});
        if (const auto* turn = std::get_if<sessions::inbound_turn>(&parsed)) {
            ASSERT_LE(turn->history.size(), sessions::history_bytes_max);
        }
    }
}

const std::vector<form_field> good_end{{"date", "2026-11-21+10%3A15%3A30"},
                                       {"sessionId", "ATUid_0f3c5a7be2d94c11", true},
                                       {"serviceCode", "%2A384%2A2%23"},
                                       {"phoneNumber", "%2B8801810000001"},
                                       {"status", "Incomplete"},
                                       {"input", "2*1500"},
                                       {"lastAppResponse", "CON+Savings"}};

TEST(AfricasTalkingSessionEnd, NegativeCases) {
    testing_cases::run_negative_cases(
        good_end, [](std::string_view body) { return reason_of(parse_session_end(body)); });
}

TEST(AfricasTalkingSessionEnd, AnUnknownStatusIsUnknownNotAnError) {
    struct case_ {
        std::string_view status;
        session_status expected;
    };
    constexpr case_ cases[] = {{"Success", session_status::success},
                               {"Incomplete", session_status::incomplete},
                               {"Failed", session_status::failed},
                               {"Exploded", session_status::unknown},
                               {"", session_status::unknown}};
    for (const auto& c : cases) {
        auto fields = good_end;
        fields[4].value = c.status;
        const auto parsed = parse_session_end(testing_cases::body_of(fields));
        EXPECT_EQ(std::get<session_end>(parsed).status, c.expected) << c.status;
    }
}

} // namespace
} // namespace uthan::adapters::africastalking
