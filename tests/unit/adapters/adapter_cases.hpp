#pragma once

#include "adapters/rejection.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

// The negative cases that every adapter must pass, made from one good request in a form, JSON or
// XML: an adapter's own table has only what is special about it.
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

/// A field of a JSON or XML body. JSON fields are of one object; XML ones stand in the same root.
struct body_field {
    std::string name;
    std::string value; ///< plain; written with the format's escapes
    bool required = false;
    bool may_be_empty = false;
    bool bare = false; ///< JSON: without quotes
};

enum class body_kind : std::uint8_t { json, xml };

inline std::string escaped(std::string_view value, body_kind kind) {
    std::string out;
    for (const char c : value) {
        const bool is_json = kind == body_kind::json;
        if (is_json && (c == '"' || c == '\\')) {
            out += '\\';
            out += c;
        } else if (is_json && static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else if (!is_json && (c == '<' || c == '&' || c == '"' || c < 0x20) && c >= 0) {
            out += fmt::format("&#{};", static_cast<int>(c));
        } else {
            out += c;
        }
    }
    return out;
}

/// One member of an object or one element. `raw` replaces the value with what is no plain text.
inline std::string written(const body_field& f, body_kind kind, const std::string* raw = nullptr) {
    if (kind == body_kind::xml) {
        return "<" + f.name + ">" + (raw ? *raw : escaped(f.value, kind)) + "</" + f.name + ">";
    }
    const std::string quote = f.bare ? "" : "\"";
    return "\"" + f.name + "\":" + (raw ? *raw : quote + escaped(f.value, kind) + quote);
}

inline std::string around(std::string_view inside, body_kind kind) {
    return kind == body_kind::json ? fmt::format("{{{}}}", inside)
                                   : fmt::format("<?xml version=\"1.0\"?><ussd>{}</ussd>", inside);
}

inline std::string members_of(const std::vector<body_field>& fields, body_kind kind) {
    std::string inside;
    for (const auto& f : fields) {
        inside += (inside.empty() || kind == body_kind::xml ? "" : ",") + written(f, kind);
    }
    return inside;
}

inline std::string body_of(const std::vector<body_field>& fields, body_kind kind) {
    return around(members_of(fields, kind), kind);
}

inline std::string repeated(std::string_view part, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

/// What may stand beside the good fields and is passed over.
inline std::vector<std::string> strangers(body_kind kind) {
    if (kind == body_kind::xml) {
        return {"<x/>", "<x a=\"1\">y</x>", "<!-- c -->", "<x><y>1</y><y>2</y></x>", "<?pi x?>"};
    }
    return {R"(,"x":1)", R"(,"x":{"y":[1,"2",{"z":null}]})", R"(,"x":1.5e3)", R"(,"x":"\u09e7")"};
}

/// What refuses the whole body, wherever it stands.
inline std::vector<std::string> poisons(body_kind kind) {
    const bool is_json = kind == body_kind::json;
    std::string many;
    for (int i = 0; i < 100; ++i) {
        many += is_json ? fmt::format(",\"z{}\":1", i) : fmt::format("<z{}/>", i);
    }
    if (!is_json) {
        return {repeated("<d>", 100) + repeated("</d>", 100),
                "<x>" + std::string(20'000, 'y') + "</x>",
                "<x>\xff</x>",
                "<x>&#0;</x>",
                "<x>&#xD800;</x>",
                "<x>&#4294967345;</x>",
                "<x>&#1;</x>",
                "<x>",
                "</x>",
                many};
    }
    return {",\"x\":" + repeated("[", 100) + repeated("]", 100),
            ",\"x\":" + repeated("{\"d\":", 100) + "1" + repeated("}", 100),
            ",\"x\":\"" + std::string(20'000, 'y') + "\"",
            ",\"x\":\"\xff\"",
            R"(,"x":"\ud800")",
            ",\"x\":\"\xc0\x80\"",
            ",",
            ",\"x\"",
            ",\"x\":tru",
            many};
}

inline std::vector<std::string> wrong_types(body_kind kind) {
    if (kind == body_kind::xml) {
        return {"<inner>1</inner>", "1<inner/>"};
    }
    return {"{}", "[]", "[\"1\"]", "1.5", "null", "1e400", "{\"a\":\"1\"}"};
}

/// A reason names fields, never values.
inline void expect_discreet(const std::string& reason, const std::vector<body_field>& good) {
    for (const auto& f : good) {
        if (f.value.size() >= 4) {
            EXPECT_EQ(reason.find(f.value), std::string::npos) << "shows the value of " << f.name;
        }
    }
    EXPECT_LT(reason.size(), 200U);
    EXPECT_EQ(reason.find('\n'), std::string::npos);
}

inline void run_field_cases(const std::vector<body_field>& good, std::size_t i, body_kind kind,
                            const parse_reason& parse) {
    const auto refused = [&](const std::string& body, std::string_view label) {
        const auto reason = parse(body);
        EXPECT_NE(reason, "") << label;
        expect_discreet(reason, good);
    };
    const auto with = [&](auto change) {
        auto changed = good;
        change(changed[i]);
        return body_of(changed, kind);
    };
    auto without = good;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(parse(body_of(without, kind)).empty(), !good[i].required) << "missing";
    refused(with([](auto& f) {
                f.value += "\xff";
                f.bare = false;
            }),
            "not UTF-8");
    refused(with([](auto& f) {
                f.value += "\xed\xa0\x80";
                f.bare = false;
            }),
            "a surrogate");
    if (!good[i].required) {
        return;
    }
    auto twice = good;
    twice.push_back(good[i]);
    refused(body_of(twice, kind), "twice");
    if (!good[i].may_be_empty) {
        refused(with([](auto& f) {
                    f.value.clear();
                    f.bare = false;
                }),
                "empty");
    }
    refused(with([](auto& f) {
                f.value.assign(5000, '1');
                f.bare = false;
            }),
            "oversized");
    for (const auto& raw : wrong_types(kind)) {
        const auto rest = members_of(without, kind);
        const auto glue = rest.empty() || kind == body_kind::xml ? "" : ",";
        refused(around(rest + glue + written(good[i], kind, &raw), kind), "wrong type " + raw);
    }
}

inline void run_negative_cases(const std::vector<body_field>& good, body_kind kind,
                               const parse_reason& parse) {
    const auto fine = body_of(good, kind);
    ASSERT_EQ(parse(fine), "");
    for (std::size_t i = 0; i < good.size(); ++i) {
        SCOPED_TRACE(good[i].name);
        run_field_cases(good, i, kind, parse);
    }
    for (std::size_t length = 0; length < fine.size(); ++length) {
        const auto reason = parse(fine.substr(0, length));
        ASSERT_NE(reason, "") << "cut after " << length;
        expect_discreet(reason, good);
    }
    for (const auto& stranger : strangers(kind)) {
        EXPECT_EQ(parse(around(members_of(good, kind) + stranger, kind)), "") << stranger;
    }
    for (const auto& poison : poisons(kind)) {
        const auto reason = parse(around(members_of(good, kind) + poison, kind));
        EXPECT_NE(reason, "") << poison.substr(0, 60);
        expect_discreet(reason, good);
    }
    for (const auto* rubbish : {"a=b&c=d", "[]", "{}", "1", "\"x\"", "null", "<a/>", "<a><b/></a>",
                                "\x01\x02\xff", "{}{}", "<a/><b/>"}) {
        EXPECT_NE(parse(rubbish), "") << rubbish;
    }
    EXPECT_NE(parse(fine + fine), "") << "two bodies";
    EXPECT_EQ(parse(fine + "\r\n"), "") << "space behind the body";
}

} // namespace uthan::adapters::testing_cases
