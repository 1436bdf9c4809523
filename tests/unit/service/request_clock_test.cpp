#include "service/request_clock.hpp"

#include "db/sqlite/gateway_database.hpp"
#include "db/sqlite/overdue_queue.hpp"
#include "db/sqlite/request_tables.hpp"
#include "tests/support/dialogue_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// The clock over a real gateway database, with a hand-driven day.
namespace uthan::testing_world {
namespace {

namespace sqlite = db::sqlite;
using members::request;
using members::request_state;
using service::clock_run;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* her = "K0100101";

/// Noon of that day in Dhaka.
instant noon(const char* iso) {
    return instant{std::chrono::sys_days{day(iso)} + std::chrono::hours{6}};
}

members::organisation_rules climbing_rules() {
    auto rules = kmss_rules_with_requests();
    rules.requests.escalation = members::escalation_way::by_itself;
    rules.weekly_holidays = {};
    return rules;
}

class scratch {
public:
    scratch() {
        std::string name = std::filesystem::temp_directory_path() / "uthan-clock-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error{"no temporary directory"};
        }
        path_ = name;
    }
    ~scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    std::string database() const { return path_ / "gateway.db"; }

private:
    std::filesystem::path path_;
};

/// One process' part: what a restart makes anew.
class gateway {
public:
    gateway(const std::string& path, members::ledger& ledger, const clock& time)
        : database_(sqlite::gateway_database::open(path).value()),
          queue_(database_->writing(), sqlite::open_reader(path).value()),
          clock_(ledger, queue_, time) {}
    ~gateway() { database_->writing().stop(); }

    result<clock_run> run(const service::organisation& of) {
        std::optional<result<clock_run>> outcome;
        auto keep = [&outcome](std::exception_ptr, result<clock_run> ended) { outcome = ended; };
        asio::co_spawn(loop_.get_executor(), clock_.run(of), keep);
        loop_.restart();
        loop_.run();
        return outcome.value();
    }
    void run_to_the_end(const service::organisation& of) {
        while (run(of).value() == clock_run::more) {
        }
    }
    const service::request_clock_counters& counters() const { return clock_.counters(); }

private:
    asio::io_context loop_{1};
    std::unique_ptr<sqlite::gateway_database> database_;
    sqlite::overdue_queue queue_;
    service::request_clock clock_;
};

struct clock_world {
    explicit clock_world(members::organisation_rules rules = climbing_rules())
        : of{"kmss",         std::move(rules), {}, zone{"Asia/Dhaka"},
             shipped_menu(), shipped_texts(),  {}} {
        ledger.add(member_with_loan(her, "8801711000001"));
        started.emplace(files.database(), ledger, time);
    }

    void restart() {
        started.reset();
        started.emplace(files.database(), ledger, time);
    }

    /// Open since `opened` on rung 0 with three days.
    std::uint64_t open(const char* opened, bool accuses = false, std::string member = her) {
        request one;
        one.member_code = std::move(member);
        one.category = "other";
        one.office_code = one.desk_office = "K01";
        one.opened_on = one.state_on = one.level_since = day(opened);
        one.opened_at = noon(opened);
        one.deadline_on = day(opened) + std::chrono::days{3};
        if (accuses) {
            one.category = "bad_behaviour";
            one.about_staff = true;
            one.accused_code = "F1";
            one.first_level = one.level = 1;
            one.desk_office = "A1";
        }
        return store(one, sqlite::request_step::opened);
    }

    std::uint64_t store(const request& one, sqlite::request_step did) {
        sqlite::prepared_connection db{sqlite::open_beside(files.database()).value()};
        return sqlite::store_request(db, "kmss", one, did, {}, time.now()).value();
    }

    request find(std::uint64_t number) {
        sqlite::prepared_connection db{sqlite::open_beside(files.database()).value()};
        return sqlite::load_request(db, "kmss", number).value();
    }

    /// "number:level" of every step that a clock made, in order.
    std::vector<std::string> steps() {
        auto db = sqlite::open_reader(files.database()).value();
        auto rows = db.prepare("SELECT number, level FROM request_steps WHERE did = 5 "
                               "ORDER BY number, step")
                        .value();
        std::vector<std::string> made;
        while (rows.step().value()) {
            made.push_back(fmt::format("{}:{}", rows.integer(0), rows.integer(1)));
        }
        return made;
    }

    void run() { started->run_to_the_end(of); }

    scratch files;
    manual_clock time{noon("2026-11-16")};
    memory_ledger ledger;
    service::organisation of;
    std::optional<gateway> started;
};

TEST(RequestClock, MovesARungUpOnTheDayAfterTheDeadlineAndStaysAtTheTop) {
    clock_world w;
    const auto one = w.open("2026-11-16");
    const std::pair<const char*, unsigned> level_on[] = {{"2026-11-19", 0}, {"2026-11-20", 1},
                                                         {"2026-11-23", 1}, {"2026-11-24", 2},
                                                         {"2026-11-28", 2}, {"2026-12-24", 2}};
    for (const auto& [on, level] : level_on) {
        SCOPED_TRACE(on);
        w.time.set(noon(on));
        w.run();
        w.run();
        EXPECT_EQ(w.find(one).level, level);
    }
    EXPECT_EQ(w.find(one).desk_office, "HO");
    EXPECT_EQ(to_iso(w.find(one).deadline_on), "2026-11-27");
    EXPECT_THAT(w.steps(), ElementsAre("1:1", "1:2"));
    EXPECT_EQ(w.started->counters().escalated.value(), 2U);
    EXPECT_EQ(w.started->counters().overdue.value(), 1);
}

TEST(RequestClock, AfterWeeksOfStandstillItClimbsOneRungADayWithItsWholeTime) {
    clock_world w;
    const auto one = w.open("2026-09-01");
    w.run();
    EXPECT_EQ(w.find(one).level, 1U);
    EXPECT_EQ(to_iso(w.find(one).deadline_on), "2026-11-19");
    EXPECT_EQ(w.started->counters().overdue.value(), 0);
    w.restart();
    w.run();
    EXPECT_EQ(w.find(one).level, 1U);
}

TEST(RequestClock, TheAccusedAndHisPhoneAreSkipped) {
    clock_world w;
    // The head office's rung is reached at the officer's own phone: nobody is left above the area.
    const auto one = w.open("2026-11-01", true);
    w.ledger.ladder_of_all.chain[2].phone = "+880 1811-000999";
    w.run();
    EXPECT_EQ(w.find(one).level, 1U);
    w.ledger.ladder_of_all.chain[2].phone = "01711000333";
    w.ledger.publish_next();
    w.run();
    EXPECT_EQ(w.find(one).level, 2U);
    EXPECT_EQ(w.find(one).desk_office, "HO");
}

TEST(RequestClock, OnlyOpenOnesAndOnlyWhereTheOrganisationSaysSo) {
    clock_world by_member{kmss_rules_with_requests()};
    by_member.open("2026-11-01");
    by_member.run();
    EXPECT_THAT(by_member.steps(), IsEmpty());
    EXPECT_EQ(by_member.started->counters().overdue.value(), 1);

    clock_world w;
    for (const auto state :
         {request_state::answered, request_state::closed, request_state::withdrawn}) {
        auto one = w.find(w.open("2026-11-01"));
        one.state = state;
        w.store(one, sqlite::request_step::answered);
    }
    w.open("2026-11-01", false, "in no delivery");
    w.run();
    EXPECT_THAT(w.steps(), IsEmpty());
    EXPECT_EQ(w.started->counters().overdue.value(), 1);
}

TEST(RequestClock, WhatItCannotReadNowItMovesAtTheNextRun) {
    clock_world w;
    w.open("2026-11-01");
    w.ledger.broken = true;
    EXPECT_FALSE(w.started->run(w.of));
    w.ledger.broken = false;
    w.run();
    EXPECT_THAT(w.steps(), ElementsAre("1:1"));
}

TEST(RequestClock, WhoeverIsFirstMovesARungOnce) {
    clock_world w;
    const auto one = w.find(w.open("2026-11-01"));
    const auto two = w.find(w.open("2026-11-01"));
    auto higher = one;
    higher.level = 1;
    // The clock has read both; before its commit she pressed for the first herself.
    sqlite::prepared_connection db{sqlite::open_beside(w.files.database()).value()};
    ASSERT_TRUE(sqlite::store_request(db, "kmss", higher, sqlite::request_step::escalated, {},
                                      w.time.now()));
    asio::io_context loop{1};
    w.started.reset();
    auto database = sqlite::gateway_database::open(w.files.database()).value();
    sqlite::overdue_queue queue{database->writing(),
                                sqlite::open_reader(w.files.database()).value()};
    auto after_two = two;
    after_two.level = 1;
    std::vector<std::size_t> moved;
    for (int i = 0; i < 2; ++i) {
        std::vector<access::risen_request> both{{one, higher}, {two, after_two}};
        auto keep = [&moved](std::exception_ptr, result<std::size_t> done) {
            moved.push_back(done.value());
        };
        asio::co_spawn(loop.get_executor(), queue.move_up("kmss", std::move(both), w.time.now()),
                       keep);
    }
    loop.run();
    database->writing().stop();
    EXPECT_THAT(moved, ElementsAre(1, 0));
    EXPECT_THAT(w.steps(), ElementsAre("2:1"));
}

TEST(RequestClock, AKilledProcessLosesNoRungAndClimbsNoneTwice) {
    // Goal: whenever kill -9 comes, each request climbs exactly one rung this day.
    std::mt19937 random{20261122U};
    for (int round = 0; round < 6; ++round) {
        clock_world w;
        w.started.reset();
        constexpr unsigned requests = 200;
        {
            sqlite::prepared_connection db{sqlite::open_beside(w.files.database()).value()};
            ASSERT_FALSE(db.db().execute("BEGIN"));
            request one;
            one.member_code = her;
            one.category = "other";
            one.office_code = one.desk_office = "K01";
            one.opened_on = one.state_on = one.level_since = day("2026-11-01");
            one.deadline_on = day("2026-11-04");
            for (unsigned i = 0; i < requests; ++i) {
                ASSERT_TRUE(sqlite::store_request(db, "kmss", one, sqlite::request_step::opened, {},
                                                  w.time.now()));
            }
            ASSERT_FALSE(db.db().execute("COMMIT"));
        }
        int pipe_of[2];
        ASSERT_EQ(::pipe(pipe_of), 0);
        const auto child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            gateway in_child{w.files.database(), w.ledger, w.time};
            for (;;) {
                const auto ran = in_child.run(w.of);
                const char told = ran ? 'r' : 'f';
                if (::write(pipe_of[1], &told, 1) != 1 || !ran) {
                    ::_exit(1);
                }
            }
        }
        ::close(pipe_of[1]);
        char told = 0;
        for (auto batches = random() % 7; batches > 0; --batches) {
            ASSERT_EQ(::read(pipe_of[0], &told, 1), 1);
            ASSERT_EQ(told, 'r');
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(pipe_of[0]);
        w.restart();
        w.run();
        const auto steps = w.steps();
        ASSERT_EQ(steps.size(), requests);
        for (unsigned i = 0; i < requests; ++i) {
            EXPECT_EQ(steps[i], fmt::format("{}:1", i + 1));
        }
        EXPECT_EQ(w.find(requests).level, 1U);
    }
}

} // namespace
} // namespace uthan::testing_world
