#include "members/exchange/checks.hpp"

#include "members/exchange/code_index.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

namespace uthan::members::exchange {
namespace {

TEST(CodeIndex, FindsWhatWasInserted) {
    std::mt19937 random{3};
    code_index index{5'000};
    std::map<std::string, std::uint32_t> truth;
    for (std::uint32_t i = 0; i < 20'000; ++i) { // Four times what was expected.
        const auto code = std::to_string(random() % 15'000) + (i % 2 == 0 ? "" : "-kendra");
        EXPECT_EQ(index.insert(code, i), truth.emplace(code, i).second) << code;
    }
    EXPECT_EQ(index.size(), truth.size());
    for (const auto& [code, value] : truth) {
        const auto* found = index.find(code);
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(*found, value);
    }
    EXPECT_EQ(index.find("x"), nullptr);
    EXPECT_EQ(index.find(""), nullptr);
}

TEST(CodeIndex, TakesFifteenBytesForACode) {
    code_index index{100'000};
    const auto reserved = index.bytes();
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        index.insert("member" + std::to_string(i), i);
    }
    EXPECT_EQ(index.bytes(), reserved);
    EXPECT_LE(reserved, 1'500'000U);
}

TEST(CodeIndex, CodesThatDifferLittleAreDifferent) {
    code_index index;
    const std::set<std::string> codes{
        "",        "0", "00", "1",        "12345678",           "123456780",         "12345679",
        "1234567", "ক", "খ",  "কখগঘঙচছজ", std::string(64, 'a'), std::string(63, 'a')};
    for (const auto& code : codes) {
        EXPECT_TRUE(index.insert(code, 1)) << code;
    }
}

TEST(Findings, AreListedByFileAndLine) {
    findings said;
    said.add(severity::warning, "loans.csv", 9, "a", "nine");
    said.add(severity::error, "members.csv", 3, "b", "three");
    said.add(severity::note, "manifest.json", 0, "c", "first");
    said.add(severity::error, "members.csv", 2, "d", "two");
    std::string all;
    for (const auto& one : said.list()) {
        all += to_text(one);
    }
    EXPECT_EQ(all, "manifest.json: note: first\nmembers.csv:2: error: two\n"
                   "members.csv:3: error: three\nloans.csv:9: warning: nine\n");
    EXPECT_FALSE(said.refused());
}

TEST(Findings, StayFewWhateverTheNumber) {
    findings said;
    for (std::uint64_t i = 1; i <= 100'000; ++i) {
        said.add(severity::warning, "members.csv", i, "phones", "x");
        said.add(severity::error, "members.csv", i, "dates", "y");
    }
    const auto all = said.list();
    ASSERT_EQ(all.size(), 2 * (findings_per_kind_max + 1));
    EXPECT_NE(all.back().text.find("… and 99980 more like this"), std::string::npos);
    EXPECT_EQ(said.count(severity::warning), 100'000U);
}

/// Rows are checked as they would stream from files.
class row_checks_of : public ::testing::Test {
protected:
    row_checks_of() {
        delivery_.organisation = "kmss";
        delivery_.as_of = *parse_day("2026-11-21");
    }
    row_checks& checks(std::map<std::string, calendar_day> current = {}) {
        made_.emplace(
            row_checks::context{delivery_, rules_, to_latin_, std::move(current), numbering{}},
            said_);
        return *made_;
    }
    static office_row office(const std::string& code, const std::string& parent = "") {
        office_row row;
        row.line = 2;
        row.value.code = code;
        row.value.parent_code = parent;
        row.value.name.bn = code;
        return row;
    }
    manifest delivery_;
    organisation_rules rules_;
    transliterator to_latin_ = [](std::string_view) { return std::string{"latin"}; };
    findings said_;
    std::optional<row_checks> made_;
};

TEST_F(row_checks_of, NumbersKeptRowsFromOne) {
    auto& made = checks();
    auto one = office("A");
    auto again = office("A");
    auto two = office("B", "A");
    EXPECT_EQ(made.check(one), verdict::keep);
    EXPECT_EQ(made.check(again), verdict::bad);
    EXPECT_EQ(made.check(two), verdict::keep);
    EXPECT_EQ(one.number, 1U);
    EXPECT_EQ(two.number, 2U);
    made.end(file_kind::branches);
    EXPECT_FALSE(said_.refused());
    EXPECT_EQ(made.transliterated(), 2U);
    EXPECT_EQ(two.value.name.en, "latin");
}

TEST_F(row_checks_of, AnUnknownParentIsAWarning) {
    auto& made = checks();
    auto row = office("A", "nowhere");
    made.check(row);
    made.end(file_kind::branches);
    EXPECT_FALSE(said_.refused());
    EXPECT_EQ(said_.count(severity::warning), 1U);
}

TEST_F(row_checks_of, RefusesAnOfficeThatWouldBecomeOlder) {
    const auto day = [](const char* text) { return *parse_day(text); };
    auto& made = checks({{"A", day("2026-11-22")}, {"B", day("2026-11-21")}});
    auto same = office("B");
    made.check(same);
    EXPECT_FALSE(said_.refused());
    auto older = office("A");
    made.check(older);
    EXPECT_TRUE(said_.refused());
}

TEST_F(row_checks_of, OfficesThatStayAreLeftOutAndTheirMembersBad) {
    delivery_.partial = true;
    delivery_.offices["A"] = delivery_.as_of;
    auto& made = checks({{"A", delivery_.as_of}, {"B", delivery_.as_of}});
    auto replaced = office("A");
    auto stays = office("B");
    EXPECT_EQ(made.check(replaced), verdict::keep);
    EXPECT_EQ(made.check(stays), verdict::left_out);
    made.end(file_kind::branches);
    group_row group;
    group.value.code = "G";
    group.value.office_code = "B";
    EXPECT_EQ(made.check(group), verdict::bad);
    group.value.office_code = "A";
    group.value.code = "G2";
    EXPECT_EQ(made.check(group), verdict::keep);
    EXPECT_FALSE(said_.refused());
}

TEST_F(row_checks_of, WhatDependsOnALostRowIsLeftOutToTheLastLevel) {
    auto& made = checks();
    made.lose(file_kind::branches, "A");
    group_row group;
    group.value.code = "G";
    group.value.office_code = "A";
    EXPECT_EQ(made.check(group), verdict::left_out);
    member_row member;
    member.value.code = "M";
    member.value.group_code = "G";
    EXPECT_EQ(made.check(member), verdict::left_out);
    loan_row loan;
    loan.member_code = "M";
    loan.value.loan_no = "L";
    EXPECT_EQ(made.check(loan), verdict::left_out);
    instalment_row instalment;
    instalment.loan_no = "L";
    EXPECT_EQ(made.check(instalment), verdict::left_out);
    transaction_row transaction;
    transaction.member_code = "M";
    EXPECT_EQ(made.check(transaction), verdict::left_out);
    EXPECT_EQ(said_.count(severity::error), 0U);
}

TEST_F(row_checks_of, AMemberOfAnotherOfficeThanHerGroupIsAWarning) {
    auto& made = checks();
    for (const char* code : {"A", "B"}) {
        auto row = office(code);
        made.check(row);
    }
    group_row group;
    group.value.code = "G";
    group.value.office_code = "A";
    ASSERT_EQ(made.check(group), verdict::keep);
    const auto warnings_for = [&](const std::string& code, const std::string& office_code) {
        member_row member;
        member.value.code = code;
        member.value.group_code = "G";
        member.value.office_code = office_code;
        EXPECT_EQ(made.check(member), verdict::keep);
        return said_.count(severity::warning);
    };
    EXPECT_EQ(warnings_for("M1", "A"), 0U);
    EXPECT_EQ(warnings_for("M2", ""), 0U);
    EXPECT_EQ(warnings_for("M3", "B"), 1U);
}

TEST_F(row_checks_of, AnInstalmentIsDueAfterTheOneBefore) {
    auto& made = checks();
    auto row = office("A");
    made.check(row);
    member_row member;
    member.value.code = "M";
    member.value.office_code = "A";
    ASSERT_EQ(made.check(member), verdict::keep);
    loan_row loan;
    loan.member_code = "M";
    loan.value.loan_no = "L";
    ASSERT_EQ(made.check(loan), verdict::keep);
    const auto check = [&](unsigned seq, const char* due_on) {
        instalment_row instalment;
        instalment.loan_no = "L";
        instalment.value.seq = seq;
        instalment.value.due_on = *parse_day(due_on);
        const auto found = made.check(instalment);
        return std::pair{found, instalment.out_of_order};
    };
    EXPECT_EQ(made.loans_without_schedule(), 1U);
    EXPECT_EQ(check(3, "2026-11-15"), std::pair(verdict::keep, false));
    EXPECT_EQ(made.loans_without_schedule(), 0U);
    EXPECT_EQ(check(4, "2026-11-15"), std::pair(verdict::bad, false));
    EXPECT_EQ(check(4, "2026-11-14"), std::pair(verdict::bad, false));
    EXPECT_EQ(check(5, "2026-11-16"), std::pair(verdict::keep, false));
    EXPECT_EQ(check(2, "2026-11-08"), std::pair(verdict::keep, true));
    EXPECT_EQ(check(6, "2026-11-16"), std::pair(verdict::bad, false));
}

TEST_F(row_checks_of, AMoratoriumEndsAfterItBegins) {
    auto& made = checks();
    moratorium_row row;
    row.value.from = *parse_day("2026-11-21");
    row.value.to = *parse_day("2026-11-20");
    EXPECT_EQ(made.check(row), verdict::bad);
    row.value.to = row.value.from;
    EXPECT_EQ(made.check(row), verdict::keep);
    row.value.scope_code = "nowhere";
    EXPECT_EQ(made.check(row), verdict::bad);
}

} // namespace
} // namespace uthan::members::exchange
