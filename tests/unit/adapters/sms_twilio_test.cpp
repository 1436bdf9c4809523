#include "adapters/twilio/signature.hpp"
#include "tests/unit/adapters/sms_cases.hpp"

namespace uthan::adapters::twilio {
namespace {

using namespace sms_cases;
using enum sms_outcome;

constexpr std::string_view token = "0123456789abcdef0123456789abcdef";

std::unique_ptr<const sms_translator> twilio_sms(values more = {}) {
    values all{{"account_sid", "AC00000000000000000000000000000001"},
               {"auth_token", std::string{token}},
               {"sender", "+15005550006"},
               {"callback_url", "https://gw.example.org/channels/tw"}};
    more.merge(all);
    return translator_of("twilio", more);
}

TEST(TwilioSignature, OfThePublishedVectors) {
    const octet_pairs call{{"CallSid", "CA1234567890ABCDE"},
                           {"Caller", "+12349013030"},
                           {"Digits", "1234"},
                           {"From", "+12349013030"},
                           {"To", "+18005551212"}};
    const std::string url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    EXPECT_EQ(signature_of("12345", url, call), "0/KCTR6DLpKmkAf8muzZqo1nDgQ=");
    auto other = call;
    other[1].second = other[3].second = "+14158675309";
    EXPECT_EQ(signature_of("12345", url, other), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    const octet_pairs text{{"To", "+15005550006"},
                           {"Body", "BAL 12"},
                           {"SmsStatus", "received"},
                           {"AccountSid", "AC00000000000000000000000000000001"},
                           {"ApiVersion", "2010-04-01"},
                           {"From", "+8801712345678"},
                           {"MessageSid", "SM00000000000000000000000000000001"},
                           {"SmsMessageSid", "SM00000000000000000000000000000001"},
                           {"SmsSid", "SM00000000000000000000000000000001"},
                           {"NumMedia", "0"},
                           {"NumSegments", "1"}};
    EXPECT_EQ(signature_of(token, "https://gw.example.org/twilio/sms", text),
              "ne5tqCBOj7blIkGW39+kCrKQGlk=");
}

TEST(Twilio, Builds) {
    const auto message = text_to("8801712345678", "Your balance is 1500 + 5%");
    const auto made = twilio_sms()->build({&message, 1});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->url, "https://api.twilio.com/2010-04-01/Accounts/"
                         "AC00000000000000000000000000000001/Messages.json");
    EXPECT_EQ(
        header_of(*made, "Authorization"),
        "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMTowMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4"
        "OWFiY2RlZg==");
    EXPECT_EQ(made->body,
              "To=%2B8801712345678&From=%2B15005550006&Body=Your%20balance%20is%201500%20%2B%205%25"
              "&ValidityPeriod=14400&StatusCallback="
              "https%3A%2F%2Fgw.example.org%2Fchannels%2Ftw%2Freceipts");
    const auto with_key =
        twilio_sms({{"username", "SK1"}, {"api_key", "skey"}})->build({&message, 1});
    EXPECT_EQ(header_of(*with_key, "Authorization"), "Basic U0sxOnNrZXk=");
    const auto by_service = twilio_sms({{"sender", ""}, {"messaging_service", "MG1"}});
    EXPECT_NE(by_service->build({&message, 1})->body.find("&MessagingServiceSid=MG1&"),
              std::string::npos);
    const auto long_text = text_to("8801712345678", std::string(1601, 'a'));
    auto wide = settings_of({{"account_sid", "AC1"},
                             {"auth_token", "t"},
                             {"sender", "x"},
                             {"callback_url", "https://h/c"}});
    wide.parts_max = 16;
    EXPECT_EQ(translator_from("twilio", wide)->build({&long_text, 1}).error(), errc::too_large);
}

TEST(Twilio, Answers) {
    const auto error = [](std::string_view code) {
        return R"({"code":)" + std::string{code} +
               R"(,"message":"m","more_info":"https://x","status":400})";
    };
    expect_answers(
        *twilio_sms(),
        {{201,
          R"({"sid":"SM0123456789abcdef0123456789abcdef","account_sid":"AC","to":"+8801712345678",
            "messaging_service_sid":null,"body":"Your balance is 1500","status":"queued",
            "num_segments":"1","error_code":null,"error_message":null,"price":null})",
          accepted, "SM0123456789abcdef0123456789abcdef"},
         {201, R"({"sid":"SM1","status":"failed","error_code":30007})", refused, "", "30007"},
         {201, R"({"status":"queued"})", unconfirmed, "", "201"},
         {401, error("20003"), credentials, "", "20003"},
         {429, error("20429"), throttled, "", "20429"},
         {400, error("21211"), refused, "", "21211"},
         {400, error("21408"), credentials, "", "21408"},
         {400, error("21610"), blocked, "", "21610"},
         {400, error("21614"), refused, "", "21614"},
         {400, error("21617"), refused, "", "21617"},
         {429, error("63018"), throttled, "", "63018"},
         {400, error("29999"), unknown, "", "29999"},
         {500, error("20500"), unconfirmed, "", "20500"}},
        text_to("8801712345678", "x"));
    expect_honesty(*twilio_sms());
}

callback_reading signed_call(const sms_translator& it, callback_path at, std::string_view path,
                             std::string_view body, std::string_view query = {},
                             std::string_view key = token) {
    auto url = "https://gw.example.org/channels/tw/" + std::string{path};
    url += query.empty() ? "" : "?" + std::string{query};
    const auto signature = signature_of(key, url, read_pairs(body).value());
    auto request = callback(at, body, query);
    request.header = [&](std::string_view name) -> std::string_view {
        return name == "X-Twilio-Signature" ? std::string_view{signature} : std::string_view{};
    };
    return it.read_callback(request, noon);
}

constexpr std::string_view text_body =
    "ToCountry=US&SmsMessageSid=SM1&NumMedia=0&SmsSid=SM1&SmsStatus=received&FromCountry=BD&"
    "Body=BAL+%E0%A7%A7%E0%A7%A8&To=%2B15005550006&NumSegments=1&MessageSid=SM1&AccountSid=AC1&"
    "From=%2B8801712345678&ApiVersion=2010-04-01";

TEST(Twilio, ReadsSignedTexts) {
    const auto it = twilio_sms();
    const auto reading = signed_call(*it, callback_path::sms, "sms", text_body);
    expect_one_text(reading, "8801712345678", "BAL ১২", "SM1", "+15005550006");
    EXPECT_EQ(reading.content_type, "text/xml");
    EXPECT_EQ(reading.body, R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)");
}

TEST(Twilio, RefusesAWrongSignature) {
    const auto it = twilio_sms();
    EXPECT_EQ(read(*it, callback_path::sms, text_body).status, 403U) << "without one";
    EXPECT_EQ(signed_call(*it, callback_path::sms, "receipts", text_body).status, 403U);
    EXPECT_EQ(signed_call(*it, callback_path::sms, "sms", text_body, {}, "12345").status, 403U);
    auto request = callback(callback_path::sms, text_body);
    request.header = [](std::string_view) -> std::string_view { return "AAAA"; };
    EXPECT_EQ(it->read_callback(request, noon).status, 403U);
    EXPECT_EQ(signed_call(*it, callback_path::sms, "sms", "Body=x&From=%2B8801712345678").status,
              400U)
        << "signed, but without an id";
    EXPECT_EQ(read(*it, callback_path::sms, "Body=%zz").status, 400U);
}

TEST(Twilio, ReadsReceipts) {
    const auto it = twilio_sms();
    const receipt_row rows[] = {{"queued", sms::receipt_state::underway},
                                {"accepted", sms::receipt_state::underway},
                                {"scheduled", sms::receipt_state::underway},
                                {"sending", sms::receipt_state::underway},
                                {"sent", sms::receipt_state::underway},
                                {"partially_delivered", sms::receipt_state::underway},
                                {"delivered", sms::receipt_state::delivered},
                                {"read", sms::receipt_state::delivered},
                                {"undelivered", sms::receipt_state::failed},
                                {"failed", sms::receipt_state::failed},
                                {"canceled", sms::receipt_state::failed}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.said);
        const auto reading = signed_call(*it, callback_path::receipts, "receipts",
                                         "MessageSid=SM1&ErrorCode=30007&To=%2B8801712345678"
                                         "&AccountSid=AC1&MessageStatus=" +
                                             row.said,
                                         "m=42");
        expect_one_receipt(reading, "SM1", row.state, "8801712345678");
        EXPECT_EQ(reading.receipts[0].error, 30007U);
    }
    EXPECT_EQ(
        signed_call(*it, callback_path::receipts, "receipts", "MessageSid=SM1&MessageStatus=x")
            .passed_over,
        1U);
}

} // namespace
} // namespace uthan::adapters::twilio
