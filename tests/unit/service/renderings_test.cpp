#include "tests/support/dialogue_world.hpp"
#include "texts/forms.hpp"
#include "texts/weight.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>

// One dialogue in three renderings, over the whole of both shipped menus.
namespace uthan::testing_world {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The last one is of staff.
constexpr std::array phones{"8801711000001", "8801711000002", "8801711000003", "8801711000004",
                            "8801811000999"};

/// Wide enough that no rendering needs a second page where another does not.
constexpr std::size_t endless = 100'000;

members::member_facts in_arrears_with_several(std::string code, std::string msisdn) {
    auto facts = member_with_loan(std::move(code), std::move(msisdn));
    facts.who.name = {"জোয়ি “বেগম”", "Zoë “Begum” [2]"};
    facts.officer->short_name = {"মোছাঃ শেফালী", ""};
    auto second = facts.loans.front();
    second.loan_no = "L2";
    second.principal = money::taka(25'000);
    for (auto& row : second.schedule) {
        row.paid = row.seq < 5 ? row.total_due : money{};
    }
    facts.loans.push_back(second);
    for (const auto product : {members::savings_product::voluntary, members::savings_product::term,
                               members::savings_product::security}) {
        auto account = facts.savings.front();
        account.account_no = "S" + std::to_string(facts.savings.size() + 1);
        account.product = product;
        account.balance = account.available = money::taka(1'000 * facts.savings.size());
        facts.savings.push_back(account);
    }
    return facts;
}

members::member_facts without_a_loan(std::string code, std::string msisdn) {
    auto facts = member_with_loan(std::move(code), std::move(msisdn));
    facts.loans.clear();
    facts.group_of->meeting = std::nullopt;
    return facts;
}

members::organisation_rules rules_with_everything() {
    auto rules = kmss_rules_with_requests();
    rules.applications.first_days = 30;
    rules.applications.reinvest_days = 20;
    rules.requests.categories.front().name.bn_latn = "Joma otheni";
    return rules;
}

/// An officer of one group, with work of every kind waiting for her.
void add_officer(world& w) {
    auto officer = *member_with_loan("", "").officer;
    officer.phone = phones[4];
    w.ledger.staff_of_all.push_back(officer);
    for (const auto kind :
         {members::request_kind::complaint, members::request_kind::call_me,
          members::request_kind::refund_exit, members::request_kind::number_change}) {
        for (const char* deadline : {"2026-11-18", "2027-12-31"}) {
            members::request one;
            one.number = w.registry.all_requests.size() + 1;
            one.kind = kind;
            one.category = kind == members::request_kind::complaint ? "deposit_missing" : "";
            one.reach = static_cast<members::reach_way>(one.number % 6);
            one.member_code = "K0100101";
            one.office_code = one.desk_office = "K01";
            one.opened_on = day("2026-11-10");
            one.deadline_on = day(deadline);
            w.registry.all_requests.push_back(one);
        }
    }
    const auto account = access::staff_account("F1");
    w.registry.records[account].pin =
        access::make_verifier(secret_key{1, 2, 3}, {"kmss", account}, {9}, "4821");
}

/// Of the officer's group; with several loans, or none, also a regular deposit.
members::member_facts of_her_group(members::member_facts facts) {
    if (facts.group_of) {
        facts.group_of->staff_code = "F1";
        facts.group_of->name = {"পদ্মা", "Padma"};
        facts.group_of->savings_rate = money::taka(facts.loans.size() == 1 ? 0 : 50);
    }
    return facts;
}

/// The same members, each with the PIN 4821; two of them share the fourth phone.
struct rendered_world : world {
    rendered_world(texts::rendering in, std::size_t octets_max, bool rss)
        : world(policy_with_pin(), rules_with_everything(), {in, octets_max}, rss) {
        ledger.add(of_her_group(member_with_loan("K0100101", phones[0])));
        ledger.add(of_her_group(in_arrears_with_several("K0100102", phones[1])));
        ledger.add(of_her_group(without_a_loan("K0100103", phones[2])));
        ledger.add(of_her_group(member_with_loan("K0100104", phones[3])));
        ledger.add(of_her_group(in_arrears_with_several("K0100205", phones[3])));
        add_officer(*this);
        members::application asked;
        asked.app_no = "A1";
        asked.applied_on = day("2026-11-10");
        asked.requested = money::taka(20'000);
        activity_of_all_has(asked);
        for (const char* code : {"K0100101", "K0100102", "K0100103", "K0100104", "K0100205"}) {
            registry.records[code].pin =
                access::make_verifier(secret_key{1, 2, 3}, {"kmss", code}, {9}, "4821");
        }
    }
    void activity_of_all_has(const members::application& asked) {
        ledger.activity_of_all.applications.push_back(asked);
    }
};

/// Every number of the screen, sorted. Without 4: only some renderings write "4 digits" as a digit.
std::vector<std::string> numbers_of(const std::string& screen) {
    std::vector<std::string> numbers;
    std::string one;
    for (const char c : texts::with_ascii_digits(screen) + " ") {
        if ((c >= '0' && c <= '9') || (c == ',' && !one.empty())) {
            one.push_back(c);
            continue;
        }
        while (one.ends_with(',')) {
            one.pop_back();
        }
        if (!one.empty() && one != "4") {
            numbers.push_back(one);
        }
        one.clear();
    }
    std::ranges::sort(numbers);
    return numbers;
}

bool asks_for_pin(const std::string& bangla) {
    return bangla.find("পিন দিন") != std::string::npos;
}

/// Whether every literal of the text's lines stands in the screen, in their order.
bool may_be(const std::string& screen, const texts::text_template& text) {
    std::size_t at = 0;
    for (const auto& line : text.lines()) {
        for (const auto& segment : line.segments) {
            if (segment.is_placeholder || line.is_row) {
                continue;
            }
            at = screen.find(segment.text, at);
            if (at == std::string::npos) {
                return false;
            }
            at += segment.text.size();
        }
    }
    return true;
}

const std::vector<std::string>& random_keys() {
    static const std::vector<std::string> keys{"1", "1", "1", "2", "2",  "3",     "4",   "5",
                                               "6", "7", "8", "9", "00", "20000", "700", "0"};
    return keys;
}

class EveryMenu : public testing::TestWithParam<bool> {};

TEST_P(EveryMenu, SaysTheSameInEveryRendering) {
    // Goal: the same keys in three renderings are the same dialogue: each screen states the same
    // amounts, dates, phones and keys, and ends where the others end. The walk sees most texts.
    std::mt19937 random{20261122U};
    std::array<rendered_world, 3> worlds{{{texts::rendering::bn, endless, GetParam()},
                                          {texts::rendering::bn_latn, endless, GetParam()},
                                          {texts::rendering::en, endless, GetParam()}}};
    const auto texts = shipped_texts(GetParam());
    std::set<std::string_view> seen;
    for (int dialogue = 0; dialogue < 1'200; ++dialogue) {
        const std::string number = phones[random() % phones.size()];
        const auto pause = std::chrono::hours{random() % 40};
        std::array<std::string, 3> shown;
        std::vector<handset> handsets;
        for (std::size_t i = 0; i < worlds.size(); ++i) {
            worlds[i].time.advance(pause);
            for (auto& [code, record] : worlds[i].registry.records) {
                record.language.reset();
            }
            shown[i] = handsets.emplace_back(worlds[i], number).dial();
        }
        for (int step = 0; step < 20 && !handsets[0].ended(); ++step) {
            const auto key =
                asks_for_pin(shown[0]) ? "4821" : random_keys()[random() % random_keys().size()];
            for (std::size_t i = 0; i < worlds.size(); ++i) {
                shown[i] = handsets[i].press(key);
                ASSERT_EQ(handsets[i].ended(), handsets[0].ended()) << shown[i];
                ASSERT_EQ(numbers_of(shown[i]), numbers_of(shown[0])) << shown[i] << shown[0];
            }
            for (const auto id : texts.ids(texts::rendering::bn_latn)) {
                if (may_be(shown[1], *texts.find(id, texts::rendering::bn_latn))) {
                    seen.insert(id);
                }
            }
        }
    }
    EXPECT_GT(seen.size(), 70U) << testing::PrintToString(seen);
}

class EveryScreen : public testing::TestWithParam<std::tuple<bool, texts::rendering>> {};

TEST_P(EveryScreen, FitsAndIsCarried) {
    // Goal: on a channel of 80 units random keys over the whole menu never make a screen that does
    // not fit, nor in Latin letters one that a link without Bangla cannot carry: not even with
    // names that somebody wrote with marks, brackets and curly quotes.
    const auto [rss, in] = GetParam();
    std::mt19937 random{20261123U};
    rendered_world w{in, 160, rss};
    const auto texts = shipped_texts(rss);
    const auto pin_question = texts.find("pin.ask", in)->render({}, {}, in).front();
    for (int dialogue = 0; dialogue < 400; ++dialogue) {
        w.time.advance(std::chrono::hours{random() % 40});
        handset phone{w, phones[random() % phones.size()]};
        std::string shown = phone.dial();
        for (int step = 0; step < 20 && !phone.ended(); ++step) {
            shown = phone.press(shown.find(pin_question) != std::string::npos
                                    ? "4821"
                                    : random_keys()[random() % random_keys().size()]);
            const auto weight = texts::ussd_weight(shown);
            ASSERT_LE(weight.octets, 160U) << shown;
            if (in != texts::rendering::bn) {
                ASSERT_EQ(weight.in, texts::alphabet::gsm7) << shown;
                ASSERT_EQ(weight.units, shown.size()) << shown;
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(StandardAndRss, EveryMenu, testing::Bool());
INSTANTIATE_TEST_SUITE_P(StandardAndRss, EveryScreen,
                         testing::Combine(testing::Bool(),
                                          testing::ValuesIn(texts::all_renderings)));

TEST(BanglaInLatinLetters, IsWhatABanglaMemberSeesOnItsChannel) {
    rendered_world w{texts::rendering::bn_latn, 160, false};
    handset phone{w, phones[0]};
    EXPECT_EQ(phone.dial(),
              "1 Kisti\n2 Shesh joma\n3 Shonchoy\n4 Meeting\n5 Loan baki\n6 Koto loan pabo\n"
              "7 Ovijog\n8 Aro\n0 Shesh");
    EXPECT_EQ(phone.press("4"), "Meeting Mongol 24/11\nShokal 10:30\nKarim's yard\n0 Firun");
    phone.press("0");
    EXPECT_EQ(phone.press("7"), "1 Joma otheni\n2 Asked for extra money\n3 Bad behaviour\n"
                                "4 Loan delayed\n5 Other\n6 Jobab\n0 Firun");
    phone.press("0");
    EXPECT_EQ(phone.press("1"), "Apnar 4 shongkhar PIN din:");
    EXPECT_EQ(phone.press("4821"), "Kisti 245 taka\nMongol 24/11\n46tir moddhe 10 nombor\n"
                                   "(20/11 er hishab)\n0 Firun");
}

TEST(BanglaInLatinLetters, IsBanglaWhereSheChooses) {
    // Goal: the choice stays between Bangla and English; on another channel the same choice is
    // Bangla script.
    rendered_world w{texts::rendering::bn_latn, 160, false};
    handset phone{w, phones[0]};
    phone.dial();
    phone.press("8");
    EXPECT_EQ(phone.press("1"), "1 Bangla\n2 English\n0 Firun");
    EXPECT_EQ(phone.press("2"), "Done, English from now on.\n0 Back");
    phone.press("00");
    phone.press("8");
    phone.press("1");
    EXPECT_EQ(phone.press("1"), "Thik ache, ekhon theke Bangla.\n0 Firun");
    EXPECT_EQ(w.registry.records["K0100101"].language, members::written_language::bn);
}

TEST(BanglaInLatinLetters, NamesAreCarriedWhateverWasEntered) {
    rendered_world w{texts::rendering::bn_latn, 160, false};
    handset phone{w, phones[3]};
    EXPECT_THAT(phone.dial(), HasSubstr("2 Zoe 05"));
    handset other{w, phones[1]};
    other.dial();
    other.press("8");
    EXPECT_THAT(other.press("4"), HasSubstr("Mathkormi Mst. Shefali"));
}

class EveryStaffScreen : public testing::TestWithParam<texts::rendering> {};

TEST_P(EveryStaffScreen, IsReachedByRandomKeysAndFits) {
    // Goal: keys at random, and a member's number where one is asked for, meet every text of the
    // staff's menu within a phone's 160 octets. Nothing that is done takes the work away for good.
    std::mt19937 random{20261125U};
    rendered_world w{GetParam(), 160, false};
    auto waiting = w.registry.all_requests;
    const auto texts = shipped_texts();
    const auto question = [&](const char* id) {
        return texts.find(id, GetParam())->render({}, {}, GetParam()).front();
    };
    std::set<std::string> missing;
    for (const auto id : texts.ids(GetParam())) {
        if (id.starts_with("staff.")) {
            missing.insert(std::string{id});
        }
    }
    // Of a number that is a member's too, and of an officer without a group: tested elsewhere.
    for (const char* elsewhere : {"staff.which", "staff.no_groups"}) {
        missing.erase(elsewhere);
    }
    for (int dialogue = 0; dialogue < 10'000 && !missing.empty(); ++dialogue) {
        w.time.advance(std::chrono::hours{random() % 30});
        const auto today = std::chrono::floor<std::chrono::days>(w.time.now());
        for (auto& one : waiting) {
            one.deadline_on = today + std::chrono::days{random() % 9} - std::chrono::days{4};
        }
        w.registry.all_requests = random() % 4 == 0 ? std::vector<members::request>{} : waiting;
        handset phone{w, phones[4]};
        std::string shown = phone.dial();
        for (int step = 0; step < 14 && !phone.ended(); ++step) {
            const bool asks_member = shown.find(question("staff.ask_member")) != std::string::npos;
            shown = phone.press(shown.find(question("pin.ask")) != std::string::npos ? "4821"
                                : asks_member && random() % 3 != 0
                                    ? "K0100101"
                                    : random_keys()[random() % random_keys().size()]);
            ASSERT_LE(texts::ussd_weight(shown).octets, 160U) << shown;
            std::erase_if(missing, [&](const std::string& id) {
                return may_be(shown, *texts.find(id, GetParam()));
            });
        }
    }
    EXPECT_TRUE(missing.empty()) << testing::PrintToString(missing);
}

INSTANTIATE_TEST_SUITE_P(InEveryRendering, EveryStaffScreen,
                         testing::ValuesIn(texts::all_renderings));

} // namespace
} // namespace uthan::testing_world
