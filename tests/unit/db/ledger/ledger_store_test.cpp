#include "db/sqlite/ledger_store.hpp"

#include "db/sqlite/generation_register.hpp"
#include "tests/unit/db/ledger/delivery.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include <fstream>

namespace uthan::db::sqlite::testing {
namespace {

using members::exchange::import_outcome;

template <class T>
task<void> keep(task<T> asked, std::optional<T>& answer) {
    answer.emplace(co_await std::move(asked));
}

/// Runs a task of a shard to its end.
template <class T>
T answer_of(task<T> asked) {
    asio::io_context shard{1};
    std::optional<T> answer;
    asio::co_spawn(shard, keep(std::move(asked), answer), asio::detached);
    shard.run();
    return std::move(*answer);
}

address number(const char* written) {
    return *numbering{}.parse(written);
}

struct served_world : import_world {
    served_world()
        : published(*published_generations::open(gateway, ledger.string(), {"kmss", "mss"})),
          store(published->of("kmss")) {}
    std::unique_ptr<published_generations> published;
    ledger_store store;
};

TEST(LedgerStore, KnowsNobodyBeforeTheFirstGeneration) {
    served_world world;
    EXPECT_EQ(world.store.generation(), 0U);
    EXPECT_EQ(answer_of(world.store.facts("M1")).error(), errc::not_found);
    EXPECT_TRUE(answer_of(world.store.members_of(number("01712345678")))->empty());
    EXPECT_EQ(world.published->of("nobody"), nullptr);
}

TEST(LedgerStore, SwitchesWhenTheRegisterIsReadAgain) {
    served_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    EXPECT_EQ(world.store.generation(), 0U);
    ASSERT_FALSE(world.published->refresh());
    EXPECT_EQ(world.store.generation(), 1U);
    const auto first = answer_of(world.store.facts("M1"));
    ASSERT_TRUE(first);
    EXPECT_EQ((*first)->generation, 1U);

    auto files = delivery::small();
    files.as_of = "2026-11-22";
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    EXPECT_EQ((*answer_of(world.store.facts("M1")))->generation, 1U);
    ASSERT_FALSE(world.published->refresh());
    const auto second = answer_of(world.store.facts("M1"));
    EXPECT_EQ((*second)->generation, 2U);
    EXPECT_EQ(to_iso((*second)->as_of()), "2026-11-22");
    EXPECT_EQ(to_iso((*first)->as_of()), "2026-11-21"); // What was handed out stays.

    auto gateway = connection::open(world.gateway, open_mode::read_write);
    ASSERT_FALSE(publish_again(*gateway, "kmss", 1));
    ASSERT_FALSE(world.published->refresh());
    EXPECT_EQ((*answer_of(world.store.facts("M1")))->generation, 1U);
}

TEST(LedgerStore, KnowsWhomHerRequestsMayGoTo) {
    served_world world;
    EXPECT_EQ(answer_of(world.store.ladder("M1")).error(), errc::not_found);
    auto files = delivery::small();
    files.files["ladder.csv"] = "rung,office,name,phone,way\n"
                                "1,HO,প্রধান,01700000001,ফোন\n"
                                "2,,পরিচালক,01700000002,\n"
                                "1,B2,অন্য শাখা,01700000003,\n";
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    ASSERT_FALSE(world.published->refresh());
    const auto ladder = answer_of(world.store.ladder("M1"));
    ASSERT_TRUE(ladder);
    ASSERT_EQ((*ladder)->chain.size(), 2U);
    EXPECT_EQ((*ladder)->chain[0].code, "B1");
    EXPECT_EQ((*ladder)->chain[1].code, "HO");
    ASSERT_EQ((*ladder)->imported.size(), 2U); // Another branch's row is not hers.
    EXPECT_EQ((*ladder)->imported[0].name, "প্রধান");
    EXPECT_EQ((*ladder)->imported[0].way, "ফোন");
    EXPECT_EQ((*ladder)->imported[1].rung, 2U);
    EXPECT_EQ(answer_of(world.store.ladder("nobody")).error(), errc::not_found);
}

TEST(LedgerStore, AnOpenFileIsReadOnWhenItIsDeleted) {
    served_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    ASSERT_FALSE(world.published->refresh());
    ASSERT_TRUE(answer_of(world.store.facts("M1")));
    std::filesystem::remove(world.ledger / "kmss/1.db");
    EXPECT_TRUE(answer_of(world.store.facts("M4")));
}

TEST(LedgerStore, FindsWhoIsMeantByANumber) {
    served_world world;
    auto files = delivery::small();
    files.add("members.csv", "M0,গ,G,F,,H9,,B2,৮৮০১৭১২৩৪৫৬৭৮,dropout,");
    files.add("members.csv", "M9,গ,G,F,,H9,,B2,01712345678,closed,");
    for (int i = 0; i < 20; ++i) {
        files.add("members.csv", "Z" + std::to_string(i) + ",গ,G,F,,,G2,B1,01999999999,active,");
    }
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    ASSERT_FALSE(world.published->refresh());
    const auto shared = answer_of(world.store.members_of(number("+8801712345678")));
    ASSERT_EQ(shared->size(), 3U);
    EXPECT_EQ((*shared)[0].code, "M0");
    EXPECT_EQ((*shared)[1].code, "M1");
    EXPECT_EQ((*shared)[2].code, "M2");
    EXPECT_EQ((*shared)[0].name.bn, "গ");
    const auto alone = answer_of(world.store.facts("M0"));
    EXPECT_EQ((*alone)->who.office_code, "B2");
    EXPECT_EQ((*alone)->who.group_code, "");
    EXPECT_EQ((*answer_of(world.store.facts("M1")))->who.group_code, "G1");
    EXPECT_EQ((*answer_of(world.store.facts("M1")))->group_of->office_code, "B1");
    EXPECT_EQ(answer_of(world.store.members_of(number("01999999999")))->size(),
              members::members_per_phone_max + 1);
    EXPECT_TRUE(answer_of(world.store.members_of(number("01555555555")))->empty());
    const auto token = address::opaque("bdapps-kmss", "8801712345678");
    EXPECT_TRUE(answer_of(world.store.members_of(token))->empty());
}

TEST(LedgerStore, AMemberWithoutGroupHasNoGroupAndNoOfficer) {
    served_world world;
    auto files = delivery::small();
    files.add("members.csv", "M8,গ,G,F,,H9,,B2,,closed,");
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    ASSERT_FALSE(world.published->refresh());
    const auto facts = *answer_of(world.store.facts("M8"));
    EXPECT_FALSE(facts->group_of);
    EXPECT_FALSE(facts->officer);
    EXPECT_EQ(facts->who.status, members::member_status::closed);
    EXPECT_EQ(facts->office_of.code, "B2");
    ASSERT_TRUE(facts->calendar);
}

TEST(LedgerStore, SaysWhenTheFileCannotBeRead) {
    served_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    std::ofstream{world.ledger / "kmss/1.db"} << "not a database, but long enough to be looked at";
    ASSERT_FALSE(world.published->refresh());
    EXPECT_EQ(answer_of(world.store.facts("M1")).error(), errc::store_unavailable);
    EXPECT_EQ(answer_of(world.store.members_of(number("01712345678"))).error(),
              errc::store_unavailable);
    std::filesystem::remove(world.ledger / "kmss/1.db");
    EXPECT_EQ(answer_of(world.store.facts("M1")).error(), errc::store_unavailable);
}

TEST(LedgerStore, AFileOfANewerProgramIsNotRead) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    const auto path = (world.ledger / "kmss/1.db").string();
    ASSERT_FALSE(
        connection::open(path, open_mode::read_write)->execute("PRAGMA user_version = 99"));
    EXPECT_EQ(ledger_reader::open(path, 1).error(), errc::newer_database);
}

TEST(LedgerStore, AFileOfAnOlderProgramIsSaidToBeOne) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    const auto path = (world.ledger / "kmss/1.db").string();
    ASSERT_FALSE(connection::open(path, open_mode::read_write)->execute("PRAGMA user_version = 1"));
    EXPECT_EQ(ledger_reader::open(path, 1).error(), errc::outdated_file);
    served_world other;
    ASSERT_EQ(other.import(delivery::small()).outcome, import_outcome::published);
    const auto served = (other.ledger / "kmss/1.db").string();
    ASSERT_FALSE(
        connection::open(served, open_mode::read_write)->execute("PRAGMA user_version = 1"));
    ASSERT_FALSE(other.published->refresh());
    EXPECT_EQ(other.published->of("kmss")->number.load(), 1U);
    EXPECT_EQ(other.published->of("kmss")->problem.load(), errc::outdated_file);
    // A whole delivery is the way out.
    ASSERT_EQ(other.import(delivery::small()).outcome, import_outcome::published);
    ASSERT_FALSE(other.published->refresh());
    EXPECT_EQ(other.published->of("kmss")->problem.load(), errc{});
    EXPECT_TRUE(answer_of(other.store.facts("M1")));
}

TEST(LedgerStore, OfficesThatShareTheirDaysShareOneCalendar) {
    served_world world;
    auto files = delivery::small();
    files.add("branches.csv", "B3,ক,Ka,HO,branch,");
    files.add("members.csv", "M8,গ,G,F,,H9,,B3,,active,");
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    ASSERT_FALSE(world.published->refresh());
    const auto one = *answer_of(world.store.facts("M1"));
    const auto two = *answer_of(world.store.facts("M8"));
    const auto three = *answer_of(world.store.facts("M4"));
    EXPECT_EQ(one->calendar, two->calendar);
    EXPECT_NE(one->calendar, three->calendar);
    EXPECT_EQ(three->calendar->holidays[0].name.bn, "বিজয় দিবস");
    EXPECT_EQ(three->calendar->holidays[1].name.bn, "মেলা");
}

TEST(LedgerStore, TheNearestOfficesHolidayComesFirst) {
    served_world world;
    auto files = delivery::small();
    files.add("holidays.csv", "HO,2026-12-16,ক,ka,none");
    files.add("holidays.csv", "B1,2026-12-16,খ,kha,shift_all");
    ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    ASSERT_FALSE(world.published->refresh());
    const auto facts = *answer_of(world.store.facts("M1"));
    const auto& days = facts->calendar->holidays;
    ASSERT_EQ(days.size(), 3U);
    EXPECT_EQ(days[0].rule, members::holiday_rule::shift_all);
    EXPECT_EQ(days[1].rule, members::holiday_rule::none);
    EXPECT_EQ(days[2].rule, members::holiday_rule::carry_to_next);
}

} // namespace
} // namespace uthan::db::sqlite::testing
