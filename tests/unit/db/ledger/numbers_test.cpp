#include "db/sqlite/binding_desk.hpp"
#include "db/sqlite/binding_import.hpp"
#include "db/sqlite/gateway_database.hpp"
#include "tests/unit/db/ledger/delivery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// What deliveries do to the numbers that accounts answer to.
namespace uthan::db::sqlite::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

delivery with(const std::string& from, const std::string& to, const char* as_of) {
    auto made = delivery::small();
    made.as_of = as_of;
    auto& rows = made.files["members.csv"];
    const auto at = rows.find(from);
    rows.replace(at, from.size(), to);
    return made;
}

std::vector<listed_binding> listed(const import_world& world) {
    return list_bindings_beside(open_beside(world.gateway).value(), "kmss").value();
}

TEST(ImportedNumbers, OfOneDeliveryAreNoChange) {
    import_world world;
    const auto report = world.import(delivery::small());
    EXPECT_TRUE(listed(world).empty());
    EXPECT_THAT(world.text_of(report), HasSubstr("1 numbers are shared by members of several"));
    EXPECT_THAT(world.text_of(report), Not(HasSubstr("another number")));
}

TEST(ImportedNumbers, ThatChangedAreProposalsWithTheOfficerWhoseGroupItIs) {
    import_world world;
    world.import(delivery::small());
    const auto report = world.import(with(",01812345678,", ",01911111122,", "2026-11-22"));
    EXPECT_THAT(world.text_of(report), HasSubstr("1 members have another number than before"));
    auto found = listed(world);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].member_code, "M4");
    EXPECT_EQ(found[0].binding.number, "8801812345678");
    ASSERT_TRUE(found[0].binding.change);
    EXPECT_EQ(found[0].binding.change->number, "8801911111122");
    EXPECT_EQ(found[0].binding.change->office_code, "B2");
    EXPECT_EQ(found[0].binding.change->opens_at - found[0].binding.change->seen_at,
              std::chrono::hours{24 * 7});
    // Repeated, it is the same change; taken back, it is over; and removed, then written, it waits.
    const auto first = found[0].binding;
    world.import(with(",01812345678,", ",01911111122,", "2026-11-23"));
    EXPECT_EQ(listed(world)[0].binding, first);
    world.import(with("Nasima", "Nasima", "2026-11-24"));
    EXPECT_TRUE(listed(world).empty());
    world.import(with(",01812345678,", ",,", "2026-11-25"));
    world.import(with(",01812345678,", ",01911111122,", "2026-11-26"));
    ASSERT_EQ(listed(world).size(), 1u);
    EXPECT_EQ(listed(world)[0].binding.number, "8801812345678");
    EXPECT_EQ(listed(world)[0].binding.change->number, "8801911111122");
}

TEST(ImportedNumbers, OfStaffAndOfOfficesAreMarkedForAsLongAsTheyAre) {
    import_world world;
    world.import(with(",01812345678,", ",01711000002,", "2026-11-21"));
    ASSERT_EQ(listed(world).size(), 1u);
    EXPECT_TRUE(listed(world)[0].binding.of_staff);
    EXPECT_EQ(listed(world)[0].binding.number, "8801711000002");
    world.import(with(",01812345678,", ",01710000002,", "2026-11-22"));
    EXPECT_TRUE(listed(world)[0].binding.of_staff);
    EXPECT_TRUE(listed(world)[0].binding.change);
    world.import(with(",01812345678,", ",01911111122,", "2026-11-23"));
    EXPECT_FALSE(listed(world)[0].binding.of_staff);
}

TEST(ImportedNumbers, AreNotTouchedByADryRun) {
    import_world world;
    world.import(delivery::small());
    const auto changed = with(",01812345678,", ",01911111122,", "2026-11-22");
    changed.write(world.directory / "delivery");
    auto request = world.request();
    request.dry_run = true;
    run_import(request);
    EXPECT_TRUE(listed(world).empty());
}

} // namespace
} // namespace uthan::db::sqlite::testing
