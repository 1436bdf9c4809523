#include "adapters/fields.hpp"
#include "adapters/form.hpp"
#include "tests/unit/adapters/adapter_cases.hpp"
#include "tests/unit/adapters/link_files.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace uthan::adapters::ussd_http {
namespace {

using testing_cases::body_field;
using testing_cases::body_kind;

const numbering plan;
const channel_context on{"link", "*384*1#", plan};
const credentials account{"mss & co", "s3cr<e>t/key"};

std::string reason_of(const parsed<ussd_event>& outcome) {
    const auto* refused = std::get_if<rejection>(&outcome);
    return refused == nullptr ? "" : refused->reason;
}

ussd_turn turn_of(const parsed<ussd_event>& outcome) {
    EXPECT_EQ(reason_of(outcome), "");
    return std::get<ussd_turn>(std::get<ussd_event>(outcome));
}

parsed<ussd_event> read(const prepared_link& link, std::string_view body) {
    return parse_ussd(link, {{}, {}, body, nullptr}, on);
}

const std::vector<body_field> good_xml{
    {"sessionId", "S-1790", true}, {"msisdn", "8801512345678", true},
    {"type", "continue", true},    {"input", "4821", true, true},
    {"transactionId", "TX-0099"},  {"serviceCode", "*384*1#", true}};

TEST(XmlLink, NegativeCases) {
    auto as = link_files::example("xml-operator");
    as.kind_from = "ussd/type";
    const auto link = link_files::prepared(std::move(as));
    testing_cases::run_negative_cases(good_xml, body_kind::xml, [&](std::string_view body) {
        return reason_of(read(link, body));
    });
}

TEST(XmlLink, AnswersATurnWithTheScreenAndItsHeader) {
    const auto link = link_files::prepared(link_files::example("xml-operator"));
    const auto turn = turn_of(read(link, R"(<?xml version="1.0" encoding="UTF-8"?>
        <ussd type="2"><sessionId>S&amp;1</sessionId><msisdn>01512345678</msisdn>
        <input>4821</input><transactionId>TX-0099</transactionId>
        <serviceCode>*384*1#</serviceCode></ussd>)"));
    EXPECT_EQ(turn.turn.session_id, "S&1");
    EXPECT_EQ(turn.turn.request_id, "TX-0099");
    EXPECT_EQ(turn.turn.input, "4821");
    EXPECT_EQ(turn.turn.subscriber.reveal(), "8801512345678");
    EXPECT_EQ(turn.number_as_sent, "01512345678");
    const auto answer = render_screen(link, turn, "১ <কিস্তি>\n0 শেষ", false);
    EXPECT_EQ(answer.body, R"(<?xml version="1.0" encoding="UTF-8"?><ussd type="FC">)"
                           R"(<sessionId>S&amp;1</sessionId><transactionId>TX-0099</transactionId>)"
                           R"(<text>১ &lt;কিস্তি&gt;&#10;0 শেষ</text></ussd>)");
    EXPECT_EQ(answer.content_type, "text/xml; charset=utf-8");
    ASSERT_EQ(answer.headers.size(), 1U);
    EXPECT_EQ(answer.headers[0].first, "Freeflow");
    EXPECT_EQ(answer.headers[0].second, "FC");
    EXPECT_EQ(render_screen(link, turn, "x", true).headers[0].second, "FB");
}

TEST(XmlLink, TheEndNeedsNoNumber) {
    const auto link = link_files::prepared(link_files::example("xml-operator"));
    const auto outcome = read(link, R"(<ussd type="4"><sessionId>S1</sessionId></ussd>)");
    ASSERT_EQ(reason_of(outcome), "");
    const auto& ended = std::get<ussd_ended>(std::get<ussd_event>(outcome));
    EXPECT_EQ(ended.how, end_notice::told);
    EXPECT_FALSE(ended.subscriber);
    EXPECT_EQ(render_end(link, ended).body, R"(<?xml version="1.0" encoding="UTF-8"?>)"
                                            R"(<ussd type="end"><sessionId>S1</sessionId></ussd>)");
}

ussd_turn pushed_turn(const prepared_link& link, const std::string& session = "S/1?&") {
    auto fields = good_xml;
    fields[0].value = session;
    auto body = testing_cases::body_of(fields, body_kind::xml);
    body.replace(body.find("<ussd>"), 6, "<ussd type=\"go\">");
    return turn_of(read(link, body));
}

TEST(PushLink, AcknowledgesAndPushesByItsOwnRequest) {
    const auto link = link_files::prepared(link_files::example("xml-operator", 1));
    const auto turn = pushed_turn(link);
    const auto ack = render_acknowledgement(link);
    EXPECT_EQ(ack.body, "<ack/>");
    EXPECT_EQ(ack.content_type, "text/xml; charset=utf-8");
    EXPECT_EQ(render_end(link, {}).body, "<ack/>");
    const auto push = render_push(link, account, turn, "1 \"a\"", true);
    EXPECT_EQ(push.method, push_method::post);
    EXPECT_EQ(push.url, "https://ussd.operator.example/sessions/S%2F1%3F%26/screens");
    EXPECT_EQ(push.body, R"(<screen user="mss &amp; co" key="s3cr&lt;e&gt;t/key" )"
                         R"(to="8801512345678" then="close">1 &quot;a&quot;</screen>)");
}

TEST(PushLink, AnAnswerIsReadByStatusAndField) {
    const auto link = link_files::prepared(link_files::example("xml-operator", 1));
    struct case_ {
        unsigned status;
        std::string_view body;
        push_class expected;
    };
    constexpr case_ cases[] = {{200, "<result><code>0</code></result>", push_class::ok},
                               {202, "<result><code> 0 </code></result>", push_class::ok},
                               {200, "<result><code>7</code></result>", push_class::unknown},
                               {200, "<result/>", push_class::unknown},
                               {200, "nonsense", push_class::unknown},
                               {400, "<result><code>0</code></result>", push_class::client},
                               {401, "", push_class::config},
                               {403, "", push_class::config},
                               {404, "", push_class::client},
                               {429, "", push_class::transient},
                               {500, "", push_class::transient},
                               {302, "", push_class::client}};
    for (const auto& c : cases) {
        const auto answer = read_push_answer(link, c.status, c.body);
        EXPECT_EQ(answer.what, c.expected) << c.status << " " << c.body;
        EXPECT_EQ(answer.code, std::to_string(c.status));
    }
}

TEST(PushLink, AGetPutsEverythingIntoTheUrl) {
    auto as = link_files::example("xml-operator", 1);
    as.method = push_method::get;
    as.reply.clear();
    as.push_ok_from.clear();
    as.push_ok_values.clear();
    as.push_url = "http://10.0.0.1/send?to={{number}}&text={{text}}&op={{state}}&k={{api_key}}";
    const auto link = link_files::prepared(std::move(as));
    const auto push = render_push(link, account, pushed_turn(link), "1 a&b=c\n২", false);
    EXPECT_EQ(push.url, "http://10.0.0.1/send?to=8801512345678&text=1%20a%26b%3Dc%0A%E0%A7%A8"
                        "&op=wait&k=s3cr%3Ce%3Et%2Fkey");
    EXPECT_EQ(push.body, "");
    EXPECT_EQ(read_push_answer(link, 200, "").what, push_class::ok);
}

description form_link() {
    description as;
    as.request_format = body_format::form;
    as.session_from = "sid";
    as.number_from = "from";
    as.input_from = "text";
    as.kind_from = "header:X-Ussd-State";
    as.begin_values = {"new"};
    as.continue_values = {"more"};
    as.end_values = {"gone"};
    as.first = first_input::ignored;
    as.reply_format = body_format::form;
    as.reply = "sid={{session}}&text={{text}}&op={{state}}";
    as.reply_headers = {"X-Session: {{session}}"};
    as.continue_value = "1";
    as.end_value = "2";
    return as;
}

request_parts form_request(std::string_view body, std::string_view state) {
    return {{}, {}, body, [state](std::string_view name) {
                return name == "X-Ussd-State" ? state : std::string_view{};
            }};
}

TEST(FormLink, NegativeCases) {
    const std::vector<testing_cases::form_field> good{{"sid", "abc-1790", true},
                                                      {"from", "%2B8801810000001", true},
                                                      {"text", "4821", true, true},
                                                      {"other", "whatever"}};
    const auto link = link_files::prepared(form_link());
    testing_cases::run_negative_cases(good, [&](std::string_view body) {
        return reason_of(parse_ussd(link, form_request(body, "more"), on));
    });
}

TEST(FormLink, TheHeaderTellsWhatKindOfTurnItIs) {
    const auto link = link_files::prepared(form_link());
    const std::string body = "sid=a&from=%2B8801810000001&text=12";
    const auto begun = turn_of(parse_ussd(link, form_request(body, "new"), on));
    EXPECT_TRUE(begun.turn.begins);
    EXPECT_EQ(begun.turn.input, "") << "the first input is ignored";
    EXPECT_EQ(begun.turn.dialled, "");
    EXPECT_EQ(turn_of(parse_ussd(link, form_request(body, "more"), on)).turn.input, "12");
    EXPECT_EQ(reason_of(parse_ussd(link, form_request(body, ""), on)),
              "the field header:X-Ussd-State is missing or empty");
    EXPECT_NE(reason_of(parse_ussd(link, form_request(body, "\xff"), on)), "");
    EXPECT_EQ(reason_of(read(link, body)), "the field header:X-Ussd-State is missing or empty");
}

TEST(FormLink, AHeaderNeverEndsEarly) {
    const auto link = link_files::prepared(form_link());
    const auto turn = turn_of(
        parse_ussd(link, form_request("sid=a%C3%A9&from=%2B8801810000001&text=1", "more"), on));
    EXPECT_EQ(render_screen(link, turn, "x", false).headers[0].second, "a??");
    EXPECT_NE(reason_of(parse_ussd(
                  link, form_request("sid=a%0D%0AX&from=%2B8801810000001&text=1", "more"), on)),
              "");
}

TEST(QueryLink, ReadsTheQueryString) {
    auto as = form_link();
    as.request_format = body_format::query;
    as.kind_from = "op";
    const auto link = link_files::prepared(std::move(as));
    const auto query = "sid=a&from=%2B8801810000001&text=1+2&op=more";
    EXPECT_EQ(turn_of(parse_ussd(link, {{}, query, "ignored", nullptr}, on)).turn.input, "1 2");
    EXPECT_EQ(reason_of(parse_ussd(link, {{}, "sid=%zz", {}, nullptr}, on)),
              "the query string: the form has a broken percent escape");
}

/// Texts of what breaks quoting, with words between.
std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> parts{
        "\"",        "'",        "<",       ">", "&", "\n", "\\", "&amp;",        "]]>",
        "<![CDATA[", "{{text}}", "%41",     "+", "=", ";",  "\t", "\xE0\xA7\xA7", "কিস্তি",
        "</text>",   "\\n",      "\\u0041", "a", " ", "é",  "😀"};
    std::string text = "x";
    for (auto n = random() % 20; n > 0; --n) {
        text += parts[random() % parts.size()];
    }
    return text + "x";
}

std::string text_in(const description& as, std::string_view body) {
    if (as.reply_format == body_format::form) {
        const auto read = form::parse(body);
        return std::string{*std::get<form>(read).find("text")};
    }
    const auto read = as.reply_format == body_format::json ? read_json(body) : read_xml(body);
    const auto* refused = std::get_if<rejection>(&read);
    if (refused != nullptr) {
        return "refused: " + refused->reason;
    }
    const auto& in = std::get<fields>(read);
    for (const auto* path : {"Message", "ussd/text"}) {
        if (const auto* found = in.find(path)) {
            return found->value;
        }
    }
    return "absent";
}

TEST(Rendering, EveryTextComesBackWhole) {
    const std::vector<description> links{link_files::example("hubtel"),
                                         link_files::example("xml-operator"), form_link()};
    std::mt19937 random{31};
    for (const auto& as : links) {
        const auto link = link_files::prepared(as);
        for (int i = 0; i < 3'000; ++i) {
            const auto text = random_text(random);
            ussd_turn to{{random_text(random), address::opaque("link", "t"), "*384*1#", {}, {}},
                         random_text(random),
                         std::vector<std::string>(link.echo.size(), random_text(random))};
            to.turn.request_id = random_text(random);
            const auto answer = render_screen(link, to, text, random() % 2 == 0);
            ASSERT_EQ(text_in(as, answer.body), text) << answer.body;
        }
    }
}

TEST(Parsing, EveryInputComesThroughWhole) {
    std::mt19937 random{32};
    auto as = link_files::example("xml-operator");
    as.kind_from = "ussd/type";
    const auto xml = link_files::prepared(std::move(as));
    const auto json = link_files::prepared(link_files::example("arkesel"));
    for (int i = 0; i < 3'000; ++i) {
        const auto text = random_text(random);
        auto fields = good_xml;
        fields[3].value = text;
        const auto of_xml = turn_of(read(xml, testing_cases::body_of(fields, body_kind::xml)));
        ASSERT_EQ(of_xml.turn.input, text);
        const std::vector<body_field> same{{"sessionID", "1"},
                                           {"msisdn", "8801812345678"},
                                           {"newSession", "false", true, false, true},
                                           {"userData", text}};
        const auto of_json = turn_of(read(json, testing_cases::body_of(same, body_kind::json)));
        ASSERT_EQ(of_json.turn.input, text);
    }
}

TEST(Rendering, LineBreaksAreTheLinks) {
    auto as = link_files::example("arkesel");
    as.line_break = "\r\n";
    const auto link = link_files::prepared(std::move(as));
    const ussd_turn to{{"s", address::opaque("link", "t"), "", "", ""}, "n", {"u"}};
    EXPECT_NE(render_screen(link, to, "a\nb", false).body.find("a\\r\\nb"), std::string::npos);
}

} // namespace
} // namespace uthan::adapters::ussd_http
