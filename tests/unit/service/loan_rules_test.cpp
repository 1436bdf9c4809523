#include "tests/support/dialogue_world.hpp"

#include "texts/graphemes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What the loan screens say of a household's limit and of training.
namespace uthan::testing_world {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* rahima = "8801711000001";
constexpr const char* her = "K0100101";

members::organisation_rules rules_per_household() {
    auto rules = kmss_rules();
    auto& product = rules.products.front();
    product.principal_min = money::taka(5'000);
    product.principal_max = money::taka(50'000);
    product.savings_first_bp = 0;
    product.charge_bp = 500;
    product.method = members::charge_method::service_charge;
    product.per_household = true;
    rules.training.weeks = 8;
    return rules;
}

struct loan_world : world {
    explicit loan_world(const char* household = "H1")
        : world(sessions::dialogue_policy{}, rules_per_household()) {
        auto facts = member_with_loan(her, rahima);
        facts.loans.clear();
        facts.who.household_id = household;
        facts.who.training_weeks_done = weeks;
        ledger.add(std::move(facts));
    }
    void others_borrowed(std::int64_t taka) {
        ledger.household_of_all.loans = {
            {"K0100999", "KMSS-46", money::taka(taka), members::loan_status::active, std::nullopt}};
    }
    static inline std::optional<unsigned> weeks;
};

std::string screen_after(loan_world& w, const std::vector<std::string>& keys) {
    handset phone{w, rahima};
    w.time.advance(std::chrono::minutes{11});
    auto shown = phone.dial();
    for (const auto& key : keys) {
        shown = phone.press(key);
    }
    return shown;
}

TEST(HouseholdOnThePhone, SaysWhatIsLeftAndNothingOfAnybodyElse) {
    loan_world w;
    EXPECT_THAT(screen_after(w, {"6"}), HasSubstr("ঋণ ৫,০০০-৫০,০০০ টাকা"));
    w.others_borrowed(18'000);
    w.ledger.publish_next();
    const auto shown = screen_after(w, {"6"});
    EXPECT_THAT(shown, HasSubstr("পরিবারে আরও ৩২,০০০ টাকা পর্যন্ত।\nহাজারে ৫০ টাকা সার্ভিস চার্জ।"));
    EXPECT_THAT(shown, Not(HasSubstr("১৮,০০০")));
    EXPECT_THAT(shown, Not(HasSubstr("K0100999")));
}

TEST(HouseholdOnThePhone, AnAskedAmountStaysWithinIt) {
    loan_world w;
    w.others_borrowed(18'000);
    EXPECT_THAT(screen_after(w, {"6", "1", "32000"}), HasSubstr("৩২,০০০ টাকা ঋণ পেতে পারেন"));
    EXPECT_THAT(screen_after(w, {"6", "1", "32001"}),
                HasSubstr("পরিবারে আরও ৩২,০০০ টাকা পর্যন্ত।\n(২০/১১ এর হিসাব)\n1 অন্য অঙ্ক"));
    EXPECT_THAT(screen_after(w, {"6", "1", "4999"}), HasSubstr("ঋণ ৫,০০০ থেকে ৩২,০০০ টাকা।"));
}

TEST(HouseholdOnThePhone, AFullOneIsSaidAndAnUnknownOneIsTheOffices) {
    loan_world w;
    w.others_borrowed(45'001);
    EXPECT_THAT(screen_after(w, {"6"}), HasSubstr("পরিবারে ঋণের সীমা এখন পূর্ণ।"));
    w.ledger.household_of_all.too_many = true;
    w.ledger.publish_next();
    EXPECT_THAT(screen_after(w, {"6"}), HasSubstr(texts::shortest_form("ঋণের নিয়ম অফিসে জানুন।")));
}

TEST(HouseholdOnThePhone, IsReadForThisScreenOnly) {
    loan_world w;
    screen_after(w, {"1", "0", "5", "0", "3", "0", "2"});
    EXPECT_EQ(w.ledger.household_reads, 0U);
    screen_after(w, {"6"});
    EXPECT_EQ(w.ledger.household_reads, 1U);
    loan_world alone{""};
    screen_after(alone, {"6"});
    EXPECT_EQ(alone.ledger.household_reads, 0U);
}

TEST(MoratoriumOnThePhone, SaysUntilWhenNothingIsDue) {
    world w{sessions::dialogue_policy{}, kmss_rules()};
    auto facts = member_with_loan(her, rahima);
    auto calendar = std::make_shared<members::office_calendar>();
    calendar->moratoria.push_back({"A1", day("2026-11-18"), day("2026-12-02"), "বন্যা"});
    facts.calendar = calendar;
    w.ledger.add(std::move(facts));
    handset phone{w, rahima};
    phone.dial();
    EXPECT_THAT(phone.press("1"), HasSubstr("২/১২ পর্যন্ত কিস্তি নেই।"));
}

TEST(TrainingOnThePhone, ComesFirstUntilItIsOver) {
    loan_world::weeks = 5;
    loan_world w;
    const auto said =
        texts::shortest_form("৮ সপ্তাহের ৫ সপ্তাহ ট্রেনিং হয়েছে।\nঋণ ৫,০০০-৫০,০০০ টাকা\n");
    EXPECT_EQ(screen_after(w, {"6"}).substr(0, said.size()), said);
    loan_world::weeks = 8;
    loan_world over;
    EXPECT_THAT(screen_after(over, {"6"}), Not(HasSubstr("ট্রেনিং")));
    loan_world::weeks.reset();
}

TEST(ServicesOnThePhone, AreListedAndReadWhereThereAreSome) {
    auto rules = kmss_rules();
    rules.services = {
        {{"দুর্যোগে সহায়তা", "Help after a disaster"},
         {"বন্যা, ঝড় বা আগুনে ক্ষতি হলে সদস্যদের পাশে থাকি। মাঠকর্মীকে বা শাখায় জানান। খরচ নেই।", ""}},
        {{"সামাজিক সেবা", "Social services"}, {"মিটিংয়ে জানুন।", "Ask at the meeting."}}};
    world w{sessions::dialogue_policy{}, rules};
    w.ledger.add(member_with_loan(her, rahima));
    handset phone{w, rahima};
    phone.dial();
    EXPECT_THAT(phone.press("8"), HasSubstr("9 "));
    EXPECT_THAT(phone.press("9"), HasSubstr("6 অন্য সেবা"));
    EXPECT_EQ(phone.press("6"), "1 দুর্যোগে সহায়তা\n2 সামাজিক সেবা\n0 ফিরুন");
    const auto first = phone.press("1");
    EXPECT_EQ(first.find("বন্যা, ঝড় বা আগুনে"), 0U);
    EXPECT_THAT(first, HasSubstr("9 "));
    EXPECT_THAT(phone.press("9"), HasSubstr("খরচ নেই।"));
    phone.press("0");
    EXPECT_EQ(phone.press("2"), "মিটিংয়ে জানুন।\n0 ফিরুন");
}

TEST(ServicesOnThePhone, AreNoEntryWhereThereAreNone) {
    world w{sessions::dialogue_policy{}, kmss_rules()};
    w.ledger.add(member_with_loan(her, rahima));
    handset phone{w, rahima};
    phone.dial();
    const auto more = phone.press("8");
    EXPECT_THAT(more, Not(HasSubstr("6 ")));
    EXPECT_THAT(more, Not(HasSubstr("9 ")));
    EXPECT_THAT(phone.press("6"), HasSubstr("4 শাখার ফোন"));
}

} // namespace
} // namespace uthan::testing_world
