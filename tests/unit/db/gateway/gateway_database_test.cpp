#include "db/sqlite/gateway_database.hpp"

#include "access/decisions.hpp"
#include "db/sqlite/member_registry.hpp"
#include "tests/unit/db/gateway/fixture.hpp"

#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <vector>

namespace uthan::db::sqlite::gateway_test {
namespace {

constexpr instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} +
                       std::chrono::hours{12}};

std::string bytes_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

access::pin_verifier verifier(std::uint8_t mark) {
    access::pin_verifier made;
    made.salt.fill(mark);
    made.digest.fill(mark);
    return made;
}

class gateway_database_test : public ::testing::Test {
protected:
    std::int64_t newest_ = gateway_migrations().back().to;
    temporary_directory directory_;
    std::string path_ = directory_.file("var/gateway.db");
};

using migrations_test = gateway_database_test;

TEST_F(gateway_database_test, IsMadeWithItsDirectoryForItsOwnerOnly) {
    const auto database = gateway_database::open(path_).value();
    EXPECT_EQ(database->migration().from, 0);
    EXPECT_EQ(database->migration().to, newest_);
    EXPECT_FALSE(database->migration().copy);
    struct stat about {};
    ASSERT_EQ(::stat(path_.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
    EXPECT_EQ(schema_version(path_).value(), newest_);
    EXPECT_EQ(open_reader(path_).value().scalar("SELECT count(*) FROM member_records").value(), 0);
}

TEST_F(gateway_database_test, HasWriteAheadLogAndStrictTables) {
    const auto database = gateway_database::open(path_).value();
    auto reader = open_reader(path_).value();
    auto mode = reader.prepare("PRAGMA journal_mode").value();
    ASSERT_TRUE(mode.step().value());
    EXPECT_EQ(mode.text(0), "wal");
    EXPECT_EQ(reader
                  .scalar("SELECT count(*) FROM pragma_table_list "
                          "WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND strict = 0")
                  .value(),
              0);
}

TEST_F(gateway_database_test, HasOneServer) {
    auto database = gateway_database::open(path_).value();
    const auto second = gateway_database::open(path_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), errc::already_owned);
    database.reset();
    EXPECT_TRUE(gateway_database::open(path_));
}

TEST_F(gateway_database_test, IsWrittenBesideItsServer) {
    const auto database = gateway_database::open(path_).value();
    auto beside = open_beside(path_).value();
    EXPECT_FALSE(beside.execute("INSERT INTO installation VALUES ('a', x'00')"));
    EXPECT_EQ(open_reader(path_).value().scalar("SELECT count(*) FROM installation").value(), 1);
}

TEST_F(gateway_database_test, IsMadeByACommandThatComesBeforeTheFirstServer) {
    EXPECT_TRUE(open_beside(path_));
    EXPECT_EQ(schema_version(path_).value(), newest_);
    const auto database = gateway_database::open(path_).value();
    EXPECT_EQ(database->migration().from, newest_);
}

TEST_F(gateway_database_test, IsNotMigratedUnderARunningServer) {
    std::filesystem::create_directories(std::filesystem::path{path_}.parent_path());
    const auto server = lease::take(path_ + ".serve");
    ASSERT_TRUE(server);
    const auto beside = open_beside(path_);
    ASSERT_FALSE(beside);
    EXPECT_EQ(beside.error(), errc::already_owned);
    EXPECT_EQ(schema_version(path_).value(), 0);
}

TEST_F(gateway_database_test, ThatIsNewerIsRefusedAndLeftAsItWas) {
    gateway_database::open(path_).value().reset();
    execute(path_, "PRAGMA user_version = 1000");
    const auto before = bytes_of(path_);
    const auto served = gateway_database::open(path_);
    ASSERT_FALSE(served);
    EXPECT_EQ(served.error(), errc::newer_database);
    const auto beside = open_beside(path_);
    ASSERT_FALSE(beside);
    EXPECT_EQ(beside.error(), errc::newer_database);
    EXPECT_EQ(bytes_of(path_), before);
    EXPECT_FALSE(std::filesystem::exists(path_ + ".before-1"));
}

TEST_F(gateway_database_test, ThatIsNoDatabaseOrNotOursIsRefusedAndLeftAsItWas) {
    std::filesystem::create_directories(std::filesystem::path{path_}.parent_path());
    std::ofstream{path_} << std::string(5000, 'x');
    EXPECT_EQ(gateway_database::open(path_).error(), errc::store_unavailable);
    EXPECT_EQ(bytes_of(path_), std::string(5000, 'x'));

    const auto foreign = directory_.file("foreign.db");
    execute(foreign, "CREATE TABLE bookmarks (url TEXT)");
    EXPECT_EQ(gateway_database::open(foreign).error(), errc::corrupt);
    EXPECT_EQ(open_beside(foreign).error(), errc::corrupt);
    EXPECT_EQ(scalar(foreign, "SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(gateway_database_test, CannotBeWhereNoDirectoryCanBe) {
    std::ofstream{directory_.file("file")} << "x";
    EXPECT_EQ(gateway_database::open(directory_.file("file/gateway.db")).error(),
              errc::store_unavailable);
}

/// The steps that a later version of the program might add.
std::vector<migration> with(migration next) {
    auto steps = gateway_migrations();
    steps.push_back(std::move(next));
    return steps;
}

TEST_F(migrations_test, CopyWhatWasThereAndKeepItsData) {
    const auto database = gateway_database::open(path_).value();
    execute(path_, "INSERT INTO installation VALUES ('a', x'00')");
    // The row is still in the write-ahead log: the copy has it nevertheless.
    const auto steps = with({newest_ + 1, "ALTER TABLE installation ADD COLUMN more TEXT"});
    const auto done = migrate(path_, steps).value();
    EXPECT_EQ(done.from, newest_);
    EXPECT_EQ(done.to, newest_ + 1);
    const auto copy = path_ + ".before-" + std::to_string(newest_ + 1);
    EXPECT_EQ(done.copy, copy);
    EXPECT_EQ(schema_version(copy).value(), newest_);
    EXPECT_EQ(scalar(copy, "SELECT count(*) FROM installation"), 1);
    EXPECT_EQ(scalar(copy, "SELECT count(*) FROM pragma_table_info('installation')"), 2);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM installation"), 1);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM pragma_table_info('installation')"), 3);
    EXPECT_FALSE(std::filesystem::exists(copy + ".part"));
}

TEST_F(migrations_test, AreAppliedOnce) {
    const auto steps = with({newest_ + 1, "INSERT INTO installation VALUES ('a', x'00');"});
    std::filesystem::create_directories(std::filesystem::path{path_}.parent_path());
    EXPECT_EQ(migrate(path_, steps).value().from, 0);
    const auto again = migrate(path_, steps).value();
    EXPECT_EQ(again.from, newest_ + 1);
    EXPECT_FALSE(again.copy);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM installation"), 1);
}

TEST_F(migrations_test, AreAllOrNothing) {
    gateway_database::open(path_).value().reset();
    auto steps = with({newest_ + 1, "CREATE TABLE half (a TEXT) STRICT"});
    steps.push_back({newest_ + 2, "INSERT INTO no_such_table VALUES (1)"});
    EXPECT_EQ(migrate(path_, steps).error(), errc::store_unavailable);
    EXPECT_EQ(schema_version(path_).value(), newest_);
    EXPECT_EQ(scalar(path_, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
    EXPECT_TRUE(gateway_database::open(path_));
}

TEST_F(gateway_database_test, PinIsResetBesideARunningServer) {
    asio::io_context loop{1};
    const auto database = gateway_database::open(path_).value();
    member_registry registry{database->writing(), open_reader(path_).value(), {}};
    const access::member_ref who{"mss", "7"};
    const access::effect_key first{"demo", {}, 1, 0};
    const access::effect_key second{"demo", {}, 2, 0};
    finish(loop, registry.apply(first, who, access::set_pin{verifier(1), false}, noon)).value();
    const auto reset =
        reset_pin_beside(open_beside(path_).value(), who, verifier(2), {}, noon).value();
    EXPECT_EQ(reset.kind, access::outcome_kind::done);
    const auto record = finish(loop, registry.find(who)).value();
    EXPECT_FALSE(record.pin);
    EXPECT_EQ(record.one_time_pin, verifier(2));
    EXPECT_EQ(record.one_time_expires_at, noon + access::pin_policy{}.one_time_valid_for);
    const auto begun =
        finish(loop, registry.apply(second, who, access::begin_pin_try{}, noon)).value();
    EXPECT_EQ(begun.compare_with, verifier(2));
}

TEST_F(gateway_database_test, KnowsWhichKeyBelongsToIt) {
    auto db = open_beside(path_).value();
    secret_key key{};
    key.fill(1);
    secret_key other = key;
    other[31] = 2;
    EXPECT_TRUE(key_belongs(db, key).value());
    EXPECT_TRUE(key_belongs(db, key).value());
    EXPECT_FALSE(key_belongs(db, other).value());
    EXPECT_TRUE(key_belongs(db, key).value());
    // The key itself is nowhere in the file.
    EXPECT_FALSE(db.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    EXPECT_EQ(bytes_of(path_).find(std::string{as_bytes(key)}), std::string::npos);
}

} // namespace
} // namespace uthan::db::sqlite::gateway_test
