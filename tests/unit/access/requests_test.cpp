#include "access/requests.hpp"

#include <gtest/gtest.h>

namespace uthan::access {
namespace {

TEST(RequestDecisions, TheAccusedsOwnPhoneIsNoRung) {
    // Goal: where the branch answers at the officer's own phone, his is no rung of a complaint
    // about him, and is one of any other.
    members::organisation_rules rules;
    members::complaint_category bad;
    bad.code = "bad_behaviour";
    rules.requests.categories.push_back(bad);
    auto facts = std::make_shared<members::member_facts>();
    facts->who.code = "M1";
    facts->office_of.code = "B1";
    facts->calendar = std::make_shared<members::office_calendar>();
    members::staff officer;
    officer.code = "S1";
    officer.office_code = "B1";
    officer.phone = "01711000001";
    facts->officer = officer;
    auto ladder = std::make_shared<members::ladder_source>();
    ladder->chain.resize(1);
    ladder->chain[0].code = "B1";
    ladder->imported = {{1, "B1", "ক", "+8801711000001", ""}, {2, "", "খ", "01711000002", ""}};
    const calendar_day today{std::chrono::year{2026} / 11 / 16};
    const change opening = open_request{{.category = "bad_behaviour", .amount = std::nullopt},
                                        {facts, ladder, &rules, today}};
    const auto decided = decide(opening, {}, instant{});
    ASSERT_TRUE(decided.stored);
    EXPECT_EQ(decided.result.kind, outcome_kind::opened);
    EXPECT_EQ(decided.stored->level, 2U);
    const auto his = ladder_for(*decided.stored, *facts, rules, *ladder);
    ASSERT_EQ(his.size(), 2U);
    EXPECT_EQ(his[1].level, 2U);
    auto another = *decided.stored;
    another.accused_code = "S2";
    EXPECT_EQ(ladder_for(another, *facts, rules, *ladder).size(), 3U);
}

TEST(RequestDecisions, AreAboutRequestsAlone) {
    EXPECT_TRUE(is_about_requests(open_request{}));
    EXPECT_TRUE(is_about_requests(escalate_request{}));
    EXPECT_TRUE(is_about_requests(withdraw_request{}));
    EXPECT_FALSE(is_about_requests(set_pin{}));
    EXPECT_FALSE(is_about_requests(choose_sms{}));
}

} // namespace
} // namespace uthan::access
