#include "texts/join.hpp"

#include "texts/weight.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace uthan::texts {
namespace {

using enum user_data_coding;

std::string octets(std::initializer_list<int> all, std::string_view text = {}) {
    std::string out;
    for (const int octet : all) {
        out.push_back(static_cast<char>(octet));
    }
    return out.append(text);
}

received_part parsed(const std::string& user_data, user_data_coding coding = gsm7) {
    return parse_user_data(user_data, true, coding);
}

TEST(UserData, ConcatenationOfBothWidthsIsRead) {
    const auto narrow = parsed(octets({5, 0x00, 3, 0xCD, 3, 2}, "hello"));
    EXPECT_EQ(narrow.part, (part_of_message{0xCD, false, 3, 2}));
    EXPECT_EQ(text_of(narrow), "hello");
    const auto wide = parsed(octets({6, 0x08, 4, 0xAB, 0xCD, 255, 255}, "hello"));
    EXPECT_EQ(wide.part, (part_of_message{0xABCD, true, 255, 255}));
    // A reference of 0 is one.
    EXPECT_EQ(parsed(octets({5, 0x00, 3, 0, 1, 1})).part, (part_of_message{0, false, 1, 1}));
}

TEST(UserData, WhatBreaksTheRulesIsIgnored) {
    struct case_ {
        std::string_view what;
        std::string user_data;
        std::string_view text;
    };
    const std::array cases{
        case_{"total 0", octets({5, 0x00, 3, 1, 0, 0}, "text"), "text"},
        case_{"number 0", octets({5, 0x00, 3, 1, 2, 0}, "text"), "text"},
        case_{"number above total", octets({5, 0x00, 3, 1, 2, 3}, "text"), "text"},
        case_{"element too short", octets({4, 0x00, 2, 1, 2}, "text"), "text"},
        case_{"element too long", octets({6, 0x00, 4, 1, 2, 1, 1}, "text"), "text"},
        case_{"wide too short", octets({5, 0x08, 3, 1, 2, 1}, "text"), "text"},
        case_{"last element runs out", octets({5, 0x00, 4, 1, 2, 1}, "text"), "text"},
        case_{"an octet too many", octets({6, 0x00, 3, 1, 2, 1, 0}, "text"), "text"},
        case_{"unknown element", octets({4, 0x70, 2, 1, 2}, "text"), "text"},
        case_{"empty header", octets({0}, "text"), "text"},
        case_{"header longer than the message", "STOP", "STOP"},
        case_{"nothing but a length", octets({5}), "Ç"},
        case_{"nothing", "", ""},
    };
    for (const case_& c : cases) {
        const auto part = parsed(c.user_data);
        EXPECT_FALSE(part.part.has_value()) << c.what;
        EXPECT_EQ(part.shift, gsm7_shift{}) << c.what;
        if (c.what != "nothing but a length") {
            EXPECT_EQ(text_of(part), c.text) << c.what;
        }
    }
}

TEST(UserData, AHeaderThatIsTheWholeMessageLeavesNoText) {
    const auto part = parsed(octets({5, 0x00, 3, 9, 2, 1}));
    EXPECT_TRUE(part.part.has_value());
    EXPECT_EQ(text_of(part), "");
}

TEST(UserData, WithoutTheBitThereIsNoHeader) {
    const std::string user_data = octets({5, 0x00, 3, 9, 2, 1}, "x");
    const auto part = parse_user_data(user_data, false, gsm7);
    EXPECT_FALSE(part.part.has_value());
    EXPECT_EQ(part.octets, user_data);
}

TEST(UserData, OtherElementsStandBeside) {
    const auto part = parsed(octets(
        {0x12, 0x24, 1, 4, 0x05, 4, 0x0B, 0x84, 0x23, 0xF0, 0x00, 3, 7, 2, 1, 0x70, 0, 0x70, 0},
        "\x15"));
    EXPECT_EQ(part.part, (part_of_message{7, false, 2, 1}));
    EXPECT_EQ(part.addressed_to, (ports{0x0B84, 0x23F0}));
    EXPECT_EQ(part.shift, (gsm7_shift{.locking = false, .single = true}));
    // Of a repeated element the last counts.
    EXPECT_EQ(parsed(octets({10, 0x00, 3, 7, 2, 1, 0x00, 3, 8, 3, 3})).part,
              (part_of_message{8, false, 3, 3}));
}

TEST(UserData, ShiftTablesAreReadAndUnknownLanguagesAreNot) {
    const auto bengali = parsed(octets({6, 0x24, 1, 4, 0x25, 1, 4, 0x15, 0x1B, 0x19}));
    EXPECT_EQ(text_of(bengali), "ক০");
    EXPECT_EQ(text_of(parsed(octets({3, 0x25, 1, 4, 0x15}))), "ক");
    EXPECT_EQ(text_of(parsed(octets({6, 0x24, 1, 6, 0x25, 1, 99, 0x15}))), "Ω");
    EXPECT_EQ(text_of(parsed(octets({4, 0x25, 2, 4, 4, 0x15}))), "Ω");
}

TEST(TextOf, EachCodingIsRead) {
    const auto text = [](std::string_view of, user_data_coding coding) {
        return text_of(parse_user_data(of, false, coding));
    };
    EXPECT_EQ(text(std::string_view{"\0\x02", 2}, gsm7), "@$");
    EXPECT_EQ(text("@$", ascii), "@$");
    EXPECT_EQ(text("a\xE9", ascii), "a\uFFFD");
    EXPECT_EQ(text("a\xE9", latin1), "aé");
    EXPECT_EQ(text("\x09\x95\x09\xBF", ucs2), "কি");
    EXPECT_EQ(text("abc", binary), "");
}

TEST(TextOf, BrokenUtf16IsMarked) {
    const auto text = [](std::initializer_list<int> of) {
        return text_of(parse_user_data(octets(of), false, ucs2));
    };
    EXPECT_EQ(text({0xD8, 0x3D, 0xDE, 0x00}), "😀");
    EXPECT_EQ(text({0xD8, 0x3D}), "\uFFFD");
    EXPECT_EQ(text({0xDE, 0x00, 0x00, 0x41}), "\uFFFDA");
    EXPECT_EQ(text({0xD8, 0x3D, 0x00, 0x41}), "\uFFFDA");
    EXPECT_EQ(text({0xD8, 0x3D, 0xD8, 0x3D, 0xDE, 0x00}), "\uFFFD😀");
    EXPECT_EQ(text({0x00, 0x41, 0x09}), "A\uFFFD");
    EXPECT_EQ(text({0xD8, 0x3D, 0xDE}), "\uFFFD\uFFFD");
    EXPECT_EQ(text({0xDB, 0xFF, 0xDF, 0xFF}), "\U0010FFFF");
}

received_part numbered(std::uint8_t number, std::uint8_t total, std::string_view text) {
    return parsed(octets({5, 0x00, 3, 1, total, number}, text));
}

TEST(Join, OrderAndDuplicatesDoNotMatter) {
    const std::vector<received_part> parts{numbered(3, 3, "c"), numbered(1, 3, "a"),
                                           numbered(3, 3, "x"), numbered(2, 3, "b")};
    EXPECT_EQ(join_sms(parts), "abc");
    EXPECT_EQ(join_sms({}), "");
    EXPECT_EQ(join_sms(std::vector{parse_user_data("hello", false, ascii)}), "hello");
}

TEST(Join, GapsAreMarkedOnceEach) {
    EXPECT_EQ(join_sms(std::vector{numbered(2, 6, "b"), numbered(5, 6, "e")}), "[…]b[…]e[…]");
    EXPECT_EQ(join_sms(std::vector{numbered(1, 255, "a")}), "a[…]");
}

TEST(Join, WhatTheSenderCutInTwoIsWholeAgain) {
    const auto half = [](std::uint8_t number, std::initializer_list<int> units) {
        return parsed(octets({5, 0x00, 3, 1, 2, number}) + octets(units), ucs2);
    };
    EXPECT_EQ(join_sms(std::vector{half(1, {0, 'a', 0xD8, 0x3D}), half(2, {0xDE, 0x00})}), "a😀");
    EXPECT_EQ(join_sms(std::vector{numbered(1, 2, "a\x1B"), numbered(2, 2, "\x65")}), "a€");
    // But not over a gap, and not over another coding or other tables.
    EXPECT_EQ(join_sms(std::vector{parsed(octets({8, 0x00, 3, 1, 2, 1, 0x25, 1, 4, 0x15})),
                                   numbered(2, 2, "\x15")}),
              "কΩ");
    EXPECT_EQ(join_sms(std::vector{half(1, {0xD8, 0x3D})}), "\uFFFD[…]");
    EXPECT_EQ(join_sms(std::vector{half(1, {0xD8, 0x3D}), numbered(2, 2, "b")}), "\uFFFDb");
}

TEST(JoinProperty, AnyOctetsBecomeUtf8) {
    std::mt19937 random{41};
    for (int i = 0; i < 20'000; ++i) {
        std::vector<received_part> parts;
        for (std::size_t count = random() % 5; count > 0; --count) {
            std::string user_data;
            for (std::size_t length = random() % 24; length > 0; --length) {
                // Small octets make headers likely.
                user_data.push_back(static_cast<char>(random() % 3 == 0 ? random() : random() % 9));
            }
            parts.push_back(parse_user_data(user_data, random() % 4 != 0,
                                            static_cast<user_data_coding>(random() % 5)));
            ASSERT_TRUE(is_valid_utf8(text_of(parts.back())));
            const auto& place = parts.back().part;
            ASSERT_TRUE(!place || (place->number >= 1 && place->number <= place->total));
        }
        ASSERT_TRUE(is_valid_utf8(join_sms(parts)));
    }
}

} // namespace
} // namespace uthan::texts
