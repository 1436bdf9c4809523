#include "tests/unit/adapters/adapter_cases.hpp"
#include "tests/unit/adapters/link_files.hpp"

#include <gtest/gtest.h>

// One table for each example in config/channels: what its provider sends and expects.
namespace uthan::adapters::ussd_http {
namespace {

using testing_cases::body_field;
using testing_cases::body_kind;

const numbering plan;
const channel_context on{"link", "*384*1#", plan};

struct provider {
    std::string name = {};
    std::size_t block = 0;
    body_kind kind = body_kind::json;
    std::vector<body_field> good = {}; ///< a turn that goes on
    std::string path = {};             ///< of that turn
    std::string input = {};            ///< the field with what was typed
    std::string kind_field = {};       ///< empty: in the path
    std::string begin = {};            ///< value of the kind, or path
    std::string end = {};              ///< the same; empty: there is none
    std::string request_id = {};
    std::string service_code = "*384*1#";
    std::string network = {};
    std::string expected_number = "8801812345678";
    std::string going_on = {}; ///< the body for "1 <a> & \"b\"\n2"
    std::string last = {};     ///< the same as the last screen
    std::string end_answer = {};
};

const std::vector<provider>& providers() {
    static const std::vector<provider> all{
        {.name = "hubtel",
         .good = {{"Type", "Response", true},
                  {"Mobile", "8801812345678", true},
                  {"SessionId", "3c796dac28174f739de4262d08409c51", true},
                  {"ServiceCode", "71300"},
                  {"Message", "4821", true, true},
                  {"Operator", "robi-bd"},
                  {"Sequence", "2", false, false, true},
                  {"ClientState", "menu:main"},
                  {"Platform", "USSD"}},
         .input = "Message",
         .kind_field = "Type",
         .begin = "Initiation",
         .end = "Timeout",
         .request_id = "2",
         .network = "robi-bd",
         .going_on = R"({"SessionId":"3c796dac28174f739de4262d08409c51","Type":"Response",)"
                     R"("Message":"1 <a> & \"b\"\n2","Label":"71300","DataType":"input",)"
                     R"("FieldType":"text","ClientState":""})",
         .last = R"({"SessionId":"3c796dac28174f739de4262d08409c51","Type":"Release",)"
                 R"("Message":"1 <a> & \"b\"\n2","Label":"71300","DataType":"input",)"
                 R"("FieldType":"text","ClientState":""})",
         .end_answer = R"({"SessionId":"3c796dac28174f739de4262d08409c51","Type":"Release",)"
                       R"("Message":"","Label":"","DataType":"display","FieldType":"text",)"
                       R"("ClientState":""})"},
        {.name = "arkesel",
         .good = {{"sessionID", "16614-abc", true},
                  {"userID", "USER_1"},
                  {"newSession", "false", true, false, true},
                  {"msisdn", "8801812345678", true},
                  {"userData", "4821", true, true},
                  {"network", "ROBI"}},
         .input = "userData",
         .kind_field = "newSession",
         .begin = "true",
         .network = "ROBI",
         .going_on = R"({"sessionID":"16614-abc","userID":"USER_1","msisdn":"8801812345678",)"
                     R"("message":"1 <a> & \"b\"\n2","continueSession":true})",
         .last = R"({"sessionID":"16614-abc","userID":"USER_1","msisdn":"8801812345678",)"
                 R"("message":"1 <a> & \"b\"\n2","continueSession":false})"},
        {.name = "nalo",
         .good = {{"USERID", "NALOTest"},
                  {"MSISDN", "233244000111", true},
                  {"USERDATA", "4821", true, true},
                  {"MSGTYPE", "false", true, false, true},
                  {"NETWORK", "MTN"},
                  {"SESSIONID", "1661987", true}},
         .input = "USERDATA",
         .kind_field = "MSGTYPE",
         .begin = "true",
         .network = "MTN",
         .expected_number = "233244000111",
         .going_on = R"({"USERID":"NALOTest","MSISDN":"233244000111","USERDATA":"4821",)"
                     R"("MSG":"1 <a> & \"b\"\n2","MSGTYPE":true})",
         .last = R"({"USERID":"NALOTest","MSISDN":"233244000111","USERDATA":"4821",)"
                 R"("MSG":"1 <a> & \"b\"\n2","MSGTYPE":false})"},
        {.name = "infobip-ussd",
         .good = {{"msisdn", "8801812345678", true},
                  {"imsi", "470011234567890"},
                  {"text", "4821", true, true},
                  {"shortCode", "*384*1#"},
                  {"language", "null", false, false, true},
                  {"optional", "abcd"},
                  {"ussdGwId", "7"}},
         .path = "/session/17a%2Db/response",
         .input = "text",
         .begin = "/session/17a%2Db/start",
         .end = "/session/17a%2Db/end",
         .going_on = R"({"shouldClose":false,"ussdMenu":"1 <a> & \"b\"\n2",)"
                     R"("responseExitCode":200,"responseMessage":""})",
         .last = R"({"shouldClose":true,"ussdMenu":"1 <a> & \"b\"\n2",)"
                 R"("responseExitCode":200,"responseMessage":""})",
         .end_answer = R"({"responseExitCode":200,"responseMessage":""})"}};
    return all;
}

std::string reason_of(const parsed<ussd_event>& outcome) {
    const auto* refused = std::get_if<rejection>(&outcome);
    return refused == nullptr ? "" : refused->reason;
}

parsed<ussd_event> read(const prepared_link& link, std::string_view path, std::string_view body) {
    return parse_ussd(link, {path, {}, body, nullptr}, on);
}

class Provider : public testing::TestWithParam<provider> {};

TEST_P(Provider, NegativeCases) {
    const auto& p = GetParam();
    const auto link = link_files::prepared(link_files::example(p.name, p.block));
    testing_cases::run_negative_cases(
        p.good, p.kind, [&](std::string_view body) { return reason_of(read(link, p.path, body)); });
}

/// The good turn with another kind.
parsed<ussd_event> read_kind(const provider& p, const prepared_link& link,
                             const std::string& kind) {
    auto fields = p.good;
    for (auto& f : fields) {
        f.value = f.name == p.kind_field ? kind : f.value;
    }
    const auto& path = p.kind_field.empty() ? kind : p.path;
    return read(link, path, testing_cases::body_of(fields, p.kind));
}

TEST_P(Provider, ATurnThatGoesOn) {
    const auto& p = GetParam();
    const auto link = link_files::prepared(link_files::example(p.name, p.block));
    const auto outcome = read(link, p.path, testing_cases::body_of(p.good, p.kind));
    ASSERT_EQ(reason_of(outcome), "");
    const auto& turn = std::get<ussd_turn>(std::get<ussd_event>(outcome));
    EXPECT_EQ(turn.turn.style, sessions::turn_style::input);
    EXPECT_FALSE(turn.turn.begins);
    EXPECT_EQ(turn.turn.input, "4821");
    EXPECT_EQ(turn.turn.dialled, "");
    EXPECT_EQ(turn.turn.history, "");
    EXPECT_EQ(turn.turn.subscriber.reveal(), p.expected_number);
    EXPECT_EQ(turn.turn.request_id, p.request_id);
    EXPECT_EQ(turn.turn.service_code, p.service_code);
    EXPECT_EQ(turn.turn.network_code, p.network);
    EXPECT_EQ(turn.number_as_sent, p.expected_number);

    const auto going_on = render_screen(link, turn, "1 <a> & \"b\"\n2", false);
    EXPECT_EQ(going_on.body, p.going_on);
    EXPECT_EQ(going_on.content_type, "application/json");
    EXPECT_EQ(render_screen(link, turn, "1 <a> & \"b\"\n2", true).body, p.last);
}

TEST_P(Provider, TheBeginningHasWhatWasDialled) {
    const auto& p = GetParam();
    const auto link = link_files::prepared(link_files::example(p.name, p.block));
    auto dialled = p;
    for (auto& f : dialled.good) {
        f.value = f.name == p.input ? "*384*1*2#" : f.value;
    }
    const auto outcome = read_kind(dialled, link, p.begin);
    ASSERT_EQ(reason_of(outcome), "");
    const auto& turn = std::get<ussd_turn>(std::get<ussd_event>(outcome)).turn;
    EXPECT_TRUE(turn.begins);
    EXPECT_EQ(turn.input, "");
    EXPECT_EQ(turn.dialled, "*384*1*2#");
}

TEST_P(Provider, TheEndIsANoticeWithItsOwnAnswer) {
    const auto& p = GetParam();
    const auto link = link_files::prepared(link_files::example(p.name, p.block));
    if (p.end.empty()) {
        EXPECT_TRUE(link.as.end_values.empty()) << "this provider tells no end";
        return;
    }
    const auto outcome = read_kind(p, link, p.end);
    ASSERT_EQ(reason_of(outcome), "");
    const auto& ended = std::get<ussd_ended>(std::get<ussd_event>(outcome));
    EXPECT_EQ(ended.how, end_notice::told);
    EXPECT_FALSE(ended.session_id.empty());
    EXPECT_EQ(render_end(link, ended).body, p.end_answer);
}

TEST_P(Provider, AnUnknownKindIsAnUnknownEnd) {
    const auto& p = GetParam();
    const auto link = link_files::prepared(link_files::example(p.name, p.block));
    auto odd = p;
    for (auto& f : odd.good) {
        f.bare = f.bare && f.name != p.kind_field;
    }
    const auto outcome = read_kind(odd, link, p.kind_field.empty() ? "/session/17/status" : "Odd");
    ASSERT_EQ(reason_of(outcome), "");
    EXPECT_EQ(std::get<ussd_ended>(std::get<ussd_event>(outcome)).how, end_notice::unknown);
}

INSTANTIATE_TEST_SUITE_P(UssdHttp, Provider, testing::ValuesIn(providers()), [](const auto& of) {
    auto name = of.param.name;
    std::erase(name, '-');
    return name;
});

TEST(InfobipUssd, ReadsThePathAndNoBodyAtTheEnd) {
    const auto link = link_files::prepared(link_files::example("infobip-ussd"));
    const auto body = R"({"exitCode":200,"reason":""})";
    const auto outcome = read(link, "/session/17/end", body);
    EXPECT_EQ(std::get<ussd_ended>(std::get<ussd_event>(outcome)).session_id, "17");
    for (const auto* path : {"", "/", "/session", "/session/17", "/session//response",
                             "/session/%zz/response", "session/17/response", "/session/%FF/end"}) {
        EXPECT_NE(reason_of(read(link, path, R"({"msisdn":"8801812345678","text":"1"})")), "")
            << path;
    }
}

} // namespace
} // namespace uthan::adapters::ussd_http
