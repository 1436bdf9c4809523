#include "adapters/http_sms/template.hpp"
#include "tests/unit/adapters/sms_cases.hpp"
#include "texts/toml.hpp"

#include <algorithm>
#include <filesystem>

// The configurable adapter: the files of config/channels/sms, each with what its provider says.
namespace uthan::adapters::http_sms {
namespace {

using namespace sms_cases;
using enum sms_outcome;
namespace fs = std::filesystem;

const fs::path directory = fs::path(UTHAN_SOURCE_DIR) / "config/channels/sms";

/// The file's table, without what belongs to every channel; secrets as the environment gives them.
sms_settings example(const std::string& name) {
    const auto file = toml::parse_file((directory / (name + ".toml")).string());
    const auto& table = *file["channels"][0].as_table();
    EXPECT_EQ(table["adapter"].value<std::string>(), "http") << name;
    auto as = settings_of({});
    for (const auto& [key, value] : table) {
        const std::string known{key.str()};
        if (known == "name" || known == "adapter" || known == "organisation" ||
            known == "operator") {
            continue;
        }
        if (const auto* list = value.as_array()) {
            for (const auto& item : *list) {
                as.lists[known].push_back(item.value<std::string>().value());
            }
        } else {
            as.values[known] = value.value<std::string>().value();
        }
    }
    std::string text;
    for (const auto& [key, value] : as.values) {
        text += value;
    }
    for (const auto* secret : {"api_key", "api_secret", "password"}) {
        const bool in_header = name == "muthofun" || name == "two-way";
        if (text.find("{{" + std::string{secret} + "}}") != std::string::npos ||
            (in_header && std::string_view{secret} == "api_key")) {
            as.values[secret] = std::string{secret} + "-1";
        }
    }
    return as;
}

struct provider {
    std::string name;
    bool post = true;
    std::string url;
    std::string body; ///< for "Due 5%" to 8801712345678
    std::vector<answer_row> answers;
};

const std::vector<provider>& providers() {
    static const std::vector<provider> all{
        {"bulksmsbd",
         true,
         "https://bulksmsbd.net/api/smsapi",
         "api_key=api_key-1&type=text&number=8801712345678&senderid=8809601000000&message=Due%205"
         "%25",
         {{200,
           R"({"response_code":202,"message_id":1234567,)"
           R"("success_message":"SMS Submitted Successfully 1","error_message":""})",
           accepted, "1234567", "202"},
          {200, R"({"response_code":1001,"error_message":"x"})", refused, "", "1001"},
          {200, R"({"response_code":1002})", credentials, "", "1002"},
          {200, R"({"response_code":1005})", later, "", "1005"},
          {200, R"({"response_code":1007})", balance, "", "1007"},
          {200, R"({"response_code":1032})", credentials, "", "1032"},
          {200, R"({"response_code":1999})", unknown, "", "1999"}}},
        {"alpha",
         true,
         "https://api.sms.net.bd/sendsms",
         "api_key=api_key-1&msg=Due%205%25&to=8801712345678&sender_id=MSS",
         {{200,
           R"({"error":0,"msg":"Request successfully submitted",)"
           R"("data":{"request_id":12345}})",
           accepted, "12345", "0"},
          {200, R"({"error":416,"msg":"x"})", refused, "", "416"},
          {200, R"({"error":417,"msg":"x"})", balance, "", "417"},
          {403, R"({"error":405,"msg":"x"})", credentials, "", "405"}}},
        {"greenweb",
         true,
         "https://api.bdbulksms.net/api.php?json",
         "token=api_key-1&to=%2B8801712345678&message=Due%205%25",
         {{200,
           R"([{"to":"+8801712345678","message":"x","status":"SENT",)"
           R"("statusmsg":"SMS Sent Successfully To 8801712345678"}])",
           accepted, "", "SENT"},
          {200, R"([{"to":"+8801712345678","status":"FAILED","statusmsg":"x"}])", unknown, "",
           "FAILED"},
          {200, "[]", unconfirmed, "", "200"}}},
        {"mim",
         true,
         "https://api.mimsms.com/api/SmsSending/SMS",
         R"({"UserName":"gateway@mss.example","Apikey":"api_key-1",)"
         R"("MobileNumber":"8801712345678","CampaignId":"null","SenderName":"MSS",)"
         R"("TransactionType":"T","Message":"Due 5%"})",
         {{200,
           R"({"statusCode":"200","status":"Success","trxnId":"1OSY77",)"
           R"("responseResult":"x"})",
           accepted, "1OSY77", "200"},
          {200, R"({"statusCode":"206"})", refused, "", "206"},
          {200, R"({"statusCode":"216"})", balance, "", "216"},
          {200, R"({"statusCode":"401"})", credentials, "", "401"},
          {200, R"({"statusCode":"221"})", unknown, "", "221"}}},
        {"adn",
         true,
         "https://portal.adnsms.com/api/v1/secure/send-sms",
         "api_key=api_key-1&api_secret=api_secret-1&request_type=SINGLE_SMS&message_type=TEXT&"
         "senderid=MSS&mobile=8801712345678&message_body=Due%205%25",
         {{200, "whatever", accepted, "", "200"}, {401, "", credentials, "", "401"}}},
        {"muthofun",
         true,
         "https://sysadmin.muthobarta.com/api/v1/send-sms",
         R"({"sender_id":"8809600000000","receiver":"8801712345678","message":"Due 5%",)"
         R"("remove_duplicate":true})",
         {{201, "{}", accepted, "", "201"},
          {204, "", unconfirmed, "", "204"},
          {429, "", throttled, "", "429"}}},
        {"elitbuzz",
         true,
         "https://sms.elitbuzz.example/smsapi",
         "api_key=api_key-1&type=text&senderid=8809600000000&contacts=8801712345678&msg=Due%205%25",
         {{200, "x", accepted, "", "200"}}},
        {"reve",
         false,
         "https://smpp.revesms.com:7790/sendtext?apikey=api_key-1&secretkey=api_secret-1&callerID="
         "8809600000000&toUser=8801712345678&messageContent=Due%205%25",
         "",
         {{200, R"({"Status":"0","Text":"ACCEPTD","Message_ID":"m77"})", accepted, "m77", "0"},
          {200, R"({"Status":"9","Text":"x"})", unknown, "", "9"}}},
        {"grameenphone",
         true,
         "https://gpcmp.grameenphone.com/ecmapigw/webresources/ecmapigw.v2",
         R"({"username":"mss","password":"password-1","apicode":"1","msisdn":"01712345678",)"
         R"("countrycode":"880","cli":"MSS","messagetype":"1","message":"Due 5%",)"
         R"("messageid":"0"})",
         {{200, R"({"statusCode":"200","message":"x"})", accepted, "", "200"},
          {200, R"({"statusCode":"1010","message":"x"})", unknown, "", "1010"}}},
        {"banglalink",
         true,
         "https://vas.banglalink.net/sendSMS/sendSMS",
         "userID=mss&passwd=password-1&sender=MSS&msisdn=8801712345678&message=Due%205%25",
         {{200, "Success Count : 1 and Fail Count : 0", accepted, "", "1"},
          {200, "Success Count : 0 and Fail Count : 1\n", unknown, "", "0"},
          {200, "Success Count : 1", unconfirmed, "", "200"},
          {200, "Invalid user", unconfirmed, "", "200"}}},
        {"robi",
         false,
         "https://api.mobireach.com.bd/SendTextMessage?Username=mss&Password=password-1&From="
         "8801800000000&To=8801712345678&Message=Due%205%25",
         "",
         {{200,
           "<ArrayOfServiceClass><ServiceClass><MessageId>99</MessageId><Status>0</Status>"
           "<ErrorCode>0</ErrorCode></ServiceClass></ArrayOfServiceClass>",
           accepted, "99", "0"},
          {200,
           "<ArrayOfServiceClass><ServiceClass><ErrorCode>1501</ErrorCode></ServiceClass>"
           "</ArrayOfServiceClass>",
           credentials, "", "1501"}}},
        {"two-way",
         true,
         "https://sms.provider.example/v1/messages",
         "<message id=\"m1\" minutes=\"1440\"><to>8801712345678</to><from>16247</from><coding>gsm"
         "</coding><body>Due 5%</body><receipts>https://gw.example.org/channels/two-way-7b2e19/"
         "receipts?key=m1</receipts></message>",
         {{200, "<answer code=\"0\"><id>p9</id></answer>", accepted, "m1", "0"},
          {200, "<answer code=\"opted-out\"/>", blocked, "", "opted-out"},
          {200, "<answer code=\"slow-down\"/>", throttled, "", "slow-down"},
          {500, "<answer code=\"0\"><id>p9</id></answer>", unconfirmed, "", "0"}}}};
    return all;
}

class HttpSms : public testing::TestWithParam<provider> {};

TEST_P(HttpSms, BuildsAndReads) {
    const auto& p = GetParam();
    const auto it = translator_from("http", example(p.name));
    ASSERT_NE(it, nullptr);
    const auto message = text_to("8801712345678", "Due 5%");
    const auto made = it->build({&message, 1});
    ASSERT_TRUE(made);
    EXPECT_EQ(made->post, p.post);
    EXPECT_EQ(made->url, p.url);
    EXPECT_EQ(made->body, p.body);
    expect_answers(*it, p.answers, message);
    const bool by_status =
        example(p.name).value("code_from").empty() && example(p.name).value("answer_line").empty();
    if (!by_status) {
        expect_honesty(*it);
    }
    const auto wide = text_to("8801712345678", bangla);
    EXPECT_TRUE(it->build({&wide, 1}));
}

INSTANTIATE_TEST_SUITE_P(OfTheExamples, HttpSms, testing::ValuesIn(providers()),
                         [](const auto& of) {
                             auto name = of.param.name;
                             std::erase(name, '-');
                             return name;
                         });

TEST(HttpSmsFiles, EachHasItsTable) {
    std::size_t seen = 0;
    for (const auto& entry : fs::directory_iterator(directory)) {
        const auto name = entry.path().stem().string();
        EXPECT_TRUE(std::ranges::any_of(providers(), [&](const auto& p) { return p.name == name; }))
            << name;
        ++seen;
    }
    EXPECT_EQ(seen, providers().size());
}

TEST(HttpSms, MarksWhatIsUnicode) {
    const auto it = translator_from("http", example("bulksmsbd"));
    const auto wide = text_to("8801712345678", "১২");
    EXPECT_NE(it->build({&wide, 1})->body.find("&type=unicode&"), std::string::npos);
    const auto header = translator_from("http", example("muthofun"))->build({&wide, 1});
    EXPECT_EQ(header_of(*header, "Authorization"), "Token api_key-1");
}

TEST(HttpSms, ReadsTheIdOfAnXmlAnswerWhoseStatusIsTheCode) {
    auto as = example("robi");
    as.values.erase("code_from");
    as.lists["accepted_codes"] = {"200"};
    const auto it = translator_from("http", as);
    ASSERT_NE(it, nullptr);
    const auto message = text_to("8801712345678", "Due 5%");
    const auto answer = it->read_answer(
        {200, "<ArrayOfServiceClass><ServiceClass><MessageId>77</MessageId></ServiceClass>"
              "</ArrayOfServiceClass>"},
        {&message, 1});
    ASSERT_EQ(answer.each.size(), 1U);
    EXPECT_EQ(answer.each.front().what, sms_outcome::accepted);
    EXPECT_EQ(answer.each.front().external_id, "77");
}

TEST(HttpSms, ReadsTextsAndReceipts) {
    auto as = example("two-way");
    as.values["callback_secret"] = "s3cret";
    const auto it = translator_from("http", as);
    const auto text =
        read(*it, callback_path::sms,
             R"({"from":"01712345678","to":"16247","text":"BAL ১২","id":"t1"})", "secret=s3cret");
    expect_one_text(text, "8801712345678", "BAL ১২", "t1", "16247");
    EXPECT_EQ(text.body, R"({"ok":true})");
    EXPECT_EQ(text.content_type, "application/json");
    const receipt_row rows[] = {{"delivered", sms::receipt_state::delivered},
                                {"rejected", sms::receipt_state::failed},
                                {"expired", sms::receipt_state::expired},
                                {"queued", sms::receipt_state::underway}};
    for (const auto& row : rows) {
        const auto receipt = read(*it, callback_path::receipts,
                                  "msisdn=8801712345678&state=" + row.said, "key=m1&secret=s3cret");
        expect_one_receipt(receipt, "m1", row.state, "8801712345678");
        EXPECT_EQ(receipt.body, "OK");
    }
    EXPECT_EQ(read(*it, callback_path::receipts, "state=odd", "key=m1&secret=s3cret").passed_over,
              1U);
    EXPECT_EQ(read(*it, callback_path::receipts, "state=delivered", "key=m1").status, 403U);
    EXPECT_EQ(read(*it, callback_path::receipts, "state=delivered", "secret=s3cret").status, 400U);
    EXPECT_EQ(read(*it, callback_path::sms, "{", "secret=s3cret").status, 400U);
}

TEST(HttpSms, SettingsThatAreWrongAreNamed) {
    struct row {
        std::string key;
        std::string value;
        std::string problem; ///< the key that is named
    };
    const row rows[] = {{"url", "", "url"},
                        {"url", "ftp://h/x", "url"},
                        {"url", "https://{{to}}/x", "url"},
                        {"url", "https://u:p@h/x", "url"},
                        {"body", "a={{odd}}", "body"},
                        {"body", "a={{text", "body"},
                        {"body", "to={{to}}", "body"},
                        {"body", "text={{text}}", "body"},
                        {"method", "PUT", "method"},
                        {"method", "GET", "body"},
                        {"body_format", "yaml", "body_format"},
                        {"body_format", "json", "body"},
                        {"answer_format", "text", "answer_line"},
                        {"answer_line", "{{code}}", "answer_line"},
                        {"unicode_kind", "text", "unicode_kind"},
                        {"sender", "", "sender"},
                        {"text_from", "text", "text_number_from"},
                        {"receipt_id_from", "id", "receipt_state_from"},
                        {"odd_key", "x", "odd_key"}};
    for (const auto& r : rows) {
        SCOPED_TRACE(r.key + "=" + r.value);
        auto as = example("bulksmsbd");
        as.values[r.key] = r.value;
        std::vector<sms_problem> problems;
        EXPECT_EQ(make_sms_translator(*find_sms_adapter("http"), as, problems), nullptr);
        EXPECT_TRUE(
            std::ranges::any_of(problems, [&](const auto& p) { return p.key == r.problem; }));
        for (const auto& p : problems) {
            EXPECT_EQ(p.says.find("api_key-1"), std::string::npos);
        }
    }
    auto as = example("bulksmsbd");
    as.lists["refused_codes"].emplace_back("202");
    as.lists["headers"] = {"no colon"};
    std::vector<sms_problem> problems;
    EXPECT_EQ(make_sms_translator(*find_sms_adapter("http"), as, problems), nullptr);
    EXPECT_EQ(problems.size(), 2U);
}

TEST(HttpSmsLines, AreReadByTheirPattern) {
    struct row {
        std::string pattern;
        std::string text;
        bool matches;
        std::string code = {};
        std::string id = {};
    };
    const row rows[] = {{"{{code}},{{any}}", "200,ok, yes", true, "200"},
                        {"{{code}}||{{any}}||{{id}}/", "1900||8801||77/", true, "1900", "77"},
                        {"{{code}}||{{any}}||{{id}}/", "1900||8801||77", false},
                        {"OK {{code}}", "OK 5\r\nmore", true, "5"},
                        {"OK {{code}}", "ok 5", false},
                        {"OK {{code}}", "", false},
                        {"{{code}}", "", true, ""}};
    for (const auto& r : rows) {
        SCOPED_TRACE(r.pattern + " " + r.text);
        ASSERT_EQ(pattern_fault(r.pattern), "");
        const auto got = read_line(r.pattern, r.text);
        EXPECT_EQ(got.matches, r.matches);
        EXPECT_EQ(got.code, r.code);
        EXPECT_EQ(got.id, r.id);
    }
    for (const auto* bad : {"", "x", "{{code", "{{code}}{{any}}", "{{odd}} {{code}}", "{{id}}"}) {
        EXPECT_NE(pattern_fault(bad), "") << bad;
    }
}

} // namespace
} // namespace uthan::adapters::http_sms
