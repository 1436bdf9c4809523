#include "db/sqlite/binding_desk.hpp"
#include "db/sqlite/binding_tables.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/member_registry.hpp"
#include "db/sqlite/member_tables.hpp"
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

} // namespace
} // namespace uthan::db::sqlite::gateway_test
