#include "tests/unit/adapters/sms_cases.hpp"

#include <boost/json/parse.hpp>

// Bodies are those of the provider's published references.
namespace uthan::adapters::bdapps_texts {
namespace {

using namespace sms_cases;
using enum sms_outcome;

std::unique_ptr<const sms_translator> bdapps_sms(values more = {}) {
    values all{{"application_id", "APP_012345"},
               {"password", "0123456789abcdef0123456789abcdef"},
               {"sender", "77000"}};
    all.merge(more);
    return translator_of("bdapps", all);
}

const std::vector<sms_text> two{text_to("8801812345678", "Due 500", "m1"),
                                text_to("8801612345678", "Due 500", "m2")};

TEST(BdappsSms, BuildsOneRequestForOneTextToSeveral) {
    const auto it = bdapps_sms();
    EXPECT_TRUE(it->joins({two.data(), 1}, two[1]));
    EXPECT_FALSE(it->joins({two.data(), 1}, text_to("8801612345678", "Due 750")));
    EXPECT_FALSE(it->joins({two.data(), 1}, two[0]));
    auto different = two;
    different[1].utf8 = "Due 750";
    EXPECT_EQ(it->build(different).error(), errc::malformed) << "one text goes to all";
    const auto made = it->build(two);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->url, "https://developer.bdapps.com/sms/send");
    EXPECT_TRUE(made->post);
    EXPECT_EQ(made->content_type, "application/json");
    EXPECT_EQ(made->messages, 2U);
    EXPECT_EQ(made->segments, 2U);
    EXPECT_EQ(made->body,
              R"({"applicationId":"APP_012345","password":"0123456789abcdef0123456789abcdef",)"
              R"("version":"1.0",)"
              R"("destinationAddresses":["tel:8801812345678","tel:8801612345678"],)"
              R"("message":"Due 500","sourceAddress":"77000","deliveryStatusRequest":"1",)"
              R"("encoding":"0"})");
}

TEST(BdappsSms, KeepsBanglaAndMasksAsTheyAre) {
    const auto it = bdapps_sms();
    const sms_text masked{"m1", address::opaque("channel-1", "tel:AZ110+x=="), bangla};
    const auto made = it->build({&masked, 1});
    ASSERT_TRUE(made);
    const auto tree = boost::json::parse(made->body);
    EXPECT_EQ(tree.at("message").as_string(), bangla);
    EXPECT_EQ(tree.at("destinationAddresses").at(0).as_string(), "tel:AZ110+x==");
    const sms_text of_another{"m1", address::opaque("channel-2", "tel:AZ110"), "x"};
    EXPECT_EQ(it->build({&of_another, 1}).error(), errc::invalid_msisdn);
    const sms_text all{"m1", address::opaque("channel-1", "tel:all"), "x"};
    EXPECT_EQ(it->build({&all, 1}).error(), errc::invalid_msisdn);
}

TEST(BdappsSms, JudgesEachDestination) {
    const auto answer = bdapps_sms()->read_answer(
        {200,
         R"({"statusCode":"S1000","statusDetail":"Success","version":"1.0",
             "messageId":"MSG_000111","requestId":"101211171015300042","destinationResponses":[
             {"address":"tel:8801812345678","messageId":"101211171015300042","statusCode":"S1000",
              "statusDetail":"Success","timeStamp":"20261121101530"},
             {"address":"tel:8801612345678","messageId":"","statusCode":"E1325",
              "statusDetail":"Format of the address is invalid","timeStamp":"20261121101530"}]})"},
        two);
    ASSERT_EQ(answer.each.size(), 2U);
    EXPECT_EQ(answer.each[0], (sms_result{accepted, "MSG_000111", "S1000"}));
    EXPECT_EQ(answer.each[1], (sms_result{refused, "", "E1325"}));
}

TEST(BdappsSms, Answers) {
    const auto code = [](std::string_view c) {
        return R"({"statusCode":")" + std::string{c} + R"(","statusDetail":"x"})";
    };
    expect_answers(*bdapps_sms(),
                   {{200, R"({"statusCode":"S1000","requestId":"77"})", accepted, "77", "S1000"},
                    {200, code("S1000"), accepted, "", "S1000"},
                    {200, code("E1303"), credentials, "", "E1303"},
                    {200, code("E1313"), credentials, "", "E1313"},
                    {200, code("E1331"), credentials, "", "E1331"},
                    {200, code("E1318"), later, "", "E1318"},
                    {200, code("E1342"), blocked, "", "E1342"},
                    {200, code("E1365"), blocked, "", "E1365"},
                    {200, code("E1343"), refused, "", "E1343"},
                    {200, code("E1334"), refused, "", "E1334"},
                    {200, code("E1312"), defect, "", "E1312"},
                    {200, code("E9999"), unknown, "", "E9999"},
                    {500, code("S1000"), unconfirmed, "", "500"},
                    {500, code("E1601"), later, "", "E1601"}},
                   two[0]);
    expect_honesty(*bdapps_sms());
}

constexpr std::string_view ack = R"({"statusCode":"S1000","statusDetail":"Success"})";

TEST(BdappsSms, ReadsTexts) {
    const auto it = bdapps_sms();
    const auto reading =
        read(*it, callback_path::sms,
             R"({"version":"1.0","applicationId":"APP_012345","sourceAddress":"tel:8801812345678",)"
             R"("message":"mfi BAL 12","requestId":"22607072011552911","encoding":"0"})");
    expect_one_text(reading, "8801812345678", "mfi BAL 12", "22607072011552911", "77000");
    EXPECT_EQ(reading.body, ack);
    EXPECT_EQ(reading.content_type, "application/json");
    // One official sample has no applicationId.
    EXPECT_EQ(read(*it, callback_path::sms,
                   R"({"sourceAddress":"tel:8801812345678","message":"","requestId":"2"})")
                  .texts.size(),
              1U);
    const auto masked = read(*it, callback_path::sms,
                             R"({"sourceAddress":"tel:B%4fx/+","message":"STOP","requestId":"3"})");
    ASSERT_EQ(masked.texts.size(), 1U);
    EXPECT_EQ(masked.texts[0].from, address::opaque("channel-1", "tel:B%4fx/+"));
    EXPECT_EQ(part_of(masked.texts[0], "c", noon).error(), errc::invalid_msisdn);
    const auto always = bdapps_sms({{"addresses", "masks"}});
    EXPECT_EQ(read(*always, callback_path::sms,
                   R"({"sourceAddress":"tel:8801812345678","message":"1","requestId":"3"})")
                  .texts.at(0)
                  .from.type(),
              address::kind::opaque);
}

TEST(BdappsSms, AcknowledgesWhatItCannotRead) {
    const auto it = bdapps_sms();
    for (const auto* body : {"", "[]", "{}", "x", R"({"requestId":"1","message":"m"})",
                             R"({"applicationId":"APP_000009","sourceAddress":"tel:8801812345678",)"
                             R"("message":"m","requestId":"1"})"}) {
        const auto reading = read(*it, callback_path::sms, body);
        EXPECT_EQ(reading.status, 200U);
        EXPECT_EQ(reading.body, ack);
        EXPECT_NE(reading.reason, "") << body;
        EXPECT_TRUE(reading.texts.empty());
    }
}

TEST(BdappsSms, ReadsReceipts) {
    const auto it = bdapps_sms();
    const receipt_row rows[] = {
        {"DELIVERED", sms::receipt_state::delivered},  {"DELIVRD", sms::receipt_state::delivered},
        {"EXPIRED", sms::receipt_state::expired},      {"DELETED", sms::receipt_state::failed},
        {"UNDELIVERABLE", sms::receipt_state::failed}, {"UNDELIV", sms::receipt_state::failed},
        {"REJECTED", sms::receipt_state::failed},      {"REJECTD", sms::receipt_state::failed},
        {"ACCEPTED", sms::receipt_state::underway},    {"ACCEPTD", sms::receipt_state::underway},
        {"UNKNOWN", sms::receipt_state::underway}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.said);
        const auto reading =
            read(*it, callback_path::receipts,
                 R"({"destinationAddress":"tel:8801812345678","timeStamp":"20261121101612",)"
                 R"("requestId":"MSG_000111","deliveryStatus":")" +
                     row.said + "\"}");
        expect_one_receipt(reading, "MSG_000111", row.state, "8801812345678");
        EXPECT_EQ(reading.body, ack);
    }
    EXPECT_EQ(read(*it, callback_path::receipts,
                   R"({"destinationAddress":"tel:1","requestId":"2","deliveryStatus":"ODD"})")
                  .passed_over,
              1U);
}

TEST(BdappsSms, ASubscriptionThatEndsIsAnOptOut) {
    const auto said = [](std::string_view status) {
        return R"({"timeStamp":"20261121101612","version":"1.0","applicationId":"APP_012345",)"
               R"("password":"p4ssw0rd","subscriberId":"tel:8801812345678","frequency":"monthly",)"
               R"("status":")" +
               std::string{status} + "\"}";
    };
    const auto it = bdapps_sms();
    const auto left = read(*it, callback_path::events, said("UNREGISTERED"));
    ASSERT_EQ(left.opt_outs.size(), 1U);
    EXPECT_EQ(left.opt_outs[0].from, number("8801812345678"));
    const auto came = read(*it, callback_path::events, said("REGISTERED"));
    EXPECT_TRUE(came.opt_outs.empty());
    EXPECT_EQ(came.passed_over, 1U);
    EXPECT_EQ((left.reason + left.body).find("p4ssw0rd"), std::string::npos);
}

} // namespace
} // namespace uthan::adapters::bdapps_texts
