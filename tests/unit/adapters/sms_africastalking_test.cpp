#include "tests/unit/adapters/sms_cases.hpp"

namespace uthan::adapters::africastalking_texts {
namespace {

using namespace sms_cases;
using enum sms_outcome;

std::unique_ptr<const sms_translator> at_sms() {
    return translator_of(
        "africastalking",
        {{"username", "mfi_prod"}, {"api_key", "atsk_secret"}, {"sender", "MFIBANK"}});
}

const std::vector<sms_text> two{text_to("254711000111", "Your balance is 1500", "m1"),
                                text_to("254733000222", "Your balance is 1500", "m2")};

TEST(AfricasTalkingSms, Builds) {
    const auto it = at_sms();
    EXPECT_TRUE(it->joins({two.data(), 1}, two[1]));
    EXPECT_FALSE(it->joins({two.data(), 1}, text_to("254733000222", "another")));
    const auto made = it->build(two);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->url, "https://api.africastalking.com/version1/messaging");
    EXPECT_EQ(header_of(*made, "apiKey"), "atsk_secret");
    EXPECT_EQ(header_of(*made, "Accept"), "application/json");
    EXPECT_EQ(made->content_type, "application/x-www-form-urlencoded");
    EXPECT_EQ(made->body,
              "username=mfi_prod&to=%2B254711000111%2C%2B254733000222&message=Your%20balance%20is"
              "%201500&from=MFIBANK&bulkSMSMode=1&enqueue=1");
}

TEST(AfricasTalkingSms, JudgesEachRecipient) {
    const std::vector<sms_text> messages{text_to("254711000111", "x", "m1"),
                                         text_to("25471000000", "x", "m2"),
                                         text_to("254733000222", "x", "m3")};
    const auto answer = at_sms()->read_answer(
        {201,
         R"({"SMSMessageData":{"Message":"Sent to 1/2 Total Cost: KES 0.8000 Message parts: 1",
          "Recipients":[{"statusCode":101,"number":"+254711000111","status":"Success",
          "cost":"KES 0.8000","messageId":"ATXid_a1b2c3d4"},{"statusCode":403,
          "number":"+25471000000","status":"InvalidPhoneNumber","cost":"0","messageId":"None"}]}})"},
        messages);
    EXPECT_EQ(answer.each[0], (sms_result{accepted, "ATXid_a1b2c3d4", "101"}));
    EXPECT_EQ(answer.each[1], (sms_result{refused, "", "403"}));
    EXPECT_EQ(answer.each[2], (sms_result{unconfirmed, "", "201"})) << "no word of it";
}

TEST(AfricasTalkingSms, Answers) {
    const auto recipient = [](std::string_view code) {
        return R"({"SMSMessageData":{"Message":"m","Recipients":[{"statusCode":)" +
               std::string{code} +
               R"(,"number":"+254711000111","status":"s","messageId":"None"}]}})";
    };
    std::vector<answer_row> rows{
        {201, R"({"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}})", credentials,
         "", "InvalidSenderId"},
        {201, R"({"SMSMessageData":{"Message":"Odd thing","Recipients":[]}})", unknown},
        {201, R"({"SMSMessageData":{"Message":"m"}})", unconfirmed, "", "201"},
        {401, "The supplied authentication is invalid", credentials, "", "401"}};
    const std::pair<const char*, sms_outcome> codes[] = {
        {"100", accepted},    {"101", accepted}, {"102", accepted}, {"401", refused},
        {"402", credentials}, {"403", refused},  {"404", refused},  {"405", balance},
        {"406", blocked},     {"407", refused},  {"409", blocked},  {"500", later},
        {"501", later},       {"502", unknown},  {"999", unknown}};
    for (const auto& [code, what] : codes) {
        rows.push_back({201, recipient(code), what, "", code});
    }
    expect_answers(*at_sms(), rows, two[0]);
    expect_honesty(*at_sms());
}

TEST(AfricasTalkingSms, ReadsTexts) {
    const auto it = at_sms();
    const auto reading = read(
        *it, callback_path::sms,
        "linkId=&text=BAL+12&to=20880&id=e0f1a2b3-1111-2222-3333-444455556666&date=2026-11-21+10"
        "%3A15%3A30&from=%2B254711000111&cost=None&networkCode=63902");
    expect_one_text(reading, "254711000111", "BAL 12", "e0f1a2b3-1111-2222-3333-444455556666",
                    "20880");
    EXPECT_EQ(read(*it, callback_path::sms, "text=x&from=%2B254711000111").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, "id=1&text=x").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, "id=1&from=%2B254711000111").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, "id=1&from=BRAND&text=x").passed_over, 1U);
}

TEST(AfricasTalkingSms, ReadsReceipts) {
    const auto it = at_sms();
    const receipt_row rows[] = {{"Sent", sms::receipt_state::underway},
                                {"Submitted", sms::receipt_state::underway},
                                {"Buffered", sms::receipt_state::underway},
                                {"Success", sms::receipt_state::delivered},
                                {"Rejected", sms::receipt_state::failed},
                                {"Failed", sms::receipt_state::failed},
                                {"AbsentSubscriber", sms::receipt_state::failed},
                                {"Expired", sms::receipt_state::expired}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.said);
        expect_one_receipt(read(*it, callback_path::receipts,
                                "id=ATXid_1&status=" + row.said +
                                    "&phoneNumber=%2B254711000111&networkCode=63902"),
                           "ATXid_1", row.state, "254711000111");
    }
    const auto odd = read(*it, callback_path::receipts, "id=1&status=Odd");
    EXPECT_EQ(odd.status, 200U);
    EXPECT_EQ(odd.passed_over, 1U);
    EXPECT_EQ(read(*it, callback_path::receipts, "status=Success").status, 400U);
}

TEST(AfricasTalkingSms, ReadsOptOutsAndSubscriptions) {
    const auto it = at_sms();
    const auto out =
        read(*it, callback_path::events, "senderId=MFIBANK&phoneNumber=%2B254711000111");
    ASSERT_EQ(out.opt_outs.size(), 1U);
    EXPECT_EQ(out.opt_outs[0].sender, "MFIBANK");
    const std::string of = "phoneNumber=%2B254711000111&shortCode=20880&keyword=mfi&updateType=";
    EXPECT_EQ(read(*it, callback_path::events, of + "deletion").opt_outs.size(), 1U);
    EXPECT_EQ(read(*it, callback_path::events, of + "Deletion").opt_outs.at(0).sender, "20880");
    EXPECT_EQ(read(*it, callback_path::events, of + "addition").opt_outs.size(), 0U);
    // The end of a USSD session comes on the same path.
    const auto ended = read(*it, callback_path::events,
                            "sessionId=A&status=Success&phoneNumber=%2B254711000111&input=1*4321");
    EXPECT_EQ(ended.passed_over, 1U);
    EXPECT_TRUE(ended.opt_outs.empty());
}

} // namespace
} // namespace uthan::adapters::africastalking_texts
