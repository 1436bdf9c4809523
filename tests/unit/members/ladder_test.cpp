#include "members/ladder.hpp"

#include "example_requests.hpp"

#include <gtest/gtest.h>

namespace uthan::members {
namespace {

using examples::office_chain;

TEST(Ladder, WithoutRulesOrImportItIsHerOwnOffice) {
    const auto chain = office_chain();
    const auto rungs = ladder_of({}, {}, chain, nullptr);
    ASSERT_EQ(rungs.size(), 1U);
    EXPECT_EQ(rungs[0].level, 0U);
    EXPECT_EQ(rungs[0].office_code, "B1");
    EXPECT_EQ(rungs[0].phone, "01710000001");
    EXPECT_EQ(rungs[0].name.en, "Office B1");
    EXPECT_EQ(rungs[0].answer_days, 7U);
    EXPECT_TRUE(ladder_of({}, {}, {}, nullptr).empty());
}

TEST(Ladder, TheNearestOfficesRowIsTakenAndTheOrganisationsOwnLast) {
    const auto chain = office_chain();
    const std::vector<ladder_entry> imported{
        {1, "", "সবার", "16000", "phone"},   {1, "HO", "প্রধান", "0255000009", "phone"},
        {1, "A1", "এলাকা", "", "visit"},     {1, "A9", "অন্য এলাকা", "1", "phone"},
        {3, "B7", "অন্য শাখা", "2", "phone"}, {20, "", "শেষ", "16001", "phone"},
    };
    const auto rungs = ladder_of({}, imported, chain, nullptr);
    ASSERT_EQ(rungs.size(), 3U);
    EXPECT_EQ(rungs[1].level, 1U);
    EXPECT_EQ(rungs[1].name.bn, "এলাকা");
    EXPECT_EQ(rungs[1].name.en, "") << "another office's English name is not this row's";
    EXPECT_EQ(rungs[1].office_code, "A1");
    EXPECT_EQ(rungs[1].phone, "01710000002") << "a row without a phone has its office's";
    EXPECT_EQ(rungs[1].way, "visit");
    EXPECT_EQ(rungs[2].level, 20U);
    EXPECT_EQ(rungs[2].office_code, "");
    EXPECT_EQ(rungs[2].phone, "16001");
}

TEST(Ladder, TheRulesGiveDaysTitleRolesAndPlace) {
    const auto chain = office_chain();
    request_rules rules;
    rules.answer_days = 9;
    rules.ladder = {{2, 4, {"পরিচালক", "Director"}, office_level::head, {"director"}},
                    {3, 4, {"কেউ না", "Nobody"}, office_level::division, {}},
                    {1, 0, {}, {}, {}}};
    const std::vector<ladder_entry> imported{{1, "B1", "ব্যবস্থাপক", "01710000004", "phone"},
                                             {4, "HO", "বোর্ড", "", ""}};
    const auto rungs = ladder_of(rules, imported, chain, nullptr);
    ASSERT_EQ(rungs.size(), 4U) << "no office of the chain is a division";
    EXPECT_EQ(rungs[0].answer_days, 9U);
    EXPECT_EQ(rungs[1].answer_days, 1U) << "no rung without a day";
    EXPECT_EQ(rungs[1].office_code, "B1");
    EXPECT_EQ(rungs[2].name.en, "Director");
    EXPECT_EQ(rungs[2].name.bn, "পরিচালক");
    EXPECT_EQ(rungs[2].office_code, "HO");
    EXPECT_EQ(rungs[2].phone, "0255000003");
    EXPECT_EQ(rungs[2].roles, std::vector<std::string>{"director"});
    EXPECT_EQ(rungs[3].answer_days, 9U);
}

TEST(Ladder, ARungAtTheAccusedsPhoneIsLeftOutHoweverItIsWritten) {
    const auto chain = office_chain();
    staff accused = examples::officer_of("S1", "B1");
    const std::vector<ladder_entry> imported{{1, "B1", "ব্যবস্থাপক", "01710-000004", "phone"},
                                             {2, "", "হটলাইন", "16133", "phone"}};
    struct row {
        const char* phone;
        std::size_t rungs;
    };
    const row rows[] = {
        {"+8801710000004", 2}, {"8801710000004", 2}, {"01710000004", 2}, {"1710000004", 2},
        {"01710000001", 2}, // the office's phone is in his pocket
        {"16133", 2},          {"6133", 3},          {"01810000009", 3}, {"", 3},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.phone);
        accused.phone = r.phone;
        EXPECT_EQ(ladder_of({}, imported, chain, &accused).size(), r.rungs);
    }
}

TEST(Ladder, TheAccusedIsLeftOutWhereverHeWorksNow) {
    const auto chain = office_chain();
    struct row {
        const char* office;
        const char* role;
        std::vector<std::string> roles_of_area;
        std::vector<unsigned> levels;
    };
    const row rows[] = {
        {"B1", "field_officer", {}, {0, 1, 2}},
        {"A1", "area_manager", {"area_manager"}, {0, 2}},
        {"A1", "clerk", {"area_manager"}, {0, 1, 2}},
        {"A1", "clerk", {}, {0, 2}},
        {"HO", "director", {}, {0, 1, 2}}, // others of the head office answer
        {"B7", "manager", {}, {0, 1, 2}},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(std::string{r.office} + " " + r.role);
        auto rules = examples::request_rules_of();
        rules.requests.ladder[1].roles = r.roles_of_area;
        staff accused = examples::officer_of("S1", r.office);
        accused.role = r.role;
        std::vector<unsigned> levels;
        for (const auto& rung : ladder_of(rules.requests, {}, chain, &accused)) {
            levels.push_back(rung.level);
        }
        EXPECT_EQ(levels, r.levels);
    }
}

TEST(Ladder, OneIsTheSameByCodeOrByNumber) {
    staff one = examples::officer_of("S1", "B1");
    staff other = examples::officer_of("S2", "A1");
    EXPECT_TRUE(is_same_person(one, other)) << "both have the example's number";
    other.phone = "01810000008";
    EXPECT_FALSE(is_same_person(one, other));
    other.code = "S1";
    EXPECT_TRUE(is_same_person(one, other));
    other.code = "S2";
    one.phone = other.phone = "";
    EXPECT_FALSE(is_same_person(one, other));
}

} // namespace
} // namespace uthan::members
