#include "gateway/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

// What an organisation's file says of requests: read, bounded, and refused with its place.
namespace uthan::gateway {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RequestSettings : public ::testing::Test {
protected:
    RequestSettings() {
        std::string name = (std::filesystem::temp_directory_path() / "uthan-requests-XXXXXX");
        directory_ = ::mkdtemp(name.data());
    }
    ~RequestSettings() override { std::filesystem::remove_all(directory_); }

    organisation_settings load(const std::string& text) {
        const auto file = directory_ / "k.toml";
        std::ofstream(file) << "name = { bn = \"ক\", en = \"K\" }\n" << text;
        problems.clear();
        return load_organisation(file, "k", problems);
    }
    std::vector<std::string> said() const {
        std::vector<std::string> lines;
        for (const texts::problem& problem : problems) {
            lines.push_back(std::to_string(problem.at.line) + ":" +
                            std::to_string(problem.at.column) + ": " + problem.message);
        }
        return lines;
    }

    std::filesystem::path directory_;
    std::vector<texts::problem> problems;
};

TEST_F(RequestSettings, NothingSaidIsNothingOffered) {
    const auto loaded = load("");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_FALSE(members::is_offered(loaded.rules.requests, members::request_kind::complaint));
    EXPECT_FALSE(members::is_offered(loaded.rules.requests, members::request_kind::call_me));
}

TEST_F(RequestSettings, EverythingIsRead) {
    const auto loaded = load(R"([requests]
answer_days = 5
escalation = "by_itself"
open_max = 2
repeat_days = 0
month_max = 4
emergency_products = ["general", "term"]
assumed = ["open_max"]
[[offered_requests]]
kind = "refund_exit"
answer_days = 9
[[complaints]]
code = "late"
name = { bn = "দেরি", en = "Late" }
about_staff = true
[[ladder]]
rung = 2
level = "head"
title = { bn = "প্রধান", en = "Head" }
roles = ["director"]
[applications]
first_days = 30
reinvest_days = 20
near_days = 3
granted = ["paid"]
refused = ["no"]
)");
    EXPECT_THAT(said(), IsEmpty());
    const auto& rules = loaded.rules.requests;
    EXPECT_EQ(rules.answer_days, 5U);
    EXPECT_EQ(rules.escalation, members::escalation_way::by_itself);
    EXPECT_EQ(rules.emergency_products.size(), 2U);
    ASSERT_EQ(rules.offered.size(), 1U);
    EXPECT_EQ(rules.offered[0].answer_days, 9U);
    ASSERT_EQ(rules.categories.size(), 1U);
    EXPECT_TRUE(rules.categories[0].about_staff);
    EXPECT_EQ(rules.categories[0].name.en, "Late");
    ASSERT_EQ(rules.ladder.size(), 1U);
    EXPECT_EQ(rules.ladder[0].answer_days, 5U); // As [requests] says.
    EXPECT_EQ(rules.ladder[0].at, members::office_level::head);
    EXPECT_EQ(rules.ladder[0].roles, std::vector<std::string>{"director"});
    EXPECT_EQ(loaded.rules.applications.first_days, 30U);
    EXPECT_EQ(loaded.rules.applications.granted, std::vector<std::string>{"paid"});
}

TEST_F(RequestSettings, EveryFaultIsNamedWithItsPlace) {
    struct row {
        std::string text;
        std::string problem;
    };
    const std::string late = "[[complaints]]\ncode = \"late\"\nname = { bn = \"ক\", en = \"K\" }\n";
    std::string eight;
    for (int i = 0; i < 8; ++i) {
        eight += "[[complaints]]\ncode = \"c" + std::to_string(i) +
                 "\"\nname = { bn = \"ক\", en = \"K\" }\n";
    }
    const auto service = [](const std::string& text) {
        return "[[services]]\ntitle = { bn = \"ক\", en = \"K\" }\ntext = { " + text + " }\n";
    };
    const row rows[] = {
        {"[requests]\nanswer_days = 0\n", "3:15: [requests] answer_days: must be a whole number"},
        {"[requests]\nopen_max = 21\n", "3:12: [requests] open_max"},
        {"[requests]\nescalation = \"never\"\n", "3:14: [requests] escalation: \"never\" is none"},
        {"[requests]\nassumed = [\"colour\"]\n", "3:11: [requests] assumed: \"colour\" is no key"},
        {"[requests]\ncolour = 1\n", "3:1: [requests]: unknown key \"colour\""},
        {"[requests]\nemergency_products = [\"gold\"]\n", "3:22: [requests] emergency_products"},
        {"[[offered_requests]]\nkind = \"complaint\"\n", "3:8: [[offered_requests]] kind"},
        {"[[offered_requests]]\nkind = \"call_me\"\n[[offered_requests]]\nkind = \"call_me\"\n",
         "5:8: [[offered_requests]] kind: the same kind is there twice"},
        {"[[complaints]]\ncode = \"a/b\"\nname = { bn = \"ক\", en = \"K\" }\n",
         "3:8: [[complaints]] code: must be 1 to 32 of"},
        {late + late, "6:8: [[complaints]] code: the same code is there twice"},
        {eight, "24:8: [[complaints]] code: more than 7 kinds of complaint"},
        {"[[complaints]]\ncode = \"a\"\n", "2:1: [[complaints]] needs name"},
        {"[[complaints]]\ncode = \"a\"\nname = { bn = \"ক\", en = \"" + std::string(25, 'x') +
             "\" }\n",
         "name en: may have 24 UTF-16 units"},
        {"[[ladder]]\nrung = 21\n", "3:8: [[ladder]] rung"},
        {"[[ladder]]\nrung = 1\n[[ladder]]\nrung = 1\n", "the same rung is there twice"},
        {"[[ladder]]\nrung = 1\nlevel = \"moon\"\n", "4:9: [[ladder]] level: \"moon\" is none of"},
        {"[applications]\nfirst_days = 0\n", "3:14: [applications] first_days"},
        {"[training]\n", "2:1: [training] needs weeks"},
        {"[training]\nweeks = 0\n", "3:9: [training] weeks"},
        {"[[services]]\ntext = { bn = \"ক\" }\n", "2:1: [[services]] needs title"},
        {service(""), "text needs bn"},
        {service("bn = \"" + std::string(601, 'x') + "\""), "text bn: may have 600 UTF-16 units"},
        {service("bn = \"" + std::string(59, 'x') + "\""), "text bn: no screen has room for"},
    };
    for (const row& r : rows) {
        SCOPED_TRACE(r.text);
        load(r.text);
        EXPECT_THAT(said(), Contains(HasSubstr(r.problem)));
    }
}

TEST_F(RequestSettings, TrainingAndServicesAreRead) {
    const auto loaded = load(R"([training]
weeks = 8
[[services]]
title = { bn = "সেবা", en = "Service" }
text = { bn = """সেবা
আছে""" }
)");
    EXPECT_THAT(said(), IsEmpty());
    EXPECT_EQ(loaded.rules.training.weeks, 8U);
    ASSERT_EQ(loaded.rules.services.size(), 1U);
    EXPECT_EQ(loaded.rules.services[0].title.en, "Service");
    EXPECT_EQ(loaded.rules.services[0].text.bn, "সেবা আছে");
}

} // namespace
} // namespace uthan::gateway
