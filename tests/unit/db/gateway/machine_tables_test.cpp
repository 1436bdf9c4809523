#include "db/sqlite/machine_tables.hpp"

#include "core/random.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <vector>

namespace uthan::db::sqlite::gateway_test {
namespace {

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};
const secret_key key{1, 2, 3};

class machine_tables_test : public ::testing::Test {
protected:
    access::machine_account account(const char* login, const char* organisation = "kmss") {
        const auto made = access::make_machine_key(random_);
        return {made.id, organisation, login, "HO", access::digest_of(key, made), noon, {}};
    }
    connection beside() const { return open_beside(path_).value(); }
    std::vector<access::audit_entry> entries(const char* organisation, bool* whole = nullptr) {
        std::vector<access::audit_entry> all;
        EXPECT_FALSE(each_audit_entry(beside(), key, organisation,
                                      [&](const access::audit_entry& one, bool so_far) {
                                          all.push_back(one);
                                          if (whole != nullptr) {
                                              *whole = so_far;
                                          }
                                      }));
        return all;
    }

    secure_random random_;
    temporary_directory directory_;
    std::string path_ = directory_.file("gateway.db");
};

TEST_F(machine_tables_test, AKeyIsFoundByItsIdUntilItIsForgotten) {
    const auto added = account("core");
    ASSERT_FALSE(add_machine_beside(beside(), key, added));
    prepared_connection db{beside()};
    const auto found = load_machine(db, added.key_id);
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(**found, added);
    EXPECT_FALSE(load_machine(db, "0000000000000000").value());

    ASSERT_FALSE(revoke_machine_beside(beside(), key, "kmss", "core", noon));
    EXPECT_EQ(load_machine(db, added.key_id).value()->revoked_at, noon);
    EXPECT_EQ(revoke_machine_beside(beside(), key, "kmss", "core", noon), errc::not_found);
}

TEST_F(machine_tables_test, ALoginHasOneKeyInForce) {
    ASSERT_FALSE(add_machine_beside(beside(), key, account("core")));
    EXPECT_EQ(add_machine_beside(beside(), key, account("core")), errc::stale_version);
    EXPECT_FALSE(add_machine_beside(beside(), key, account("core", "mss")));
    ASSERT_FALSE(revoke_machine_beside(beside(), key, "kmss", "core", noon));
    EXPECT_FALSE(add_machine_beside(beside(), key, account("core")));
    const auto listed = list_machines_beside(beside(), "kmss").value();
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_FALSE(listed[0].revoked_at);
    EXPECT_TRUE(listed[1].revoked_at);
}

TEST_F(machine_tables_test, WhatWasDoneStandsInTheAuditOfItsOrganisation) {
    ASSERT_FALSE(add_machine_beside(beside(), key, account("core")));
    ASSERT_FALSE(add_machine_beside(beside(), key, account("core", "mss")));
    ASSERT_FALSE(revoke_machine_beside(beside(), key, "kmss", "core", noon));
    bool whole = false;
    const auto all = entries("kmss", &whole);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_TRUE(whole);
    EXPECT_EQ(all[0].action, "key.add");
    EXPECT_EQ(all[1].action, "key.revoke");
    EXPECT_EQ(all[0].number, 1U);
    EXPECT_EQ(all[0].subject, access::pseudonym_of(key, "kmss", "core"));
    EXPECT_EQ(entries("mss").size(), 1U);
    // Nothing was done: nothing is said.
    EXPECT_TRUE(revoke_machine_beside(beside(), key, "kmss", "nobody", noon));
    EXPECT_EQ(entries("kmss").size(), 2U);
}

TEST_F(machine_tables_test, TheAuditOnlyGrowsAndAChangeIsSeen) {
    for (const char* login : {"one", "two", "three"}) {
        ASSERT_FALSE(add_machine_beside(beside(), key, account(login)));
    }
    auto db = beside();
    EXPECT_TRUE(db.execute("UPDATE audit SET actor = 'x'"));
    EXPECT_TRUE(db.execute("DELETE FROM audit"));
    bool whole = false;
    EXPECT_EQ(entries("kmss", &whole).size(), 3U);
    EXPECT_TRUE(whole);

    // Whoever has the file can do away with the triggers, and not make a link.
    ASSERT_FALSE(db.execute("DROP TRIGGER audit_is_not_changed; UPDATE audit SET at = at + 1 "
                            "WHERE number = 2"));
    entries("kmss", &whole);
    EXPECT_FALSE(whole);
    ASSERT_FALSE(db.execute("UPDATE audit SET at = at - 1 WHERE number = 2"));
    entries("kmss", &whole);
    EXPECT_TRUE(whole);
    ASSERT_FALSE(db.execute("DROP TRIGGER audit_is_not_shortened; DELETE FROM audit WHERE "
                            "number = 2"));
    entries("kmss", &whole);
    EXPECT_FALSE(whole);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
