#include "menus/proof.hpp"
#include "menus/real_values.hpp"

#include "members/facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace uthan::menus {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RealValues : public testing::Test {
protected:
    RealValues() {
        directory = (fs::temp_directory_path() / "uthan-real-XXXXXX").string();
        EXPECT_NE(::mkdtemp(directory.data()), nullptr);
        std::vector<texts::problem> problems;
        menu = graph::load(UTHAN_SOURCE_DIR "/config/menus/standard.toml", problems);
        texts.load(UTHAN_SOURCE_DIR "/config/texts/bn.toml", texts::rendering::bn, problems);
        EXPECT_TRUE(problems.empty());
    }
    ~RealValues() override { fs::remove_all(directory); }

    /// A text of the savings' screen that fits only a small sum.
    void load_wide_text() {
        std::ofstream(directory + "/bn.toml")
            << "\"sav.balance\" = \"" << std::string(63, 'x') << " {savings}\"\n";
        std::vector<texts::problem> problems;
        texts.load(directory + "/bn.toml", texts::rendering::bn, problems);
        EXPECT_TRUE(problems.empty());
    }

    void note(const char* code, int taka) {
        members::member_facts f;
        f.who.code = code;
        f.calendar = std::make_shared<members::office_calendar>();
        members::savings_account account;
        account.balance = account.available = money::taka(taka);
        f.savings.push_back(account);
        const members::member_activity activity;
        const std::vector<members::request> requests;
        const std::vector<members::meeting_change> changes;
        const members::ladder_source ladder;
        const members::organisation_rules rules;
        const access::member_record record;
        question q{.facts = f,
                   .activity = &activity,
                   .rules = rules,
                   .record = record,
                   .texts = texts,
                   .today = parse_day("2026-11-21").value(),
                   .chosen = {},
                   .amount = std::nullopt,
                   .requests = &requests,
                   .ladder = &ladder,
                   .help_phone = {},
                   .meeting_changes = &changes};
        values.note(menu, q);
    }

    std::vector<std::string> faults(const proof_options& how) {
        std::vector<texts::problem> problems;
        const channel_form form{texts::rendering::bn, 160};
        prove(menu, texts, {&form, 1}, problems, how);
        std::vector<std::string> said;
        for (const auto& p : problems) {
            if (p.message.find("sav.balance\"") != std::string::npos) {
                said.push_back(p.to_string());
            }
        }
        return said;
    }

    std::string directory;
    graph menu;
    texts::catalog texts;
    real_values values;
};

TEST_F(RealValues, DecideInPlaceOfTheTablesWidths) {
    load_wide_text();
    EXPECT_THAT(faults({}), ElementsAre(HasSubstr("widest values")));
    EXPECT_THAT(faults({.widths = false}), IsEmpty());
    note("K1", 5);
    EXPECT_THAT(faults({.real = &values}), IsEmpty()) << "the only member's line fits";
    note("K2", 98'765'432);
    note("K3", 7);
    EXPECT_THAT(faults({.real = &values}),
                ElementsAre(AllOf(HasSubstr("bn.toml:1:"), HasSubstr("of member K2 fills"))));
}

TEST_F(RealValues, WhatNobodyGetsIsProvedWithTheTable) {
    load_wide_text();
    EXPECT_EQ(values.find("sav.balance", texts::rendering::bn), nullptr);
    EXPECT_THAT(faults({.real = &values}), ElementsAre(HasSubstr("widest values")));
}

} // namespace
} // namespace uthan::menus
