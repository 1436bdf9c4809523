#include "tests/unit/adapters/sms_cases.hpp"

namespace uthan::adapters::jasmin {
namespace {

using namespace sms_cases;
using enum sms_outcome;

std::unique_ptr<const sms_translator> jasmin_sms() {
    return translator_of("jasmin", {{"url", "http://127.0.0.1:1401/send"},
                                    {"username", "gw"},
                                    {"password", "s3cret"},
                                    {"sender", "77000"},
                                    {"callback_url", "https://gw.example.org/channels/ja"}});
}

TEST(Jasmin, Builds) {
    const auto plain = text_to("8801712345678", "Due 500 + 5%");
    const auto made = jasmin_sms()->build({&plain, 1});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->url, "http://127.0.0.1:1401/send");
    EXPECT_EQ(made->body,
              "username=gw&password=s3cret&from=77000&to=8801712345678&coding=0&content=Due%20500"
              "%20%2B%205%25&validity-period=1440&dlr=yes&dlr-url=https%3A%2F%2Fgw.example.org%2F"
              "channels%2Fja%2Freceipts&dlr-level=2&dlr-method=POST");
    const auto wide = text_to("8801712345678", "১২");
    EXPECT_NE(jasmin_sms()->build({&wide, 1})->body.find("&coding=8&hex-content=09e709e8&"),
              std::string::npos);
}

TEST(Jasmin, Answers) {
    expect_answers(
        *jasmin_sms(),
        {{200, "Success \"07033084-5cfd-4812-90a4-e4d24ffb6e3d\"", accepted,
          "07033084-5cfd-4812-90a4-e4d24ffb6e3d"},
         {200, "Success", unconfirmed, "", "200"},
         {200, "Success \"\"", unconfirmed, "", "200"},
         {403, "Error \"Authentication failure for username:gw\"", credentials, "", "403"},
         {403, "Error \"User throughput exceeded\"", throttled, "", "403"},
         {403, "Error \"Cannot charge submit_sm, check RouterPB log file for details\"", balance,
          "", "403"},
         {400, "Error \"Argument [to] has an invalid value: [x].\"", refused, "", "400"},
         {412, "Error \"No route found\"", later, "", "412"},
         {500, "Error \"Cannot send submit_sm, check SMPPClientManagerPB log file for details\"",
          later, "", "500"},
         {503, "", later, "", "503"}},
        text_to("8801712345678", "x"));
    expect_honesty(*jasmin_sms());
}

TEST(Jasmin, ReadsTexts) {
    const auto it = jasmin_sms();
    const std::string of = "id=5f1&from=8801712345678&to=77000&origin-connector=robi&priority=1";
    const auto wide =
        read(*it, callback_path::sms, of + "&coding=8&content=%09%E7%09%E8%D8%3D&binary=09E709e8");
    expect_one_text(wide, "8801712345678", "১২", "5f1", "77000");
    EXPECT_EQ(wide.body, "ACK/Jasmin");
    expect_one_text(read(*it, callback_path::sms, {}, of + "&coding=0&binary=42414C00"),
                    "8801712345678", "BAL@", "5f1", "77000");
    expect_one_text(read(*it, callback_path::sms, of + "&coding=0&content=BAL+12"), "8801712345678",
                    "BAL 12", "5f1", "77000");
    const auto odd = read(*it, callback_path::sms, of + "&coding=4&binary=00");
    EXPECT_EQ(odd.passed_over, 1U);
    EXPECT_EQ(odd.body, "ACK/Jasmin") << "or it comes again";
    EXPECT_EQ(read(*it, callback_path::sms, "from=1&content=x").status, 400U);
}

TEST(Jasmin, ReadsReceipts) {
    const auto it = jasmin_sms();
    const receipt_row rows[] = {
        {"DELIVRD", sms::receipt_state::delivered},     {"UNDELIV", sms::receipt_state::failed},
        {"EXPIRED", sms::receipt_state::expired},       {"REJECTD", sms::receipt_state::failed},
        {"DELETED", sms::receipt_state::failed},        {"ACCEPTD", sms::receipt_state::underway},
        {"UNKNOWN", sms::receipt_state::underway},      {"ESME_ROK", sms::receipt_state::underway},
        {"ESME_RINVDSTADR", sms::receipt_state::failed}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.said);
        const auto reading =
            read(*it, callback_path::receipts,
                 "id=5f1&level=2&connector=robi&id_smsc=9&sub=001&dlvrd=001&err=000&text=x"
                 "&message_status=" +
                     row.said);
        expect_one_receipt(reading, "5f1", row.state, "");
        EXPECT_EQ(reading.body, "ACK/Jasmin");
    }
    const auto odd = read(*it, callback_path::receipts, "id=5f1&message_status=ODD");
    EXPECT_EQ(odd.passed_over, 1U);
    EXPECT_EQ(odd.body, "ACK/Jasmin");
}

} // namespace
} // namespace uthan::adapters::jasmin
