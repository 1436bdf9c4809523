#include "texts/catalog.hpp"
#include "texts/forms.hpp"
#include "texts/graphemes.hpp"
#include "texts/weight.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace uthan::texts {
namespace {

using std::chrono::minutes;

TEST(Placeholders, AreFoundByNameAlone) {
    for (const placeholder& p : placeholders()) {
        EXPECT_EQ(find_placeholder(p.name), &p);
        EXPECT_EQ(find_placeholder(std::string{p.name} + "x"), nullptr);
    }
    EXPECT_EQ(find_placeholder(""), nullptr);
    EXPECT_EQ(find_placeholder("Name"), nullptr);
    EXPECT_EQ(find_placeholder("zzz"), nullptr);
}

TEST(Placeholders, HoldWhateverTheMenusSay) {
    for (const std::string_view name :
         {"name",      "tail", "amt",      "date",   "inst",    "sav",     "total", "overdue",
          "advance",   "day",  "date2",    "n",      "k",       "asof",    "time",  "place",
          "principal", "left", "paid",     "kind",   "savings", "limit",   "goal",  "gap",
          "min",       "max",  "rate",     "branch", "phone",   "officer", "tries", "general",
          "voluntary", "term", "security", "share",  "count",   "product", "id",    "status",
          "office",    "org",  "ussd"}) {
        EXPECT_NE(find_placeholder(name), nullptr) << name;
    }
}

TEST(Placeholders, WidestValuesAreExactlyAsWideAsAllowed) {
    for (const placeholder& p : placeholders()) {
        for (const rendering in : all_renderings) {
            SCOPED_TRACE(std::string{p.name} + " in " + std::string{to_string(in)});
            const std::string value = widest_value(p, in);
            EXPECT_EQ(utf16_units(value), width_max(p, in));
            const weight of_value = ussd_weight(value);
            EXPECT_EQ(of_value.in, in == rendering::bn ? alphabet::ucs2 : alphabet::gsm7);
            EXPECT_EQ(of_value.units, width_max(p, in)) << "an extension character";
            EXPECT_EQ(truncate(value + "ম", width_max(p, in)), value) << "cut inside a grapheme";
        }
    }
}

TEST(Placeholders, MoneyHoldsTenCroreLessOneTaka) {
    const money amount = money::taka(999'999'999);
    for (const placeholder& p : placeholders()) {
        if (p.kind == value_kind::money && p.name != "rate") {
            EXPECT_EQ(widest_value(p, rendering::en), money_form(amount, rendering::en)) << p.name;
            EXPECT_EQ(widest_value(p, rendering::bn), money_form(amount, rendering::bn)) << p.name;
        }
    }
}

TEST(Placeholders, NoDateWeekdayOrTimeIsWider) {
    const auto* date = find_placeholder("date");
    const auto* day = find_placeholder("day");
    const auto* time = find_placeholder("time");
    for (const rendering in : all_renderings) {
        for (int days = 0; days < 366; ++days) {
            const calendar_day at{std::chrono::days{20'000 + days}};
            EXPECT_LE(utf16_units(date_form(at, in)), width_max(*date, in));
            EXPECT_LE(utf16_units(weekday_form(iso_weekday(at), in)), width_max(*day, in));
        }
        for (int minute = 0; minute < 1440; ++minute) {
            EXPECT_LE(utf16_units(time_form(minutes{minute}, in)), width_max(*time, in));
        }
    }
    EXPECT_LE(utf16_units(phone_form("+8801712345678", rendering::bn)),
              find_placeholder("phone")->width_max_bn);
}

TEST(Placeholders, RealNamesOfOfficesAndPlacesStayWhole) {
    const auto fits = [](std::string_view name, std::string_view text, rendering in) {
        return utf16_units(text) <= width_max(*find_placeholder(name), in);
    };
    EXPECT_TRUE(fits("office", "উপজেলা সমাজসেবা কার্যালয়", rendering::bn));
    EXPECT_TRUE(fits("office", transliterate("উপজেলা সমাজসেবা কার্যালয়"), rendering::en));
    EXPECT_TRUE(fits("place", "করিমের উঠান", rendering::bn));
    EXPECT_TRUE(fits("name", "ফাতেমা খাতুন", rendering::bn));
    EXPECT_TRUE(fits("officer", "সুফিয়া", rendering::bn));
}

/// The texts of a dialogue with a value in them, at their widest.
TEST(Placeholders, ScreensOfUpToTwoAmountsFit80UnitsInBangla) {
    const std::array<std::string_view, 12> screens{
        "সঞ্চয় {amt} টাকা\n({date} পর্যন্ত)\n0 ফিরুন",
        "মিটিং {day} {date}\n{time}\n{place}\n0 ফিরুন",
        "{date} ছুটি, মিটিং নেই।\nপরের মিটিং {day} {date2}\n0 ফিরুন",
        "{goal} টাকা ঋণ পেতে আরও {gap} টাকা সঞ্চয় লাগবে।\n0 ফিরুন",
        "চালু ঋণ শোধ হলে নতুন ঋণের আবেদন করতে পারবেন। বাকি {left} টাকা।\n0 ফিরুন",
        "নং {id}: {status}\n{office}\n1 বড় অফিসে জানান\n0 ফিরুন",
        "{branch} শাখা {phone}\nমাঠকর্মী {officer}\n0 ফিরুন",
        "পিন মেলেনি। আর {tries} বার চেষ্টা করতে পারবেন। পিন দিন:",
        "পিন আপাতত বন্ধ। খুলতে শাখায় ফোন করুন {phone}",
        "অভিযোগ নং {id} জমা হয়েছে। {date} এর মধ্যে জবাব পাবেন।",
        "নং {id} পাঠানো হলো: {office}",
        "{asof} পর্যন্ত হিসাব। পরের জমা এখনো ওঠেনি।"};
    for (const std::string_view screen : screens) {
        std::string message;
        const auto text = text_template::parse(screen, message);
        ASSERT_TRUE(text) << message;
        values widest;
        for (const std::string_view name : text->names()) {
            widest.set(name, widest_value(*find_placeholder(name), rendering::bn));
        }
        std::string shown;
        for (const std::string& line : text->render(widest, {}, rendering::bn)) {
            shown.append(shown.empty() ? "" : "\n").append(line);
        }
        EXPECT_LE(ussd_weight(shown).octets, ussd_octets_max) << shown;
    }
}

} // namespace
} // namespace uthan::texts
