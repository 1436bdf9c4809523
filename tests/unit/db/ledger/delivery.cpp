#include "tests/unit/db/ledger/delivery.hpp"

#include "core/digest.hpp"
#include "db/sqlite/generation_register.hpp"
#include "db/sqlite/ledger_reader.hpp"
#include "db/sqlite/ledger_rows.hpp"
#include "db/sqlite/migrations.hpp"
#include "members/exchange/digest.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace uthan::db::sqlite::testing {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, std::string_view text) {
    std::ofstream out{path, std::ios::binary};
    out << text;
    if (!out.flush()) {
        throw std::runtime_error{"cannot write " + path.string()};
    }
}

std::string sha256_of(std::string_view text) {
    members::exchange::sha256_stream digest;
    digest.update(text);
    return to_hex(as_bytes(digest.finish()));
}

/// The tests' files have no line ends in quotes and no blank lines but at the end.
std::uint64_t rows_of(std::string_view text) {
    std::uint64_t rows = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        rows += line.find_first_not_of(", \t\r") != std::string_view::npos ? 1 : 0;
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return rows == 0 ? 0 : rows - 1;
}

} // namespace

scratch_directory::scratch_directory() {
    auto name = (fs::temp_directory_path() / "uthan-ledger-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error{"no temporary directory"};
    }
    path_ = name;
}

scratch_directory::~scratch_directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

delivery delivery::small() {
    delivery made;
    made.files["branches.csv"] = "branch_code,name_bn,name_en,parent_code,level,phone\n"
                                 "HO,প্রধান কার্যালয়,Head office,,HO,0411\n"
                                 "B1,খুলনা,Khulna,HO,branch,01710000001\n"
                                 "B2,রূপসা,Rupsha,HO,branch,01710000002\n";
    made.files["staff.csv"] = "staff_code,name_bn,short_name_bn,branch_code,phone\n"
                              "S1,রহিমা খাতুন,রহিমা,B1,01711000001\n"
                              "S2,করিম শেখ,করিম,B2,01711000002\n";
    made.files["groups.csv"] =
        "group_code,kind,branch_code,name_bn,name_en,meeting_dow,meeting_time,meeting_place_bn,"
        "meeting_freq,staff_code,savings_rate\n"
        "G1,samity,B1,শাপলা,Shapla,7,16:00,স্কুল মাঠ,W,S1,20\n"
        "G2,samity,B1,গোলাপ,Golap,1,,,W,,0\n"
        "G3,samity,B2,বেলি,Beli,2,10:30,উঠান,2W,S2,30\n";
    made.files["members.csv"] =
        "member_code,name_bn,name_en,gender,dob,household_id,group_code,branch_code,msisdn,status,"
        "joined_on\n"
        "M1,আমেনা,Amena,F,1990-05-01,H1,G1,B1,01712345678,active,2015-01-01\n"
        "M2,জরিনা,Jorina,F,1985-05-01,H2,G1,B1,+880 1712-345678,active,2015-01-01\n"
        "M3,সালমা,Salma,F,1980-05-01,H3,G2,B1,,closed,2015-01-01\n"
        "M4,নাসিমা,Nasima,F,1995-05-01,H4,G3,B2,01812345678,active,2020-01-01\n";
    made.files["savings_accounts.csv"] =
        "account_no,member_code,product,balance,available,opened_on,status\n"
        "A1,M1,general,2500,2000,2015-01-01,active\n"
        "A2,M1,term,10000,0,2020-01-01,active\n"
        "A4,M4,general,3000.50,,2020-01-01,active\n";
    made.files["loans.csv"] =
        "loan_no,member_code,product_code,cycle,principal,charge_total,charge_method,rate,"
        "installments,period,disbursed_on,first_due_on,last_due_on,paid_total,outstanding_total,"
        "outstanding_principal,overdue_amount,status,staff_code\n"
        "L1,M1,KMSS,2,10000,1000,flat,10,4,W,2026-10-20,2026-11-08,2026-11-29,2750,8250,7500,"
        "2750,active,S1\n"
        "L4,M4,KMSS,1,20000,2000,flat,10,2,W,2026-11-01,2026-11-17,2026-11-24,0,22000,20000,"
        "11000,active,S2\n";
    made.files["schedule.csv"] =
        "loan_no,seq,due_on,principal_due,charge_due,total_due,paid,paid_on\n"
        "L1,1,2026-11-08,2500,250,2750,2750,2026-11-08\n"
        "L1,2,2026-11-15,2500,250,2750,0,\n"
        "L1,3,2026-11-22,2500,250,2750,0,\n"
        "L1,4,2026-11-29,2500,250,2750,0,\n"
        "L4,1,2026-11-17,10000,1000,11000,0,\n"
        "L4,2,2026-11-24,10000,1000,11000,0,\n";
    made.files["transactions.csv"] =
        "txn_id,member_code,account_no,kind,amount,txn_on,balance_after,receipt_no,channel\n"
        "T1,M1,L1,loan_repay,2750,2026-11-08,8250,R1,cash\n"
        "T2,M1,A1,sav_deposit,20,2026-11-08,2480,R2,cash\n"
        "T3,M1,A1,sav_deposit,20,2026-11-15,2500,R3,bkash\n"
        "T4,M4,A4,sav_deposit,30,2026-11-10,3000.50,,cash\n";
    made.files["holidays.csv"] = "scope_code,date,name_bn,name_en,rule\n"
                                 ",2026-12-16,বিজয় দিবস,Victory Day,carry_to_next\n"
                                 "B2,2026-12-20,মেলা,Fair,\n";
    made.files["moratoria.csv"] = "scope_code,from,to,reason\nB2,2026-12-01,2026-12-31,বন্যা\n";
    made.files["applications.csv"] =
        "app_no,member_code,stage,type,requested,applied_on,status,status_on,deadline_on\n"
        "P1,M1,branch,reinvest,30000,2026-11-01,submitted,2026-11-02,2026-11-21\n";
    made.files["ladder.csv"] = "rung,office,name,phone,way\n1,শাখা,ব্যবস্থাপক,01710000001,ফোন\n";
    return made;
}

void delivery::write(const fs::path& directory) const {
    fs::remove_all(directory);
    fs::create_directories(directory);
    std::string entries;
    for (const auto& [name, text] : files) {
        write_file(directory / name, text);
        if (std::find(unlisted.begin(), unlisted.end(), name) != unlisted.end()) {
            continue;
        }
        const auto rows = wrong_rows.contains(name) ? wrong_rows.at(name) : rows_of(text);
        const auto digest = wrong_digests.contains(name) ? wrong_digests.at(name) : sha256_of(text);
        entries += fmt::format(R"({}"{}":{{"rows":{},"sha256":"{}"}})", entries.empty() ? "" : ",",
                               name, rows, digest);
    }
    std::string replaced;
    for (const auto& [code, day] : offices) {
        replaced += fmt::format(R"({}"{}":"{}")", replaced.empty() ? "" : ",", code, day);
    }
    write_file(directory / "manifest.json",
               fmt::format(R"({{"organisation":"{}","as_of":"{}"{},"files":{{{}}}}})", organisation,
                           as_of, offices.empty() ? "" : ",\"offices\":{" + replaced + "}",
                           entries));
}

import_world::import_world()
    : gateway((directory / "gateway.db").string()), ledger(directory / "ledger") {
    if (!migrate(gateway, gateway_migrations())) {
        throw std::runtime_error{"no gateway database"};
    }
}

import_request import_world::request() {
    import_request made{.directory = directory / "delivery",
                        .organisation = "kmss",
                        .rules = rules,
                        .ledger_directory = ledger,
                        .gateway_path = gateway,
                        .today = *parse_day("2026-11-30")};
    made.to_latin = [](std::string_view bn) { return "latin:" + std::string{bn}; };
    made.now = instant{std::chrono::milliseconds{1'795'200'000'000}};
    return made;
}

members::exchange::import_report import_world::import(const delivery& files) {
    files.write(directory / "delivery");
    auto report = run_import(request());
    if (report.outcome == members::exchange::import_outcome::published) {
        EXPECT_TRUE(other_schedules(*this, report.generation).empty());
    }
    return report;
}

std::string import_world::text_of(const members::exchange::import_report& report) const {
    return members::exchange::to_text(report);
}

std::vector<std::string> import_world::ledger_files() const {
    std::vector<std::string> names;
    if (fs::exists(ledger / "kmss")) {
        for (const auto& one : fs::directory_iterator{ledger / "kmss"}) {
            if (one.path().filename() != ".lock") {
                names.push_back(one.path().filename());
            }
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

const members::exchange::file_count& count(const members::exchange::import_report& report,
                                           members::exchange::file_kind kind) {
    return report.files[static_cast<std::size_t>(kind)];
}

namespace {

bool same_due(const members::instalment& a, const members::instalment& b) {
    return a.seq == b.seq && a.due_on == b.due_on && a.total_due == b.total_due && a.paid == b.paid;
}

auto reader_of(const import_world& world, unsigned generation) {
    return ledger_reader::open((world.ledger / fmt::format("kmss/{}.db", generation)).string(),
                               generation);
}

} // namespace

std::shared_ptr<const members::member_facts> facts(const import_world& world, unsigned generation,
                                                   std::string_view code) {
    auto reader = reader_of(world, generation);
    auto found = reader ? (*reader)->facts(code) : reader.error();
    return found ? *found : nullptr;
}

std::shared_ptr<const members::member_activity>
activity(const import_world& world, unsigned generation, std::string_view code) {
    auto reader = reader_of(world, generation);
    auto found = reader ? (*reader)->activity(code) : reader.error();
    return found ? *found : nullptr;
}

std::vector<std::string> other_schedules(const import_world& world, unsigned generation,
                                         std::string_view organisation) {
    const auto path = (world.ledger / fmt::format("{}/{}.db", organisation, generation)).string();
    auto reader = ledger_reader::open(path, generation);
    auto file = connection::open(path, open_mode::immutable);
    if (!reader || !file) {
        return {"no file"};
    }
    std::vector<std::string> different;
    if (*file->scalar("SELECT count(*) FROM dues d WHERE NOT EXISTS (SELECT 1 FROM instalments i "
                      "WHERE i.member_id = d.member_id AND i.ordinal = d.ordinal)") != 0) {
        different.emplace_back("dues without instalments");
    }
    auto loans = file->prepare("SELECT m.code, l.loan_no, l.member_id, l.ordinal FROM loans l "
                               "JOIN members m ON m.id = l.member_id");
    auto rows = file->prepare(fmt::format("SELECT {} FROM instalments WHERE member_id = ? AND "
                                          "ordinal = ? ORDER BY seq",
                                          instalment_columns));
    while (*loans->step()) {
        std::vector<members::instalment> expected;
        const row_scope scope{*rows};
        rows->bind(1, loans->integer(2));
        rows->bind(2, loans->integer(3));
        while (*rows->step()) {
            expected.push_back(read_instalment(*rows));
        }
        const auto all = (*reader)->facts(loans->text(0));
        const auto loan = std::ranges::find((*all)->loans, loans->text(1), &members::loan::loan_no);
        if (loan == (*all)->loans.end() ||
            !std::ranges::equal(loan->schedule, expected, same_due)) {
            different.emplace_back(loans->text(1));
        }
    }
    return different;
}

std::uint32_t current_number(const import_world& world) {
    auto gateway = connection::open(world.gateway, open_mode::read_only);
    const auto current = current_generation(*gateway, "kmss");
    return *current ? (*current)->number : 0;
}

} // namespace uthan::db::sqlite::testing
