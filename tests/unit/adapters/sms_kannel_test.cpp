#include "tests/unit/adapters/sms_cases.hpp"

#include "adapters/sms_fields.hpp"
#include "core/digest.hpp"

namespace uthan::adapters::kannel {
namespace {

using namespace sms_cases;
using enum sms_outcome;

std::unique_ptr<const sms_translator> kannel_sms(values more = {}) {
    values all{{"url", "http://127.0.0.1:13013/cgi-bin/sendsms"},
               {"username", "gw"},
               {"password", "s3cret"},
               {"sender", "77000"},
               {"callback_url", "https://gw.example.org/channels/kn"}};
    more.merge(all);
    return translator_of("kannel", more);
}

TEST(Kannel, Builds) {
    const auto message = text_to("8801712345678", "Balance 1500", "42");
    const auto made = kannel_sms()->build({&message, 1});
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->post);
    EXPECT_EQ(made->body, "");
    EXPECT_EQ(made->url,
              "http://127.0.0.1:13013/cgi-bin/sendsms?username=gw&password=s3cret&from=77000"
              "&to=8801712345678&coding=0&text=Balance%201500&validity=1440&charset=UTF-8"
              "&dlr-mask=27&dlr-url=https%3A%2F%2Fgw.example.org%2Fchannels%2Fkn%2Freceipts%3Fid"
              "%3D42%26st%3D%25d");
    const auto quiet = kannel_sms({{"callback_url", ""}, {"smsc", "robi"}});
    const auto url = quiet->build({&message, 1})->url;
    EXPECT_EQ(url.find("dlr"), std::string::npos);
    EXPECT_NE(url.find("&smsc=robi"), std::string::npos);
    EXPECT_FALSE(quiet->capacity().gives_receipts);
}

TEST(Kannel, WritesBanglaAsUtf16) {
    const auto message = text_to("8801712345678", "ব্যালেন্স ১২", "42");
    const auto made = kannel_sms()->build({&message, 1});
    ASSERT_TRUE(made);
    const auto query = read_pairs(made->url.substr(made->url.find('?') + 1)).value();
    EXPECT_EQ(only_value(query, "coding"), "2");
    EXPECT_EQ(only_value(query, "charset"), std::nullopt);
    EXPECT_EQ(to_hex(only_value(query, "text").value()),
              "09ac09cd09af09be09b209c709a809cd09b8002009e709e8");
}

TEST(Kannel, Answers) {
    expect_answers(*kannel_sms(),
                   {{202, "0: Accepted for delivery", accepted, "42"},
                    {202, "3: Queued for later delivery", accepted, "42"},
                    {202, "Sent.", accepted, "42"},
                    {202, "<html>Welcome</html>", unconfirmed, "", "202"},
                    {400, "Missing receiver number, rejected", refused, "", "400"},
                    {400, "Empty receiver number not allowed, rejected", refused, "", "400"},
                    {400, "Charset or body misformed, rejected", refused, "", "400"},
                    {403, "Authorization failed for sendsms", credentials, "", "403"},
                    {403, "Not routable. Do not try again.", refused, "", "403"},
                    {404, "Unknown request.", later, "", "404"},
                    {503, "Temporal failure, try again later.", later, "", "503"},
                    {500, "odd", later, "", "500"}},
                   text_to("8801712345678", "x", "42"));
    expect_honesty(*kannel_sms());
}

TEST(Kannel, ReadsTexts) {
    const auto it = kannel_sms();
    const auto plain = read(*it, callback_path::sms, {},
                            "id=7f3&ts=1795342530&from=%2B8801712345678&to=77000&smsc=robi"
                            "&coding=0&charset=UTF-8&text=BAL+12%25&meta=%3Fsmpp%3F");
    expect_one_text(plain, "8801712345678", "BAL 12%", "7f3", "77000");
    EXPECT_EQ(plain.body, "") << "a body would go back as a text";
    const auto wide = read(*it, callback_path::sms, {},
                           "id=7f4&from=8801712345678&to=77000&coding=2&charset=UTF-16BE"
                           "&text=%09%AC%09%CD%09%AF%09%BE%00%20%09%E7%09%E8");
    expect_one_text(wide, "8801712345678", "ব্যা ১২", "7f4", "77000");
    const std::string_view with_secret = "id=7f4&from=8801712345678&to=77000&coding=2"
                                         "&charset=UTF-16BE&text=%09%AC&secret=s3cr3t";
    expect_one_text(
        read(*kannel_sms({{"callback_secret", "s3cr3t"}}), callback_path::sms, {}, with_secret),
        "8801712345678", "ব", "7f4", "77000");
    expect_one_text(read(*it, callback_path::sms, {},
                         "id=7f5&from=01712345678&to=77000&charset=ISO-8859-1&text=caf%E9"),
                    "8801712345678", "café", "7f5", "77000");
    EXPECT_EQ(read(*it, callback_path::sms, {}, "id=1&from=8801712345678&text=%FF").passed_over,
              1U);
    EXPECT_EQ(read(*it, callback_path::sms, {}, "id=1&from=BRAND&text=x").passed_over, 1U);
    EXPECT_EQ(read(*it, callback_path::sms, {}, "from=8801712345678&text=x").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, {}, "id=1&id=2&text=x").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, {}, "id=%FF&text=x").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, {}, "id=%4").status, 400U);
}

TEST(Kannel, ReadsReceipts) {
    const auto it = kannel_sms();
    const receipt_row rows[] = {
        {"1", sms::receipt_state::delivered}, {"2", sms::receipt_state::failed},
        {"4", sms::receipt_state::underway},  {"8", sms::receipt_state::underway},
        {"16", sms::receipt_state::failed},   {"32", sms::receipt_state::underway}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.said);
        expect_one_receipt(read(*it, callback_path::receipts, {}, "id=42&st=" + row.said), "42",
                           row.state, "");
    }
    EXPECT_EQ(read(*it, callback_path::receipts, {}, "id=42&st=64").passed_over, 1U);
}

} // namespace
} // namespace uthan::adapters::kannel
