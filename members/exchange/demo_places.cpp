#include "members/exchange/demo_places.hpp"

#include "members/exchange/demo_random.hpp"

#include <algorithm>
#include <array>

namespace uthan::members::exchange {

namespace {

using std::chrono::days;

constexpr std::array<unsigned, 6> meeting_weekdays{6, 7, 1, 2, 3, 4}; // Saturday to Thursday

label label_of(const demo_word& word) {
    return {std::string{word.bn}, std::string{word.en}};
}

bool is_holiday(const office_calendar& calendar, calendar_day day) {
    return std::any_of(calendar.holidays.begin(), calendar.holidays.end(),
                       [day](const holiday& h) { return h.day == day; });
}

/// The nearest day from `from` on (step 1 or -1 day) that is an ordinary working day.
calendar_day working_day(const demo_shape& shape, const office_calendar& calendar,
                         calendar_day from, int step) {
    const auto is_weekly_off = [&](calendar_day day) {
        return std::find(shape.days_off.begin(), shape.days_off.end(), iso_weekday(day)) !=
               shape.days_off.end();
    };
    while (is_weekly_off(from) || is_holiday(calendar, from)) {
        from += days{step};
    }
    return from;
}

void add_holiday(demo_leaf& leaf, calendar_day day, const demo_word& name) {
    holiday extra{leaf.row.code, day, label_of(name), std::nullopt};
    auto& all = leaf.calendar.holidays;
    all.insert(std::upper_bound(all.begin(), all.end(), day,
                                [](calendar_day d, const holiday& h) { return d < h.day; }),
               std::move(extra));
    leaf.case_holiday = day;
    leaf.first_weekday = iso_weekday(day);
}

void give_case(const demo_shape& shape, demo_leaf& leaf, calendar_day as_of) {
    switch (static_cast<demo_office>(leaf.number)) {
    case demo_office::four_days_behind:
        leaf.row.as_of = as_of - days{4};
        break;
    case demo_office::nine_days_behind:
        leaf.row.as_of = as_of - days{9};
        break;
    case demo_office::moratorium:
        leaf.calendar.moratoria.push_back(
            {leaf.row.code, as_of - days{10}, as_of + days{20}, "বন্যা"});
        break;
    case demo_office::holiday_ahead:
        add_holiday(leaf, working_day(shape, leaf.calendar, as_of + days{2}, 1),
                    {"এলাকার মেলা", "Local fair"});
        break;
    case demo_office::holiday_behind:
        add_holiday(leaf, working_day(shape, leaf.calendar, as_of - days{1}, -1),
                    {"এলাকার ভোট", "Local election"});
        break;
    case demo_office::cases:
        break;
    }
}

office above(std::string code, const std::string& parent, label name, office_level level,
             const demo_shape& shape, calendar_day as_of, std::uint32_t number) {
    office row;
    row.code = std::move(code);
    row.parent_code = parent;
    row.name = std::move(name);
    row.level = level;
    row.phone =
        "0" + std::string{shape.phone_prefix.substr(3, 3)} + "99" + padded(90000 + number, 5);
    row.as_of = as_of;
    return row;
}

/// The code of the named office above the leaves; added when it is not there yet.
std::string find_or_add(std::vector<office>& all, char letter, const std::string& parent,
                        const label& name, office_level level, const demo_shape& shape,
                        calendar_day as_of) {
    std::uint32_t same_level = 0;
    for (const office& one : all) {
        if (one.level == level && one.name.bn == name.bn) {
            return one.code;
        }
        same_level += one.level == level ? 1 : 0;
    }
    std::string code = letter + padded(same_level + 1, 2);
    all.push_back(
        above(code, parent, name, level, shape, as_of, static_cast<std::uint32_t>(all.size())));
    return code;
}

std::string parent_of(const demo_shape& shape, const demo_place& place, demo_offices& made,
                      calendar_day as_of) {
    std::string parent = "HO";
    if (!place.division_bn.empty()) {
        const label division{std::string{place.division_bn} + " বিভাগ",
                             std::string{place.division_en} + " division"};
        parent =
            find_or_add(made.above, 'V', parent, division, office_level::division, shape, as_of);
    }
    const label district{std::string{place.district.bn} + " জেলা",
                         std::string{place.district.en} + " district"};
    const auto level =
        shape.leaf == office_level::upazila ? office_level::district : office_level::area;
    return find_or_add(made.above, 'D', parent, district, level, shape, as_of);
}

demo_leaf make_leaf(const demo_shape& shape, std::uint32_t number, demo_offices& made,
                    calendar_day as_of) {
    const auto place_index = (number - 1) % shape.places.size();
    const auto round = static_cast<std::uint32_t>((number - 1) / shape.places.size());
    const demo_place& place = shape.places[place_index];
    demo_leaf leaf;
    leaf.number = number;
    leaf.row = above(padded(number, 3), parent_of(shape, place, made, as_of), label_of(place.name),
                     shape.leaf, shape, as_of, number);
    leaf.row.phone = "0" + std::string{shape.phone_prefix.substr(3, 3)} + "99" + padded(number, 5);
    if (round > 0) {
        leaf.row.name.bn += " " + bangla_digits(round + 1);
        leaf.row.name.en += " " + std::to_string(round + 1);
    }
    if (number % 5 == 0) {
        leaf.row.name.en.clear(); // left to the import's transliteration
    }
    leaf.row.district = place.district.bn;
    if (shape.leaf == office_level::upazila) {
        leaf.row.upazila = leaf.row.name.bn;
    }
    const auto officers = officer_names();
    leaf.row.officer_name = officers[number % officers.size()].bn;
    leaf.row.officer_phone =
        "0" + std::string{shape.phone_prefix.substr(3, 3)} + "98" + padded(number, 5);
    leaf.calendar.holidays = demo_national_holidays(as_of);
    give_case(shape, leaf, as_of);
    return leaf;
}

/// The first office holds the cases, the others share the rest evenly.
std::uint32_t members_in(const demo_shape& shape, std::uint32_t number, std::uint32_t offices,
                         std::uint32_t members) {
    const std::uint32_t first =
        std::min(members, std::max(number_of(demo_case::last),
                                   std::min(members / offices, shape.members_per_office)));
    if (number == 1) {
        return first;
    }
    const std::uint32_t rest = members - first;
    const std::uint32_t others = offices - 1;
    return rest / others + (number - 2 < rest % others ? 1 : 0);
}

} // namespace

std::string padded(std::uint64_t value, std::size_t width) {
    std::string digits = std::to_string(value);
    return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::vector<holiday> demo_national_holidays(calendar_day as_of) {
    struct fixed_day {
        unsigned month;
        unsigned day;
        demo_word name;
    };
    static constexpr std::array<fixed_day, 6> fixed{{
        {2, 21, {"শহীদ দিবস", "Martyrs' Day"}},
        {3, 26, {"স্বাধীনতা দিবস", "Independence Day"}},
        {4, 14, {"বাংলা নববর্ষ", "Bangla New Year"}},
        {5, 1, {"মে দিবস", "May Day"}},
        {12, 16, {"বিজয় দিবস", "Victory Day"}},
        {12, 25, {"বড়দিন", "Christmas"}},
    }};
    const auto year = std::chrono::year_month_day{as_of}.year();
    std::vector<holiday> all;
    for (int i = -2; i <= 1; ++i) {
        for (const fixed_day& one : fixed) {
            const calendar_day day =
                (year + std::chrono::years{i}) / static_cast<int>(one.month) / one.day;
            all.push_back({"", day, label_of(one.name), std::nullopt});
        }
    }
    return all;
}

demo_offices make_demo_offices(const demo_shape& shape, std::uint32_t members, calendar_day as_of) {
    const std::uint32_t wanted =
        (members + shape.members_per_office - 1) / shape.members_per_office;
    const std::uint32_t offices = std::clamp(wanted, shape.offices_min, shape.offices_max);
    demo_offices made;
    made.above.push_back(
        above("HO", "", label_of(shape.name), office_level::head, shape, as_of, 0));
    for (std::uint32_t number = 1; number <= offices; ++number) {
        demo_leaf leaf = make_leaf(shape, number, made, as_of);
        leaf.members = members_in(shape, number, offices, members);
        leaf.groups = std::max(1U, (leaf.members * 10 + shape.members_per_group_tenths / 2) /
                                       shape.members_per_group_tenths);
        leaf.officers = std::max(1U, (leaf.members + shape.members_per_officer / 2) /
                                         shape.members_per_officer);
        made.leaves.push_back(std::move(leaf));
    }
    return made;
}

std::string demo_officer_code(const demo_leaf& office, std::uint32_t index) {
    return "S" + office.row.code + padded(index + 1, 3);
}

group make_demo_group(const demo_shape& shape, const demo_leaf& office, std::uint32_t index) {
    const auto names = group_names();
    const auto places = meeting_places();
    const demo_word& name = names[(office.number * 5 + index) % names.size()];
    group made;
    made.code = "G" + office.row.code + padded(index + 1, 5);
    made.kind = shape.kind;
    made.office_code = office.row.code;
    made.name.bn = std::string{name.bn} + " " + std::string{shape.kind_word.bn} + " " +
                   bangla_digits(index + 1);
    if (index % 3 != 2) { // a third is left to the import's transliteration
        made.name.en = std::string{name.en} + " " + std::string{shape.kind_word.en} + " " +
                       std::to_string(index + 1);
    }
    if (shape.kind == group_kind::karmadal) {
        made.parent_code = "C" + office.row.code + padded(index / 4 + 1, 4);
    }
    made.savings_rate = shape.savings_rate;
    if (office.number == number_of(demo_office::cases) && index == office.groups) {
        return made;
    }
    made.staff_code = demo_officer_code(office, index % office.officers);
    meeting_rule meeting;
    meeting.weekday = meeting_weekdays[(office.number + index) % meeting_weekdays.size()];
    meeting.frequency = shape.meets;
    if (shape.meets == meeting_frequency::monthly && index % 3 == 1) {
        meeting.frequency = meeting_frequency::fortnightly;
    }
    if (index == 0 && office.first_weekday != 0) {
        meeting.weekday = office.first_weekday;
        meeting.frequency = meeting_frequency::weekly;
    }
    if (index % 7 != 6) { // some groups never wrote down their time
        meeting.time_of_day = std::chrono::minutes{8 * 60 + 30 * static_cast<int>(index % 17)};
    }
    const demo_word& place = places[(office.number + index * 7) % places.size()];
    meeting.place = {std::string{place.bn}, index % 4 == 3 ? "" : std::string{place.en}};
    made.meeting = std::move(meeting);
    return made;
}

} // namespace uthan::members::exchange
