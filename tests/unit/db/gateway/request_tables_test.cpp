#include "db/sqlite/request_tables.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/request_desk.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <random>
#include <set>

// Requests over a real file: what is decided is tested in members/ and access/; here: it is stored
// once for each key, with the organisation's own number, and nobody else's.
namespace uthan::db::sqlite::gateway_test {
namespace {

using namespace access;
using members::request;
using members::request_state;

constexpr calendar_day monday{std::chrono::year{2026} / 11 / 16};
constexpr instant noon{std::chrono::sys_days{monday} + std::chrono::hours{6}};

members::organisation_rules rules_with_complaints() {
    members::organisation_rules rules;
    for (const char* code : {"bad_behaviour", "loan_late", "other"}) {
        members::complaint_category category;
        category.code = code;
        rules.requests.categories.push_back(category);
    }
    rules.requests.ladder = {{0, 3, {}, {}, {}}, {1, 5, {}, members::office_level::head, {}}};
    rules.requests.offered = {{members::request_kind::call_me, 1}};
    return rules;
}

effect_key key(std::uint32_t step) {
    digest128 session{};
    session.fill(7);
    return {"at-kmss", session, step, 0};
}

class requests_test : public ::testing::Test {
protected:
    requests_test() {
        auto facts = std::make_shared<members::member_facts>();
        facts->who.code = "M1";
        facts->office_of.code = "B1";
        facts->calendar = std::make_shared<members::office_calendar>();
        members::staff officer;
        officer.code = "S1";
        officer.office_code = "B1";
        facts->officer = officer;
        auto ladder = std::make_shared<members::ladder_source>();
        ladder->chain.resize(2);
        ladder->chain[0].code = "B1";
        ladder->chain[1].code = "HO";
        ladder->chain[1].level = members::office_level::head;
        ground_ = {std::move(facts), std::move(ladder), &rules_, monday};
        start_again();
    }

    void start_again() {
        registry_.reset();
        database_.reset();
        database_ = gateway_database::open(path_).value();
        registry_ = make_registry();
    }

    std::unique_ptr<member_registry> make_registry() {
        return std::make_unique<member_registry>(database_->writing(), open_reader(path_).value(),
                                                 pin_policies{});
    }

    change complaint(const char* category = "other") {
        return open_request{{.category = category, .amount = std::nullopt}, ground_};
    }

    outcome apply(std::uint32_t step, change what, member_ref who) {
        return finish(loop_, registry_->apply(key(step), std::move(who), std::move(what), noon))
            .value();
    }
    outcome apply(std::uint32_t step, change what) { return apply(step, std::move(what), her_); }

    std::vector<request> hers() { return finish(loop_, registry_->requests(her_)).value(); }

    temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1};
    members::organisation_rules rules_ = rules_with_complaints();
    request_ground ground_;
    std::unique_ptr<gateway_database> database_;
    std::unique_ptr<member_registry> registry_;
    member_ref her_{"kmss", "M1"};
};

TEST_F(requests_test, AKeyOpensOneAndAReplayFindsItsNumber) {
    const auto first = apply(1, complaint());
    EXPECT_EQ(first.kind, outcome_kind::opened);
    EXPECT_EQ(first.request, 1U);
    EXPECT_FALSE(first.replayed);
    // Between the commit and the screen the process died; the provider asks again.
    start_again();
    auto again = apply(1, complaint());
    EXPECT_TRUE(again.replayed);
    again.replayed = false;
    EXPECT_EQ(again, first);
    const auto recorded = finish(loop_, registry_->recorded(key(1))).value();
    ASSERT_TRUE(recorded);
    EXPECT_EQ(recorded->request, 1U);
    ASSERT_EQ(hers().size(), 1U);
    EXPECT_EQ(hers().front().category, "other");
    EXPECT_EQ(hers().front().opened_on, monday);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM request_steps"), 1);
}

TEST_F(requests_test, TwoThatRaceAreOneComplaint) {
    const auto other = make_registry();
    auto one = start(loop_, registry_->apply(key(1), her_, complaint(), noon));
    auto two = start(loop_, other->apply(key(2), her_, complaint(), noon));
    loop_.restart();
    loop_.run();
    std::multiset<outcome_kind> kinds{one->value().value().kind, two->value().value().kind};
    EXPECT_EQ(kinds, (std::multiset{outcome_kind::opened, outcome_kind::already}));
    EXPECT_EQ(one->value().value().request, 1U);
    EXPECT_EQ(two->value().value().request, 1U);
    EXPECT_EQ(hers().size(), 1U);
}

TEST_F(requests_test, NumbersAreEachOrganisationsOwnAndNobodySeesAnothers) {
    EXPECT_EQ(apply(1, complaint()).request, 1U);
    EXPECT_EQ(apply(2, complaint("loan_late")).request, 2U);
    EXPECT_EQ(apply(3, complaint(), {"mss", "M1"}).request, 1U);
    const auto her_facts = ground_.facts;
    auto facts_of_other = std::make_shared<members::member_facts>(*her_facts);
    facts_of_other->who.code = "M2";
    ground_.facts = std::move(facts_of_other);
    EXPECT_EQ(apply(4, complaint(), {"kmss", "M2"}).request, 3U);
    ground_.facts = her_facts;
    EXPECT_EQ(hers().size(), 2U);
    // A number of another member is not hers to move.
    EXPECT_EQ(apply(5, withdraw_request{3, monday}).kind, outcome_kind::refused);
    EXPECT_EQ(apply(6, escalate_request{3, ground_}).kind, outcome_kind::refused);
}

TEST_F(requests_test, WhatIsRefusedIsRecordedAndStoresNothing) {
    EXPECT_EQ(apply(1, complaint("no such")).kind, outcome_kind::refused);
    EXPECT_TRUE(apply(1, complaint("no such")).replayed);
    rules_.requests.open_max = 1;
    EXPECT_EQ(apply(2, complaint()).kind, outcome_kind::opened);
    const auto full = apply(3, complaint("loan_late"));
    EXPECT_EQ(full.kind, outcome_kind::too_many);
    EXPECT_EQ(full.request, 1U);
    EXPECT_EQ(hers().size(), 1U);
}

TEST_F(requests_test, ClimbsOnceADayAndEndsWhenSheTakesItBack) {
    apply(1, complaint());
    EXPECT_EQ(apply(2, escalate_request{1, ground_}).kind, outcome_kind::refused);
    ground_.today = monday + std::chrono::days{10};
    EXPECT_EQ(apply(3, escalate_request{1, ground_}).kind, outcome_kind::done);
    EXPECT_EQ(apply(4, escalate_request{1, ground_}).kind, outcome_kind::refused);
    EXPECT_EQ(hers().front().level, 1U);
    EXPECT_EQ(hers().front().desk_office, "HO");
    EXPECT_EQ(apply(5, withdraw_request{1, ground_.today}).kind, outcome_kind::done);
    EXPECT_EQ(apply(6, withdraw_request{1, ground_.today}).kind, outcome_kind::refused);
    EXPECT_EQ(hers().front().state, request_state::withdrawn);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM request_steps"), 3);
}

TEST_F(requests_test, OneThatAccusesKeepsTheOfficerAndStartsPastHim) {
    apply(1, complaint("bad_behaviour"));
    const auto one = hers().front();
    EXPECT_TRUE(one.about_staff);
    EXPECT_EQ(one.accused_code, "S1");
    EXPECT_EQ(one.level, 1U);
    members::staff accused;
    accused.code = "S1";
    accused.office_code = "HO";
    EXPECT_FALSE(members::may_see(one, accused));
}

TEST_F(requests_test, TheDeskAnswersAndClosesBesideTheServer) {
    apply(1, complaint());
    const auto act = [&](std::uint64_t number, members::request_action what,
                         const members::staff* as = nullptr) {
        return act_on_request_beside(open_beside(path_).value(),
                                     {"kmss", number, what, "manager", as, monday}, noon);
    };
    EXPECT_EQ(act(9, members::request_action::close).error(), errc::not_found);
    const auto answered = act(1, members::request_action::answer);
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->state, request_state::answered);
    EXPECT_EQ(act(1, members::request_action::answer).error(), errc::stale_version);
    EXPECT_TRUE(act(1, members::request_action::close));
    EXPECT_EQ(act(1, members::request_action::close).error(), errc::stale_version);
    EXPECT_EQ(hers().front().state, request_state::closed);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM request_steps WHERE done_by = 'manager'"), 2);
}

TEST_F(requests_test, TheAccusedFindsNothingAtTheDesk) {
    apply(1, complaint("bad_behaviour"));
    members::staff accused;
    accused.code = "S1";
    accused.office_code = "B1";
    const desk_action closing{"kmss", 1, members::request_action::close, "S1", &accused, monday};
    EXPECT_EQ(act_on_request_beside(open_beside(path_).value(), closing, noon).error(),
              errc::not_found);
    EXPECT_EQ(hers().front().state, request_state::open);
    EXPECT_EQ(list_requests_beside(open_beside(path_).value(), "kmss", true).value().size(), 1U);
    EXPECT_TRUE(list_requests_beside(open_beside(path_).value(), "mss", true).value().empty());
}

TEST_F(requests_test, AnyRequestComesBackAsItWasStored) {
    std::mt19937 random{20261122};
    const auto day = [&] { return monday + std::chrono::days{random() % 500}; };
    prepared_connection db{open_beside(path_).value()};
    for (int i = 0; i < 200; ++i) {
        request one;
        one.kind = static_cast<members::request_kind>(random() % 4);
        one.category = random() % 2 == 0 ? "other" : "";
        one.reach = static_cast<members::reach_way>(random() % 6);
        one.member_code = "M1";
        one.office_code = "B1";
        one.group_code = "G1";
        one.about_staff = random() % 2 == 0;
        one.accused_code = one.about_staff ? "S1" : "";
        one.amount = random() % 2 == 0 ? std::optional{money::taka(500)} : std::nullopt;
        one.opened_at = noon + std::chrono::milliseconds{random() % 100'000};
        one.opened_on = day();
        one.state = static_cast<request_state>(random() % 4);
        one.state_on = day();
        one.first_level = static_cast<unsigned>(random() % 3);
        one.level = one.first_level + static_cast<unsigned>(random() % 3);
        one.level_since = day();
        one.deadline_on = day();
        one.desk_office = "HO";
        const auto number = store_request(db, "kmss", one, request_step::opened, {}, noon);
        ASSERT_TRUE(number);
        one.number = *number;
        ASSERT_EQ(load_request(db, "kmss", *number).value(), one);
        // What the staff do changes nothing of what she said.
        one.state = request_state::closed;
        ASSERT_TRUE(store_request(db, "kmss", one, request_step::closed, "manager", noon));
        ASSERT_EQ(load_request(db, "kmss", *number).value(), one);
    }
    EXPECT_EQ(load_request(db, "kmss", 201).error(), errc::not_found);
    EXPECT_EQ(load_request(db, "mss", 1).error(), errc::not_found);
    EXPECT_EQ(hers().size(), requests_per_member_max);
    EXPECT_EQ(load_requests(db, "kmss", false, 190, 100).value().size(), 10U);
    EXPECT_TRUE(load_requests(db, "kmss", true, 0, 100).value().empty());
}

TEST_F(requests_test, WhatDoesNotDecodeIsCorrupt) {
    apply(1, complaint());
    for (const auto* damage : {"kind = 9", "kind = 0, reach = 6", "reach = 0, state = -1"}) {
        execute(path_, (std::string{"UPDATE requests SET "} + damage).c_str());
        EXPECT_EQ(finish(loop_, registry_->requests(her_)).error(), errc::corrupt) << damage;
    }
}

TEST(StoredNumbersOfRequests, NeverChange) {
    EXPECT_EQ(change{open_request{}}.index(), 6U);
    EXPECT_EQ(change{escalate_request{}}.index(), 7U);
    EXPECT_EQ(change{withdraw_request{}}.index(), 8U);
    EXPECT_EQ(static_cast<int>(outcome_kind::opened), 8);
    EXPECT_EQ(static_cast<int>(outcome_kind::too_many), 10);
    EXPECT_EQ(static_cast<int>(members::request_kind::call_me), 3);
    EXPECT_EQ(static_cast<int>(members::request_kind::number_change), 4);
    EXPECT_EQ(static_cast<int>(members::reach_way::none), 5);
    EXPECT_EQ(static_cast<int>(request_state::withdrawn), 3);
    EXPECT_EQ(static_cast<int>(request_step::closed), 4);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
