#pragma once

#include "adapters/rejection.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// The negative cases that every form-speaking adapter must pass, made from one good request: an
// adapter's own table has only what is special about it.
namespace uthan::adapters::testing_cases {

struct form_field {
    std::string name;
    std::string value; ///< already percent-encoded
    bool required = false;
    bool may_be_empty = false;
};

inline std::string body_of(const std::vector<form_field>& fields) {
    std::string body;
    for (const auto& f : fields) {
        body += (body.empty() ? "" : "&") + f.name + "=" + f.value;
    }
    return body;
}

/// `parse` returns the reason of a rejection, or "" when the body was read.
using parse_reason = std::function<std::string(std::string_view)>;

inline void run_negative_cases(const std::vector<form_field>& good, const parse_reason& parse) {
    ASSERT_EQ(parse(body_of(good)), "");
    for (std::size_t i = 0; i < good.size(); ++i) {
        SCOPED_TRACE(good[i].name);
        auto without = good;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(parse(body_of(without)).empty(), !good[i].required) << "missing";
        auto empty = good;
        empty[i].value.clear();
        if (good[i].required && !good[i].may_be_empty) {
            EXPECT_NE(parse(body_of(empty)), "") << "empty";
        }
        auto twice = good;
        twice.push_back(good[i]);
        EXPECT_NE(parse(body_of(twice)), "") << "twice";
        for (const char* bad : {"%FF%FE", "%C0%80", "%ED%A0%80", "%", "%4", "%zz"}) {
            auto broken = good;
            broken[i].value += bad;
            const auto reason = parse(body_of(broken));
            EXPECT_NE(reason, "") << bad;
            EXPECT_EQ(reason.find(good[i].value), std::string::npos) << "a reason shows no value";
        }
        auto huge = good;
        huge[i].value = std::string(5000, '1');
        if (good[i].required) {
            EXPECT_NE(parse(body_of(huge)), "") << "oversized";
        }
    }
    auto many = good;
    for (int i = 0; i < 100; ++i) {
        many.push_back({"x" + std::to_string(i), "1"});
    }
    EXPECT_NE(parse(body_of(many)), "") << "too many fields";
    for (const char* rubbish : {"", "&&&", "=", "{\"json\":true}", "\x01\x02\xff", "a=b"}) {
        EXPECT_NE(parse(rubbish), "") << rubbish;
    }
    EXPECT_EQ(parse(body_of(good) + "&unknownField=1"), "") << "what is not known is passed over";
}

} // namespace uthan::adapters::testing_cases
