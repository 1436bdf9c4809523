#include "texts/segments.hpp"

#include "texts/clusters.hpp"
#include "texts/join.hpp"
#include "texts/normalise.hpp"
#include "texts/utf8.hpp"
#include "texts/weight.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace uthan::texts {
namespace {

constexpr sms_form plain{};
constexpr sms_form shifted{.bengali_shift = true};

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) {
        all.append(text);
    }
    return all;
}

std::string part_text(const sms_part& part, sms_alphabet in) {
    return text_of(parse_user_data(part.user_data, part.header_octets != 0,
                                   in == sms_alphabet::ucs2 ? user_data_coding::ucs2
                                                            : user_data_coding::gsm7));
}

std::string joined(const sms_segments& segments) {
    std::vector<received_part> received;
    for (const sms_part& part : segments.parts) {
        received.push_back(parse_user_data(part.user_data, part.header_octets != 0,
                                           segments.plan.in == sms_alphabet::ucs2
                                               ? user_data_coding::ucs2
                                               : user_data_coding::gsm7));
    }
    return join_sms(received);
}

std::vector<std::string> texts_of_parts(std::string_view text, const sms_form& form) {
    const auto segments = split_sms(text, form, 7);
    std::vector<std::string> all;
    for (const sms_part& part : segments.value().parts) {
        all.push_back(part_text(part, segments->plan.in));
    }
    return all;
}

TEST(Segments, CapacitiesAreThoseOfTheStandard) {
    struct row {
        sms_alphabet in;
        concatenation joined_by;
        std::size_t alone;
        std::size_t each;
    };
    using enum sms_alphabet;
    using enum concatenation;
    // 3GPP TS 23.040 9.2.3.24: what 140 octets leave behind the header.
    const std::array rows{
        row{gsm7, udh8, 160, 153},
        row{gsm7, udh16, 160, 152},
        row{gsm7, sar, 160, 152},
        row{gsm7, payload, 160, 153},
        row{ucs2, udh8, 70, 67},
        row{ucs2, udh16, 70, 66},
        row{ucs2, sar, 70, 66},
        row{ucs2, payload, 70, 67},
        row{gsm7_bengali, udh8, 152, 146},
        row{gsm7_bengali, udh16, 152, 145},
    };
    for (const row& r : rows) {
        EXPECT_EQ(sms_part_units(r.in, r.joined_by, true), r.alone);
        EXPECT_EQ(sms_part_units(r.in, r.joined_by, false), r.each);
        const sms_form form{.joined_by = r.joined_by, .bengali_shift = r.in == gsm7_bengali};
        const std::string_view letter = r.in == gsm7 ? "a" : r.in == ucs2 ? "अ" : "ক";
        EXPECT_EQ(plan_sms(repeated(letter, r.alone), form).value(),
                  (sms_plan{r.in, r.alone, 1, 0}));
        EXPECT_EQ(plan_sms(repeated(letter, r.alone + 1), form).value(),
                  (sms_plan{r.in, r.alone + 1, 2, 2 * r.each - r.alone - 1}));
        EXPECT_EQ(plan_sms(repeated(letter, 3 * r.each), form).value(),
                  (sms_plan{r.in, 3 * r.each, 3, 0}));
        EXPECT_EQ(plan_sms(repeated(letter, 3 * r.each + 1), form).value(),
                  (sms_plan{r.in, 3 * r.each + 1, 4, r.each - 1}));
    }
}

TEST(Segments, TextsAreCountedAsByHand) {
    struct case_ {
        std::string_view text;
        sms_form form;
        sms_plan expected;
    };
    using enum sms_alphabet;
    constexpr sms_form both{.bengali_shift = true, .smart_replacement = true};
    constexpr sms_form smart{.smart_replacement = true};
    const std::array cases{
        case_{"", plain, {gsm7, 0, 1, 160}},
        case_{"Your instalment of Tk 500 is due on 12/11.", plain, {gsm7, 42, 1, 118}},
        case_{"{Tk 500}", plain, {gsm7, 10, 1, 150}},
        case_{"€ 5", plain, {gsm7, 4, 1, 156}},
        case_{"a\r\nb", plain, {gsm7, 3, 1, 157}},
        case_{"ç", plain, {ucs2, 1, 1, 69}},
        // Five letters and signs, a space, six, a space, three digits, a space, four, a danda.
        case_{"আপনার কিস্তি ৫০০ টাকা।", plain, {ucs2, 22, 1, 48}},
        case_{"আপনার কিস্তি ৫০০ টাকা।", shifted, {ucs2, 22, 1, 48}},
        case_{"আপনার কিস্তি ৫০০ টাকা", shifted, {gsm7_bengali, 24, 1, 128}},
        case_{"আপনার কিস্তি ৫০০ টাকা।", both, {gsm7_bengali, 25, 1, 127}},
        case_{"আপনার কিস্তি ৫০০ টাকা।", smart, {ucs2, 22, 1, 48}},
        case_{"আপনার কিস্তি 500 টাকা।", both, {gsm7_bengali, 22, 1, 130}},
        // One unit, two septets, however it was typed.
        case_{"সঞ্চয়", plain, {ucs2, 5, 1, 65}},
        case_{"সঞ্চ\u09AF\u09BC", plain, {ucs2, 5, 1, 65}},
        case_{"সঞ্চ\u09AF\u09BC", shifted, {gsm7_bengali, 6, 1, 146}},
        case_{"MSS: ৳৫০", shifted, {gsm7_bengali, 14, 1, 138}},
        // A joiner has no septet.
        case_{"র\u200D\u09CDযাব", shifted, {ucs2, 6, 1, 64}},
        case_{"Don’t wait – pay…", plain, {ucs2, 17, 1, 53}},
        case_{"Don’t wait – pay…", smart, {gsm7, 19, 1, 141}},
        case_{"ক – খ…", smart, {ucs2, 6, 1, 64}},
        case_{"“a”\r\nb", smart, {gsm7, 5, 1, 155}},
        case_{"\u0995\u09C7\u200B\u09BE", both, {gsm7_bengali, 2, 1, 150}},
        case_{"a😀", plain, {ucs2, 3, 1, 67}},
    };
    for (const case_& c : cases) {
        EXPECT_EQ(plan_sms(c.text, c.form).value(), c.expected) << c.text;
    }
}

TEST(Segments, HeadersAreThoseOfTheStandard) {
    const auto header = [](std::string_view text, const sms_form& form, std::size_t part) {
        const auto segments = split_sms(text, form, 0xABCD).value();
        const sms_part& of = segments.parts.at(part);
        return of.user_data.substr(0, of.header_octets);
    };
    using octets = std::string_view;
    const std::string latin = repeated("a", 300);
    const std::string bangla = repeated("ক", 280);
    EXPECT_EQ(header(latin, plain, 1), octets("\x05\x00\x03\xCD\x02\x02", 6));
    EXPECT_EQ(header(latin, {.joined_by = concatenation::udh16}, 0),
              octets("\x06\x08\x04\xAB\xCD\x02\x01", 7));
    EXPECT_EQ(header(latin, {.joined_by = concatenation::sar}, 0), "");
    EXPECT_EQ(header(latin, {.joined_by = concatenation::payload}, 0), "");
    EXPECT_EQ(header("a", plain, 0), "");
    EXPECT_EQ(header("ক", shifted, 0), octets("\x06\x24\x01\x04\x25\x01\x04", 7));
    EXPECT_EQ(header(bangla, shifted, 0),
              octets("\x0B\x00\x03\xCD\x02\x01\x24\x01\x04\x25\x01\x04", 12));
    EXPECT_EQ(header(bangla, {.joined_by = concatenation::udh16, .bengali_shift = true}, 1),
              octets("\x0C\x08\x04\xAB\xCD\x02\x02\x24\x01\x04\x25\x01\x04", 13));
    EXPECT_EQ(header(bangla, {.joined_by = concatenation::sar, .bengali_shift = true}, 1),
              octets("\x06\x24\x01\x04\x25\x01\x04", 7));
}

TEST(Segments, OctetsAreSeptetsOrUtf16BigEndian) {
    const auto only = [](std::string_view text, const sms_form& form) {
        return split_sms(text, form, 1).value().parts.at(0).user_data;
    };
    using octets = std::string_view;
    EXPECT_EQ(only("@a{€", plain), octets("\x00"
                                          "a\x1B\x28\x1B\x65",
                                          6));
    EXPECT_EQ(only("ক😀।", plain), octets("\x09\x95\xD8\x3D\xDE\x00\x09\x64", 8));
    EXPECT_EQ(only("ক৫(", shifted), octets("\x06\x24\x01\x04\x25\x01\x04\x15\x1B\x1F\x29", 11));
}

TEST(Segments, AnEscapeStaysWithItsSeptet) {
    const auto segments = split_sms(repeated("a", 152) + "{" + repeated("a", 20), plain, 1).value();
    ASSERT_EQ(segments.parts.size(), 2U);
    EXPECT_EQ(segments.parts[0].units, 152U);
    EXPECT_EQ(segments.parts[1].units, 22U);
    EXPECT_EQ(segments.plan, (sms_plan{sms_alphabet::gsm7, 174, 2, 131}));
}

TEST(Segments, SurrogatesStayTogether) {
    const auto segments = split_sms(repeated("अ", 66) + "😀" + repeated("अ", 10), plain, 1).value();
    ASSERT_EQ(segments.parts.size(), 2U);
    EXPECT_EQ(segments.parts[0].units, 66U);
    EXPECT_EQ(segments.parts[1].units, 12U);
}

TEST(Segments, AConjunctStaysTogether) {
    const auto parts = texts_of_parts(repeated("ক", 64) + "স্ত্রী" + repeated("ক", 10), plain);
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[0], repeated("ক", 64));
    EXPECT_EQ(parts[1], "স্ত্রী" + repeated("ক", 10));
}

TEST(Segments, APartEndsBetweenWordsWhereOneEndsNear) {
    const std::string head = repeated("a", 140);
    EXPECT_EQ(texts_of_parts(head + " instalment " + repeated("b", 30), plain).at(0),
              head + " instalment ");
    EXPECT_EQ(texts_of_parts(head + " instalmentinstalment", plain).at(0), head + " ");
    // Further away than that is not near.
    EXPECT_EQ(texts_of_parts(repeated("a", 130) + " " + repeated("b", 60), plain).at(0),
              repeated("a", 130) + " " + repeated("b", 22));
    // Exactly full at a word's end.
    EXPECT_EQ(texts_of_parts(repeated("a", 153) + " " + repeated("b", 60), plain).at(0),
              repeated("a", 153));
}

TEST(Segments, WordsNeverCostAPart) {
    // Two parts hold 306; ending the first at its space would need a third.
    const std::string text = repeated("a", 140) + " " + repeated("b", 165);
    EXPECT_EQ(plan_sms(text, plain).value(), (sms_plan{sms_alphabet::gsm7, 306, 2, 0}));
    std::mt19937 random{31};
    for (int i = 0; i < 2'000; ++i) {
        std::string words;
        for (std::size_t length = 161 + random() % 1000; words.size() < length;) {
            words.append(repeated("w", 1 + random() % 14)).append(" ");
        }
        const auto plan = plan_sms(words, plain).value();
        ASSERT_EQ(plan.parts, (words.size() + 152) / 153);
    }
}

TEST(Segments, AClusterLongerThanAPartIsCutAtACharacter) {
    const auto segments = split_sms("ক" + repeated("\u0981", 99), plain, 1).value();
    ASSERT_EQ(segments.parts.size(), 2U);
    EXPECT_EQ(segments.parts[0].units, 67U);
    EXPECT_EQ(segments.parts[1].units, 33U);
}

TEST(Segments, LimitsAreErrors) {
    EXPECT_EQ(plan_sms(repeated("a", 8 * 153), plain).value().parts, 8);
    EXPECT_EQ(plan_sms(repeated("a", 8 * 153 + 1), plain).error(), errc::too_large);
    EXPECT_EQ(split_sms(repeated("a", 8 * 153 + 1), plain, 1).error(), errc::too_large);
    EXPECT_EQ(plan_sms(repeated("a", 161), {.parts_max = 1}).error(), errc::too_large);
    EXPECT_EQ(plan_sms(repeated("a", 160), {.parts_max = 1}).value().parts, 1);
    EXPECT_EQ(plan_sms("a", {.parts_max = 0}).error(), errc::too_large);
    EXPECT_EQ(plan_sms(repeated("Δ", 255 * 153), {.parts_max = 255}).value().parts, 255);
    EXPECT_EQ(plan_sms(repeated("Δ", 255 * 153 + 1), {.parts_max = 255}).error(), errc::too_large);
    EXPECT_EQ(plan_sms(std::string(sms_text_octets_max + 1, 'a'), {.parts_max = 255}).error(),
              errc::too_large);
    EXPECT_EQ(plan_sms("a\xFF", plain).error(), errc::invalid_utf8);
    EXPECT_EQ(split_sms("\xED\xA0\x80", plain, 1).error(), errc::invalid_utf8);
}

TEST(Segments, APayloadIsOnePartOfWhichTheCentreMakesMany) {
    const sms_form form{.joined_by = concatenation::payload, .bengali_shift = true};
    const std::string bangla = repeated("কিস্তি ", 30);
    const auto segments = split_sms(bangla, form, 1).value();
    ASSERT_EQ(segments.parts.size(), 1U);
    EXPECT_EQ(segments.plan.in, sms_alphabet::ucs2);
    EXPECT_GT(segments.plan.parts, 1);
    EXPECT_EQ(segments.parts[0].units, 210U);
    EXPECT_EQ(segments.parts[0].user_data.size(), 420U);
    EXPECT_EQ(joined(segments), bangla);
}

/// What people write, and what they should not: Latin, extension, Bangla, lone signs, emoji.
std::string any_text(std::mt19937& random) {
    constexpr std::array<std::string_view, 12> latin{"a",   "Pay ", "Tk 500", "{",  "€", "\n",
                                                     "[x]", " ",    "@",      "\\", "Δ", "word"};
    constexpr std::array<std::string_view, 12> bangla{"ক",     "স্ত্রী", "ক্ষ্ম", "য়", " ", "৫০",
                                                      "টাকা ", "সঞ্চয়", "ড়ি",  "ং", "্",  "(ক)"};
    constexpr std::array<std::string_view, 12> other{
        "।", "র\u200D\u09CDযাব", "ক্\u200Cষ", "😀",      "👩\u200D👧", "🇧🇩",
        "–", "e\u0301",          "\u09C7",   "\u09BE", "\u09BC",   "“"};
    const auto kind = random() % 4;
    std::string text;
    for (std::size_t length = random() % 220; length > 0; --length) {
        const auto pick = random();
        const auto& from = kind == 0                     ? latin
                           : kind == 1 || pick % 3 != 0  ? bangla
                           : kind == 2 || pick % 12 != 0 ? latin
                                                         : other;
        text.append(from[random() % from.size()]);
    }
    return text;
}

sms_form any_form(std::mt19937& random) {
    return {.joined_by = static_cast<concatenation>(random() % 4),
            .bengali_shift = random() % 2 == 0,
            .smart_replacement = false,
            .parts_max = static_cast<std::uint8_t>(random() % 4 == 0 ? 1 + random() % 5 : 255)};
}

/// The parts hold the limits, one after the other, and begin where a part may.
void expect_good_parts(const sms_segments& segments, const sms_form& form,
                       const std::string& text) {
    const sms_plan& plan = segments.plan;
    const bool is_only = segments.parts.size() == 1;
    const std::size_t most = sms_part_units(plan.in, form.joined_by, is_only);
    std::size_t units = 0;
    std::size_t at = 0;
    for (const sms_part& part : segments.parts) {
        ASSERT_LE(part.units, most);
        const std::size_t octets = part.user_data.size() - part.header_octets;
        ASSERT_EQ(octets, plan.in == sms_alphabet::ucs2 ? 2 * part.units : part.units);
        ASSERT_TRUE(is_cluster_boundary(text, at)) << text << " at " << at;
        at += part_text(part, plan.in).size();
        units += part.units;
    }
    ASSERT_EQ(at, text.size());
    ASSERT_EQ(units, plan.units);
    ASSERT_EQ(plan.parts, segments.parts.size());
    ASSERT_EQ(plan.units_left_in_last, most - segments.parts.back().units);
}

TEST(SegmentsProperty, PartsAreThePlanAndJoinToTheText) {
    std::mt19937 random{32};
    std::array<int, 3> seen{};
    int of_many_parts = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = any_text(random);
        const sms_form form = any_form(random);
        const auto plan = plan_sms(text, form);
        const auto segments = split_sms(text, form, static_cast<std::uint16_t>(random()));
        ASSERT_EQ(plan.has_value(), segments.has_value());
        if (!plan) {
            ASSERT_EQ(plan.error(), errc::too_large);
            ASSERT_EQ(segments.error(), errc::too_large);
            continue;
        }
        ASSERT_EQ(*plan, segments->plan);
        ++seen.at(static_cast<std::size_t>(plan->in));
        const std::string sent = message_form(text);
        if (form.joined_by != concatenation::payload) {
            of_many_parts += plan->parts > 1 ? 1 : 0;
            expect_good_parts(*segments, form, sent);
        }
        if (form.joined_by == concatenation::sar) {
            continue; // Their order is in parameters.
        }
        ASSERT_EQ(joined(*segments), sent);
    }
    for (const int of_alphabet : seen) {
        EXPECT_GT(of_alphabet, 1'000);
    }
    EXPECT_GT(of_many_parts, 5'000);
}

TEST(SegmentsProperty, NeitherShiftNorReplacementCostsAPart) {
    constexpr std::array<std::string_view, 8> latin{"a", "Pay ", "Tk 500", "{",
                                                    " ", "word", "…",      "½"};
    constexpr std::array<std::string_view, 8> bangla{"ক", "৫০", "টাকা ", "য়", "ড়ি", "।", "–", "…"};
    std::mt19937 random{33};
    int cheaper = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto& from = random() % 2 == 0 ? latin : bangla;
        const std::size_t kinds = 1 + random() % from.size();
        std::string text;
        for (std::size_t length = random() % 300; length > 0; --length) {
            text.append(from[from.size() - 1 - random() % kinds]);
        }
        const auto wide = plan_sms(text, {.parts_max = 255}).value();
        const auto shorter =
            plan_sms(text, {.bengali_shift = true, .smart_replacement = true, .parts_max = 255})
                .value();
        ASSERT_LE(shorter.parts, wide.parts) << text;
        ASSERT_TRUE(shorter.in != sms_alphabet::ucs2 || shorter == wide) << text;
        cheaper += shorter.parts < wide.parts ? 1 : 0;
    }
    EXPECT_GT(cheaper, 2'000);
}

TEST(Segments, NothingMayBeLeftOfAText) {
    const auto segments = split_sms("\uFEFF", {.smart_replacement = true}, 1).value();
    EXPECT_EQ(segments.plan, (sms_plan{sms_alphabet::gsm7, 0, 1, 160}));
    ASSERT_EQ(segments.parts.size(), 1U);
    EXPECT_EQ(segments.parts[0], sms_part{});
}

TEST(Segments, ADearerReplacementIsNotMade) {
    constexpr sms_form smart{.smart_replacement = true};
    EXPECT_EQ(plan_sms(repeated("…", 53), smart).value(),
              (sms_plan{sms_alphabet::gsm7, 159, 1, 1}));
    EXPECT_EQ(plan_sms(repeated("…", 54), smart).value(),
              (sms_plan{sms_alphabet::ucs2, 54, 1, 16}));
}

} // namespace
} // namespace uthan::texts
