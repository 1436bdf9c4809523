#include "tests/unit/adapters/sms_cases.hpp"

#include <boost/json/parse.hpp>

namespace uthan::adapters::sslwireless {
namespace {

using namespace sms_cases;
using enum sms_outcome;

std::unique_ptr<const sms_translator> ssl(values more = {}) {
    values all{{"api_key", "demo-token"}, {"sender", "MFIBRAND"}};
    all.merge(more);
    return translator_of("sslwireless", all);
}

const std::vector<sms_text> two{text_to("8801712345678", "Due 500", "n1"),
                                text_to("8801812345678", "Due 750", "n2")};

TEST(SslWireless, BuildsSingleDynamicAndBulk) {
    const auto single = ssl()->build({two.data(), 1});
    ASSERT_TRUE(single);
    EXPECT_EQ(single->url, "https://smsplus.sslwireless.com/api/v3/send-sms");
    EXPECT_EQ(header_of(*single, "Accept"), "application/json");
    EXPECT_EQ(single->body, R"({"api_token":"demo-token","sid":"MFIBRAND",)"
                            R"("msisdn":"8801712345678","sms":"Due 500","csms_id":"n1"})");

    const auto dynamic = ssl()->build(two);
    ASSERT_TRUE(dynamic);
    EXPECT_EQ(dynamic->url, "https://smsplus.sslwireless.com/api/v3/send-sms/dynamic");
    EXPECT_EQ(dynamic->body, R"({"api_token":"demo-token","sid":"MFIBRAND","sms":[)"
                             R"({"msisdn":"8801712345678","text":"Due 500","csms_id":"n1"},)"
                             R"({"msisdn":"8801812345678","text":"Due 750","csms_id":"n2"}]})");
    EXPECT_EQ(dynamic->messages, 2U);

    auto same = two;
    same[1].utf8 = same[0].utf8;
    const auto it = ssl({{"batch", "bulk"}});
    const auto bulk = it->build(same);
    ASSERT_TRUE(bulk);
    EXPECT_EQ(bulk->url, "https://smsplus.sslwireless.com/api/v3/send-sms/bulk");
    const auto tree = boost::json::parse(bulk->body);
    EXPECT_EQ(tree.at("msisdn").as_array().size(), 2U);
    EXPECT_EQ(tree.at("batch_csms_id").as_string().size(), 20U);
    EXPECT_EQ(it->build(same)->body, bulk->body) << "the same messages are the same batch";
    same[1].key = "n3";
    EXPECT_NE(it->build(same)->body, bulk->body);
}

TEST(SslWireless, WhatGoesTogether) {
    const auto again = text_to("8801712345678", "other", "n9");
    EXPECT_TRUE(ssl()->joins({two.data(), 1}, two[1]));
    EXPECT_FALSE(ssl()->joins({two.data(), 1}, again)) << "a number twice is error 4024";
    EXPECT_FALSE(ssl({{"batch", "bulk"}})->joins({two.data(), 1}, two[1]));
    EXPECT_EQ(ssl({{"batch", "single"}})->capacity().messages_per_request, 1U);
    EXPECT_EQ(ssl()->capacity().messages_per_request, 100U);
    EXPECT_TRUE(ssl()->capacity().is_idempotent);
}

TEST(SslWireless, RefusesWhatTheApiCannotTake) {
    const auto long_text = text_to("8801712345678", std::string(1001, 'a'));
    EXPECT_EQ(ssl()->build({&long_text, 1}).error(), errc::too_large);
    const auto long_key = text_to("8801712345678", "a", std::string(21, '1'));
    EXPECT_EQ(ssl()->build({&long_key, 1}).error(), errc::malformed);
    const auto odd_key = text_to("8801712345678", "a", "a-b");
    EXPECT_EQ(ssl()->build({&odd_key, 1}).error(), errc::malformed);
}

TEST(SslWireless, JudgesEachRecipient) {
    const auto answer = ssl()->read_answer(
        {200, R"({"status":"SUCCESS","status_code":200,"error_message":"","smsinfo":[
          {"sms_status":"SUCCESS","status_message":"Success","msisdn":"8801712345678",
           "sms_type":"BN","sms_body":"x","csms_id":"n1","reference_id":"5da2f0b5ba3a2248110"},
          {"sms_status":"INVALID","status_message":"Invalid MSISDN","msisdn":"88017",
           "sms_type":"EN","sms_body":"x","csms_id":"n2","reference_id":""}]})"},
        two);
    EXPECT_EQ(answer.each[0], (sms_result{accepted, "5da2f0b5ba3a2248110", "SUCCESS"}));
    EXPECT_EQ(answer.each[1], (sms_result{refused, "", "INVALID"}));
    // Without the ids of a bulk, by number; one that has no entry is not taken for sent.
    const auto bulk = ssl()->read_answer(
        {200, R"({"status_code":200,"smsinfo":[{"sms_status":"BLOCKED","msisdn":"8801812345678",
                  "csms_id":"b1","reference_id":""}]})"},
        two);
    EXPECT_EQ(bulk.each[0].what, later);
    EXPECT_EQ(bulk.each[1].what, blocked);
}

std::string failure(std::string_view code) {
    return R"({"status":"FAILED","status_code":)" + std::string{code} +
           R"(,"error_message":"IP Blacklisted","smsinfo":[]})";
}

TEST(SslWireless, Answers) {
    std::vector<answer_row> rows;
    const std::pair<const char*, sms_outcome> codes[] = {
        {"4001", credentials}, {"4002", credentials}, {"4003", credentials}, {"4004", credentials},
        {"4005", credentials}, {"4020", defect},      {"4022", defect},      {"4023", accepted},
        {"4024", refused},     {"4025", refused},     {"4026", blocked},     {"4027", refused},
        {"4028", refused},     {"4029", throttled},   {"4030", balance},     {"4031", throttled},
        {"4032", refused},     {"4033", later},       {"4034", credentials}, {"4035", credentials},
        {"5000", later},       {"4999", unknown}};
    for (const auto& [code, what] : codes) {
        rows.push_back({200, failure(code), what, "", code});
    }
    rows.push_back({401, R"({"status":"FAILED","status_code":4001,"error_message":"x"})",
                    credentials, "", "4001"});
    rows.push_back({200,
                    R"({"status":"SUCCESS","status_code":200,"smsinfo":[{"csms_id":"n1",)"
                    R"("sms_status":"DUPLICATE","msisdn":"8801712345678"}]})",
                    accepted, "", "DUPLICATE"});
    expect_answers(*ssl(), rows, two[0]);
    expect_honesty(*ssl());
}

TEST(SslWireless, ABatchThatIsRefusedForOneOfItGoesOneByOne) {
    for (const auto* code : {"4023", "4025", "4026", "4030"}) {
        const auto answer = ssl()->read_answer({200, failure(code)}, two);
        EXPECT_TRUE(answer.alone) << code;
        EXPECT_EQ(answer.each[0].what, later) << code;
        EXPECT_EQ(answer.each[1].what, later) << code;
    }
    const auto ours = ssl()->read_answer({200, failure("4001")}, two);
    EXPECT_FALSE(ours.alone);
    EXPECT_EQ(ours.each[1].what, credentials);
}

TEST(SslWireless, CallbacksAreCounted) {
    const auto reading = read(*ssl(), callback_path::receipts, "message_id=1&status=DELIVERED");
    EXPECT_EQ(reading.status, 200U);
    EXPECT_EQ(reading.passed_over, 1U);
}

} // namespace
} // namespace uthan::adapters::sslwireless
