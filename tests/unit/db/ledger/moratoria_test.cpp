#include "tests/unit/db/ledger/delivery.hpp"

#include "members/days_off.hpp"
#include "members/due.hpp"

#include <gtest/gtest.h>

// A pause of collection for an area: it holds for every branch below the area office, and for
// nobody else.
namespace uthan::db::sqlite::testing {
namespace {

calendar_day day(const char* iso) {
    return parse_day(iso).value();
}

/// B1 under the area A1, B2 under A2; both areas under HO.
delivery with_areas(const std::string& moratoria) {
    auto made = delivery::small();
    made.files["branches.csv"] = "branch_code,name_bn,name_en,parent_code,level,phone\n"
                                 "HO,প্রধান কার্যালয়,Head office,,HO,0411\n"
                                 "A1,খুলনা এলাকা,Khulna area,HO,area,0412\n"
                                 "A2,রূপসা এলাকা,Rupsha area,HO,area,0413\n"
                                 "B1,খুলনা,Khulna,A1,branch,01710000001\n"
                                 "B2,রূপসা,Rupsha,A2,branch,01710000002\n";
    made.files["moratoria.csv"] = "scope_code,from,to,reason\n" + moratoria;
    made.files["holidays.csv"] = "scope_code,date,name_bn,name_en,rule\n";
    return made;
}

struct paused_member {
    std::optional<calendar_day> until;
    calendar_day next{};
    money overdue;
};

paused_member due_in(const import_world& world, const char* member, const char* today) {
    const auto found = facts(world, 1, member);
    const auto due = members::due_of(*found, world.rules, day(today));
    return {due.paused_until, due.on, due.overdue};
}

TEST(Moratorium, OfAnAreaHoldsForTheBranchesBelowItOnly) {
    import_world world;
    const auto report = world.import(with_areas("A1,2026-11-20,2026-11-25,বন্যা\n"));
    ASSERT_EQ(report.outcome, members::exchange::import_outcome::published)
        << world.text_of(report);

    // M1 in B1: 15/11 is open from before, 22/11 and 29/11 are to come.
    const auto inside = due_in(world, "M1", "2026-11-22");
    EXPECT_EQ(inside.until, day("2026-11-25"));
    EXPECT_EQ(inside.next, day("2026-11-29"));
    EXPECT_EQ(inside.overdue, money{});
    EXPECT_EQ(due_in(world, "M1", "2026-11-26").until, std::nullopt);

    // M4 in B2: nothing is paused, 17/11 is overdue.
    const auto elsewhere = due_in(world, "M4", "2026-11-22");
    EXPECT_EQ(elsewhere.until, std::nullopt);
    EXPECT_EQ(elsewhere.next, day("2026-11-24"));
    EXPECT_EQ(elsewhere.overdue, money::taka(11'000));
}

TEST(Moratorium, OfSeveralOfficesOfTheChainTheLatestEndCounts) {
    import_world world;
    ASSERT_EQ(world
                  .import(with_areas("HO,2026-11-20,2026-11-22,বন্যা\n"
                                     "A1,2026-11-21,2026-12-05,বন্যা\n"
                                     "B1,2026-11-21,2026-11-24,বন্যা\n"
                                     "A2,2026-11-01,2026-11-02,বন্যা\n"))
                  .outcome,
              members::exchange::import_outcome::published);
    EXPECT_EQ(due_in(world, "M1", "2026-11-22").until, day("2026-12-05"));
    EXPECT_EQ(due_in(world, "M4", "2026-11-22").until, day("2026-11-22"));
    EXPECT_EQ(due_in(world, "M4", "2026-11-23").until, std::nullopt);
    EXPECT_EQ(facts(world, 1, "M1")->calendar->moratoria.size(), 3U);
    EXPECT_EQ(facts(world, 1, "M4")->calendar->moratoria.size(), 2U);
}

} // namespace
} // namespace uthan::db::sqlite::testing
