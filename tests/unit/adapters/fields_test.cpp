#include "adapters/fields.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::adapters {
namespace {

std::string value_of(const parsed<fields>& outcome, std::string_view path) {
    const auto* in = std::get_if<fields>(&outcome);
    if (in == nullptr) {
        return "refused: " + std::get<rejection>(outcome).reason;
    }
    const auto* found = in->find(path);
    if (found == nullptr) {
        return "absent";
    }
    switch (found->what) {
    case fields::kind::text:
        return found->value;
    case fields::kind::none:
        return "none";
    case fields::kind::twice:
        return "twice";
    case fields::kind::other:
        break;
    }
    return "other";
}

TEST(JsonFields, AreFoundByTheirPath) {
    constexpr std::string_view body = R"( {"a":"1","b":{"c":{"d":"\u09e7\"\n"},"e":2},
        "f":-7,"g":18446744073709551615,"h":true,"i":false,"j":null,"k":1.5,"l":[1,{"a":"x"}],
        "":"nameless","m/n":"slash","o":{}} )";
    const auto read = read_json(body);
    struct case_ {
        std::string_view path;
        std::string_view expected;
    };
    constexpr case_ cases[] = {{"a", "1"},       {"b", "other"},   {"b/c/d", "১\"\n"},
                               {"b/e", "2"},     {"f", "-7"},      {"g", "18446744073709551615"},
                               {"h", "true"},    {"i", "false"},   {"j", "none"},
                               {"k", "other"},   {"l", "other"},   {"l/a", "absent"},
                               {"", "nameless"}, {"m/n", "slash"}, {"o", "other"},
                               {"p", "absent"}};
    for (const auto& c : cases) {
        EXPECT_EQ(value_of(read, c.path), c.expected) << c.path;
    }
}

TEST(JsonFields, AreRefusedAsAWhole) {
    struct case_ {
        std::string_view body;
        std::string_view reason;
    };
    constexpr case_ cases[] = {{"", "the body is not JSON"},
                               {"[]", "the body is not a JSON object"},
                               {"17", "the body is not a JSON object"},
                               {R"({"a":1,"a":1})", "a field comes twice"},
                               {R"({"a":1,"\u0061":2})", "a field comes twice"},
                               {R"({"a":{"b":1,"b":2}})", "a field comes twice"},
                               {R"({"a":{"b":1},"a/b":2})", "a field comes twice"},
                               {R"({"a":1}x)", "the body is not JSON"},
                               {R"({'a':1})", "the body is not JSON"},
                               {R"({"a":1,})", "the body is not JSON"},
                               {R"({"a":1/**/})", "the body is not JSON"},
                               {R"({"a":[[[[[[[[[1]]]]]]]]]})", "the body is nested too deep"}};
    for (const auto& c : cases) {
        EXPECT_EQ(value_of(read_json(c.body), "a"), "refused: " + std::string{c.reason}) << c.body;
    }
}

TEST(JsonFields, ALongStringComesWhole) {
    const std::string text = "\\\"" + std::string(9'000, 'x') + "\\n";
    const auto read = read_json("{\"a\":\"" + text + "\"}");
    EXPECT_EQ(value_of(read, "a"), "\"" + std::string(9'000, 'x') + "\n");
}

TEST(XmlFields, AreFoundByTheirPath) {
    constexpr std::string_view body =
        "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c -->\n"
        "<u:ussd xmlns:u=\"urn:x\" type='1 &lt; 2'>"
        "<id> 17 </id><text>a &amp; b<![CDATA[ <c> ]]>d&#10;&#x9E7;</text>"
        "<empty/><list><i>1</i><i>2</i></list><mixed>x<y/></mixed></u:ussd>\n";
    const auto read = read_xml(body);
    struct case_ {
        std::string_view path;
        std::string_view expected;
    };
    constexpr case_ cases[] = {{"u:ussd", "other"},        {"u:ussd/@type", "1 < 2"},
                               {"u:ussd/id", "17"},        {"u:ussd/text", "a & b <c> d\n১"},
                               {"u:ussd/empty", ""},       {"u:ussd/list", "other"},
                               {"u:ussd/list/i", "twice"}, {"u:ussd/mixed", "other"},
                               {"ussd/id", "absent"}};
    for (const auto& c : cases) {
        EXPECT_EQ(value_of(read, c.path), c.expected) << c.path;
    }
}

TEST(XmlFields, NothingGrowsAndNothingIsFetched) {
    constexpr std::string_view refused[] = {
        // The billion laughs, an external entity, and a document type alone.
        R"(<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>)",
        R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)",
        R"(<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>)", "<!DOCTYPE a><a/>"};
    for (const auto body : refused) {
        EXPECT_TRUE(value_of(read_xml(body), "a").starts_with("refused")) << body;
    }
    EXPECT_EQ(value_of(read_xml("<a>&x;</a>"), "a"), "&x;") << "an unknown entity stays as it is";
}

TEST(XmlFields, AreRefusedAsAWhole) {
    const std::string deep = "<a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a>";
    const std::vector<std::string> refused{"",
                                           "   ",
                                           "a",
                                           "<a>",
                                           "<a></b>",
                                           "<a/>x",
                                           "x<a/>",
                                           "<a/><b/>",
                                           "<a b=1/>",
                                           "<a>\x01</a>",
                                           "<a>&#0;</a>",
                                           "<a>&#x00;</a>",
                                           "<a>&#1;</a>",
                                           "<a b='&#0;'/>",
                                           "<a>&#xDFFF;</a>",
                                           "<a>&#x110000;</a>",
                                           "<a>&#4294967345;</a>",
                                           "<a>\xc0\xaf</a>",
                                           std::string{"<a>\0</a>", 8},
                                           "<?xml version='1.0'?>",
                                           "<!-- c -->",
                                           deep};
    for (const auto& body : refused) {
        EXPECT_TRUE(value_of(read_xml(body), "a").starts_with("refused")) << body;
    }
}

TEST(Fields, RandomBytesAreReadOrRefused) {
    std::mt19937 random{21};
    const std::string_view seeds[] = {R"({"a":{"b":"1\u09e7","c":[1,2,{}]},"d":-1.5e3})",
                                      "<a x='1'><b>&lt;&#10;</b><![CDATA[x]]><!--c--></a>"};
    for (int i = 0; i < 40'000; ++i) {
        std::string body{seeds[random() % 2]};
        for (auto n = random() % 6; n > 0; --n) {
            body[random() % body.size()] = static_cast<char>(random());
        }
        body.resize(random() % (body.size() + 1));
        for (const auto& outcome : {read_json(body), read_xml(body)}) {
            if (const auto* refused = std::get_if<rejection>(&outcome)) {
                ASSERT_FALSE(refused->reason.empty());
            }
        }
    }
}

} // namespace
} // namespace uthan::adapters
