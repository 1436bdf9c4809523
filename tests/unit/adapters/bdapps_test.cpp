#include "adapters/bdapps/ussd.hpp"
#include "tests/unit/adapters/adapter_cases.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace uthan::adapters::bdapps {
namespace {

using testing_cases::body_field;
using testing_cases::body_kind;

const numbering plan;
const channel_context on{"bd-mss", "*213*77#", plan};
const credentials account{"APP_012345", "0123456789abcdef0123456789abcdef"};

const std::vector<body_field> good_turn{{"version", "1.0"},
                                        {"applicationId", "APP_012345", true},
                                        {"sessionId", "1330929317043", true},
                                        {"ussdOperation", "mo-cont", true},
                                        {"sourceAddress", "tel:8801812345678", true},
                                        {"vlrAddress", "tel:8801800000001"},
                                        {"message", "4821", true, true},
                                        {"encoding", "440"},
                                        {"requestId", "1330933229901", true}};

std::string body_with(std::map<std::string, std::string> changes) {
    auto fields = good_turn;
    for (auto& f : fields) {
        if (const auto found = changes.find(f.name); found != changes.end()) {
            f.value = found->second;
        }
    }
    return testing_cases::body_of(fields, body_kind::json);
}

parsed<ussd_event> read(std::string_view body, addresses given = addresses::numbers_or_masks) {
    return parse_ussd(body, on, "APP_012345", given);
}

std::string reason_of(const parsed<ussd_event>& outcome) {
    const auto* refused = std::get_if<rejection>(&outcome);
    return refused == nullptr ? "" : refused->reason;
}

ussd_turn turn_of(const parsed<ussd_event>& outcome) {
    return std::get<ussd_turn>(std::get<ussd_event>(outcome));
}

TEST(BdappsUssd, NegativeCases) {
    testing_cases::run_negative_cases(good_turn, body_kind::json,
                                      [](std::string_view body) { return reason_of(read(body)); });
}

TEST(BdappsUssd, ReadsTheBeginningAndWhatFollows) {
    const auto begun =
        turn_of(read(body_with({{"ussdOperation", "mo-init"}, {"message", "*213*77*3#"}})));
    EXPECT_TRUE(begun.turn.begins);
    EXPECT_EQ(begun.turn.dialled, "*213*77*3#");
    EXPECT_EQ(begun.turn.input, "");
    const auto next = turn_of(read(body_with({})));
    EXPECT_FALSE(next.turn.begins);
    EXPECT_EQ(next.turn.dialled, "");
    EXPECT_EQ(next.turn.input, "4821");
    for (const auto* turn : {&begun.turn, &next.turn}) {
        EXPECT_EQ(turn->style, sessions::turn_style::input);
        EXPECT_EQ(turn->session_id, "1330929317043");
        EXPECT_EQ(turn->request_id, "1330933229901");
        EXPECT_EQ(turn->service_code, "*213*77#");
        EXPECT_EQ(turn->subscriber.reveal(), "8801812345678");
        EXPECT_EQ(turn->history, "");
    }
    EXPECT_EQ(next.number_as_sent, "tel:8801812345678");
}

TEST(BdappsUssd, EverythingElseIsAnEndedSession) {
    struct case_ {
        std::string operation;
        end_notice expected;
    };
    const std::vector<case_> cases{{"mo-fin", end_notice::told},
                                   {"mo-cancel", end_notice::told},
                                   {"mo-timeout", end_notice::unknown},
                                   {"MO-INIT", end_notice::unknown},
                                   {"mt-cont", end_notice::unknown}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.operation);
        const auto outcome = read(body_with({{"ussdOperation", c.operation}}));
        ASSERT_EQ(reason_of(outcome), "");
        const auto& ended = std::get<ussd_ended>(std::get<ussd_event>(outcome));
        EXPECT_EQ(ended.how, c.expected);
        EXPECT_EQ(ended.session_id, "1330929317043");
        EXPECT_EQ(ended.request_id, "1330933229901");
        ASSERT_TRUE(ended.subscriber);
        EXPECT_EQ(ended.subscriber->reveal(), "8801812345678");
    }
}

TEST(BdappsUssd, AMaskIsATokenOfThisChannelAndGoesBackAsItCame) {
    struct case_ {
        std::string label;
        std::string written;
        addresses given;
        bool is_token;
    };
    const std::vector<case_> cases{
        {"number", "tel:8801812345678", addresses::numbers_or_masks, false},
        {"mask", "tel:AZ110bQ+/x==", addresses::numbers_or_masks, true},
        {"number of another plan", "tel:94771234567", addresses::numbers_or_masks, true},
        {"mask that looks like a number", "tel:8801812345678", addresses::masks, true},
        {"no prefix", "8801812345678", addresses::numbers_or_masks, false}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        const auto turn = turn_of(read(body_with({{"sourceAddress", c.written}}), c.given));
        EXPECT_EQ(turn.number_as_sent, c.written);
        EXPECT_EQ(turn.turn.subscriber.type() == address::kind::opaque, c.is_token);
        if (c.is_token) {
            EXPECT_EQ(turn.turn.subscriber, address::opaque("bd-mss", c.written));
        }
        const auto sent = render_send(account, turn, "1", false);
        EXPECT_EQ(boost::json::parse(sent.value()).at("destinationAddress"), c.written.c_str());
    }
}

TEST(BdappsUssd, AnotherApplicationIsRefused) {
    EXPECT_EQ(reason_of(read(body_with({{"applicationId", "APP_999999"}}))),
              "the field applicationId is not this channel's");
}

TEST(BdappsUssd, IdsHaveNoControlCharacters) {
    for (const auto* name : {"sessionId", "requestId", "sourceAddress", "ussdOperation"}) {
        EXPECT_NE(reason_of(read(body_with({{name, "a\r\nb"}}))), "") << name;
    }
}

TEST(BdappsUssd, RandomBytesAreReadOrRefused) {
    std::mt19937 random{11};
    const auto good = body_with({});
    for (int i = 0; i < 20'000; ++i) {
        auto body = good;
        for (auto n = random() % 8; n > 0; --n) {
            body[random() % body.size()] = static_cast<char>(random());
        }
        body.resize(random() % (body.size() + 1));
        const auto reason = reason_of(read(body));
        ASSERT_EQ(reason.find("8801812345678"), std::string::npos);
    }
}

TEST(BdappsSend, HasWhatTheProviderExpects) {
    const auto turn = turn_of(read(body_with({})));
    EXPECT_EQ(acknowledgement(), R"({"statusCode":"S1000","statusDetail":"Success"})");
    EXPECT_EQ(render_send(account, turn, "Welcome\n1. Balance", false).value(),
              R"({"applicationId":"APP_012345","password":"0123456789abcdef0123456789abcdef",)"
              R"("version":"1.0","message":"Welcome\n1. Balance","sessionId":"1330929317043",)"
              R"("ussdOperation":"mt-cont","destinationAddress":"tel:8801812345678",)"
              R"("encoding":"440"})");
    const auto last = boost::json::parse(render_send(account, turn, "Bye", true).value());
    EXPECT_EQ(last.at("ussdOperation"), "mt-fin");
}

TEST(BdappsSend, RefusesWhatIsNotAsciiOrTooLong) {
    const auto turn = turn_of(read(body_with({})));
    for (const auto* text : {"কিস্তি", "caf\xc3\xa9", "a\tb", "a\rb", "\x7f", "\x1b"}) {
        const auto sent = render_send(account, turn, text, false);
        ASSERT_FALSE(sent.has_value()) << text;
        EXPECT_EQ(sent.error(), errc::malformed);
        EXPECT_EQ(sent.error().message().find(account.password), std::string::npos);
    }
    EXPECT_TRUE(render_send(account, turn, std::string(message_bytes_max, 'a'), false));
    EXPECT_EQ(render_send(account, turn, std::string(message_bytes_max + 1, 'a'), false).error(),
              errc::too_large);
}

TEST(BdappsSend, EveryAsciiTextComesThroughWhole) {
    const auto turn = turn_of(read(body_with({})));
    std::mt19937 random{12};
    for (int i = 0; i < 2'000; ++i) {
        std::string text(random() % message_bytes_max, ' ');
        for (char& c : text) {
            c = random() % 9 == 0 ? '\n' : static_cast<char>(' ' + random() % 95);
        }
        const auto sent = boost::json::parse(render_send(account, turn, text, false).value());
        ASSERT_EQ(sent.at("message").as_string(), text);
    }
}

/// bdapps's published list, grouped by what a screen's push may do about it.
const std::map<push_class, std::vector<int>> published{
    {push_class::config,
     {1301, 1302, 1303, 1304, 1305, 1306, 1307, 1309, 1310, 1311, 1313, 1315, 1322,
      1323, 1324, 1327, 1328, 1329, 1330, 1331, 1336, 1371, 1381, 1383, 1384, 1387}},
    {push_class::client,
     {1308, 1312, 1325, 1334, 1335, 1340, 1361, 1362, 1367, 1368, 1370, 1374, 1375,
      1376, 1377, 1380, 1401, 1402, 1404, 1605, 1606, 1825, 1850, 1851, 1852, 1853}},
    {push_class::user,
     {1317, 1326, 1333, 1337, 1342, 1343, 1344, 1351, 1356, 1357, 1365, 1372, 1373, 1378, 1382,
      1405, 1406, 1830}},
    {push_class::transient,
     {1316, 1318, 1319, 1332, 1341, 1360, 1363, 1364, 1366, 1400, 1600, 1601, 1602, 1603}},
    {push_class::ok, {1379}}};

TEST(BdappsAnswer, EveryStatusCodeHasItsClass) {
    std::map<int, push_class> expected;
    for (const auto& [what, codes] : published) {
        for (const int code : codes) {
            EXPECT_TRUE(expected.emplace(code, what).second) << code << " is there twice";
        }
    }
    for (int code = 0; code <= 9999; ++code) {
        const auto found = expected.find(code);
        EXPECT_EQ(class_of(fmt::format("E{:04}", code)),
                  found == expected.end() ? push_class::unknown : found->second)
            << code;
    }
    EXPECT_EQ(class_of("S1000"), push_class::ok);
    for (const auto* other : {"", "S1001", "S100", "E13", "e1303", "E13030", "success"}) {
        EXPECT_EQ(class_of(other), push_class::unknown) << other;
    }
}

TEST(BdappsAnswer, IsReadByItsCodeAndNotByItsHttpStatus) {
    struct case_ {
        std::string_view label;
        unsigned status;
        std::string_view body;
        push_class expected;
        std::string_view code;
    };
    constexpr case_ cases[] = {
        {"success", 200,
         R"({"statusCode":"S1000","timeStamp":"2611211015","statusDetail":"Success","requestId":"1"})",
         push_class::ok, "S1000"},
        {"failure under 200", 200, R"({"statusCode":"E1303"})", push_class::config, "E1303"},
        {"busy", 200, R"({"statusCode":"E1318"})", push_class::transient, "E1318"},
        {"busy under 503", 503, R"({"statusCode":"E1318"})", push_class::transient, "E1318"},
        {"no balance", 200, R"({"statusCode":"E1326"})", push_class::user, "E1326"},
        {"success under 500 is none", 500, R"({"statusCode":"S1000"})", push_class::unknown,
         "S1000"},
        {"not listed", 200, R"({"statusCode":"E9999"})", push_class::unknown, "E9999"},
        {"not a code", 200, R"({"statusCode":"tel:8801812345678"})", push_class::unknown, "200"},
        {"no code", 200, "{}", push_class::unknown, "200"},
        {"no JSON", 200, "<html>", push_class::unknown, "200"},
        {"a proxy's error", 502, "<html>", push_class::transient, "502"},
        {"throttled", 429, "", push_class::transient, "429"},
        {"not there", 404, "", push_class::unknown, "404"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.label);
        const auto answer = read_send_answer(c.status, c.body);
        EXPECT_EQ(answer.what, c.expected);
        EXPECT_EQ(answer.code, c.code);
    }
}

} // namespace
} // namespace uthan::adapters::bdapps
