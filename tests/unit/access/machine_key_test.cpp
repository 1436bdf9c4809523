#include "access/audit.hpp"
#include "access/machine_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace uthan::access {
namespace {

using testing::HasSubstr;
using testing::Not;

const secret_key key{1, 2, 3};
const secret_key other_key{9};

machine_account account_of(const machine_key& of) {
    machine_account made;
    made.key_id = of.id;
    made.organisation = "kmss";
    made.login = "core";
    made.digest = digest_of(key, of);
    return made;
}

TEST(MachineKey, IsReadAsItWasPrinted) {
    secure_random random;
    const auto made = make_machine_key(random);
    const auto printed = to_string(made);
    EXPECT_EQ(printed.size(), 6 + 16 + 1 + 64);
    const auto read = parse_machine_key(printed);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, made.id);
    EXPECT_EQ(read->secret, made.secret);
}

TEST(MachineKey, NothingElseIsAKey) {
    secure_random random;
    const auto whole = to_string(make_machine_key(random));
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto changed = whole;
        changed[i] = 'X';
        EXPECT_FALSE(parse_machine_key(changed)) << i;
        EXPECT_FALSE(parse_machine_key(whole.substr(0, i))) << i;
    }
    EXPECT_FALSE(parse_machine_key(whole + "0"));
}

TEST(MachineKey, OpensItsOwnAccountAlone) {
    secure_random random;
    const auto hers = make_machine_key(random);
    auto account = account_of(hers);
    EXPECT_TRUE(opens(account, key, hers));
    EXPECT_FALSE(opens(account, other_key, hers));

    auto guessed = hers;
    guessed.secret.back() = guessed.secret.back() == '0' ? '1' : '0';
    EXPECT_FALSE(opens(account, key, guessed));

    // Another id with the same secret is another key.
    auto moved = hers;
    moved.id = make_machine_key(random).id;
    EXPECT_FALSE(opens(account, key, moved));

    account.revoked_at = instant{};
    EXPECT_FALSE(opens(account, key, hers));
}

TEST(Audit, APseudonymIsAlwaysTheSameAndSaysNothing) {
    const auto one = pseudonym_of(key, "kmss", "rahima");
    EXPECT_EQ(one, pseudonym_of(key, "kmss", "rahima"));
    EXPECT_THAT(one, Not(HasSubstr("rahima")));
    const std::set<std::string> all{one, pseudonym_of(key, "mss", "rahima"),
                                    pseudonym_of(key, "kmss", "karima"),
                                    pseudonym_of(other_key, "kmss", "rahima")};
    EXPECT_EQ(all.size(), 4U);
}

TEST(Audit, ALinkHangsOnEveryPartOfItsEntryAndOnTheOneBefore) {
    const audit_entry entry{2, instant{std::chrono::milliseconds{5}}, "operator", "key.add", "p-1"};
    const digest256 before{7};
    std::set<digest256> links{
        audit_link(key, "kmss", before, entry), audit_link(other_key, "kmss", before, entry),
        audit_link(key, "mss", before, entry), audit_link(key, "kmss", digest256{8}, entry)};
    const auto with = [&](auto change) {
        auto changed = entry;
        change(changed);
        links.insert(audit_link(key, "kmss", before, changed));
    };
    with([](audit_entry& e) { e.number = 3; });
    with([](audit_entry& e) { e.at += std::chrono::milliseconds{1}; });
    with([](audit_entry& e) { e.actor = "operato"; });
    with([](audit_entry& e) { e.action = "key.ad"; });
    with([](audit_entry& e) { e.subject = "p-2"; });
    // The same bytes, divided otherwise.
    with([](audit_entry& e) {
        e.actor = "operatork";
        e.action = "ey.add";
    });
    EXPECT_EQ(links.size(), 10U);
}

} // namespace
} // namespace uthan::access
