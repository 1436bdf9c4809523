#include "db/sqlite/binding_desk.hpp"
#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/member_tables.hpp"
#include "db/sqlite/migrations.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <vector>

// What the gateway keeps of numbers: which one an account answers to, masked ones, and who decided.
namespace uthan::db::sqlite::gateway_test {
namespace {

using namespace access;
using std::chrono::hours;

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + hours{12}};
const member_ref rahima{"kmss", "K1"};
constexpr const char* old_number = "8801711111111";
constexpr const char* new_number = "8801822222222";

number_binding changed(change_state state = change_state::waiting) {
    number_binding bound{
        .number = old_number, .since = noon - hours{9}, .proof = number_proof::pin};
    bound.change = number_change{.number = new_number,
                                 .seen_at = noon,
                                 .opens_at = noon + hours{168},
                                 .state = state,
                                 .office_code = "001",
                                 .staff_code = "S1",
                                 .told_at = noon + hours{1}};
    return bound;
}

class bindings_test : public ::testing::Test {
protected:
    bindings_test() {
        database_ = gateway_database::open(path_).value();
        registry_ = std::make_unique<member_registry>(database_->writing(),
                                                      open_reader(path_).value(), pin_policies{});
    }
    connection beside() { return open_beside(path_).value(); }
    void store(const member_ref& who, const number_binding& binding) {
        prepared_connection rows{beside()};
        ASSERT_FALSE(store_binding(rows, who, binding, number_step::proposed, {}, noon));
    }
    std::vector<std::string> bound(address caller, std::uint32_t generation) {
        return finish(loop_, registry_->members_bound("kmss", std::move(caller), generation))
            .value();
    }
    member_record find() { return finish(loop_, registry_->find(rahima)).value(); }
    outcome apply(std::uint32_t step, change what, instant now) {
        effect_key key{"bd-kmss", {}, step, 0};
        return finish(loop_, registry_->apply(std::move(key), rahima, std::move(what), now))
            .value();
    }

    temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
    asio::io_context loop_{1};
    std::unique_ptr<gateway_database> database_;
    std::unique_ptr<member_registry> registry_;
};

address number(const char* digits) {
    return address::e164(std::string{"+"} + digits).value();
}

TEST_F(bindings_test, AreReadWithTheRecordAndWithoutOne) {
    EXPECT_FALSE(find().binding);
    store(rahima, changed());
    EXPECT_EQ(find().binding, changed());
    apply(1, choose_language{members::written_language::en}, noon);
    EXPECT_EQ(find().binding, changed());
    EXPECT_EQ(find().language, members::written_language::en);
    store(rahima, changed(change_state::blocked));
    EXPECT_EQ(find().binding, changed(change_state::blocked));
}

TEST_F(bindings_test, FindHerByTheNumberBeforeAChangeFromTheNextGenerationOn) {
    EXPECT_TRUE(bound(number(old_number), 1).empty());
    store(rahima, changed());
    EXPECT_TRUE(bound(number(old_number), 1).empty());
    EXPECT_EQ(bound(number(old_number), 2), std::vector<std::string>{"K1"});
    EXPECT_TRUE(bound(number(new_number), 2).empty());
    // What was decided since is read at the number itself.
    ASSERT_FALSE(confirm_number_beside(beside(), rahima, "auditor", noon));
    EXPECT_TRUE(bound(number(old_number), 2).empty());
    EXPECT_EQ(find().binding->number, new_number);
    EXPECT_EQ(confirm_number_beside(beside(), rahima, "auditor", noon), errc::not_found);
}

TEST_F(bindings_test, LinkAMaskedPhoneInTheCommitOfItsFirstPin) {
    const auto masked = address::opaque("bd-kmss", "token");
    EXPECT_EQ(apply(1, set_pin{{}, false, masked}, noon).kind, outcome_kind::done);
    EXPECT_EQ(bound(masked, 1), std::vector<std::string>{"K1"});
    EXPECT_TRUE(bound(address::opaque("bd-other", "token"), 1).empty());
    EXPECT_FALSE(find().binding);
    EXPECT_EQ(unlink_beside(beside(), rahima, "officer", noon).value(), 1u);
    EXPECT_TRUE(bound(masked, 1).empty());
    EXPECT_EQ(unlink_beside(beside(), rahima, "officer", noon).value(), 0u);
}

TEST_F(bindings_test, AreMadeByTheFirstPinAndKeptByItsProof) {
    apply(1, set_pin{{}, false, number(old_number)}, noon);
    EXPECT_EQ(find().binding,
              (number_binding{.number = old_number, .since = noon, .proof = number_proof::pin}));
    const begin_pin_try tried{{}, "at-kmss"};
    EXPECT_EQ(apply(2, tried, noon + hours{1}).kind, outcome_kind::try_allowed);
    EXPECT_EQ(apply(2, settle_pin_try{true, tried, number(old_number)}, noon + hours{1}).kind,
              outcome_kind::pin_right);
    EXPECT_EQ(find().binding->since, noon);
}

TEST_F(bindings_test, AreListedWithAllThatHappenedToThem) {
    store(rahima, changed());
    store({"kmss", "K2"}, {.number = new_number, .since = noon, .of_staff = true});
    store({"kmss", "K3"}, {.number = old_number, .since = noon});
    store({"mss", "M1"}, changed());
    const auto listed = list_bindings_beside(beside(), "kmss").value();
    ASSERT_EQ(listed.size(), 2u);
    EXPECT_EQ(listed[0].member_code, "K1");
    EXPECT_EQ(listed[0].binding, changed());
    EXPECT_TRUE(listed[1].binding.of_staff);
    const change no = answer_number_change{false, number(old_number)};
    EXPECT_EQ(apply(1, no, noon).kind, outcome_kind::done);
    ASSERT_FALSE(refuse_number_beside(beside(), rahima, "auditor", noon));
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM number_steps WHERE member_code = 'K1' AND "
                            "organisation = 'kmss'"),
              3);
    EXPECT_EQ(scalar(path_, "SELECT did FROM number_steps WHERE done_by = 'auditor'"),
              static_cast<std::int64_t>(number_step::refused));
}

TEST_F(bindings_test, LinkSeveralMembersToOneMaskedPhoneUpToTwelve) {
    const auto masked = address::opaque("bd-kmss", "token");
    const auto link = [&](int i) {
        effect_key key{"bd-kmss", {}, static_cast<std::uint32_t>(i), 0};
        const change first = set_pin{{}, false, masked};
        return finish(loop_, registry_->apply(std::move(key), {"kmss", "K" + std::to_string(i)},
                                              first, noon))
            .value()
            .kind;
    };
    for (int i = 10; i < 22; ++i) {
        EXPECT_EQ(link(i), outcome_kind::done);
    }
    EXPECT_EQ(bound(masked, 1).size(), 12u);
    EXPECT_EQ(link(22), outcome_kind::refused);
    EXPECT_FALSE(finish(loop_, registry_->find({"kmss", "K22"})).value().pin);
    const auto listed = list_shared_links_beside(beside(), "kmss").value();
    ASSERT_EQ(listed.size(), 12u);
    EXPECT_EQ(listed.front().member_code, "K10");
    EXPECT_EQ(listed.front().channel, "bd-kmss");
    EXPECT_EQ(listed.front().since, noon);
    // One goes, the others stay; then there is room again.
    EXPECT_EQ(unlink_beside(beside(), {"kmss", "K10"}, "officer", noon).value(), 1u);
    EXPECT_EQ(bound(masked, 1).size(), 11u);
    EXPECT_EQ(link(23), outcome_kind::done);
    EXPECT_TRUE(list_shared_links_beside(beside(), "mss").value().empty());
}

TEST_F(bindings_test, OfAMaskedPhoneOfOneMemberAreNotListedAsShared) {
    apply(1, set_pin{{}, false, address::opaque("bd-kmss", "token")}, noon);
    EXPECT_TRUE(list_shared_links_beside(beside(), "kmss").value().empty());
}

TEST(links_migration, KeepsTheLinksOfASchemaWithOneMemberAPhone) {
    const temporary_directory directory;
    const auto path = directory.file("gateway.db");
    auto steps = gateway_migrations();
    while (steps.back().to > 6) {
        steps.pop_back();
    }
    ASSERT_TRUE(migrate(path, steps));
    execute(path, "INSERT INTO number_links VALUES ('kmss', 'bd', 't', 'K1', 5)");
    ASSERT_TRUE(migrate(path, gateway_migrations()));
    execute(path, "INSERT INTO number_links VALUES ('kmss', 'bd', 't', 'K2', 6)");
    EXPECT_EQ(scalar(path, "SELECT sum(since) FROM number_links WHERE token = 't'"), 11);
}

TEST_F(bindings_test, SheStopsOpensARequestInTheSameCommit) {
    members::organisation_rules rules;
    rules.requests.ladder = {{0, 3, {}, {}, {}}, {1, 5, {}, members::office_level::head, {}}};
    auto facts = std::make_shared<members::member_facts>();
    facts->who.code = "K1";
    facts->office_of.code = "001";
    facts->calendar = std::make_shared<members::office_calendar>();
    auto ladder = std::make_shared<members::ladder_source>();
    ladder->chain.resize(2);
    ladder->chain[0].code = "001";
    ladder->chain[1].code = "HO";
    ladder->chain[1].level = members::office_level::head;
    const request_ground ground{facts, ladder, &rules,
                                calendar_day{std::chrono::year{2026} / 11 / 21}};
    store(rahima, changed());
    const change held = report_number_change{number(new_number), ground};
    const auto reported = apply(1, held, noon);
    EXPECT_EQ(reported.kind, outcome_kind::opened);
    EXPECT_EQ(reported.request, 1u);
    EXPECT_TRUE(apply(1, held, noon).replayed);
    EXPECT_EQ(apply(2, held, noon).kind, outcome_kind::already);
    EXPECT_EQ(apply(3, report_number_change{number(old_number), ground}, noon).kind,
              outcome_kind::refused);
    const change no = answer_number_change{false, number(old_number), ground};
    const auto said = apply(4, no, noon);
    EXPECT_EQ(said.kind, outcome_kind::done);
    EXPECT_EQ(said.request, 1u) << "joins the one that nobody has looked at";
    EXPECT_EQ(apply(4, no, noon).request, 1u);
    EXPECT_EQ(find().binding->change->state, change_state::blocked);
    const auto hers = finish(loop_, registry_->requests(rahima)).value();
    ASSERT_EQ(hers.size(), 1u);
    EXPECT_EQ(hers.front().kind, members::request_kind::number_change);
    EXPECT_EQ(hers.front().desk_office, "HO");
    EXPECT_EQ(hers.front().accused_code, "S1");
}

TEST_F(bindings_test, AreGuessedAtAFewTimesADayOverAllPhones) {
    const auto guess = [](std::uint8_t phone, std::uint8_t member) {
        begin_pin_try made{digest128{phone}, "bd-kmss", true};
        made.member = digest128{member};
        return made;
    };
    const auto allowed = pin_policy{}.guesses_per_member_per_day;
    std::uint32_t step = 0;
    for (std::uint8_t i = 0; i < allowed; ++i) {
        EXPECT_EQ(apply(++step, guess(i, 1), noon + hours{i}).kind, outcome_kind::pin_unset);
    }
    EXPECT_EQ(apply(++step, guess(99, 1), noon + hours{6}).kind, outcome_kind::limited);
    EXPECT_EQ(apply(++step, guess(99, 2), noon + hours{6}).kind, outcome_kind::pin_unset);
    EXPECT_EQ(apply(++step, guess(99, 1), noon + hours{23}).kind, outcome_kind::limited);
    // The first one is a day old; what was counted is forgotten within the next.
    EXPECT_EQ(apply(++step, guess(99, 1), noon + hours{25}).kind, outcome_kind::pin_unset);
    EXPECT_EQ(apply(++step, guess(99, 1), noon + hours{25}).kind, outcome_kind::limited);
    // Each change forgets a few rows.
    for (int i = 0; i < 5; ++i) {
        apply(++step, guess(1, 3), noon + hours{75});
    }
    EXPECT_EQ(scalar(path_, "SELECT sum(tries) FROM pin_tries WHERE kind = 2"), 5);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
