#include "tests/integration/fault_world.hpp"

#include <csignal>
#include <filesystem>
#include <sqlite3.h>
#include <sys/resource.h>

// The gateway database and the ledger's files: locked, full, missing, cut short, out of date.
namespace uthan::test {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Another program that writes the gateway database, for as long as it lives.
class other_writer {
public:
    explicit other_writer(const deployment& at) {
        sqlite3_open((at.root() / "gateway.db").c_str(), &db_);
        sqlite3_busy_timeout(db_, 5000);
        EXPECT_EQ(sqlite3_exec(db_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    }
    ~other_writer() { sqlite3_close(db_); }
    other_writer(const other_writer&) = delete;
    other_writer& operator=(const other_writer&) = delete;

private:
    sqlite3* db_ = nullptr;
};

/// What a full disk is to a program: every write that makes a file longer fails.
class full_disk {
public:
    explicit full_disk(pid_t of) : of_(of) {
        const rlimit none{1, RLIM_INFINITY};
        EXPECT_EQ(prlimit(of_, RLIMIT_FSIZE, &none, &before_), 0);
    }
    ~full_disk() { EXPECT_EQ(prlimit(of_, RLIMIT_FSIZE, &before_, nullptr), 0); }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

private:
    pid_t of_;
    rlimit before_{};
};

class FaultyStorage : public testing::Test {
protected:
    FaultyStorage() : at(120, "") {
        import_of("2026-11-20");
        start();
        EXPECT_THAT(history_dialogue("enrol").press_all(*gateway, first_keys()),
                    HasSubstr(main_menu));
    }
    void TearDown() override { expect_clean(at); }

    void import_of(const std::string& as_of) {
        at.generate(as_of);
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
    }
    /// A delivery that does not build on what is published.
    void import_whole(const std::string& as_of) {
        at.generate(as_of);
        const auto path = at.delivery() + "/manifest.json";
        std::stringstream manifest;
        manifest << std::ifstream{path}.rdbuf();
        std::ofstream{path} << std::regex_replace(manifest.str(),
                                                  std::regex{"\"offices\" *: *\\{[^}]*\\},"}, "");
        const auto imported = at.import();
        EXPECT_EQ(imported.exit_code, 0) << imported.output;
    }
    void start() { gateway = std::make_unique<gateway_process>(at); }
    fs::path generation_file() const {
        fs::path newest;
        for (const auto& one : fs::recursive_directory_iterator(at.root() / "ledger")) {
            if (one.is_regular_file() && (newest.empty() || one.path() > newest)) {
                newest = one.path();
            }
        }
        return newest;
    }
    std::string figures(const std::string& session) const {
        return history_dialogue(session).press_all(*gateway, {"", "00", "1", "4821"});
    }

    deployment at;
    std::unique_ptr<gateway_process> gateway;
};

TEST_F(FaultyStorage, ALockedDatabaseIsSaidWithinTheDeadlineAndFactsGoOn) {
    history_dialogue her("s", phones_of_one(at).front());
    her.press_all(*gateway, {"", "4821"});
    {
        const other_writer busy(at);
        EXPECT_THAT(her.press(*gateway, "4821"), HasSubstr(not_now));
        EXPECT_THAT(figures("asks for a PIN"), HasSubstr(not_now));
        EXPECT_THAT(history_dialogue("t").press_all(*gateway, {"", "00", "4"}),
                    AllOf(StartsWith("CON "), Not(HasSubstr(not_now))));
        EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[]}\n");
        EXPECT_GE(gateway->metric("uthan_ussd_apologies_total"), 1);
        EXPECT_GE(gateway->metric("uthan_ussd_hops_total{channel=\"at-kmss\",outcome=\"failed\"}"),
                  1);
    }
    // What came too late for its screen was committed all the same: the same request is answered by
    // it, and nothing is done twice.
    EXPECT_TRUE(eventually([&] { return her.again(*gateway).starts_with("CON "); }));
    EXPECT_THAT(figures("after"), HasSubstr("২০/১১"));
}

TEST_F(FaultyStorage, AComplaintInFrontOfALockedDatabaseIsFiledOnce) {
    history_dialogue her("c");
    her.press_all(*gateway, {"", "00", "7", "3", "1"});
    {
        const other_writer busy(at);
        EXPECT_THAT(her.press(*gateway, "1"), HasSubstr(not_now));
    }
    EXPECT_TRUE(
        eventually([&] { return her.again(*gateway).find("অভিযোগ নং ১") != std::string::npos; }));
    const auto list = requests_of(at);
    EXPECT_THAT(list, HasSubstr("1 open complaint:"));
    EXPECT_THAT(list, Not(HasSubstr("2 open")));
}

TEST_F(FaultyStorage, OnAFullDiskNothingIsPromisedAndFactsGoOn) {
    history_dialogue her("s", phones_of_one(at).front());
    her.press_all(*gateway, {"", "4821"});
    {
        const full_disk full(gateway->pid());
        EXPECT_THAT(her.press(*gateway, "4821"), HasSubstr(not_now));
        EXPECT_THAT(history_dialogue("t").press_all(*gateway, {"", "00", "4"}),
                    AllOf(StartsWith("CON "), Not(HasSubstr(not_now))));
        EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[]}\n");
        EXPECT_GE(gateway->metric("uthan_sqlite_operations_failed_total"), 1);
    }
    // Room again, without a restart.
    history_dialogue later("later", phones_of_one(at).front());
    EXPECT_THAT(later.press_all(*gateway, {"", "4821", "4821"}), StartsWith("CON "));
    EXPECT_THAT(figures("after"), HasSubstr("২০/১১"));
    gateway->kill();
    start();
    EXPECT_EQ(later.again(*gateway).substr(0, 4), "CON ");
    EXPECT_THAT(figures("restarted"), HasSubstr("২০/১১"));
}

TEST_F(FaultyStorage, AnImportOnAFullDiskPublishesNothing) {
    at.generate("2026-11-21");
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit little{64 * 1024, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &little);
    const auto imported = at.import();
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, SIG_DFL);
    EXPECT_EQ(imported.exit_code, 1) << imported.output;
    EXPECT_EQ(gateway->metric("uthan_ledger_generation"), 1);
    EXPECT_THAT(figures("s"), HasSubstr("২০/১১"));
    EXPECT_EQ(at.import().exit_code, 0);
    EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_ledger_generation") == 2; }));
    EXPECT_THAT(history_dialogue("t").press_all(*gateway, {"", "00", "1", "4821"}),
                HasSubstr("২১/১১"));
}

TEST_F(FaultyStorage, AGenerationThatIsMissingAtTheStartIsSaidAndTheNextOneHeals) {
    gateway->kill();
    fs::remove(generation_file());
    start();
    EXPECT_THAT(history_dialogue("s").press(*gateway, ""), HasSubstr(not_now));
    EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[\"ledger kmss\"]}\n");
    import_whole("2026-11-21");
    EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_ledger_generation") == 2; }));
    EXPECT_THAT(figures("t"), HasSubstr("২১/১১"));
    EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[]}\n");
}

TEST_F(FaultyStorage, AGenerationCutShortBeforeTheStartIsSaidAndAnOlderOneHeals) {
    import_of("2026-11-21");
    gateway->kill();
    const auto whole = fs::file_size(generation_file());
    for (const auto bytes : {whole / 2, whole - 4096, std::uintmax_t{0}}) {
        fs::resize_file(generation_file(), bytes);
        start();
        EXPECT_THAT(history_dialogue("s").press(*gateway, ""), HasSubstr(not_now)) << bytes;
        EXPECT_EQ(gateway->admin("/readyz"), "{\"ready\":true,\"degraded\":[\"ledger kmss\"]}\n");
        gateway->kill();
    }
    start();
    const auto undone = run_uthan(
        {"generations", "--config", at.config(), "--organisation", "kmss", "--publish", "1"});
    ASSERT_EQ(undone.exit_code, 0) << undone.output;
    EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_ledger_generation") == 1; }));
    EXPECT_THAT(figures("t"), HasSubstr("২০/১১"));
}

TEST_F(FaultyStorage, AGenerationRemovedWhileItServesIsServedToItsEnd) {
    fs::remove(generation_file());
    EXPECT_THAT(figures("s"), HasSubstr("২০/১১"));
    import_whole("2026-11-21");
    EXPECT_TRUE(eventually([&] { return gateway->metric("uthan_ledger_generation") == 2; }));
    EXPECT_THAT(figures("t"), HasSubstr("২১/১১"));
}

TEST_F(FaultyStorage, AGenerationCutShortWhileItServesShowsNoWrongFigure) {
    const auto whole = figures("before");
    fs::resize_file(generation_file(), fs::file_size(generation_file()) / 2);
    EXPECT_THAT(figures("s"), AnyOf(whole, HasSubstr(not_now), ""));
    // What a mapped file has lost ends the process, as any failing disk would; the next start says
    // what is wrong.
    fs::resize_file(generation_file(), 0);
    EXPECT_THAT(figures("t"), AnyOf(whole, HasSubstr(not_now), ""));
    gateway->kill();
    start();
    EXPECT_THAT(history_dialogue("u").press(*gateway, ""), HasSubstr(not_now));
}

TEST(FaultyDeliveries, AStaleOfficeIsSaidOnTheScreen) {
    deployment at(120, "");
    at.generate("2026-10-01");
    ASSERT_EQ(at.import().exit_code, 0);
    const gateway_process gateway(at);
    history_dialogue her("s");
    her.press_all(gateway, first_keys());
    EXPECT_THAT(her.press(gateway, "1"),
                AllOf(HasSubstr("\n১/১০ পর্যন্ত হিসাব"), HasSubstr("পরের জমা এখনো ওঠেনি")));
    expect_clean(at);
}

TEST(FaultyDeliveries, AnOrganisationNeverImportedIsSaid) {
    const deployment at(120, "");
    const gateway_process gateway(at);
    EXPECT_THAT(history_dialogue("s").press(gateway, ""), HasSubstr(not_now));
    EXPECT_EQ(gateway.admin("/readyz"), "{\"ready\":true,\"degraded\":[\"ledger kmss\"]}\n");
}

} // namespace
} // namespace uthan::test
