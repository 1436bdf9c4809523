#include "texts/catalog.hpp"
#include "texts/forms.hpp"
#include "texts/graphemes.hpp"
#include "texts/weight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace uthan::texts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

text_template parsed(std::string_view source) {
    std::string message;
    auto text = text_template::parse(source, message);
    EXPECT_TRUE(text) << message;
    return text.value_or(text_template{});
}

TEST(TextTemplate, LinesAreFilledInOneByOne) {
    const auto text = parsed("কিস্তি {inst} টাকা\n{day} {date}\n0 ফিরুন");
    values shared;
    shared.set("inst", money_form(money::taka(1'225), rendering::bn))
        .set("day", weekday_form(2, rendering::bn))
        .set("date", "২৭/১১");
    EXPECT_THAT(text.render(shared, {}, rendering::bn),
                ElementsAre("কিস্তি ১,২২৫ টাকা", "মঙ্গল ২৭/১১", "0 ফিরুন"));
    EXPECT_THAT(text.names(), ElementsAre("inst", "day", "date"));
}

TEST(TextTemplate, ARowRepeatsPerItem) {
    const auto text = parsed("Whose account?\n{row: {name} {tail}}\n0 Exit");
    ASSERT_EQ(text.lines().size(), 3U);
    EXPECT_TRUE(text.lines()[1].is_row);
    std::vector<values> items(2);
    items[0].set("name", "Karima").set("tail", "41");
    items[1].set("name", "Rahima").set("tail", "42");
    EXPECT_THAT(text.render({}, items, rendering::en),
                ElementsAre("Whose account?", "Karima 41", "Rahima 42", "0 Exit"));
    EXPECT_THAT(text.render({}, {}, rendering::en), ElementsAre("Whose account?", "0 Exit"));
    EXPECT_THAT(text.names(), ElementsAre("name", "tail"));
}

TEST(TextTemplate, AnItemsValueStandsBeforeASharedOne) {
    const auto text = parsed("{row:{date} {paid} {org}}");
    values shared;
    shared.set("org", "KMSS").set("date", "1/1");
    std::vector<values> items(1);
    items[0].set("date", "27/11").set("paid", "245");
    EXPECT_THAT(text.render(shared, items, rendering::en), ElementsAre("27/11 245 KMSS"));
}

TEST(TextTemplate, DoubledBracesAreBraces) {
    values shared;
    shared.set("id", "7");
    EXPECT_THAT(parsed("{{x}} {{{id}}}").render(shared, {}, rendering::en), ElementsAre("{x} {7}"));
    std::vector<values> items(1);
    items[0].set("id", "7");
    EXPECT_THAT(parsed("{row: {{{id}}}}").render({}, items, rendering::en), ElementsAre("{7}"));
}

TEST(TextTemplate, EmptyLinesStay) {
    EXPECT_THAT(parsed("a\n\nb").render({}, {}, rendering::en), ElementsAre("a", "", "b"));
}

TEST(TextTemplate, NamesPlacesAndWordsAreCutAtGraphemes) {
    std::string name;
    for (int i = 0; i < 60; ++i) {
        name.append("স্ত্রী");
    }
    const auto text = parsed("{name}|{place}|{status}");
    values shared;
    shared.set("name", name).set("place", name).set("status", name);
    // Six units each: two of them fit 14.
    const std::string two = "স্ত্রীস্ত্রী";
    EXPECT_THAT(text.render(shared, {}, rendering::bn), ElementsAre(two + "|" + two + "|" + two));
    shared.set("name", "Mosammat Jahanara Begum Chowdhury");
    shared.set("place", "x").set("status", "y");
    EXPECT_THAT(text.render(shared, {}, rendering::en), ElementsAre("Mosammat Jahanar|x|y"));
}

TEST(TextTemplate, AmountsNumbersAndCodesAreNeverCut) {
    const auto text = parsed("{amt} {count} {id} {phone} {time}");
    values shared;
    const std::string wide = money_form(money_max, rendering::bn);
    shared.set("amt", wide).set("count", "1234567").set("id", "COMPLAINT-00123");
    shared.set("phone", "+9198765432101234").set("time", "12:30 in the afternoon");
    EXPECT_THAT(text.render(shared, {}, rendering::bn),
                ElementsAre(wide + " 1234567 COMPLAINT-00123 +9198765432101234 "
                                   "12:30 in the afternoon"));
}

TEST(TextTemplate, ALaterValueReplacesAnEarlierOne) {
    values shared;
    shared.set("name", "a").set("name", "b");
    ASSERT_NE(shared.find("name"), nullptr);
    EXPECT_EQ(*shared.find("name"), "b");
    EXPECT_EQ(shared.find("tail"), nullptr);
}

TEST(TextTemplate, BadTemplatesAreRefusedWithTheirLine) {
    struct case_ {
        std::string_view source;
        std::string_view message;
    };
    const std::array cases{
        case_{"a {name", "line 1 of the text: '{' without '}'"},
        case_{"a\n{name\nb}", "line 2 of the text: '{' without '}'"},
        case_{"a }", "'}' without '{'"},
        case_{"{name}}", "'}' without '{'"},
        case_{"{{name}", "'}' without '{'"},
        case_{"{na{tail}}", "'{' without '}'"},
        case_{"{}", "unknown placeholder {}"},
        case_{"{ name }", "unknown placeholder { name }"},
        case_{"{nmae}", "unknown placeholder {nmae}"},
        case_{"{name}\n{name}", "{name} stands twice"},
        case_{"{name}\n{row: {name}}", "{name} stands twice"},
        case_{"x {row: {name}}", "a row must be a line of its own"},
        case_{"{row: {name}} x", "a row must be a line of its own"},
        case_{"{row: {name} {row: {tail}}}", "a row must be a line of its own"},
        case_{"{row: {name}}\n{row: {tail}}", "line 2 of the text: a second row"},
        case_{"{row: 0}", "a row without a placeholder"},
        case_{"{row:}", "a row without a placeholder"},
        case_{"{row: {name}", "'{' without '}'"},
    };
    for (const case_& c : cases) {
        SCOPED_TRACE(c.source);
        std::string message;
        EXPECT_FALSE(text_template::parse(c.source, message));
        EXPECT_THAT(message, HasSubstr(c.message));
    }
}

TEST(TextTemplateDeathTest, AMissingValueIsAProgrammersError) {
    const auto text = parsed("{name}");
    EXPECT_DEATH((void)text.render({}, {}, rendering::en), "assertion failed");
    EXPECT_DEATH(values{}.set("nmae", ""), "assertion failed");
}

} // namespace
} // namespace uthan::texts
