#include "menus/request_answers.hpp"

#include <gtest/gtest.h>

#include <random>

namespace uthan::menus {
namespace {

using members::request_form;
using members::request_kind;

TEST(RequestForm, ComesBackAsItWasWritten) {
    for (unsigned kind = 0; kind <= static_cast<unsigned>(request_kind::call_me); ++kind) {
        for (unsigned way = 0; way <= static_cast<unsigned>(members::reach_way::none); ++way) {
            for (const char* category : {"", "other", "asked_for_money"}) {
                for (const auto& amount :
                     {std::optional<money>{}, std::optional{money{123'456'789}}}) {
                    const request_form form{static_cast<request_kind>(kind), category,
                                            static_cast<members::reach_way>(way), amount};
                    EXPECT_EQ(parse_form(written(form)), form) << written(form);
                }
            }
        }
    }
}

TEST(RequestForm, AnythingElseIsNone) {
    for (const char* text : {"", "/", "0", "0/other", "4/other/0/", "0/other/6/", "0/other/0/x",
                             "0/other/0//", "-1/other/0/", "0/other//", "x/other/0/", " 0/a/0/",
                             "0/other/0/1/2", "0/other/0/99999999999999999999"}) {
        EXPECT_FALSE(parse_form(text)) << text;
    }
    // Whatever is read is written the same.
    std::mt19937 random{20261122U};
    const std::string_view letters = "0123456/a-";
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto length = random() % 12; length > 0; --length) {
            text += letters[random() % letters.size()];
        }
        if (const auto form = parse_form(text)) {
            EXPECT_EQ(parse_form(written(*form)), form) << text;
        }
    }
}

TEST(RequestResult, SaysWhatBecameOfIt) {
    using access::outcome_kind;
    const auto of = [](action done, outcome_kind kind) {
        return result_of(done, {.kind = kind, .request = 7});
    };
    EXPECT_EQ(of(action::request_open, outcome_kind::opened), "opened 7");
    EXPECT_EQ(of(action::request_open, outcome_kind::already), "already 7");
    EXPECT_EQ(of(action::request_open, outcome_kind::too_many), "too_many 7");
    EXPECT_EQ(of(action::request_escalate, outcome_kind::done), "moved 7");
    EXPECT_EQ(of(action::request_withdraw, outcome_kind::done), "withdrawn 7");
    EXPECT_EQ(of(action::request_open, outcome_kind::refused), "kept 7");
}

} // namespace
} // namespace uthan::menus
