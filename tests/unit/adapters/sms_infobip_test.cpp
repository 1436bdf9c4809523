#include "tests/unit/adapters/sms_cases.hpp"

#include <boost/json/parse.hpp>

namespace uthan::adapters::infobip {
namespace {

using namespace sms_cases;
using enum sms_outcome;

std::unique_ptr<const sms_translator> infobip_sms(values more = {}) {
    values all{{"url", "https://x1.api.infobip.com/"},
               {"api_key", "key-1"},
               {"sender", "MFIBANK"},
               {"callback_url", "https://gw.example.org/channels/ib-1"},
               {"callback_secret", "s3&cret"}};
    all.merge(more);
    return translator_of("infobip", all);
}

const std::vector<sms_text> two{text_to("8801712345678", bangla, "m1"),
                                text_to("8801812345678", "Due 750", "m2")};

TEST(Infobip, BuildsABatch) {
    const auto it = infobip_sms();
    EXPECT_TRUE(it->joins({two.data(), 1}, two[1]));
    const auto made = it->build(two);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->url, "https://x1.api.infobip.com/sms/3/messages");
    EXPECT_EQ(header_of(*made, "Authorization"), "App key-1");
    const auto tree = boost::json::parse(made->body);
    const auto& first = tree.at("messages").at(0);
    EXPECT_EQ(first.at("sender").as_string(), "MFIBANK");
    EXPECT_EQ(first.at("content").at("text").as_string(), bangla);
    EXPECT_EQ(first.at("content").as_object().size(), 1U) << "no transliteration";
    EXPECT_EQ(first.at("destinations").at(0).at("to").as_string(), "8801712345678");
    EXPECT_EQ(first.at("destinations").at(0).at("messageId").as_string(), "m1");
    EXPECT_EQ(first.at("options").at("validityPeriod").at("amount").as_int64(), 1440);
    EXPECT_EQ(first.at("webhooks").at("delivery").at("url").as_string(),
              "https://gw.example.org/channels/ib-1/receipts?secret=s3%26cret");
    EXPECT_EQ(first.at("webhooks").at("contentType").as_string(), "application/json");
    EXPECT_EQ(first.at("webhooks").at("callbackData").as_string(), "m1");
    EXPECT_EQ(tree.at("messages").at(1).at("content").at("text").as_string(), "Due 750");
}

TEST(Infobip, JudgesEachMessage) {
    const auto answer = infobip_sms()->read_answer({200, R"({"bulkId":"b-20261121-1","messages":[
          {"messageId":"m2","status":{"groupId":5,"groupName":"REJECTED","id":6,
           "name":"REJECTED_NETWORK","description":"x"},"destination":"8801812345678"},
          {"messageId":"m1","status":{"groupId":1,"groupName":"PENDING","id":26,
           "name":"PENDING_ACCEPTED","description":"Message sent to next instance"},
           "destination":"8801712345678","details":{"messageCount":1}}]})"},
                                                   two);
    EXPECT_EQ(answer.each[0], (sms_result{accepted, "m1", "PENDING_ACCEPTED"}));
    EXPECT_EQ(answer.each[1], (sms_result{refused, "", "REJECTED_NETWORK"}));
}

TEST(Infobip, Answers) {
    const auto group = [](int id, std::string_view name) {
        return R"({"messages":[{"messageId":"m1","status":{"groupId":)" + std::to_string(id) +
               R"(,"name":")" + std::string{name} + R"("}}]})";
    };
    expect_answers(
        *infobip_sms(),
        {{200, group(0, "A"), accepted, "m1", "A"},
         {200, group(3, "DELIVERED_TO_OPERATOR"), accepted, "m1", "DELIVERED_TO_OPERATOR"},
         {200, group(2, "UNDELIVERABLE_REJECTED_OPERATOR"), refused, "",
          "UNDELIVERABLE_REJECTED_OPERATOR"},
         {200, group(5, "REJECTED_NOT_ENOUGH_CREDITS"), balance, "", "REJECTED_NOT_ENOUGH_CREDITS"},
         {200, group(5, "REJECTED_SENDER"), credentials, "", "REJECTED_SENDER"},
         {200, group(5, "REJECTED_DND"), blocked, "", "REJECTED_DND"},
         {200, group(9, "ODD"), unknown, "", "ODD"},
         {200, R"({"messages":[]})", unconfirmed, "", "200"},
         {401,
          R"({"requestError":{"serviceException":{"messageId":"UNAUTHORIZED",)"
          R"("text":"Invalid login details"}}})",
          credentials, "", "UNAUTHORIZED"},
         {401,
          R"({"errorCode":"E401","description":"d","action":"a","violations":[],)"
          R"("resources":[]})",
          credentials, "", "E401"},
         {400, R"({"errorCode":"E400","description":"d"})", refused, "", "E400"},
         {429, R"({"requestError":{"serviceException":{"messageId":"TOO_MANY_REQUESTS"}}})",
          throttled, "", "TOO_MANY_REQUESTS"}},
        two[0]);
    expect_honesty(*infobip_sms());
    const auto batch = infobip_sms()->read_answer({400, R"({"errorCode":"E400"})"}, two);
    EXPECT_TRUE(batch.alone);
    EXPECT_EQ(batch.each[0].what, later);
}

constexpr std::string_view secret = "secret=s3%26cret";

TEST(Infobip, ReadsABatchOfReceiptsEachByItself) {
    const auto reading =
        read(*infobip_sms(), callback_path::receipts,
             R"({"results":[{"bulkId":"b-20261121-1","messageId":"m1","to":"8801712345678",
         "sender":"MFIBANK","sentAt":"2026-11-21T10:15:30.100+0000",
         "doneAt":"2026-11-21T10:15:34.512+0000","messageCount":1,"mccMnc":"47001",
         "callbackData":"c1","price":{"pricePerMessage":0.02,"currency":"EUR"},
         "status":{"groupId":3,"groupName":"DELIVERED","id":5,"name":"DELIVERED_TO_HANDSET"},
         "error":{"groupId":0,"groupName":"OK","id":0,"name":"NO_ERROR","permanent":false}},
         {"messageId":"m2","to":"8801812345678","from":"X","smsCount":1,
          "status":{"groupId":77,"name":"ODD"}},
         "rubbish", {"status":{"groupId":3}},
         {"messageId":"m3","status":{"groupId":2,"id":9},"error":{"id":27}},
         {"messageId":"m4","status":{"groupId":3,"id":2}},
         {"messageId":"m5","status":{"groupId":4,"id":15}},
         {"messageId":"m6","status":{"groupId":5,"id":12}},
         {"messageId":"m7","status":{"groupId":1,"id":26}}]})",
             secret);
    EXPECT_EQ(reading.status, 200U);
    EXPECT_EQ(reading.passed_over, 3U);
    ASSERT_EQ(reading.receipts.size(), 6U);
    EXPECT_EQ(reading.receipts[0].candidates, (std::vector<std::string>{"m1", "c1"}));
    EXPECT_EQ(reading.receipts[0].number, "8801712345678");
    using enum sms::receipt_state;
    const sms::receipt_state states[] = {delivered, failed, underway, expired, failed, underway};
    for (std::size_t i = 0; i < std::size(states); ++i) {
        EXPECT_EQ(reading.receipts[i].state, states[i]) << i;
    }
    EXPECT_EQ(reading.receipts[1].error, 27U);
}

TEST(Infobip, ReadsTexts) {
    const auto it = infobip_sms();
    const auto reading = read(
        *it, callback_path::sms,
        R"({"results":[{"messageId":"8172635412345","from":"8801712345678","to":"8801999000111",
         "text":"BAL 12","cleanText":"12","keyword":"BAL","receivedAt":
         "2026-11-21T10:15:30.000+0000","smsCount":1,"price":{"pricePerMessage":0,"currency":"EUR"},
         "callbackData":"","applicationId":"","entityId":""},{"from":"8801712345678","text":"x"}],
         "messageCount":1,"pendingMessageCount":0})",
        secret);
    expect_one_text(reading, "8801712345678", "BAL 12", "8172635412345", "8801999000111");
    EXPECT_EQ(reading.passed_over, 1U);
}

TEST(Infobip, WantsItsSecretAndJson) {
    const auto it = infobip_sms();
    for (const auto* query : {"", "secret=", "secret=s3%26creT", "secret=s3&cret", "Secret=x"}) {
        EXPECT_EQ(read(*it, callback_path::receipts, R"({"results":[]})", query).status, 403U)
            << query;
    }
    for (const auto* body : {"", "{}", "[]", "x", R"({"results":{}})", R"({"results":[)"}) {
        EXPECT_EQ(read(*it, callback_path::receipts, body, secret).status, 400U) << body;
    }
    EXPECT_EQ(read(*it, callback_path::receipts, R"({"results":[]})", secret).status, 200U);
}

} // namespace
} // namespace uthan::adapters::infobip
