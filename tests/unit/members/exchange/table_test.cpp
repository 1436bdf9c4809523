#include "members/exchange/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace uthan::members::exchange {
namespace {

bool says(const findings& said, severity weight, std::uint64_t line, std::string_view part) {
    const auto all = said.list();
    return std::any_of(all.begin(), all.end(), [&](const finding& one) {
        return one.weight == weight && one.line == line && one.text.find(part) != std::string::npos;
    });
}

template <class Row>
std::vector<Row> read_rows(std::string_view text, findings& said) {
    text_source source{text};
    table_reader<Row> table{source, "kmss", said};
    std::vector<Row> rows;
    if (!table.open()) {
        return rows;
    }
    Row row;
    for (;;) {
        const auto outcome = table.next(row);
        if (outcome == table_outcome::row) {
            rows.push_back(row);
        } else if (outcome != table_outcome::bad) {
            return rows;
        }
    }
}

TEST(Table, ReadsByNameInAnyOrderAndCase) {
    findings said;
    const auto rows = read_rows<savings_row>(
        "\xEF\xBB\xBF Balance ,status,ACCOUNT_NO,organisation,member_code\r\n"
        "1250.50,active,A-1,kmss,M-1\r\n",
        said);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].value.balance.poisha, 125050);
    EXPECT_EQ(rows[0].value.account_no, "A-1");
    EXPECT_EQ(rows[0].member_code, "M-1");
    EXPECT_FALSE(rows[0].available_said);
    EXPECT_TRUE(says(said, severity::note, 1, "product, available"));
    EXPECT_FALSE(said.refused());
}

TEST(Table, ReadsBanglaDigitsInNumbersDatesAndCodes) {
    findings said;
    const auto rows = read_rows<loan_row>(
        "loan_no,member_code,principal,charge_total,instalments,period,disbursed_on,paid_total,"
        "outstanding_total,status\n"
        "ঋ-১২,৪৫৬, ১০০০০.৫০ ,০,৪৬,W,২০২৬-০১-৩১,০,১০০০০.৫০,active\n",
        said);
    ASSERT_EQ(rows.size(), 1U) << to_text(said.list().empty() ? finding{} : said.list()[0]);
    EXPECT_EQ(rows[0].value.loan_no, "ঋ-12");
    EXPECT_EQ(rows[0].member_code, "456");
    EXPECT_EQ(rows[0].value.principal.poisha, 1000050);
    EXPECT_EQ(rows[0].value.instalments, 46U);
    EXPECT_EQ(to_iso(rows[0].value.disbursed_on), "2026-01-31");
}

TEST(Table, TextsHaveNoLineEndsAndNoDirectionMarks) {
    findings said;
    const std::string hidden[]{"\u0085", "\u009F", "\u2028", "\u2029", "\u202A", "\u202E",
                               "\u2066", "\u2069", "\n",     "\t",     "\x7F"};
    for (const auto& one : hidden) {
        const auto rows = read_rows<office_row>(
            "branch_code,name_bn\nB1,\"" + one + "ক" + one + "খ" + one + "\"\n", said);
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].value.name.bn, "ক খ");
    }
    // What Bangla is written with stays: joiners, and the neighbours of what is replaced.
    for (const std::string kept : {"ক্\u200Dষ", "র\u200Cয", "a\u00A0b", "a\u2027b", "a\u202Fb",
                                   "a\u2065b", "a\u206Ab", "é", "ঀ"}) {
        const auto rows = read_rows<office_row>("branch_code,name_bn\nB1," + kept + "\n", said);
        ASSERT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows[0].value.name.bn, kept);
    }
}

TEST(Table, CodesHaveNoHiddenCharactersAndMemberCodesAreAscii) {
    const auto kept = [](const std::string& code) {
        findings said;
        return read_rows<member_row>(
                   "member_code,name_bn,status,household_id\n" + code + ",ক,active,H1\n", said)
            .size();
    };
    for (const char* code : {"001-০০১/২", "M 1", "~!"}) {
        EXPECT_EQ(kept(code), 1U) << code;
    }
    for (const char* code : {"কখগ", "X\u202E1", "M\u200B1", "Mé", "M\u00A01", "M\x01"}) {
        EXPECT_EQ(kept(code), 0U) << code;
    }
    findings said;
    EXPECT_EQ(
        read_rows<savings_row>("account_no,member_code,balance\nA,কখগ,1\nA,1,1\n", said).size(),
        1U);
    EXPECT_TRUE(says(said, severity::error, 2, "member_code \"কখগ\" has other characters than"));
    EXPECT_EQ(read_rows<group_row>(
                  "group_code,branch_code,name_bn\nক,B,x\nG\u2028,B,x\nG\u202E,B,x\n", said)
                  .size(),
              1U);
}

TEST(Table, AFieldsDefaultDoesNotComeFromTheRowBefore) {
    findings said;
    const auto rows = read_rows<member_row>("member_code,name_bn,status,dob,msisdn\n"
                                            "M1,ক,active,1990-01-01,01712345678\n"
                                            "M2,খ,active,,\n",
                                            said);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_TRUE(rows[0].value.born_on);
    EXPECT_FALSE(rows[1].value.born_on);
    EXPECT_EQ(rows[1].value.msisdn, "");
}

TEST(Table, SaysUnknownAndMissingColumns) {
    findings said;
    read_rows<office_row>("branch_code,name_bn,shoe_size\nB1,ক,38\n", said);
    EXPECT_TRUE(says(said, severity::warning, 1, "not known and are not read: shoe_size"));
    EXPECT_TRUE(says(said, severity::note, 1, "officer_phone"));
    EXPECT_FALSE(said.refused());
}

TEST(Table, RefusesHeadersThatCannotBeRead) {
    const std::pair<std::string, std::string> cases[]{
        {"", "no header row"},
        {"branch_code\nB1\n", "these columns must be there: name_bn"},
        {"branch_code,name_bn,branch_code\n", "branch_code is there twice"},
        {"branch_code;name_bn\nB1;x\n", "semicolons"},
        {"branch_code\tname_bn\nB1\tx\n", "tabs"},
        {std::string{"\xFF\xFE"
                     "b\0r\0",
                     6},
         "UTF-16"},
    };
    for (const auto& [text, message] : cases) {
        findings said;
        read_rows<office_row>(text, said);
        EXPECT_TRUE(said.refused()) << text;
        EXPECT_TRUE(says(said, severity::error, 1, message)) << text;
    }
}

TEST(Table, SaysWhatIsWrongWithAField) {
    constexpr std::string_view header = "loan_no,seq,due_on,total_due,paid\n";
    const std::pair<std::string, std::string> cases[]{
        {"L1,1,31/12/2026,100,0", "due_on \"31/12/2026\" is not a date: write 2026-12-31"},
        {"L1,1,2026-02-30,100,0", "is not a date"},
        {"L1,1,,100,0", "due_on is empty"},
        {"L1,0,2026-01-01,100,0", "seq \"0\" is outside"},
        {"L1,401,2026-01-01,100,0", "seq"},
        {"L1,1.5,2026-01-01,100,0", "is not a whole number"},
        {"L1,1,2026-01-01,\"1,250\",0", "total_due \"1,250\" is not an amount"},
        {"L1,1,2026-01-01,1.234,0", "is not an amount"},
        {"L1,1,2026-01-01,-5,0", "must not be below 0"},
        {",1,2026-01-01,5,0", "loan_no is empty"},
        {"L1,1,2026-01-01,5,0,extra", "has 6 fields, the header 5"},
        {"L\xFF,1,2026-01-01,5,0", "loan_no is not UTF-8 text"},
        {std::string(70, 'L') + ",1,2026-01-01,5,0", "longer than 64 bytes"},
    };
    for (const auto& [line, message] : cases) {
        findings said;
        EXPECT_TRUE(read_rows<instalment_row>(std::string{header} + line + "\n", said).empty())
            << line;
        EXPECT_TRUE(says(said, severity::error, 2, message)) << line;
    }
}

TEST(Table, AMessageNeverRepeatsAPhoneNumber) {
    findings said;
    read_rows<office_row>("branch_code,name_bn,phone\nB1,ক," + std::string(70, '7') + "\n", said);
    ASSERT_TRUE(says(said, severity::error, 2, "phone is longer"));
    for (const auto& one : said.list()) {
        EXPECT_EQ(one.text.find("777"), std::string::npos);
    }
}

TEST(Table, TakesTrailingEmptyFieldsAsThere) {
    findings said;
    const auto rows = read_rows<instalment_row>("loan_no,seq,due_on,total_due,paid,paid_on,,\n"
                                                "L1,1,2026-01-01,5,5\n"
                                                "L1,2,2026-01-08,5,0,,,,,\n",
                                                said);
    EXPECT_EQ(rows.size(), 2U);
}

TEST(Table, ChecksTheOrganisationOfEachRow) {
    findings said;
    const auto rows = read_rows<office_row>("organisation,branch_code,name_bn\n"
                                            "kmss,B1,ক\nmss,B2,খ\n",
                                            said);
    EXPECT_EQ(rows.size(), 1U);
    EXPECT_TRUE(says(said, severity::error, 3, "organisation is not kmss"));
}

TEST(Table, KeepsTheKeyOfABadRow) {
    findings said;
    text_source source{"paid_total,loan_no\nx,L-১\n\"open,L-2\n"};
    table_reader<loan_row> table{source, "kmss", said};
    EXPECT_FALSE(table.open()); // Columns are missing, but the rows can be tried.
    loan_row row;
    EXPECT_EQ(table.next(row), table_outcome::bad);
    EXPECT_EQ(table.bad_key(), "L-1");
    EXPECT_EQ(table.next(row), table_outcome::bad);
    EXPECT_EQ(table.bad_key(), "");
}

TEST(Table, DropsControlCharactersOfTexts) {
    findings said;
    const auto rows = read_rows<office_row>("branch_code,name_bn\nB1,\"খুলনা\nসদর\x07\"\n", said);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].value.name.bn, "খুলনা সদর");
}

TEST(Table, ReadsMeetings) {
    findings said;
    const auto rows = read_rows<group_row>(
        "meeting_time,group_code,branch_code,name_bn,meeting_dow,meeting_freq,meeting_place_bn\n"
        "১৬:৩০,G1,B1,ক,৭,2W,মাঠ\n,G2,B1,খ,,,\n25:00,G3,B1,গ,1,,\n",
        said);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].value.meeting->weekday, 7U);
    EXPECT_EQ(rows[0].value.meeting->time_of_day->count(), 16 * 60 + 30);
    EXPECT_EQ(rows[0].value.meeting->frequency, meeting_frequency::fortnightly);
    EXPECT_EQ(rows[1].value.meeting->weekday, 0U);
    EXPECT_TRUE(says(said, severity::error, 4, "is not a time"));
}

} // namespace
} // namespace uthan::members::exchange
