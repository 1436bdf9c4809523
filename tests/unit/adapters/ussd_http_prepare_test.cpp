#include "tests/unit/adapters/link_files.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace uthan::adapters::ussd_http {
namespace {

struct case_ {
    std::string label;
    std::function<void(description&)> break_it;
    std::string key;
    std::string says; ///< a part of the message
};

void expect_problem(description as, const case_& c) {
    SCOPED_TRACE(c.label);
    c.break_it(as);
    std::vector<problem> problems;
    prepare(std::move(as), problems);
    const auto found = std::ranges::find_if(problems, [&](const problem& p) {
        return p.key == c.key && p.says.find(c.says) != std::string::npos;
    });
    if (found == problems.end()) {
        ADD_FAILURE() << "not said: " << c.key << " " << c.says;
        for (const auto& p : problems) {
            ADD_FAILURE() << "said: " << p.key << " " << p.says;
        }
    }
}

TEST(Prepare, EveryExampleIsFine) {
    for (const auto* name : {"hubtel", "arkesel", "nalo", "infobip-ussd", "xml-operator"}) {
        SCOPED_TRACE(name);
        link_files::prepared(link_files::example(name));
    }
    link_files::prepared(link_files::example("xml-operator", 1));
}

TEST(Prepare, SaysWhatIsWrongWithSources) {
    const std::vector<case_> cases{
        {"no session", [](auto& d) { d.session_from.clear(); }, "session_from", "is missing"},
        {"no number", [](auto& d) { d.number_from.clear(); }, "number_from", "is missing"},
        {"no input", [](auto& d) { d.input_from.clear(); }, "input_from", "is missing"},
        {"no kind", [](auto& d) { d.kind_from.clear(); }, "kind_from", "is missing"},
        {"a gap", [](auto& d) { d.kind_from = "a//b"; }, "kind_from", "is not a field"},
        {"segment 0", [](auto& d) { d.kind_from = "path:0"; }, "kind_from", "path:N"},
        {"segment 17", [](auto& d) { d.kind_from = "path:17"; }, "kind_from", "path:N"},
        {"segment x", [](auto& d) { d.network_from = "path:1x"; }, "network_from", "path:N"},
        {"nameless header", [](auto& d) { d.kind_from = "header:"; }, "kind_from", "header:NAME"},
        {"a space", [](auto& d) { d.request_id_from = "a b"; }, "request_id_from", "is not"},
        {"no begin", [](auto& d) { d.begin_values.clear(); }, "begin_values", "is missing"},
        {"one value twice", [](auto& d) { d.end_values = {"Initiation"}; }, "end_values",
         "\"Initiation\" is there twice"},
        {"an empty value", [](auto& d) { d.continue_values = {""}; }, "continue_values", "empty"},
        {"text requests", [](auto& d) { d.request_format = body_format::text; }, "request_format",
         "must be"}};
    for (const auto& c : cases) {
        expect_problem(link_files::example("hubtel"), c);
    }
}

TEST(Prepare, SaysWhatIsWrongWithTemplates) {
    const std::vector<case_> cases{
        {"a misspelt placeholder", [](auto& d) { d.reply += "{{txt}}"; }, "reply",
         "not known: {{txt}}"},
        {"an open placeholder", [](auto& d) { d.reply += "{{text"; }, "reply", "without its }}"},
        {"an echo of nothing", [](auto& d) { d.reply += "{{in:}}"; }, "reply", "not known"},
        {"no text", [](auto& d) { d.reply = R"({"Type":"{{state}}"})"; }, "reply", "no {{text}}"},
        {"no state", [](auto& d) { d.reply = R"({"Message":"{{text}}"})"; }, "reply",
         "{{state}} is missing"},
        {"equal states", [](auto& d) { d.end_value = d.continue_value; }, "end_value", "the same"},
        {"a forgotten quote",
         [](auto& d) { d.reply = R"({"Type":"{{state}}","Message":{{text}}})"; }, "reply",
         "the body is not JSON"},
        {"a state that breaks it", [](auto& d) { d.end_value = "\""; }, "reply", "filled in with"},
        {"a field twice", [](auto& d) { d.reply = R"({"a":"{{state}}","a":"{{text}}"})"; }, "reply",
         "twice"},
        {"a broken end", [](auto& d) { d.end_reply = "{"; }, "end_reply", "not JSON"},
        {"a screen at the end", [](auto& d) { d.end_reply = R"({"m":"{{text}}"})"; }, "end_reply",
         "there is no screen"},
        {"a request without its id",
         [](auto& d) {
             d.request_id_from.clear();
             d.reply = R"({"a":"{{state}}","b":"{{text}}","c":"{{request}}"})";
         },
         "request_id_from", "is missing"},
        {"a key in an answer",
         [](auto& d) { d.reply = R"({"a":"{{state}}","b":"{{text}}","c":"{{api_key}}"})"; },
         "reply", "push alone"},
        {"too long", [](auto& d) { d.reply += std::string(5000, ' '); }, "reply", "longer than"},
        {"query replies", [](auto& d) { d.reply_format = body_format::query; }, "reply_format",
         "must be"},
        {"a header's name", [](auto& d) { d.reply_headers = {"X Y: 1"}; }, "reply_headers",
         "is not like"},
        {"a header's end", [](auto& d) { d.reply_headers = {"X: 1\r\nY: 2"}; }, "reply_headers",
         "is not like"},
        {"no value", [](auto& d) { d.reply_headers = {"X"}; }, "reply_headers", "is not like"},
        {"the listener's header", [](auto& d) { d.reply_headers = {"Content-Length: 1"}; },
         "reply_headers", "by the listener"},
        {"a screen in a header", [](auto& d) { d.reply_headers = {"X: {{text}}"}; },
         "reply_headers", "holds no screen"},
        {"a content type", [](auto& d) { d.reply_type = "a\r\nb"; }, "reply_type", "ASCII"},
        {"push keys", [](auto& d) { d.push_url = "https://a/"; }, "push_url", "belongs to style"},
        {"an acknowledgement", [](auto& d) { d.acknowledgement = "ok"; }, "acknowledgement",
         "belongs to style"}};
    for (const auto& c : cases) {
        expect_problem(link_files::example("hubtel"), c);
    }
}

TEST(Prepare, SaysWhatIsWrongWithPushes) {
    const std::vector<case_> cases{
        {"no url", [](auto& d) { d.push_url.clear(); }, "push_url", "must begin"},
        {"another scheme", [](auto& d) { d.push_url = "ftp://a/b"; }, "push_url", "must begin"},
        {"no path", [](auto& d) { d.push_url = "https://a"; }, "push_url", "must begin"},
        {"a host from outside", [](auto& d) { d.push_url = "https://{{session}}/b"; }, "push_url",
         "fixed host"},
        {"half a host from outside", [](auto& d) { d.push_url = "https://a{{session}}/b"; },
         "push_url", "fixed host"},
        {"a GET with a body", [](auto& d) { d.method = push_method::get; }, "reply", "no body"},
        {"success without values", [](auto& d) { d.push_ok_values.clear(); }, "push_ok_values",
         "go together"},
        {"success in a header", [](auto& d) { d.push_ok_from = "header:X"; }, "push_ok_from",
         "must be a field"},
        {"XML that is none", [](auto& d) { d.reply = "<a>{{text}}{{state}}</b>"; }, "reply",
         "the body is not XML"}};
    for (const auto& c : cases) {
        expect_problem(link_files::example("xml-operator", 1), c);
    }
}

TEST(Prepare, NeverShowsATemplate) {
    auto as = link_files::example("xml-operator", 1);
    as.reply = "<a key='very-secret'>{{text}}{{state}}</b>";
    std::vector<problem> problems;
    prepare(std::move(as), problems);
    ASSERT_FALSE(problems.empty());
    for (const auto& p : problems) {
        EXPECT_EQ(p.says.find("very-secret"), std::string::npos);
    }
}

} // namespace
} // namespace uthan::adapters::ussd_http
