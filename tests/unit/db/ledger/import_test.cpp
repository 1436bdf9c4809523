#include "tests/unit/db/ledger/delivery.hpp"

#include "db/sqlite/generation_files.hpp"
#include "db/sqlite/generation_register.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

// Whole deliveries and their generations; parts of one are in import_offices_test.cpp, what the
// figures must agree with in import_figures_test.cpp.
namespace uthan::db::sqlite::testing {
namespace {

using members::exchange::file_kind;
using members::exchange::import_outcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Import, PublishesTheFirstDelivery) {
    import_world world;
    const auto report = world.import(delivery::small());
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_EQ(report.generation, 1U);
    EXPECT_EQ(report.rows(), 3U + 2 + 3 + 4 + 3 + 2 + 6 + 4 + 2 + 1 + 1 + 1);
    EXPECT_THAT(world.ledger_files(), ElementsAre("1.db"));
    EXPECT_EQ(current_number(world), 1U);
    for (const auto& line : report.lines) {
        EXPECT_EQ(line.weight, members::exchange::severity::note) << to_text(line);
    }
}

TEST(Import, KeepsEveryFactOfAMember) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    const auto all = facts(world, 1, "M1");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->generation, 1U);
    EXPECT_EQ(all->who.name, (members::label{"আমেনা", "Amena"}));
    EXPECT_EQ(all->who.msisdn, "8801712345678");
    EXPECT_EQ(all->who.office_code, "B1");
    EXPECT_EQ(to_iso(*all->who.born_on), "1990-05-01");
    EXPECT_EQ(to_iso(all->as_of()), "2026-11-21");
    EXPECT_EQ(all->office_of.phone, "01710000001");
    ASSERT_TRUE(all->group_of && all->group_of->meeting);
    EXPECT_EQ(all->group_of->meeting->weekday, 7U);
    EXPECT_EQ(all->group_of->meeting->time_of_day->count(), 16 * 60);
    EXPECT_EQ(all->group_of->meeting->place.en, "latin:স্কুল মাঠ");
    EXPECT_EQ(all->group_of->savings_rate, money::taka(20));
    ASSERT_TRUE(all->officer);
    EXPECT_EQ(all->officer->short_name, (members::label{"রহিমা", "latin:রহিমা"}));
    ASSERT_EQ(all->savings.size(), 2U);
    EXPECT_EQ(all->savings[0].available, money::taka(2000));
    EXPECT_EQ(all->savings[1].product, members::savings_product::term);
    ASSERT_EQ(all->loans.size(), 1U);
    const auto& loan = all->loans[0];
    EXPECT_EQ(loan.outstanding_total, money::taka(8250));
    EXPECT_EQ(loan.rate, "10");
    ASSERT_EQ(loan.schedule.size(), 4U);
    EXPECT_EQ(loan.schedule[0].paid, money::taka(2750));
    EXPECT_EQ(to_iso(loan.schedule[3].due_on), "2026-11-29");
    const auto done = activity(world, 1, "M1");
    ASSERT_EQ(done->recent.size(), 3U);
    EXPECT_EQ(done->recent[0].txn_id, "T3");
    EXPECT_EQ(done->recent[0].channel, members::payment_channel::bkash);
    ASSERT_EQ(done->applications.size(), 1U);
    EXPECT_EQ(done->applications[0].requested, money::taka(30000));
    ASSERT_TRUE(all->calendar);
    EXPECT_EQ(all->calendar->holidays.size(), 1U);
    EXPECT_TRUE(all->calendar->moratoria.empty());

    const auto other = facts(world, 1, "M4");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->savings[0].available.poisha, 300050);
    EXPECT_EQ(other->calendar->holidays.size(), 2U);
    EXPECT_EQ(other->calendar->moratoria.size(), 1U);
    EXPECT_EQ(facts(world, 1, "M9"), nullptr);
}

TEST(Import, SurvivesWhatSpreadsheetsDoToFiles) {
    import_world world;
    auto files = delivery::small();
    for (auto& [name, text] : files.files) {
        std::string changed = "\xEF\xBB\xBF";
        for (const char c : text) {
            changed += c == '\n' ? ",\r\n" : std::string(1, c);
        }
        text = changed + ",,,\r\n\r\n";
    }
    auto& savings = files.files["savings_accounts.csv"];
    savings.replace(savings.find("2500,2000"), 9, "২৫০০,\"২০০০.০০\"");
    const auto report = world.import(files);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_EQ(facts(world, 1, "M1")->savings[0].balance, money::taka(2500));
    EXPECT_EQ(facts(world, 1, "M1")->savings[0].available, money::taka(2000));
}

TEST(Import, TheSameDeliveryTwiceChangesNothing) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    const auto again = world.import(delivery::small());
    EXPECT_EQ(again.outcome, import_outcome::unchanged);
    EXPECT_EQ(again.generation, 1U);
    EXPECT_THAT(world.ledger_files(), ElementsAre("1.db"));
}

struct refused_case {
    const char* name;
    std::function<void(delivery&)> spoil;
    const char* message;
};

TEST(Import, RefusedDeliveriesLeaveEverythingAsItWas) {
    const refused_case cases[]{
        {"another organisation", [](delivery& d) { d.organisation = "mss"; },
         "the delivery is of mss"},
        {"too many rows", [](delivery& d) { d.wrong_rows["loans.csv"] = 1; },
         "loans.csv: error: there are more rows than the 1"},
        {"too few rows", [](delivery& d) { d.wrong_rows["loans.csv"] = 3; },
         "there are 2 rows, manifest.json says 3"},
        {"wrong digest", [](delivery& d) { d.wrong_digests["members.csv"] = std::string(64, 'a'); },
         "members.csv: error: the file is not the one"},
        {"older than published", [](delivery& d) { d.as_of = "2026-11-20"; },
         "office HO is of 2026-11-20, but 2026-11-21 is published"},
        {"too many bad rows",
         [](delivery& d) { d.add("members.csv", "M5,x,x,F,31/12/1999,H5,G1,B1,,active,"); },
         "1 of 6 rows are bad; at most 0"},
        {"a file that is not named", [](delivery& d) { d.unlisted = {"loans.csv"}; },
         "loans.csv: error: the file is there"},
        {"a required file missing", [](delivery& d) { d.files.erase("groups.csv"); },
         "must name groups.csv"},
        {"a required column missing",
         [](delivery& d) { d.files["groups.csv"] = "group_code,name_bn\nG1,x\n"; },
         "groups.csv:1: error: these columns must be there: branch_code"},
        {"a named office without a row",
         [](delivery& d) {
             d.offices = {{"B9", "2026-11-21"}};
         },
         "names the office B9"},
        {"offices in a ring",
         [](delivery& d) {
             d.files["branches.csv"] = "branch_code,name_bn,parent_code\n"
                                       "HO,h,B1\nB1,a,B2\nB2,b,HO\n";
         },
         "is above itself"},
        {"of a day that has not come", [](delivery& d) { d.as_of = "2026-12-01"; },
         "manifest.json: error: \"as_of\" is 2026-12-01, but today is 2026-11-30"},
        {"an office of a day that has not come",
         [](delivery& d) {
             d.as_of = "2026-11-30";
             d.offices = {{"B2", "2026-12-01"}};
         },
         "manifest.json: error: the day of office B2 is 2026-12-01, but today is 2026-11-30"},
        {"too many holidays",
         [](delivery& d) {
             for (std::size_t i = 0; i <= members::holidays_max; ++i) {
                 d.add("holidays.csv", "B1,2026-12-16,x,x,");
             }
         },
         "there are more than 2000 holidays"},
        {"too many moratoria",
         [](delivery& d) {
             for (std::size_t i = 0; i <= members::moratoria_max; ++i) {
                 d.add("moratoria.csv", "B1,2026-12-01,2026-12-31,x");
             }
         },
         "there are more than 2000 moratoria"},
        {"unreadable manifest", [](delivery& d) { d.as_of = "yesterday"; }, "\"as_of\""},
    };
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    for (const auto& one : cases) {
        auto files = delivery::small();
        files.add("members.csv", "M6,ক,Ka,F,1990-01-01,H6,G1,B1,,active,2015-01-01");
        one.spoil(files);
        const auto report = world.import(files);
        EXPECT_EQ(report.outcome, import_outcome::refused) << one.name;
        EXPECT_THAT(world.text_of(report), HasSubstr(one.message)) << one.name;
        EXPECT_THAT(world.ledger_files(), ElementsAre("1.db")) << one.name;
        EXPECT_EQ(current_number(world), 1U) << one.name;
        EXPECT_EQ(facts(world, 1, "M6"), nullptr);
    }
}

TEST(Import, ABadRowIsLeftOutWithWhatDependsOnIt) {
    import_world world;
    auto files = delivery::small();
    files.add("members.csv", "M5,x,x,F,31/12/1999,H5,G1,B1,,active,");
    files.add("loans.csv", "L5,M5,KMSS,1,10000,0,flat,,2,W,2026-11-01,,,0,10000,,0,active,S1");
    files.add("schedule.csv", "L5,1,2026-11-20,5000,0,5000,0,");
    files.add("schedule.csv", "L5,2,2026-11-27,5000,0,5000,0,");
    files.add("transactions.csv", "T5,M5,L5,disburse,10000,2026-11-01,,,cash");
    files.add("schedule.csv", "L9,1,2026-11-27,5000,0,5000,0,");
    files.write(world.directory / "delivery");
    auto request = world.request();
    request.bad_rows_max = 0.5;
    const auto report = run_import(request);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_EQ(count(report, file_kind::members).bad, 1U);
    EXPECT_EQ(count(report, file_kind::members).kept(), 4U);
    EXPECT_EQ(count(report, file_kind::loans).left_out, 1U);
    EXPECT_EQ(count(report, file_kind::loans).bad, 0U);
    EXPECT_EQ(count(report, file_kind::schedule).left_out, 2U);
    EXPECT_EQ(count(report, file_kind::schedule).bad, 1U);
    EXPECT_EQ(count(report, file_kind::transactions).left_out, 1U);
    const auto text = world.text_of(report);
    EXPECT_THAT(text, HasSubstr("members.csv:6: error: dob \"31/12/1999\" is not a date"));
    EXPECT_THAT(text, HasSubstr("schedule.csv:10: error: the loan L9 is not in loans.csv"));
    EXPECT_EQ(facts(world, 1, "M5"), nullptr);
}

TEST(Import, CodesThatAreThereTwiceAreBadRows) {
    import_world world;
    auto files = delivery::small();
    files.add("branches.csv", "B1,again,,HO,branch,");
    files.add("staff.csv", "S1,again,,B1,");
    files.add("groups.csv", "G1,samity,B1,again,,7,,,W,,0");
    files.add("members.csv", "M1,again,,F,,,G2,B1,,active,");
    files.add("savings_accounts.csv", "A1,M1,general,1,1,,active");
    files.add("loans.csv", "L1,M4,KMSS,1,10000,0,flat,,2,W,2026-11-01,,,0,10000,,0,active,S1");
    files.add("schedule.csv", "L1,2,2026-11-15,2500,250,2750,0,");
    files.add("transactions.csv", "T1,M1,L1,loan_repay,2750,2026-11-08,8250,R1,cash");
    files.write(world.directory / "delivery");
    auto request = world.request();
    request.bad_rows_max = 0.5;
    const auto report = run_import(request);
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    for (const auto kind : {file_kind::branches, file_kind::staff, file_kind::groups,
                            file_kind::members, file_kind::savings_accounts, file_kind::loans,
                            file_kind::schedule, file_kind::transactions}) {
        EXPECT_EQ(count(report, kind).bad, 1U) << name_of(kind);
    }
    const auto all = facts(world, 1, "M1");
    EXPECT_EQ(all->who.name.bn, "আমেনা");
    EXPECT_EQ(all->savings[0].balance, money::taka(2500));
    EXPECT_EQ(all->loans[0].schedule.size(), 4U);
    EXPECT_EQ(activity(world, 1, "M1")->recent.size(), 3U);
}

TEST(Import, UnsortedFilesGiveTheSameFacts) {
    import_world sorted;
    import_world shuffled;
    auto files = delivery::small();
    ASSERT_EQ(sorted.import(files).outcome, import_outcome::published);
    for (auto& [name, text] : files.files) {
        const auto header = text.find('\n') + 1;
        std::vector<std::string> lines;
        for (auto at = header; at < text.size();) {
            const auto end = text.find('\n', at) + 1;
            lines.push_back(text.substr(at, end - at));
            at = end;
        }
        text.resize(header);
        for (std::size_t i = 0; i < lines.size(); i += 2) {
            text += lines[i];
        }
        for (std::size_t i = 1; i < lines.size(); i += 2) {
            text += lines[i];
        }
    }
    ASSERT_EQ(shuffled.import(files).outcome, import_outcome::published);
    for (const char* code : {"M1", "M2", "M4"}) {
        const auto a = facts(sorted, 1, code);
        const auto b = facts(shuffled, 1, code);
        ASSERT_TRUE(a && b);
        EXPECT_EQ(a->who.name, b->who.name);
        ASSERT_EQ(a->loans.size(), b->loans.size());
        for (std::size_t i = 0; i < a->loans.size(); ++i) {
            ASSERT_EQ(a->loans[i].schedule.size(), b->loans[i].schedule.size());
            for (std::size_t k = 0; k < a->loans[i].schedule.size(); ++k) {
                EXPECT_EQ(a->loans[i].schedule[k].seq, b->loans[i].schedule[k].seq);
                EXPECT_EQ(a->loans[i].schedule[k].due_on, b->loans[i].schedule[k].due_on);
            }
        }
        const auto recent = activity(sorted, 1, code)->recent;
        const auto other = activity(shuffled, 1, code)->recent;
        ASSERT_EQ(recent.size(), other.size());
        for (std::size_t i = 0; i < recent.size(); ++i) {
            EXPECT_EQ(recent[i].txn_id, other[i].txn_id);
        }
    }
}

TEST(Import, DueDatesThatDoNotRiseAreBadRowsInAnyOrder) {
    for (const bool reversed : {false, true}) {
        import_world world;
        auto files = delivery::small();
        std::vector<std::string> rows{
            "L1,1,2026-11-08,2500,250,2750,2750,", "L1,2,2026-11-15,2500,250,2750,0,",
            "L1,3,2026-11-15,2500,250,2750,0,", "L1,4,2026-11-29,2500,250,2750,0,"};
        if (reversed) {
            std::reverse(rows.begin(), rows.end());
        }
        files.files["schedule.csv"] =
            "loan_no,seq,due_on,principal_due,charge_due,total_due,paid,paid_on\n";
        for (const auto& row : rows) {
            files.add("schedule.csv", row);
        }
        files.write(world.directory / "delivery");
        auto request = world.request();
        request.bad_rows_max = 0.5;
        const auto report = run_import(request);
        ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
        EXPECT_EQ(count(report, file_kind::schedule).bad, 1U);
        EXPECT_THAT(world.text_of(report),
                    HasSubstr("schedule.csv:4: error: the due date 2026-11-15 of instalment "))
            << reversed;
        const auto schedule = facts(world, 1, "M1")->loans[0].schedule;
        ASSERT_EQ(schedule.size(), 3U);
        EXPECT_EQ(to_iso(schedule[1].due_on), "2026-11-15");
        EXPECT_EQ(to_iso(schedule[2].due_on), "2026-11-29");
    }
}

TEST(Import, WhatIsNotARegularFileIsRefusedAtOnce) {
    for (const char* name : {"manifest.json", "loans.csv", "members.csv"}) {
        import_world world;
        delivery::small().write(world.directory / "delivery");
        const auto path = world.directory / "delivery" / name;
        std::filesystem::remove(path);
        ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
        const auto report = run_import(world.request());
        EXPECT_EQ(report.outcome, import_outcome::refused);
        EXPECT_THAT(world.text_of(report),
                    HasSubstr(std::string{name} + ": error: the file is not there or cannot"));
    }
}

TEST(Import, AnExceptionOnTheWayEndsTheImportNotTheProcess) {
    import_world world;
    auto files = delivery::small();
    for (int i = 0; i < 20'000; ++i) {
        files.add("transactions.csv",
                  fmt::format("X{},M1,A1,sav_deposit,20,2026-11-08,,R{},cash", i, i));
    }
    files.write(world.directory / "delivery");
    auto request = world.request();
    request.progress = [](std::uint64_t done, std::uint64_t) {
        if (done > 1000) {
            throw std::runtime_error{"the terminal is gone"};
        }
    };
    EXPECT_THROW(run_import(request), std::runtime_error);
    EXPECT_THAT(world.ledger_files(), IsEmpty());
    EXPECT_EQ(world.import(files).outcome, import_outcome::published);
}

TEST(Import, KeepsTwoOldGenerationsForTheUndo) {
    import_world world;
    for (int day = 21; day <= 25; ++day) {
        auto files = delivery::small();
        files.as_of = fmt::format("2026-11-{}", day);
        ASSERT_EQ(world.import(files).outcome, import_outcome::published);
    }
    EXPECT_THAT(world.ledger_files(), ElementsAre("3.db", "4.db", "5.db"));
    auto gateway = connection::open(world.gateway, open_mode::read_write);
    EXPECT_EQ(publish_again(*gateway, "kmss", 2), errc::not_found);
    EXPECT_EQ(current_number(world), 5U);
    EXPECT_FALSE(publish_again(*gateway, "kmss", 3));
    EXPECT_EQ(current_number(world), 3U);
    const auto all = list_generations(*gateway, "kmss");
    ASSERT_EQ(all->size(), 5U);
    EXPECT_EQ((*all)[0].state, generation_state::kept);
    EXPECT_EQ((*all)[2].state, generation_state::current);
    EXPECT_EQ((*all)[4].state, generation_state::deleted);

    // What was taken back may come again: it is not what is published now.
    auto files = delivery::small();
    files.as_of = "2026-11-25";
    const auto again = world.import(files);
    ASSERT_EQ(again.outcome, import_outcome::published) << world.text_of(again);
    EXPECT_EQ(again.generation, 6U);
    EXPECT_THAT(world.ledger_files(), ElementsAre("4.db", "5.db", "6.db"));
}

TEST(Import, ADryRunPublishesNothing) {
    import_world world;
    delivery::small().write(world.directory / "delivery");
    auto request = world.request();
    request.dry_run = true;
    const auto report = run_import(request);
    EXPECT_EQ(report.outcome, import_outcome::checked);
    EXPECT_THAT(world.ledger_files(), IsEmpty());
    EXPECT_EQ(current_number(world), 0U);
}

TEST(Import, AFullDiskIsSaidAndLeavesNothing) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    auto files = delivery::small();
    files.as_of = "2026-11-22";
    for (int i = 0; i < 3000; ++i) {
        files.add("transactions.csv",
                  fmt::format("X{},M1,A1,sav_deposit,20,2026-11-08,,R{},cash", i, i));
    }
    files.write(world.directory / "delivery");
    auto request = world.request();
    for (const std::uint64_t bytes : {8'000U, 60'000U, 120'000U}) {
        request.generation_bytes_max = bytes;
        const auto report = run_import(request);
        EXPECT_EQ(report.outcome, import_outcome::refused);
        EXPECT_THAT(world.text_of(report), HasSubstr("the disk is full; nothing was published"));
        EXPECT_THAT(world.ledger_files(), ElementsAre("1.db"));
    }
    request.generation_bytes_max = 0;
    EXPECT_EQ(run_import(request).outcome, import_outcome::published);
}

TEST(Import, TwoAtOnceAreRefused) {
    import_world world;
    std::filesystem::create_directories(world.ledger / "kmss");
    const auto other = directory_lock::acquire(world.ledger / "kmss");
    ASSERT_TRUE(other);
    const auto report = world.import(delivery::small());
    EXPECT_EQ(report.outcome, import_outcome::refused);
    EXPECT_THAT(world.text_of(report), HasSubstr("another import of this organisation is running"));
}

TEST(Import, RemovesWhatACrashLeftBehind) {
    import_world world;
    std::filesystem::create_directories(world.ledger / "kmss");
    std::ofstream{world.ledger / "kmss/.building.db"} << "half a file";
    std::ofstream{world.ledger / "kmss/1.db"} << "renamed, but not published";
    const auto report = world.import(delivery::small());
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_THAT(world.ledger_files(), ElementsAre("1.db"));
    EXPECT_TRUE(facts(world, 1, "M1"));
}

TEST(Import, AWholeDeliveryIsTheWayOutOfALostFile) {
    import_world world;
    ASSERT_EQ(world.import(delivery::small()).outcome, import_outcome::published);
    std::filesystem::remove(world.ledger / "kmss/1.db");
    auto part = delivery::small();
    part.offices = {{"B2", "2026-11-22"}};
    EXPECT_EQ(world.import(part).outcome, import_outcome::refused);
    const auto report = world.import(delivery::small());
    ASSERT_EQ(report.outcome, import_outcome::published) << world.text_of(report);
    EXPECT_THAT(world.text_of(report), HasSubstr("as-of days are not compared"));
}

TEST(Import, WithoutAGatewayDatabaseNothingHappens) {
    import_world world;
    delivery::small().write(world.directory / "delivery");
    auto request = world.request();
    request.gateway_path = (world.directory / "nowhere.db").string();
    EXPECT_EQ(run_import(request).outcome, import_outcome::refused);
    EXPECT_FALSE(std::filesystem::exists(request.gateway_path));
    request.organisation = "../kmss";
    EXPECT_EQ(run_import(request).outcome, import_outcome::refused);
}

TEST(Import, TellsItsProgress) {
    import_world world;
    delivery::small().write(world.directory / "delivery");
    auto request = world.request();
    std::uint64_t last = 0;
    std::uint64_t total = 0;
    request.progress = [&](std::uint64_t done, std::uint64_t all) {
        EXPECT_GE(done, last);
        last = done;
        total = all;
    };
    ASSERT_EQ(run_import(request).outcome, import_outcome::published);
    EXPECT_EQ(last, total);
    EXPECT_EQ(total, 32U);
}

} // namespace
} // namespace uthan::db::sqlite::testing
